/* node_keys.c - stream keys to a second medium and back. */
#define _GNU_SOURCE
#include "sync/node_keys.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "core/tr.h"
#include "keys/rescue.h"
#include "keys/ring.h"
#include "keys/secret.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/log_verbs.h"
#include "sync/program.h"
#include "sync/request.h"
#include "sync/rescue_file.h"
#include "sync/salvage.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEPT_S (INT64_C(30) * 86400)

/* ---- writing ------------------------------------------------------------ */

struct writing {
	struct rescue_to to;
	struct id stream; /* whose keys come */
	struct buf file, rows;
	uint64_t keys;
};

static int flush(struct writing *w)
{
	int r = w->rows.len ? rescue_add(&w->file, &w->to, &w->rows) : 0;

	if (w->rows.data)
		secret_wipe(w->rows.data, w->rows.cap);
	buf_clear(&w->rows);
	return r;
}

static int add_key(void *ctx, const struct hash *kid, const struct secret *key)
{
	struct writing *w = ctx;

	(void)kid;
	buf_add(&w->rows, w->stream.b, 16);
	buf_add(&w->rows, key->bytes, SECRET_KEY);
	w->keys++;
	return w->rows.len >= (size_t)RESCUE_ROWS * RESCUE_ROW ? flush(w) : 0;
}

static int add_all(struct writing *w, struct home *home)
{
	struct ledger *l = home_ledger(home);
	struct stmt_ids streams = {0};
	int r =
	    stmt_ids(&streams, store_query(home_store(home), Q_RING_STREAMS));

	/* Never moved while it grows: a copy left behind is not wiped. */
	(void)buf_reserve(&w->rows, ((size_t)RESCUE_ROWS + 1) * RESCUE_ROW);
	for (size_t i = 0; r == 0 && i < streams.n; i++) {
		w->stream = streams.items[i];
		r = ring_each(ledger_ring(l), &w->stream, add_key, w);
	}
	free(streams.items);
	return r == 0 ? flush(w) : r;
}

/* The time in "keys-<time>.sfk"; 0 for any other name. */
static int64_t time_of(const char *name)
{
	char *end;
	long long at;

	if (strncmp(name, "keys-", 5) != 0)
		return 0;
	at = strtoll(name + 5, &end, 10);
	return at > 0 && strcmp(end, ".sfk") == 0 ? at : 0;
}

static int drop_old(const char *dir, int64_t now_s)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	struct buf path = {0};
	int r = 0;

	if (!d)
		return err_set(ERR_NOT_FOUND, "%s", dir);
	while (r == 0 && (e = readdir(d))) {
		int64_t at = time_of(e->d_name);
		if (at == 0 || at >= now_s - KEPT_S)
			continue;
		buf_clear(&path);
		home_path(&path, dir, e->d_name);
		if (unlink(buf_text(&path)) < 0)
			r = err_set(ERR_READ_ONLY, "%s", buf_text(&path));
	}
	closedir(d);
	buf_fini(&path);
	return r;
}

static int read_rescue(struct writing *w, const struct request *q)
{
	const char *path = log_option(q, "rescue");
	json_t *value = NULL;
	int r = path ? program_read_json(&value, path)
		     : err_set(ERR_USAGE, "--rescue");

	if (r == 0)
		r = rescue_paper_read(w->to.pk, value, home_site(q->home));
	w->to.org = home_site(q->home)->org;
	w->to.env = q->env;
	json_decref(value);
	return r;
}

static int write_file(const struct writing *w, const char *dir, int64_t now_s)
{
	struct buf path = {0};
	char name[40];
	int r = home_make(dir);

	snprintf(name, sizeof(name), "keys-%" PRId64 ".sfk", now_s);
	home_path(&path, dir, name);
	if (r == 0)
		r = program_write(buf_text(&path), &w->file, 0600);
	buf_fini(&path);
	return r;
}

int verb_keys_backup(const struct request *q, bool *stop)
{
	const char *dir = log_argument(q, 0);
	struct writing w = {.keys = 0};
	int64_t now_s = env_now_s(q->env);
	int r = dir ? read_rescue(&w, q) : err_set(ERR_USAGE, "DIR");

	(void)stop;
	if (r == 0) {
		rescue_begin(&w.file, &w.to.org, now_s);
		r = add_all(&w, q->home);
	}
	if (r == 0) {
		rescue_end(&w.file);
		r = write_file(&w, dir, now_s);
	}
	if (r == 0)
		r = drop_old(dir, now_s);
	if (r == 0)
		r = store_meta_set_int(
		    home_store(q->home), NODE_KEYS_COPIED, now_s);
	if (r == 0)
		buf_printf(q->out, "%s %" PRIu64 "\n", _("stream keys copied:"),
		    w.keys);
	buf_fini(&w.file);
	buf_fini(&w.rows);
	return r;
}

/* ---- and back ----------------------------------------------------------- */

struct taking {
	struct ledger *l;
	const struct secret *dh;
	const struct id *org;
	uint64_t keys;
};

static int take_rows(struct taking *t, const struct buf *rows)
{
	struct id stream;
	int r = 0;

	for (size_t at = 0; r == 0 && at + RESCUE_ROW <= rows->len;
	     at += RESCUE_ROW) {
		struct secret *key =
		    secret_dup(rows->data + at + 16, SECRET_KEY);
		memcpy(stream.b, rows->data + at, 16);
		r = salvage_key(t->l, &stream, key);
		secret_free(&key);
		t->keys++;
	}
	return r;
}

static int open_section(
    const struct taking *t, const struct rescue_section *s, struct taking *to)
{
	struct buf rows = {0};
	int r;

	(void)buf_reserve(&rows, s->len);
	r = rescue_open(&rows, t->org, t->dh, s);
	if (r == 0 && to)
		r = take_rows(to, &rows);
	secret_wipe(rows.data, rows.cap);
	buf_fini(&rows);
	return r;
}

static int check_section(void *ctx, const struct rescue_section *s)
{
	return open_section(ctx, s, NULL);
}

static int take_section(void *ctx, const struct rescue_section *s)
{
	return open_section(ctx, s, ctx);
}

/* A rollback would take the store from under the sessions, so the whole file
 * is opened once before anything is begun. */
static int take_file(struct taking *t, const struct buf *file)
{
	int64_t at_s;
	int r = rescue_each(&at_s, file, t->org, check_section, t);

	if (r == 0)
		r = ledger_begin(t->l);
	if (r < 0)
		return r;
	r = rescue_each(&at_s, file, t->org, take_section, t);
	if (r == 0)
		r = ledger_commit(t->l);
	else
		ledger_rollback(t->l);
	return r;
}

int verb_keys_take(const struct request *q, bool *stop)
{
	const char *path = log_argument(q, 0);
	struct ledger *l = home_ledger(q->home);
	struct taking t = {.l = l,
	    .dh = ledger_cfg(l)->seal_sk,
	    .org = &home_site(q->home)->org};
	struct buf file = {0};
	int r = path ? program_read(&file, path, RESCUE_FILE_MAX)
		     : err_set(ERR_USAGE, "FILE");

	(void)stop;
	if (r == 0)
		r = take_file(&t, &file);
	if (r == 0)
		buf_printf(q->out, "%s %" PRIu64 "\n",
		    _("stream keys offered:"), t.keys);
	buf_fini(&file);
	return r;
}
