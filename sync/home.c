/* home.c - opening and making the folder of a seat. */
#define _GNU_SOURCE
#include "sync/home.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/store.h"
#include "keys/hash.h"
#include "keys/keyfile.h"
#include "keys/secret.h"
#include "sync/anchor.h"
#include "sync/ledger.h"
#include "sync/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ADDRESS_MAX 64

struct home {
	char *dir;
	char *address;
	struct site *site;
	struct keyring *ring;
	struct node_keys node;
	struct store *store;
	struct ledger *ledger;
	struct msg_receipt receipt; /* seq 0: none */
};

/* ---- names -------------------------------------------------------------- */

void home_dir_of(struct buf *out, const char *dir)
{
	const char *user = getenv("HOME");

	if (!dir)
		dir = getenv("SUIFANG_HOME");
	if (dir && *dir)
		buf_str(out, dir);
	else
		buf_printf(out, "%s/.suifang", user ? user : ".");
}

void home_path(struct buf *out, const char *dir, const char *name)
{
	buf_printf(out, "%s/%s", dir, name);
}

static const char *key_name(bool is_node)
{
	return is_node ? "node.key" : "seat.key";
}

bool home_is_node(const char *dir)
{
	struct buf path = {0};
	bool is_node;

	home_path(&path, dir, key_name(true));
	is_node = access(buf_text(&path), F_OK) == 0;
	buf_fini(&path);
	return is_node;
}

int home_is_there(const char *dir)
{
	struct buf path = {0};
	struct stat st;
	int r = 0;

	home_path(&path, dir, key_name(home_is_node(dir)));
	if (stat(buf_text(&path), &st) < 0)
		r = program_file_error(buf_text(&path));
	buf_fini(&path);
	return r;
}

int home_make(const char *dir)
{
	struct stat st;

	if (mkdir(dir, 0700) == 0)
		return 0;
	if (errno == EEXIST && stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	if (errno == EEXIST)
		return err_set(ERR_EXISTS, "%s", dir);
	return program_file_error(dir);
}

/* ---- site --------------------------------------------------------------- */

int home_read_site(struct site **out, const char *path)
{
	struct buf text = {0};
	int r = program_read(&text, path, SITE_MAX);

	if (r == 0)
		r = site_read(out, buf_text(&text), text.len);
	buf_fini(&text);
	return r;
}

int home_put_site(const char *dir, const char *site_path)
{
	struct buf text = {0}, path = {0};
	struct site *site = NULL;
	int r = program_read(&text, site_path, SITE_MAX);

	if (r == 0)
		r = site_read(&site, buf_text(&text), text.len);
	home_path(&path, dir, "site.json");
	if (r == 0)
		r = program_write(buf_text(&path), &text, 0644);
	free(site);
	buf_fini(&path);
	buf_fini(&text);
	return r;
}

/* One line; its absence is the usual case. */
static int read_address(struct home *h)
{
	struct buf path = {0}, text = {0};
	int r;

	home_path(&path, h->dir, "address");
	r = program_read(&text, buf_text(&path), ADDRESS_MAX);
	if (r == 0) {
		h->address = mem_strdup(buf_text(&text));
		h->address[strcspn(h->address, "\r\n ")] = '\0';
	}
	buf_fini(&path);
	buf_fini(&text);
	return r == ERR_NOT_FOUND ? 0 : r;
}

/* ---- opening ------------------------------------------------------------ */

static int unlock(struct home *h, const struct home_opts *opts)
{
	struct buf path = {0};
	int r;

	home_path(&path, h->dir, key_name(opts->is_node));
	r = keyfile_unlock(&h->ring, buf_text(&path),
	    &(struct keyfile_opener){
		.passphrase = opts->passphrase, .env = opts->env});
	buf_fini(&path);
	if (r == 0 && id_cmp(&h->ring->me->org, &h->site->org) != 0)
		r = err_set(ERR_ORGANISATION, "keys of another organisation");
	if (r == 0 && opts->is_node) {
		node_keys_derive(&h->node, h->ring->me);
		if (id_cmp(&h->ring->me->seat, &h->site->node.seat) != 0)
			r = err_set(
			    ERR_ORGANISATION, "the site names another node");
	}
	return r;
}

static int open_store_by(struct home *h, const struct secret *key)
{
	struct buf path = {0};
	int r;

	home_path(&path, h->dir, "vault.db");
	r = store_open(&h->store,
	    &(struct store_opts){.path = buf_text(&path), .key = key->bytes});
	buf_fini(&path);
	return r;
}

/* An empty file is what an interrupted setup leaves, and then it is made
 * anew; beside a receipt it is all that is left of a vault. */
static int check_not_emptied(const struct home *h)
{
	struct buf path = {0};
	struct stat st;
	bool is_empty;

	home_path(&path, h->dir, "vault.db");
	is_empty = stat(buf_text(&path), &st) == 0 && st.st_size == 0;
	buf_fini(&path);
	return is_empty && h->receipt.seq > 0
		   ? err_set(ERR_TRUNCATED, "vault.db is empty")
		   : 0;
}

/* A re-key that was cut off leaves two keys; the file is under one. */
static int open_store(struct home *h)
{
	int r = check_not_emptied(h);

	if (r == 0)
		r = open_store_by(h, h->ring->vault);

	if (r == ERR_WRONG_KEY && h->ring->next_vault)
		r = open_store_by(h, h->ring->next_vault);
	return r;
}

static int open_ledger(struct home *h, const struct env *env)
{
	struct ledger_cfg cfg = {.store = h->store,
	    .env = env,
	    .me = h->ring->me,
	    .wrap = h->ring->lease,
	    .seal_sk = h->node.seal_sk,
	    .check_sk = h->node.check_sk};

	clock_boot(cfg.boot);
	site_ledger_node(&cfg.node, h->site);
	memcpy(cfg.root_pk, h->site->root_pk, sizeof(cfg.root_pk));
	return ledger_open(&h->ledger, &cfg);
}

/* One that cannot be read tells nothing, as if it were absent. */
static void read_receipt(struct home *h)
{
	struct buf path = {0}, text = {0};
	int r;

	home_path(&path, h->dir, "receipt");
	r = program_read(&text, buf_text(&path), ANCHOR_MAX);
	if (r == 0)
		r = anchor_parse(&h->receipt, buf_text(&text), text.len);
	if (r < 0)
		h->receipt.seq = 0;
	buf_fini(&path);
	buf_fini(&text);
}

static int open_all(struct home *h, const struct home_opts *opts)
{
	struct buf path = {0};
	int r;

	home_path(&path, h->dir, "site.json");
	r = home_read_site(&h->site, buf_text(&path));
	buf_fini(&path);
	if (r == 0)
		r = read_address(h);
	if (r == 0)
		r = unlock(h, opts);
	if (r == 0) {
		read_receipt(h);
		r = open_store(h);
	}
	return r == 0 ? open_ledger(h, opts->env) : r;
}

int home_open(struct home **out, const struct home_opts *opts)
{
	struct home *h = mem_new(sizeof(*h));
	struct buf dir = {0};
	int r;

	home_dir_of(&dir, opts->dir);
	h->dir = mem_strdup(buf_text(&dir));
	buf_fini(&dir);
	r = open_all(h, opts);
	if (r < 0)
		home_close(&h);
	else
		*out = h;
	return r;
}

void home_close(struct home **at)
{
	struct home *h = *at;

	if (!h)
		return;
	*at = NULL;
	ledger_close(&h->ledger);
	store_close(&h->store);
	node_keys_fini(&h->node);
	keyring_free(&h->ring);
	free(h->site);
	free(h->address);
	free(h->dir);
	free(h);
}

struct ledger *home_ledger(const struct home *home)
{
	return home->ledger;
}

struct store *home_store(const struct home *home)
{
	return home->store;
}

const struct site *home_site(const struct home *home)
{
	return home->site;
}

const struct identity *home_identity(const struct home *home)
{
	return home->ring->me;
}

const struct secret *home_wrap(const struct home *home)
{
	return home->ring->lease;
}

const char *home_dir(const struct home *home)
{
	return home->dir;
}

const char *home_address(const struct home *home)
{
	return home->address;
}

/* ---- freshness ---------------------------------------------------------- */

void home_freshness(struct freshness *out, const struct home *h)
{
	struct freshness f = {.was_cut = store_was_cut(h->store)};

	if (h->receipt.seq > 0 &&
	    anchor_compare(&f, h->ledger, &h->receipt) < 0)
		f.is_other = true; /* the record cannot be read */
	*out = f;
}

/* Not synced: after a power cut the one before it may be there. */
static bool replace(const char *path, const struct buf *text)
{
	struct buf beside = {0};
	FILE *f;
	bool ok;
	int fd;

	buf_printf(&beside, "%s.new", path);
	(void)unlink(buf_text(&beside));
	fd = open(
	    buf_text(&beside), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	ok = f && fwrite(text->data, 1, text->len, f) == text->len;
	ok = f && fclose(f) == 0 && ok;
	ok = ok && rename(buf_text(&beside), path) == 0;
	if (!ok)
		(void)unlink(buf_text(&beside));
	buf_fini(&beside);
	return ok;
}

bool home_keep_file(
    const struct home *h, const char *name, const struct buf *text)
{
	struct buf path = {0};
	bool ok;

	home_path(&path, h->dir, name);
	ok = replace(buf_text(&path), text);
	buf_fini(&path);
	return ok;
}

void home_keep_receipt(struct home *h, const struct msg_receipt *receipt)
{
	struct buf text = {0};

	if (receipt->seq <= h->receipt.seq)
		return;
	anchor_text(&text, receipt);
	if (home_keep_file(h, "receipt", &text))
		h->receipt = *receipt;
	buf_fini(&text);
}

/* ---- making ------------------------------------------------------------- */

int home_create(const struct home_new *n)
{
	struct buf path = {0};
	int r = home_make(n->dir);

	home_path(&path, n->dir, key_name(n->is_node));
	if (r == 0 && access(buf_text(&path), F_OK) == 0)
		r = err_set(ERR_IN_USE, "%s", buf_text(&path));
	if (r == 0 && n->site_path)
		r = home_put_site(n->dir, n->site_path);
	if (r == 0)
		r = keyfile_create(
		    buf_text(&path), &(struct keyfile_new){.member = n->member,
					 .me = n->me,
					 .passphrase = n->passphrase,
					 .kdf = n->kdf,
					 .env = n->env});
	buf_fini(&path);
	return r;
}

void home_unlink(const char *dir, const char *const *names, size_t count)
{
	struct buf path = {0};

	for (size_t i = 0; i < count; i++) {
		buf_clear(&path);
		home_path(&path, dir, names[i]);
		unlink(buf_text(&path));
	}
	buf_fini(&path);
}

void home_discard(const char *dir)
{
	static const char *const names[] = {"seat.key", "site.json", "holding"};
	struct buf path = {0};
	bool is_used;

	home_path(&path, dir, "vault.db");
	is_used = access(buf_text(&path), F_OK) == 0;
	if (!is_used) {
		home_unlink(dir, names, ARRAY_LEN(names));
		rmdir(dir);
	}
	buf_fini(&path);
}

static struct secret *derive(const struct secret *seed, const char *what)
{
	struct hash h;
	struct secret *s;

	hash_prefixed(&h, PREFIX_NODE_KEYS,
	    (const struct part[]){
		{seed->bytes, seed->len}, {what, strlen(what)}},
	    2);
	s = secret_dup(h.b, sizeof(h.b));
	secret_wipe(&h, sizeof(h));
	return s;
}

void node_keys_derive(struct node_keys *out, const struct identity *me)
{
	struct secret *seed = identity_seed_dup(me);
	struct secret *check = derive(seed, "check");

	out->seal_sk = derive(seed, "seal");
	identity_dh_public(out->seal_pk, out->seal_sk);
	identity_sign_key(&out->check_sk, out->check_pk, check);
	secret_free(&check);
	secret_free(&seed);
}

void node_keys_fini(struct node_keys *keys)
{
	secret_free(&keys->seal_sk);
	secret_free(&keys->check_sk);
}
