/*
 * key_root.c - what is done with the organisation's root key: founding,
 * certifying the node, naming first operators, handing over. The key file is
 * read, used and wiped within one call; it belongs on an offline disk.
 */
#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/tr.h"
#include "keys/keyfile.h"
#include "keys/secret.h"
#include "sync/key_verbs.h"
#include "sync/site.h"

#include <stdlib.h>
#include <string.h>

#define NODE_DAYS 366

/* ---- the root's key file ------------------------------------------------ */

/* A root is stored like a seat: its organisation is the hash of its key. */
static struct identity *new_root(void)
{
	struct secret *seed = secret_system(SIGN_SEED);
	struct secret *dh = secret_system(DH_KEY), *sign;
	uint8_t pk[SIGN_PUBLIC];
	struct identity *root;
	struct id org;

	identity_sign_key(&sign, pk, seed);
	identity_org(&org, pk);
	root = identity_restore(&org, seed, dh);
	secret_free(&sign);
	secret_free(&seed);
	secret_free(&dh);
	return root;
}

static int save_root(
    struct program *p, const char *path, const struct identity *root)
{
	const struct keyfile_kdf strong = KEYFILE_STRONG;
	struct keyfile_new n = {
	    .member = "root", .me = root, .env = program_env()};
	struct secret *passphrase = NULL;
	int r = key_kdf(&n.kdf, p, &strong);

	if (r == 0)
		r = program_passphrase(
		    &passphrase, p, _("New passphrase of the root"), true);
	n.passphrase = passphrase;
	if (r == 0)
		r = keyfile_create(path, &n);
	secret_free(&passphrase);
	return r;
}

static int open_root(struct keyring **out, struct program *p)
{
	struct secret *passphrase = NULL;
	int r = program_passphrase(
	    &passphrase, p, _("Passphrase of the root"), false);

	if (r == 0)
		r = keyfile_unlock(out, program_opt(p, "key", ""),
		    &(struct keyfile_opener){
			.passphrase = passphrase, .env = program_env()});
	secret_free(&passphrase);
	return r;
}

/* ---- the public file ---------------------------------------------------- */

static int write_org(const char *path, const struct site *site)
{
	json_t *value = site_org_json(site);
	int r = program_write_json(path, value);

	json_decref(value);
	return r;
}

static int read_org(struct site *out, const struct program *p)
{
	json_t *value = NULL;
	int r = program_read_json(&value, program_opt(p, "org", ""));

	if (r == 0)
		r = site_org_read(out, value);
	json_decref(value);
	return r;
}

/* The key file must be today's root of that organisation. */
int key_open_root(struct site **site, struct keyring **root, struct program *p)
{
	struct site *s = mem_new(sizeof(*s));
	int r = read_org(s, p);

	if (r == 0)
		r = open_root(root, p);
	if (r == 0 &&
	    memcmp((*root)->me->sign_pk, s->root_pk, SIGN_PUBLIC) != 0)
		r = err_set(ERR_ORGANISATION, "another root");
	if (r < 0)
		free(s);
	else
		*site = s;
	return r;
}

int key_root_init(struct program *p)
{
	struct identity *root = new_root();
	struct site *site = mem_new(sizeof(*site));
	int r = save_root(p, program_opt(p, "key", ""), root);
	bool made;

	made = r == 0;
	if (r == 0) {
		site_found(
		    site, root->sign, root->sign_pk, env_now_s(program_env()));
		strncpy(site->name, program_opt(p, "name", ""),
		    sizeof(site->name) - 1);
		strncpy(site->name_en, program_opt(p, "name-en", ""),
		    sizeof(site->name_en) - 1);
		r = write_org(program_opt(p, "org", ""), site);
	}
	if (r < 0 && made)
		program_remove(program_opt(p, "key", "")); /* of none */
	if (r == 0)
		program_say(_("Keep the key file offline, under lock, twice."));
	free(site);
	identity_free(&root);
	return r;
}

/* ---- signing ------------------------------------------------------------ */

int key_read_request(
    struct statement *out, const struct program *p, enum statement_what what)
{
	struct paper paper;
	json_t *value = NULL;
	int r = program_read_json(&value, program_opt(p, "request", ""));

	if (r == 0)
		r = paper_read(&paper, value);
	if (r == 0)
		r = paper_request(out, &paper);
	if (r == 0 && out->what != what)
		r = err_set(ERR_FORMAT, "a request of another kind");
	json_decref(value);
	return r;
}

static int check_org(const struct statement *s, const struct site *site)
{
	return memcmp(&s->org, &site->org, sizeof(s->org)) == 0
		   ? 0
		   : err_set(ERR_ORGANISATION, "request of another org");
}

int key_root_sign(struct program *p)
{
	struct site *site = NULL;
	struct keyring *root = NULL;
	struct statement s;
	struct paper paper;
	json_t *value = NULL;
	int r = key_read_request(&s, p, STATEMENT_OPERATOR);

	if (r == 0)
		r = key_open_root(&site, &root, p);
	if (r == 0)
		r = check_org(&s, site);
	s.from_s = env_now_s(program_env());
	if (r == 0)
		r = key_until(&s.until_s, p);
	if (r == 0) {
		paper_make(&paper, &s, root->me->sign);
		value = paper_json(&paper);
		r = program_write_json(program_opt(p, "out", ""), value);
	}
	json_decref(value);
	keyring_free(&root);
	free(site);
	return r;
}

static int read_place(struct site *site, const struct program *p)
{
	static const int64_t ports[2] = {0, 65535};
	const char *host = program_opt(p, "host", "");
	int64_t port = 0;
	int r = program_int(&port, p, "port", ports);

	if (r == 0 && (!*host || strlen(host) >= sizeof(site->host)))
		r = err_set(ERR_USAGE, "--host %s", host);
	if (r == 0) {
		strcpy(site->host, host);
		site->port = (uint16_t)port;
	}
	return r;
}

/* Prefixes with limits of their own, as in the site file. */
static int read_limits(struct site *site, const struct program *p)
{
	json_t *value = NULL;
	int r;

	if (!program_has(p, "limits"))
		return 0;
	r = program_read_json(&value, program_opt(p, "limits", ""));
	if (r == 0)
		r = site_limits_read(site, value);
	json_decref(value);
	return r;
}

static int write_site(
    const char *path, const struct site *site, const struct secret *root)
{
	struct buf text = {0};
	struct site *again = NULL;
	int r;

	site_write(&text, site, root);
	r = site_read(&again, buf_text(&text), text.len);
	if (r == 0)
		r = program_write(path, &text, 0644);
	free(again);
	buf_fini(&text);
	return r;
}

/* What a node that begins from a backup asks for besides; its request is
 * signed by the same key. The person at the root sees what it is. */
static int read_restore(struct statement *out, const struct program *p,
    const struct statement *node)
{
	struct paper paper;
	json_t *value = NULL;
	const json_t *restore;
	int r = program_read_json(&value, program_opt(p, "request", ""));

	out->what = STATEMENT_NODE;
	if (r < 0)
		return r;
	restore = json_object_get(value, "restore");
	if (restore && (r = paper_read(&paper, restore)) == 0)
		r = statement_verify(out,
		    &(struct statement_source){
			statement_name(STATEMENT_INCARNATION), paper.text,
			paper.signature},
		    &node->org, node->sign_pk);
	if (r == 0 && restore && out->incarnation != node->incarnation)
		r = err_set(ERR_FORMAT, "two incarnations");
	json_decref(value);
	return r;
}

static int add_restore(struct site *site, struct program *p,
    const struct statement *node, const struct secret *root)
{
	struct statement anew;
	char hex[HASH_HEX];
	int r = read_restore(&anew, p, node);

	if (r < 0 || anew.what != STATEMENT_INCARNATION)
		return r;
	anew.from_s = env_now_s(program_env());
	hash_hex(hex, &anew.root);
	program_say(_("The centre begins anew as incarnation %u, from %llu "
		      "records, %s"),
	    (unsigned)anew.incarnation, (unsigned long long)anew.size, hex);
	r = site_add_restore(site, &anew, root);
	return r < 0 ? r : write_org(program_opt(p, "org", ""), site);
}

int key_node_cert(struct program *p)
{
	struct site *site = NULL;
	struct keyring *root = NULL;
	struct statement s;
	int r = key_read_request(&s, p, STATEMENT_NODE);

	if (r == 0)
		r = key_open_root(&site, &root, p);
	if (r == 0)
		r = check_org(&s, site);
	if (r == 0)
		r = read_place(site, p);
	if (r == 0)
		r = read_limits(site, p);
	s.from_s = env_now_s(program_env());
	if (r == 0)
		r = key_until(&s.until_s, p);
	if (r == 0 && !program_has(p, "days"))
		s.until_s = s.from_s + NODE_DAYS * 86400;
	if (r == 0)
		r = add_restore(site, p, &s, root->me->sign);
	if (r == 0) {
		paper_make(&site->certificate, &s, root->me->sign);
		r = write_site(
		    program_opt(p, "site", ""), site, root->me->sign);
	}
	keyring_free(&root);
	free(site);
	return r;
}

/* ---- handing over ------------------------------------------------------- */

int key_root_rollover(struct program *p)
{
	struct site *site = NULL;
	struct keyring *old = NULL;
	struct identity *root = NULL;
	struct statement s = {.what = STATEMENT_ROLLOVER};
	int r = key_open_root(&site, &old, p);

	if (r == 0 && site->rollover_count == SITE_ROLLOVERS)
		r = err_set(ERR_TOO_LARGE, "rollovers");
	if (r == 0) {
		root = new_root();
		r = save_root(p, program_opt(p, "new-key", ""), root);
	}
	if (r == 0) {
		s.org = site->org;
		s.from_s = env_now_s(program_env());
		memcpy(s.root_pk, root->sign_pk, SIGN_PUBLIC);
		statement_countersign(&s, site->root_pk, root->sign);
		paper_make(&site->rollovers[site->rollover_count++], &s,
		    old->me->sign);
		r = write_org(program_opt(p, "org", ""), site);
	}
	if (root)
		identity_free(&root);
	keyring_free(&old);
	free(site);
	return r;
}
