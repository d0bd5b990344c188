/*
 * sim_restore.c - the centre is backed up, lost and restored in the middle of
 * a history, its recovery closed early or late; a seat whose disk was copied,
 * so that two of it go on; and a centre that takes back what it said: an older
 * copy of its disk in its place, which goes on by itself.
 */
#include "tests/sim/sim_impl.h"

#include "core/err.h"
#include "core/mem.h"
#include "keys/ring.h"
#include "keys/seal.h"
#include "sync/alarm.h"
#include "sync/ledger_impl.h"

#include <inttypes.h>

#define RESTORES_MOST 2

bool sim_is_recovering(const struct sim *s)
{
	int64_t open = 0;

	return store_meta_get_int(
		   s->w->node.store, "recovery.open", 0, &open) == 0 &&
	       open != 0;
}

void sim_hold_power(struct sim *s)
{
	for (int i = 0; i < SIM_MACHINES; i++)
		fault_cut_at(s->disks[i], 0);
}

static void cut_all(struct sim *s)
{
	for (int i = 0; i < s->w->count; i++)
		world_cut(&s->w->seats[i]);
}

static void back_up(struct sim *s)
{
	struct buf made = {0};
	int r;

	sim_hold_power(s);
	cut_all(s);
	r = world_backup(&made, s->w);
	if (r == 0) {
		buf_fini(&s->backup);
		s->backup = made;
	} else {
		buf_fini(&made);
		if (r != ERR_RULE)
			sim_fail(s, "I3", "no backup: %s %s", err_name(r),
			    err_detail());
	}
}

static void restore(struct sim *s)
{
	int r;

	sim_hold_power(s);
	cut_all(s);
	s->new_node = true;
	r = world_restore(s->w, &s->backup);
	s->new_node = false;
	if (r < 0) {
		sim_fail(s, "I3", "a backup does not load: %s %s", err_name(r),
		    err_detail());
		return;
	}
	s->out->restores++;
	s->has_restored = true;
	s->acked[0] = ledger_next_seq(s->w->node.ledger) - 1;
	/* Receipts of the lost centre are no receipts of this one; what they
	 * were for must come back all the same (sim_judge). */
	memset(s->received, 0, sizeof(s->received));
}

void sim_close_recovery(struct sim *s)
{
	struct salvage_report report;

	sim_hold_power(s);
	cut_all(s);
	world_recovered(s->w, &report);
	s->out->salvaged += (uint32_t)report.placed;
}

void sim_event_centre(struct sim *s)
{
	uint64_t draw = sim_draw(s, 3);

	if (sim_is_recovering(s) && draw > 0)
		sim_close_recovery(s);
	else if (s->backup.len == 0 || draw == 0)
		back_up(s);
	else if (s->out->restores < RESTORES_MOST)
		restore(s);
}

/* ---- a copied disk ------------------------------------------------------ */

/* Newest own record that the centre has of a seat. */
static uint64_t known(struct sim *s, const struct world_seat *m)
{
	struct stmt *q = store_query(s->w->node.store, Q_RECORD_HEAD);
	uint64_t seq = 0;

	stmt_bind_id(q, ":seat", &m->me->seat);
	if (stmt_step(q) == 1)
		seq = (uint64_t)stmt_int(q, 0);
	stmt_reset(q);
	return seq;
}

static int64_t branch_rows(struct sim *s)
{
	return test_scalar(s->w->node.store,
	    "SELECT count(*) FROM fork WHERE length(boxes) > 0");
}

/* An older copy of a seat's disk goes on by itself and meets the centre; then
 * the right disk is back. The branch is kept, nothing else changes. */
void sim_event_fork(struct sim *s)
{
	int i = (int)sim_draw(s, (uint64_t)s->w->count);
	struct world_seat *m = &s->w->seats[i];
	struct sim_image right = {.count = 0};
	int64_t before;
	uint64_t seq = 0;

	if (!s->images[i + 1].count || s->has_restored)
		return;
	sim_hold_power(s);
	cut_all(s);
	world_close(m);
	sim_image_take(&right, s->disks[i + 1]);
	sim_image_put(s->disks[i + 1], &s->images[i + 1]);
	world_open(m);
	before = branch_rows(s);
	if (ledger_next_seq(m->ledger) <= known(s, m) &&
	    sim_say(&seq, s, m) == 0 && seq == ledger_next_seq(m->ledger) - 1 &&
	    seq > s->image_acked[i + 1] && seq <= known(s, m)) {
		sim_contact(s, i);
		if (world_sync(m) != ERR_FORK)
			sim_fail(s, "I7", "two of one seat and no alarm");
		if (branch_rows(s) != before + 1)
			sim_fail(s, "I7", "the branch was not kept");
		s->forks++;
	}
	world_close(m);
	sim_image_put(s->disks[i + 1], &right);
	sim_image_fini(&right);
	world_open(m);
}

/* ---- a centre that lies ------------------------------------------------- */

static void swap_centre(struct sim *s, const struct sim_image *image)
{
	world_close(&s->w->node);
	sim_image_put(s->disks[0], image);
	world_open(&s->w->node);
}

/* Says other things than it said after the moment of its image. */
static void tell_lies(struct sim *s, uint64_t n)
{
	uint64_t seq;

	while (n-- > 0)
		if (sim_record(&seq, &s->w->node, KIND_TEAM_SET, &s->w->team,
			json_pack("{s:s}", "name", "别院")) < 0)
			sim_fail(s, "I8", "the liar has no voice");
}

/* What a session leaves at a terminal beside its view. */
static int64_t left_by_sessions(struct world_seat *m)
{
	return test_scalar(m->store,
	    "SELECT (SELECT count(*) + sum(state) + total(pos) FROM record)"
	    " + (SELECT count(key) FROM stream_key)"
	    " + (SELECT count(*) FROM shelf)"
	    " + (SELECT count(*) FROM checkpoint)");
}

/* I8: a terminal that knows more takes nothing of another history and says
 * so. */
static void meet_liar(struct sim *s, int i)
{
	struct world_seat *m = &s->w->seats[i];
	char before[HASH_HEX], after[HASH_HEX];
	int64_t had = left_by_sessions(m);
	int r;

	world_digest(before, m);
	r = world_sync(m);
	if (!alarm_is_one(r))
		sim_fail(s, "I8", "%s: another history and no alarm: %s",
		    m->member, err_name(r));
	world_digest(after, m);
	if (strcmp(before, after) != 0 || left_by_sessions(m) != had)
		sim_fail(s, "I8", "%s took some of another history", m->member);
	s->out->lies++;
}

/* Then the honest centre is back, and all goes on. */
static void lie_to(struct sim *s, int i)
{
	struct sim_image right = {.count = 0};
	uint64_t hidden = s->w->seats[i].ledger->base.size - s->image_size;
	int r;

	sim_image_take(&right, s->disks[0]);
	swap_centre(s, &s->images[0]);
	tell_lies(s, 1 + sim_draw(s, 2 * hidden));
	meet_liar(s, i);
	swap_centre(s, &right);
	sim_image_fini(&right);
	if (s->out->violation)
		return;
	if ((r = sim_meet(s, i)) < 0)
		sim_fail(s, "I8", "a liar's victim does not recover: %s %s",
		    err_name(r), err_detail());
}

void sim_event_liar(struct sim *s)
{
	int i = (int)sim_draw(s, (uint64_t)s->w->count);

	if (s->has_restored || sim_is_revoked(s, i))
		return;
	sim_hold_power(s);
	cut_all(s);
	if (!s->images[0].count || sim_draw(s, 3) == 0) {
		sim_image_take(&s->images[0], s->disks[0]);
		s->image_size = s->w->node.ledger->order.size;
	} else if (s->w->seats[i].ledger->base.size > s->image_size) {
		lie_to(s, i);
	}
}

/* ---- a key of nobody's -------------------------------------------------- */

void sim_evil_key(uint8_t out[32])
{
	memset(out, 0xee, 32);
}

/* Brought back by a seat in wire_hold; no terminal may ever have it. */
void sim_judge_evil(struct sim *s, struct world_seat *m)
{
	const struct secret *got;
	uint8_t bytes[32];
	struct secret *key;
	struct hash kid;

	sim_evil_key(bytes);
	key = secret_dup(bytes, sizeof(bytes));
	for (int i = 0; i < SIM_PATIENTS; i++) {
		seal_kid(&kid, &s->patients[i], key);
		if (ring_get(&got, ledger_ring(m->ledger), &s->patients[i],
			&kid) == 0)
			sim_fail(s, "I10",
			    "%s has a key that nobody's record "
			    "names",
			    m->member);
	}
	secret_free(&key);
}
