/*
 * store.c - migrating and committing one encrypted SQLite file. The vault
 * opens it with what the promise "saved" needs (WAL, FULL, EXCLUSIVE).
 */
#include "core/store.h"

#include "core/asset.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/store_impl.h"
#include "core/vault.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Pages of the journal that are copied into the file when there is time and
 * when there is none; and the same during a first sync, of which most pages
 * are written again and again. Each is sealed anew, so that thousands take a
 * while. */
#define JOURNAL_PAGES_REST 1000
#define JOURNAL_PAGES 8000
#define JOURNAL_PAGES_FLOOD_REST 16000
#define JOURNAL_PAGES_FLOOD 64000

static const char *const txn_paths[TXN_COUNT] = {[TXN_BEGIN] = "txn/begin.sql",
    [TXN_COMMIT] = "txn/commit.sql",
    [TXN_PART] = "txn/savepoint.sql",
    [TXN_PART_KEEP] = "txn/savepoint_keep.sql"};

static const char *const query_paths[Q_COUNT + 1] = {QUERY_PATHS};

int store_error(sqlite3 *db, int rc)
{
	switch (rc & 0xff) {
	case SQLITE_AUTH:
		return err_set(ERR_RULE, "sqlite: %s", sqlite3_errmsg(db));
	case SQLITE_CONSTRAINT:
		return err_set(ERR_STALE, "sqlite: %s", sqlite3_errmsg(db));
	default:
		return vault_error(db, rc);
	}
}

int store_error_of(sqlite3_stmt *handle, int rc)
{
	return store_error(sqlite3_db_handle(handle), rc);
}

static bool is_view_name(const char *name)
{
	return name && strncmp(name, "v_", 2) == 0;
}

/* SQLite asks before it compiles each action; a write to the view passes
 * only while fold holds the gate open. Attaching other files never passes. */
static int authorize(void *ctx, int action, const char *a, const char *b,
    const char *db, const char *trigger)
{
	const struct store *store = ctx;

	(void)b;
	(void)db;
	(void)trigger;
	switch (action) {
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
	case SQLITE_CREATE_TABLE:
	case SQLITE_DROP_TABLE:
		return is_view_name(a) && !store->gate_is_open ? SQLITE_DENY
							       : SQLITE_OK;
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
		return SQLITE_DENY;
	default:
		return SQLITE_OK;
	}
}

int store_exec(struct store *store, const char *sql)
{
	int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : store_error(store->db, rc);
}

int stmt_prepare(
    struct store *store, struct stmt *out, const char *sql, const char **tail)
{
	int rc = sqlite3_prepare_v3(
	    store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &out->handle, tail);

	out->err = rc == SQLITE_OK ? 0 : store_error(store->db, rc);
	return out->err;
}

struct stmt *store_query(struct store *store, enum query_id id)
{
	struct stmt *s = &store->queries[id];

	if (!s->handle) {
		const struct asset *sql = asset_find(query_paths[id]);
		assert(sql);
		stmt_prepare(store, s, sql->data, NULL);
	}
	assert(!s->handle || !sqlite3_stmt_busy(s->handle));
	stmt_reset(s);
	return s;
}

/* A template of schemas/txn with its one $ replaced by value. */
static void expand(struct buf *out, const char *path, const char *value)
{
	const struct asset *sql = asset_find(path);
	const char *at = strchr(sql->data, '$');

	assert(at);
	buf_add(out, sql->data, (size_t)(at - sql->data));
	buf_str(out, value);
	buf_str(out, at + 1);
}

int store_view_prepare(struct stmt **out, struct store *store,
    const char *template, const char *table)
{
	struct stmt *s = mem_new(sizeof(*s));
	struct buf sql = {0};
	int r;

	assert(is_view_name(table));
	expand(&sql, template, table);
	r = stmt_prepare(store, s, buf_text(&sql), NULL);
	buf_fini(&sql);
	if (r < 0)
		stmt_free(&s);
	else
		*out = s;
	return r;
}

int store_view_rows(struct stmt **out, struct store *store, const char *name)
{
	return store_view_prepare(out, store, "txn/view_rows.sql", name);
}

static int run_txn(struct store *store, enum txn txn)
{
	struct stmt *s = &store->txns[txn];

	if (!s->handle)
		stmt_prepare(store, s, asset_find(txn_paths[txn])->data, NULL);
	return stmt_run(s);
}

/* SQLite takes a transaction back by itself when the disk fails inside it;
 * what its owner writes after that must not count without what came before. */
static int refuse_part(void *ctx)
{
	return ((const struct store *)ctx)->is_in_txn;
}

int store_begin(struct store *store)
{
	int r = run_txn(store, TXN_BEGIN);

	if (r == 0)
		store->is_in_txn = true;
	return r;
}

int store_commit(struct store *store)
{
	int r;

	store->is_in_txn = false;
	r = run_txn(store, TXN_COMMIT);
	if (r < 0)
		store_rollback(store);
	else
		store->generation++;
	return r;
}

int store_commit_later(struct store *store)
{
	int r;

	vault_sync_later(store->db, true);
	r = store_commit(store);
	vault_sync_later(store->db, false);
	return r;
}

int store_is_durable(struct store *store)
{
	return vault_is_synced(store->db);
}

void store_rollback(struct store *store)
{
	store->is_in_txn = false;
	/* Outside a transaction SQLite refuses, which is what we want. */
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, asset_find("txn/rollback.sql")->data,
		    NULL, NULL, NULL);
}

int store_scrub(struct store *store)
{
	return store_exec(store, asset_find("txn/scrub.sql")->data);
}

void store_flood(struct store *store, bool is_on)
{
	store->is_ebbing = !is_on && store->is_flooded;
	store->is_flooded = store->is_flooded || is_on;
}

int store_savepoint(struct store *store)
{
	return run_txn(store, TXN_PART);
}

int store_savepoint_end(struct store *store, int result)
{
	if (result >= 0)
		return run_txn(store, TXN_PART_KEEP);
	/* What failed first is the reason that is told. */
	(void)!store_exec(store, asset_find("txn/savepoint_back.sql")->data);
	return result;
}

uint64_t store_generation(const struct store *store)
{
	return store->generation;
}

bool store_view_is_stale(const struct store *store)
{
	return store->view_is_stale;
}

int store_meta_get(struct store *store, const char *name, void *out, size_t n)
{
	struct stmt *s = store_query(store, Q_META_GET);
	size_t size;
	int r;

	stmt_bind_text(s, ":name", name);
	r = stmt_step(s);
	if (r == 1) {
		const void *data = stmt_blob(s, 0, &size);
		r = size == n ? 0 : ERR_FORMAT;
		if (r == 0)
			memcpy(out, data, n);
	} else if (r == 0) {
		r = ERR_NOT_FOUND;
	}
	stmt_reset(s);
	return r;
}

int store_meta_set(
    struct store *store, const char *name, const void *value, size_t n)
{
	struct stmt *s = store_query(store, Q_META_SET);

	stmt_bind_text(s, ":name", name);
	stmt_bind_blob(s, ":value", value, n);
	return stmt_run(s);
}

int store_meta_get_int(
    struct store *store, const char *name, int64_t fallback, int64_t *out)
{
	uint8_t be[8];
	int r = store_meta_get(store, name, be, sizeof(be));
	struct reader in = reader_of(be, sizeof(be));

	if (r == 0)
		*out = (int64_t)reader_u64(&in);
	else if (r == ERR_NOT_FOUND)
		*out = fallback;
	return r == ERR_NOT_FOUND ? 0 : r;
}

int store_meta_set_int(struct store *store, const char *name, int64_t value)
{
	uint8_t be[8];

	for (int i = 0; i < 8; i++)
		be[i] = (uint8_t)((uint64_t)value >> (56 - 8 * i));
	return store_meta_set(store, name, be, sizeof(be));
}

static int64_t user_version(struct store *store)
{
	struct stmt s = {0};
	int64_t v = -1;

	if (stmt_prepare(
		store, &s, asset_find("txn/version.sql")->data, NULL) == 0 &&
	    stmt_step(&s) == 1)
		v = stmt_int(&s, 0);
	sqlite3_finalize(s.handle);
	return v;
}

/* One schemas/truth/NNNN.sql; its number becomes user_version in the same
 * transaction. */
static int migrate_one(struct store *store, const char *truth, int64_t n)
{
	char number[24];
	struct buf sql = {0};
	int r;

	snprintf(number, sizeof(number), "%" PRId64, n);
	buf_str(&sql, truth);
	expand(&sql, "txn/set_version.sql", number);
	if ((r = store_begin(store)) < 0)
		goto out;
	if ((r = store_exec(store, buf_text(&sql))) < 0)
		store_rollback(store);
	else
		r = store_commit(store);
out:
	buf_fini(&sql);
	return r;
}

static int migrate(struct store *store)
{
	int64_t have = user_version(store), n = 0;
	int r = have < 0 ? ERR_DAMAGED : 0;

	for (size_t i = 0; r == 0 && i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		if (strncmp(a->path, "truth/", 6) != 0 || ++n <= have)
			continue;
		r = migrate_one(store, a->data, n);
	}
	return r < 0 ? r : have > n ? ERR_NEWER : 0;
}

/* FNV-1a over everything that defines the view: a changed definition means
 * that the view must be rebuilt, nothing more, so no strong hash is needed. */
static uint64_t view_version(void)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		if (strncmp(a->path, "fold/", 5) != 0 &&
		    strcmp(a->path, "view.sql") != 0)
			continue;
		for (size_t k = 0; k < a->len; k++)
			h = (h ^ (uint8_t)a->data[k]) * UINT64_C(0x100000001b3);
	}
	return h & (uint64_t)INT53_MAX;
}

static int drop_view(struct store *store)
{
	struct stmt *s = store_query(store, Q_VIEW_TABLES);
	struct buf sql = {0};
	int r;

	while ((r = stmt_step(s)) == 1)
		expand(&sql, "txn/drop.sql", stmt_text(s, 0));
	if (r == 0)
		r = store_exec(store, buf_text(&sql));
	buf_fini(&sql);
	return r;
}

int store_view_reset(struct store *store)
{
	int r;

	store->gate_is_open = true;
	if ((r = drop_view(store)) == 0 &&
	    (r = store_exec(store, asset_find("view.sql")->data)) == 0)
		r = store_meta_set_int(
		    store, "view.version", (int64_t)view_version());
	store->gate_is_open = false;
	return r;
}

static int check_view(struct store *store)
{
	int64_t have = 0;
	int r = store_meta_get_int(store, "view.version", 0, &have);

	if (r < 0 || have == (int64_t)view_version())
		return r;
	if ((r = store_begin(store)) < 0)
		return r;
	store->view_is_stale = have != 0;
	if ((r = store_view_reset(store)) < 0 ||
	    (store->view_is_stale &&
		(r = store_meta_set_int(store, "view.stale", 1)) < 0)) {
		store_rollback(store);
		return r;
	}
	return store_commit(store);
}

int store_view_filled(struct store *store)
{
	int r = store_meta_set_int(store, "view.stale", 0);

	if (r == 0)
		store->view_is_stale = false;
	return r;
}

static int copy_journal(struct store *store)
{
	store->journal_pages = 0;
	return sqlite3_wal_checkpoint_v2(
	    store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/* In the place of SQLite's own rule, which asks for no pause. A copy that
 * fails is tried again: what was saved is in the log. */
static int on_commit(void *ctx, sqlite3 *db, const char *name, int pages)
{
	struct store *store = ctx;

	(void)db;
	(void)name;
	store->journal_pages = pages;
	if (pages >= (store->is_flooded ? JOURNAL_PAGES_FLOOD : JOURNAL_PAGES))
		(void)copy_journal(store);
	return SQLITE_OK;
}

/* What is left of a flood, and the room it took. It stays one until that is
 * done: the next commit would otherwise copy it, and somebody wait. */
static void ebb(struct store *store)
{
	store->journal_pages = 0;
	if (store_scrub(store) == 0)
		store->is_flooded = store->is_ebbing = false;
}

void store_rest(struct store *store)
{
	bool is_filling = store->is_flooded && !store->is_ebbing;
	int least =
	    is_filling ? JOURNAL_PAGES_FLOOD_REST : JOURNAL_PAGES_REST;

	if (!sqlite3_get_autocommit(store->db))
		return;
	if (store->is_ebbing && store->journal_pages > 0)
		ebb(store);
	else if (store->journal_pages >= least)
		(void)copy_journal(store);
}

int store_open(struct store **out, const struct store_opts *opts)
{
	const struct vault_opts vault = {
	    .base_vfs = opts->base_vfs, .must_exist = opts->must_exist};
	struct store *store = mem_new(sizeof(*store));
	int64_t stale = 0;
	int r;

	if ((r = vault_open(&store->db, opts->path, opts->key, &vault)) < 0)
		goto out;
	if ((r = store_exec(store, asset_find("txn/settings.sql")->data)) < 0)
		goto out;
	sqlite3_set_authorizer(store->db, authorize, store);
	sqlite3_wal_hook(store->db, on_commit, store);
	sqlite3_commit_hook(store->db, refuse_part, store);
	if ((r = migrate(store)) < 0 || (r = check_view(store)) < 0 ||
	    (r = store_meta_get_int(store, "view.stale", 0, &stale)) < 0)
		goto out;
	store->view_is_stale = stale != 0;
	store->generation = 1;
	*out = store;
	store = NULL;
out:
	store_close(&store);
	return r;
}

void store_close(struct store **store)
{
	if (!*store)
		return;
	for (size_t i = 0; i < ARRAY_LEN((*store)->queries); i++)
		sqlite3_finalize((*store)->queries[i].handle);
	for (size_t i = 0; i < TXN_COUNT; i++)
		sqlite3_finalize((*store)->txns[i].handle);
	if ((*store)->db)
		vault_close(&(*store)->db);
	free(*store);
	*store = NULL;
}

bool store_was_cut(const struct store *store)
{
	struct vault_status status;

	vault_status(&status, store->db);
	return status.was_cut;
}
