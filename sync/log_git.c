/* log_git.c - a store as the source of a git object database. */
#include "sync/log_git.h"

#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "sync/audit_impl.h"

struct log_git {
	struct audit audit;
	struct gitodb *db;
	struct audit_keys keys;
	/* Where the last object was found: its parent is one before. */
	struct id seat;
	int64_t seq;
};

static struct store *store_of(const struct log_git *g)
{
	return ledger_store(g->audit.ledger);
}

/* 1 when the record at this place has that name. */
static int frame_at(
    struct log_git *g, struct buf *out, int64_t seq, const struct sha1 *name)
{
	struct stmt *s = store_query(store_of(g), Q_RECORD_GET);
	size_t n, m;
	int r;

	stmt_bind_id(s, ":seat", &g->seat);
	stmt_bind_int(s, ":seq", seq);
	if ((r = stmt_step(s)) == 1) {
		const void *sha1 = stmt_blob(s, 1, &n);
		const void *frame = stmt_blob(s, 6, &m);
		r = n == sizeof(name->b) && memcmp(sha1, name->b, n) == 0;
		if (r == 1) {
			buf_add(out, frame, m);
			g->seq = seq;
		}
	}
	stmt_reset(s);
	return r;
}

/* 1 when the name was found anywhere. */
static int frame_search(
    struct log_git *g, struct buf *out, const struct sha1 *name)
{
	struct stmt *s = store_query(store_of(g), Q_RECORD_BY_SHA1);
	size_t n;
	int r;

	stmt_bind_blob(s, ":sha1", name->b, sizeof(name->b));
	if ((r = stmt_step(s)) == 1) {
		const void *frame = stmt_blob(s, 2, &n);
		if (stmt_id(&g->seat, s, 0)) {
			g->seq = stmt_int(s, 1);
			buf_add(out, frame, n);
		} else {
			r = ERR_DAMAGED;
		}
	}
	stmt_reset(s);
	return r;
}

static int read_frame(void *ctx, struct buf *out, uint8_t pk[SIGN_PUBLIC],
    const struct sha1 *name)
{
	struct log_git *g = ctx;
	int r = frame_at(g, out, g->seq, name);

	if (r == 0)
		r = frame_at(g, out, g->seq - 1, name);
	if (r == 0)
		r = frame_search(g, out, name);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	r = audit_keys_load(&g->keys, &g->audit, &g->seat);
	if (r == 0)
		memcpy(pk, g->keys.sign_pk, SIGN_PUBLIC);
	return r;
}

static int read_tip(void *ctx, struct sha1 *out, const struct id *seat)
{
	struct log_git *g = ctx;
	struct stmt *s = store_query(store_of(g), Q_RECORD_HEAD);
	size_t n;
	int r;

	stmt_bind_id(s, ":seat", seat);
	if ((r = stmt_step(s)) == 1) {
		const void *sha1 = stmt_blob(s, 2, &n);
		r = n == sizeof(out->b) ? 0 : ERR_DAMAGED;
		if (r == 0) {
			memcpy(out->b, sha1, n);
			g->seat = *seat;
			g->seq = stmt_int(s, 0);
		}
	} else if (r == 0) {
		r = ERR_NOT_FOUND;
	}
	stmt_reset(s);
	return r;
}

int log_git_open(struct log_git **out, const struct audit *audit)
{
	struct log_git *g = mem_new(sizeof(*g));
	const struct gitodb_source source = {read_frame, read_tip, g};
	int r;

	g->audit = *audit;
	r = gitodb_serve(&g->db, &source);
	if (r < 0)
		log_git_close(&g);
	else
		*out = g;
	return r;
}

void log_git_close(struct log_git **git)
{
	if (!*git)
		return;
	gitodb_close(&(*git)->db);
	free(*git);
	*git = NULL;
}

struct gitodb *log_git_db(struct log_git *git)
{
	return git->db;
}
