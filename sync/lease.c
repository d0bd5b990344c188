/* lease.c - a terminal's lease on all its keys, kept in the store. */
#include "sync/lease.h"

#include "core/err.h"
#include "core/shelf.h"
#include "keys/hash.h"
#include "sync/ledger_impl.h"

#include <string.h>

#define KEPT "lease"
#define KEPT_BYTES 51

static struct lease_clock now(const struct ledger *l)
{
	struct lease_clock c = {.wall_s = env_now_s(l->cfg.env),
	    .on_s = env_mono_ms(l->cfg.env) / 1000};

	memcpy(c.boot, l->cfg.boot, sizeof(c.boot));
	return c;
}

int lease_load(struct ledger *l)
{
	uint8_t kept[KEPT_BYTES];
	int r = store_meta_get(l->cfg.store, KEPT, kept, sizeof(kept));

	memset(&l->lease, 0, sizeof(l->lease));
	if (r == ERR_NOT_FOUND)
		return 0;
	/* One that cannot be read has run out: the centre renews it. */
	if (r < 0 || lease_read(&l->lease, kept, sizeof(kept)) < 0)
		l->lease = (struct lease){.is_given = true, .is_broken = true};
	return 0;
}

static int keep(struct ledger *l)
{
	bool was_open = l->in_txn;
	struct buf b = {0};
	int r = ledger_begin(l);

	if (r < 0)
		return r;
	lease_write(&b, &l->lease);
	r = store_meta_set(l->cfg.store, KEPT, b.data, b.len);
	buf_fini(&b);
	if (was_open)
		return r;
	if (r < 0)
		ledger_rollback(l);
	return r < 0 ? r : ledger_commit(l);
}

/* The lease as it stands this moment. */
static struct lease counted(const struct ledger *l)
{
	const struct lease_clock at = now(l);
	struct lease copy = l->lease;

	lease_count(&copy, &at);
	return copy;
}

int64_t ledger_lease_left_s(const struct ledger *l)
{
	const struct lease lease = counted(l);

	return l->is_node ? INT64_MAX : lease_left_s(&lease);
}

bool ledger_clock_is_back(const struct ledger *l)
{
	return !l->is_node && l->lease.is_given && counted(l).is_broken;
}

int ledger_lease_tick(struct ledger *l)
{
	const struct lease_clock at = now(l);
	int64_t wall = at.wall_s - l->lease.last.wall_s;

	if (l->is_node || !l->lease.is_given ||
	    (wall >= 0 && wall < LEASE_KEEP_S &&
		at.on_s - l->lease.last.on_s < LEASE_KEEP_S))
		return 0;
	lease_count(&l->lease, &at);
	return keep(l);
}

int lease_take(struct ledger *l, int64_t len_s)
{
	const struct lease_clock at = now(l);

	lease_renew(&l->lease, len_s, &at);
	return keep(l);
}

int lease_length(struct ledger *l, int64_t *out)
{
	struct stmt *s = store_query(l->cfg.store, Q_SETTINGS_GET);
	int r;

	*out = LEASE_DEFAULT_S;
	stmt_bind_id(s, ":roster", &l->roster);
	if ((r = stmt_step(s)) == 1 && !stmt_is_null(s, 3))
		*out = stmt_int(s, 3);
	stmt_reset(s);
	return r < 0 ? r : 0;
}

/* These show a patient, or begin something that needs to. */
static bool needs_lease(enum kind kind)
{
	switch ((int)kind) {
	case KIND_PATIENT_OPENED:
	case KIND_PATIENT_UNMASKED:
	case KIND_PATIENT_PRINTED:
	case KIND_PATIENT_EXPORTED:
	case KIND_CALL_STARTED:
		return true;
	default:
		return false;
	}
}

int lease_allows(const struct ledger *l, enum kind kind)
{
	if (!needs_lease(kind) || ledger_lease_left_s(l) > 0)
		return 0;
	return err_set(ERR_LEASE, "%s", kind_info(kind)->name);
}

int lease_refused(struct ledger *l)
{
	const struct lease_clock at = now(l);

	lease_count(&l->lease, &at);
	return keep(l);
}

int lease_digest(struct hash *out, struct ledger *l, const struct id *seat)
{
	struct stmt *s = store_query(l->cfg.store, Q_LEASE_KIDS);
	struct buf all = {0};
	struct id stream;
	struct hash kid;
	int r;

	stmt_bind_id(s, ":seat", seat);
	while ((r = stmt_step(s)) == 1) {
		stmt_id(&stream, s, 0);
		stmt_hash(&kid, s, 1);
		buf_add(&all, stream.b, sizeof(stream.b));
		buf_add(&all, kid.b, sizeof(kid.b));
	}
	hash_prefixed(
	    out, PREFIX_LEASE, (const struct part[]){{all.data, all.len}}, 1);
	buf_fini(&all);
	return r;
}

int lease_note(struct ledger *l, const struct id *stream, bool is_lent)
{
	struct stmt *s = store_query(
	    l->cfg.store, is_lent ? Q_FEED_STREAM_ADD : Q_FEED_STREAM_DROP);

	stmt_bind_id(s, ":seat", &l->cfg.me->seat);
	stmt_bind_id(s, ":stream", stream);
	return stmt_run(s);
}

int lease_has(struct ledger *l, const struct id *stream)
{
	struct stmt *s = store_query(l->cfg.store, Q_FEED_STREAM_HAS);

	stmt_bind_id(s, ":seat", &l->cfg.me->seat);
	stmt_bind_id(s, ":stream", stream);
	return stmt_has_row(s);
}

int lease_minted(struct ledger *l, const struct id *stream)
{
	char slot[sizeof(LEASE_MINTED) + ID_HEX] = LEASE_MINTED;
	int r = lease_has(l, stream);

	if (r != 0)
		return r < 0 ? r : 0;
	id_hex(slot + strlen(slot), stream);
	return shelf_put(l->cfg.store, slot, "own", "", env_now_s(l->cfg.env));
}
