/*
 * node_backup.c - a backup as a folder: DIR/log.sfb and, for people,
 * DIR/manifest.json. The process that owns the home writes it a slice a
 * request, so that terminals are served meanwhile; who asked goes on asking
 * until it is whole, and verifies it.
 */
#define _GNU_SOURCE
#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "sync/backup.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/log_verbs.h"
#include "sync/node_backup.h"
#include "sync/program.h"
#include "sync/request.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLICE (2u << 20)
#define PART "log.part"
#define WHOLE "log.sfb"
#define CURSOR "cursor.json"

/* ---- writing, in the process that owns the home ------------------------- */

struct part {
	const char *dir;
	struct backup_cursor cursor;
	int64_t bytes; /* of the part that are good */
};

static int load_cursor(struct part *p)
{
	struct buf path = {0};
	json_t *value = NULL;
	int r;

	home_path(&path, p->dir, CURSOR);
	r = program_read_json(&value, buf_text(&path));
	if (r == 0) {
		p->cursor.phase = (uint64_t)json_int(value, "phase", 0);
		p->cursor.at = (uint64_t)json_int(value, "at", 0);
		p->cursor.at2 = (uint64_t)json_int(value, "at2", 0);
		p->cursor.size = (uint64_t)json_int(value, "size", 0);
		p->bytes = json_int(value, "bytes", 0);
	}
	json_decref(value);
	buf_fini(&path);
	return r == ERR_NOT_FOUND ? 0 : r;
}

static int save_cursor(const struct part *p)
{
	struct buf path = {0};
	json_t *value = json_object();
	int r;

	json_put_int(value, "phase", (int64_t)p->cursor.phase);
	json_put_int(value, "at", (int64_t)p->cursor.at);
	json_put_int(value, "at2", (int64_t)p->cursor.at2);
	json_put_int(value, "size", (int64_t)p->cursor.size);
	json_put_int(value, "bytes", p->bytes);
	home_path(&path, p->dir, CURSOR);
	r = program_write_json(buf_text(&path), value);
	json_decref(value);
	buf_fini(&path);
	return r;
}

static int write_all(int fd, const struct buf *data)
{
	size_t at = 0;

	while (at < data->len) {
		ssize_t n = write(fd, data->data + at, data->len - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(errno == ENOSPC ? ERR_NO_SPACE : ERR_IO,
			    "the backup");
		at += (size_t)n;
	}
	return fsync(fd) == 0 ? 0 : err_set(ERR_IO, "the backup");
}

static int append(struct part *p, const struct buf *data)
{
	struct buf path = {0};
	int fd, r;

	home_path(&path, p->dir, PART);
	fd = open(buf_text(&path), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		r = err_set(ERR_READ_ONLY, "%s", buf_text(&path));
	else if (ftruncate(fd, p->bytes) < 0 ||
		 lseek(fd, p->bytes, SEEK_SET) < 0)
		r = err_set(ERR_IO, "%s", buf_text(&path));
	else
		r = write_all(fd, data);
	if (fd >= 0)
		close(fd);
	if (r == 0)
		p->bytes += (int64_t)data->len;
	buf_fini(&path);
	return r;
}

/* The part becomes the backup. */
static int finish(const struct part *p)
{
	struct buf from = {0}, to = {0};
	int r;

	home_path(&from, p->dir, PART);
	home_path(&to, p->dir, WHOLE);
	r = rename(buf_text(&from), buf_text(&to)) == 0
		? 0
		: err_set(ERR_IO, "%s", buf_text(&to));
	buf_clear(&from);
	home_path(&from, p->dir, CURSOR);
	unlink(buf_text(&from));
	buf_fini(&from);
	buf_fini(&to);
	return r;
}

/* 1 when it is whole. */
static int slice(const struct request *q, const char *dir)
{
	struct part p = {.dir = dir};
	struct buf data = {0};
	int r = home_make(dir), done = 0;

	if (r == 0)
		r = load_cursor(&p);
	if (r == 0)
		done =
		    backup_write(&data, home_ledger(q->home), &p.cursor, SLICE);
	if (r == 0)
		r = done < 0 ? done : append(&p, &data);
	if (r == 0)
		r = done == 1 ? finish(&p) : save_cursor(&p);
	buf_fini(&data);
	return r < 0 ? r : done;
}

int verb_backup_part(const struct request *q, bool *stop)
{
	const char *dir = log_argument(q, 0);
	int r = 0;

	(void)stop;
	if (!dir)
		return err_set(ERR_USAGE, "DIR");
	do
		r = slice(q, dir);
	while (r == 0 && !q->stats); /* nobody else waits */
	return r < 0 ? r : 0;
}

/* --size=N: a backup of that size was verified. */
int verb_backup_done(const struct request *q, bool *stop)
{
	const char *size = log_option(q, "size");
	int64_t n;

	(void)stop;
	if (!size || !text_int(&n, size, 1, INT64_MAX))
		return err_set(ERR_USAGE, "--size");
	return store_meta_set_int(home_store(q->home), "backup.size", n);
}

/* ---- reading ------------------------------------------------------------ */

static int read_file(void *ctx, struct buf *out, size_t n)
{
	FILE *f = ctx;

	buf_clear(out);
	out->len = fread(buf_reserve(out, n), 1, n, f);
	return ferror(f) ? err_set(ERR_IO, "the backup") : 0;
}

static int open_whole(FILE **out, const char *dir)
{
	struct buf path = {0};
	int fd = -1, r;

	home_path(&path, dir, WHOLE);
	r = program_open(&fd, buf_text(&path));
	*out = r == 0 ? fdopen(fd, "rb") : NULL;
	if (r == ERR_NOT_FOUND)
		err_set(r, "%s: there is no backup in this folder", dir);
	if (r == 0 && !*out) {
		close(fd);
		r = err_set(ERR_NO_MEMORY, "%s", buf_text(&path));
	}
	buf_fini(&path);
	return r;
}

int node_backup_verify(
    struct backup_report *out, const char *dir, const struct site *site)
{
	uint8_t pk[SITE_ROLLOVERS + 1][SIGN_PUBLIC];
	struct backup_roots roots = {
	    .org = &site->org, .pk = (const uint8_t(*)[SIGN_PUBLIC])pk};
	FILE *f;
	int r = open_whole(&f, dir);

	if (r < 0)
		return r;
	roots.count = site_roots(pk, site);
	r = backup_verify(
	    out, &(struct backup_source){.read = read_file, .ctx = f}, &roots);
	fclose(f);
	return r;
}

int node_backup_load(
    struct backup_report *out, const char *dir, struct home *home)
{
	FILE *f;
	int r = open_whole(&f, dir);

	if (r < 0)
		return r;
	r = backup_load(out, home_ledger(home),
	    &(struct backup_source){.read = read_file, .ctx = f});
	fclose(f);
	return r;
}

void node_backup_say(struct buf *out, const struct backup_report *b)
{
	char hex[HASH_HEX];

	hash_hex(hex, &b->order.root);
	log_count(out, _("records:"), b->records);
	log_count(out, _("boxes:"), b->boxes);
	log_count(out, _("not here:"), b->erased);
	log_count(out, _("branches:"), b->branches);
	log_count(out, _("waiting:"), b->waiting);
	buf_printf(out, "\n%s %" PRIu64 "  %s %" PRIu64 " %s\n",
	    _("incarnation:"), b->incarnation, _("order:"), b->order.size, hex);
}

static int write_manifest(const char *dir, const struct backup_report *b)
{
	char org[ID_HEX], root[HASH_HEX];
	struct buf path = {0};
	json_t *value = json_object();
	int r;

	id_hex(org, &b->org);
	hash_hex(root, &b->order.root);
	json_put_int(value, "format", 1);
	json_put_str(value, "org", org);
	json_put_int(value, "incarnation", (int64_t)b->incarnation);
	json_put_int(value, "size", (int64_t)b->order.size);
	json_put_str(value, "root", root);
	json_put_int(value, "last_s", b->at_s);
	home_path(&path, dir, "manifest.json");
	r = program_write_json(buf_text(&path), value);
	json_decref(value);
	buf_fini(&path);
	return r;
}

/* ---- the one who asks --------------------------------------------------- */

static bool is_whole(const char *dir)
{
	struct buf path = {0};
	bool there;

	home_path(&path, dir, WHOLE);
	there = access(buf_text(&path), F_OK) == 0;
	buf_fini(&path);
	return there;
}

static int ask(struct node_asker *a, const char *const *words, size_t n)
{
	return a->ask(a->ctx, words, n);
}

static int announce(struct node_asker *a, uint64_t size)
{
	char option[40];
	const char *const words[] = {"backup done", option};

	snprintf(option, sizeof(option), "--size=%" PRIu64, size);
	return ask(a, words, 2);
}

int node_backup_make(struct buf *out, struct node_asker *a, const char *dir)
{
	const char *const words[] = {"backup part", dir};
	struct backup_report b;
	struct site *site = NULL;
	struct buf path = {0};
	int r = 0;

	if (is_whole(dir))
		return err_set(ERR_IN_USE, "%s", dir);
	while (r == 0 && !is_whole(dir))
		r = ask(a, words, 2);
	home_path(&path, a->home, "site.json");
	if (r == 0)
		r = home_read_site(&site, buf_text(&path));
	if (r == 0)
		r = node_backup_verify(&b, dir, site);
	if (r == 0)
		r = write_manifest(dir, &b);
	if (r == 0)
		r = announce(a, b.order.size);
	if (r == 0)
		node_backup_say(out, &b);
	buf_fini(&path);
	free(site);
	return r;
}
