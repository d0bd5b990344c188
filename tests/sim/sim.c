/* sim.c - one random history and its judgement. */
#include "tests/sim/sim_impl.h"

#include "core/err.h"
#include "core/mem.h"
#include "sync/feed.h"
#include "sync/wire.h"

#include <inttypes.h>

/* store_peek.c */
int64_t test_scalar(struct store *store, const char *sql);

static const char *const bug_texts[BUG_COUNT] = {
    "none",
#define X(name, text) text,
#include "tests/sim/bugs.def"
#undef X
};

const char *sim_bug_text(enum sim_bug bug)
{
	return bug_texts[bug];
}

uint64_t sim_draw(struct sim *s, uint64_t below)
{
	uint64_t z = (s->rng += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

static void trace(struct sim *s, uint64_t what)
{
	s->out->trace = (s->out->trace ^ what) * UINT64_C(0x100000001b3);
}

void sim_fail(struct sim *s, const char *promise, const char *fmt, ...)
{
	va_list ap;

	if (s->out->violation)
		return;
	s->out->violation = promise;
	va_start(ap, fmt);
	vsnprintf(s->out->detail, sizeof(s->out->detail), fmt, ap);
	va_end(ap);
}

/* ---- machines ---- */

static struct world_seat *machine(struct sim *s, int i)
{
	return i < 0 ? &s->w->node : &s->w->seats[i];
}

static void check_own_saves(struct sim *s, int i)
{
	struct world_seat *m = machine(s, i);
	uint64_t head = ledger_next_seq(m->ledger) - 1;

	if (head < s->acked[i + 1])
		sim_fail(s, "I1",
		    "machine %d said %" PRIu64 " saves and has %" PRIu64, i,
		    s->acked[i + 1], head);
}

/* I2: what a terminal has a receipt for has survived at the centre. */
static void check_receipts(struct sim *s, int k)
{
	char sql[300], hex[ID_HEX];
	int64_t have;

	id_hex(hex, &s->w->seats[k].me->seat);
	snprintf(sql, sizeof(sql),
	    "SELECT coalesce(max(seq), 0) FROM (SELECT seq FROM record WHERE "
	    "seat = x'%s' UNION ALL SELECT seq FROM salvage WHERE seat = "
	    "x'%s')",
	    hex, hex);
	have = test_scalar(s->w->node.store, sql);
	if (have < (int64_t)s->received[k])
		sim_fail(s, "I2",
		    "a receipt for %" PRIu64 ", %" PRId64 " there",
		    s->received[k], have);
}

/* After a power cut: sessions die, the store comes back as it can. */
static void restart(struct sim *s, int i)
{
	struct world_seat *m = machine(s, i);
	int r;

	for (int k = 0; k < s->w->count; k++)
		if (i < 0 || k == i)
			world_cut(&s->w->seats[k]);
	ledger_close(&m->ledger);
	store_close(&m->store);
	fault_power_on(s->disks[i + 1]);
	r = world_try_open(m);
	if (r < 0) {
		sim_fail(s, "I15", "machine %d does not open: %s %s", i,
		    err_name(r), err_detail());
		return;
	}
	check_own_saves(s, i);
	for (int k = 0; i < 0 && k < s->w->count; k++)
		check_receipts(s, k);
}

/* True when the machine had lost power and was started again. */
static bool revive(struct sim *s, int i)
{
	if (!fault_is_off(s->disks[i + 1]))
		return false;
	restart(s, i);
	return true;
}

static void revive_all(struct sim *s)
{
	for (int i = -1; i < s->w->count && !s->out->violation; i++)
		revive(s, i);
}

/* ---- events ---- */

static int draw_seat(struct sim *s)
{
	return (int)sim_draw(s, (uint64_t)s->w->count);
}

static void say(struct sim *s, int i)
{
	uint64_t seq = 0;

	if (sim_say(&seq, s, machine(s, i)) == 0) {
		s->acked[i + 1] = seq;
		s->out->saves++;
		trace(s, seq + (uint64_t)i * 1000);
	}
}

static void connect_seat(struct sim *s, int i)
{
	if (s->w->seats[i].here)
		return;
	world_connect(&s->w->seats[i]);
	s->out->syncs++;
}

/* More come than go. */
static void event_session(struct sim *s)
{
	int i = draw_seat(s);

	if (!s->w->seats[i].here)
		connect_seat(s, i);
	else if (sim_draw(s, 3) == 0)
		world_cut(&s->w->seats[i]);
}

static void note_receipts(struct sim *s, int i)
{
	struct stmt *q = store_query(machine(s, i)->store, Q_RECORD_GET);
	uint64_t seq = s->received[i] + 1;

	while (true) {
		stmt_bind_id(q, ":seat", &machine(s, i)->me->seat);
		stmt_bind_int(q, ":seq", (int64_t)seq);
		bool is_received = stmt_step(q) == 1 && stmt_int(q, 4) == 1;
		stmt_reset(q);
		if (!is_received)
			break;
		s->received[i] = seq++;
	}
}

/* Up to n steps of a seat's session, on either side. */
static void carry(struct sim *s, int i, uint64_t n)
{
	struct world_seat *m = &s->w->seats[i];
	int r = 0;

	if (m->here)
		sim_contact(s, i);
	while (m->here && n-- > 0 && r == 0)
		if (!(sim_draw(s, 3) == 0 ? world_step_node(&r, m)
					  : world_step_seat(&r, m)))
			trace(s, n);
	trace(s, (uint64_t)(int64_t)r);
	if (r < 0) {
		s->last_error[i] = r;
		world_cut(m);
	}
}

/* A seat with a session, if there is one. */
static int draw_connected(struct sim *s)
{
	int first = draw_seat(s);

	for (int k = 0; k < s->w->count; k++) {
		int i = (first + k) % s->w->count;
		if (s->w->seats[i].here)
			return i;
	}
	return first;
}

/* A few messages move on one session. */
static void event_carry(struct sim *s)
{
	int i = draw_connected(s);
	bool cut_after = sim_draw(s, 6) == 0;

	/* A power cut in the middle finds handled messages uncommitted. */
	carry(s, i, 1 + sim_draw(s, cut_after ? 8 : 30));
	if (cut_after && s->w->seats[i].dirty_node) {
		s->out->cuts++;
		fault_cut(s->disks[0]);
	}
	if (!fault_is_off(s->disks[i + 1]))
		note_receipts(s, i);
}

/* ---- messages that the channel would not lose ---- */

/* Takes message k out of a queue. */
static void lose(struct buf *queue, uint64_t k)
{
	struct reader in = reader_of(queue->data, queue->len);
	struct buf rest = {0};
	const uint8_t *p;
	size_t n;

	while (reader_left(&in) > 0 && (p = reader_block(&in, &n, 1 << 20)))
		if (k-- != 0)
			buf_block(&rest, p, n);
	buf_fini(queue);
	*queue = rest;
}

/* Which message of a queue is the first record given; false when none is. */
static bool find_given(uint64_t *k, const struct buf *queue)
{
	struct reader in = reader_of(queue->data, queue->len);
	const uint8_t *p;
	size_t n;

	for (*k = 0; reader_left(&in) > 0; ++*k) {
		p = reader_block(&in, &n, 1 << 20);
		if (!p || wire_peek(p, n) == MSG_GIVE)
			return p != NULL;
	}
	return false;
}

/* A seat saves several things and gives them at once; the first is lost on
 * the way, so that what follows it comes before its time. */
static void event_burst(struct sim *s)
{
	int i = draw_seat(s), r = 0;
	struct world_seat *m = &s->w->seats[i];
	uint64_t lost;

	connect_seat(s, i);
	carry(s, i, 60);
	for (int k = 0; k < 6 && !fault_is_off(s->disks[i + 1]); k++)
		say(s, i);
	while (m->here && r == 0 && world_step_seat(&r, m))
		;
	if (r < 0)
		world_cut(m);
	else if (m->here && find_given(&lost, &m->to_node))
		lose(&m->to_node, lost);
	carry(s, i, 20);
}

/* A queue with messages in it, if there is one. */
static struct buf *busy_queue(struct sim *s)
{
	struct world_seat *m = &s->w->seats[0];
	bool to_node = sim_draw(s, 3) != 0;

	for (int i = 0; i < s->w->count; i++) {
		m = &s->w->seats[i];
		if (to_node ? m->to_node.len : m->to_seat.len)
			break;
	}
	return to_node ? &m->to_node : &m->to_seat;
}

/* The protocol must not depend on the channel's ending such a session. */
static void event_mangle(struct sim *s)
{
	struct buf *queue = busy_queue(s), twice = {0};
	struct reader in = reader_of(queue->data, queue->len);
	size_t n;
	const uint8_t *p;

	if (queue->len == 0 || !(p = reader_block(&in, &n, 1 << 20)))
		return;
	if (sim_draw(s, 2)) {
		lose(queue, 0);
		return;
	}
	buf_block(&twice, p, n);
	buf_add(&twice, queue->data, queue->len);
	buf_fini(queue);
	*queue = twice;
}

static void event_power(struct sim *s)
{
	/* The centre as often as all terminals together. */
	int i = sim_draw(s, 2) ? draw_seat(s) : -1;

	s->out->cuts++;
	if (sim_draw(s, 2))
		fault_cut(s->disks[i + 1]);
	else
		fault_cut_at(s->disks[i + 1], 1 + sim_draw(s, 40));
	trace(s, (uint64_t)(i + 77));
}

static void event_clock(struct sim *s)
{
	int i = (int)sim_draw(s, (uint64_t)s->w->count + 1) - 1;
	int64_t skew = (int64_t)sim_draw(s, 20 * 86400) - 10 * 86400;

	if (i >= 0 && sim_draw(s, 4) == 0) {
		machine(s, i)->env.now_s += skew;
		sim_open_all(s, i);
	}
	for (int k = -1; k < s->w->count; k++)
		machine(s, k)->env.now_s += 60;
}

/* A seat's disk goes back to what it was at an earlier moment. */
static void event_roll_back(struct sim *s)
{
	int i = draw_seat(s);
	struct world_seat *m = machine(s, i);

	/* A seat that lost its tail while the centre lost it too may find it
	 * with others only after it went on: two failures, not promised. */
	if (fault_is_off(s->disks[i + 1]) || s->has_restored)
		return;
	if (!s->images[i + 1].count ||
	    sim_draw(s, s->acked[i + 1] > s->image_acked[i + 1] ? 4 : 2) == 0) {
		sim_image_take(&s->images[i + 1], s->disks[i + 1]);
		s->image_acked[i + 1] = s->acked[i + 1];
		return;
	}
	fault_cut_at(s->disks[i + 1], 0);
	world_cut(m);
	world_close(m);
	sim_image_put(s->disks[i + 1], &s->images[i + 1]);
	s->out->rollbacks++;
	/* Only what the centre has a receipt for is promised to come back;
	 * the rest is lost with the disk, and the seat must sync before it
	 * may go on (SEQ_REUSED leaves that out). */
	s->acked[i + 1] = s->image_acked[i + 1];
	if (world_try_open(m) < 0) {
		sim_fail(s, "I7", "a rolled-back disk does not open");
		return;
	}
	s->behind[i] = s->bug != BUG_SEQ_REUSED;
	/* Ending its session may have cost the centre its power. */
	revive_all(s);
	if (s->behind[i] && !s->out->violation)
		sim_catch_up(s, i);
	/* Its person goes on at once. */
	for (int k = 0; k < 2 && !s->out->violation; k++)
		say(s, i);
}

static void one_event(struct sim *s)
{
	uint64_t draw = sim_draw(s, 100);

	trace(s, draw);
	if (s->has_centre && sim_draw(s, 40) == 0)
		sim_event_centre(s);
	else if (s->has_centre && sim_draw(s, 60) == 0)
		sim_event_fork(s);
	else if ((s->has_revocation || s->has_erasure) && sim_draw(s, 40) == 0)
		sim_event_end(s);
	else if (s->has_liar && sim_draw(s, 40) == 0)
		sim_event_liar(s);
	else if (draw < 30)
		say(s, draw_seat(s));
	else if (draw < 40)
		event_session(s);
	else if (draw < 85)
		event_carry(s);
	else if (draw < 87)
		event_burst(s);
	else if (draw < 93)
		event_mangle(s);
	else if (draw < 95)
		event_power(s);
	else if (draw < 97)
		event_clock(s);
	else
		event_roll_back(s);
}

/* ---- the end: heal, then judge ---- */

static int sync_all(struct sim *s)
{
	int worst = 0;

	for (int i = 0; i < s->w->count; i++) {
		struct world_seat *m = &s->w->seats[i];
		world_cut(m);
		sim_contact(s, i);
		int r = world_sync(m);
		if (r < 0)
			worst = r;
		note_receipts(s, i);
	}
	return worst;
}

/* What sessions move: records, their order, what the views show, keys. */
static int64_t progress(struct sim *s)
{
	int64_t sum = 0;

	for (int i = -1; i < s->w->count; i++)
		sum += test_scalar(machine(s, i)->store,
		    "SELECT (SELECT count(*) + sum(state) FROM record)"
		    " + (SELECT count(*) FROM leaf)"
		    " + (SELECT sum(folded) + sum(verdict) FROM entry)"
		    " + (SELECT count(*) + count(key) FROM stream_key)");
	return sum;
}

/* Rounds of everybody with the centre until one of them moves nothing. */
static void heal(struct sim *s)
{
	int64_t now = -1, before;
	int r = 0;
	bool is_still = false;

	for (int i = -1; i < s->w->count; i++) {
		fault_cut_at(s->disks[i + 1], 0);
		machine(s, i)->env.now_s = s->w->node.env.now_s;
	}
	revive_all(s);
	for (int k = 0; k < 12 && !is_still && !s->out->violation; k++) {
		r = sync_all(s);
		before = now;
		if (sim_is_recovering(s))
			sim_close_recovery(s);
		now = progress(s);
		is_still = now == before;
	}
	if (r < 0)
		sim_fail(s, "I20", "a seat does not settle: %s %s", err_name(r),
		    err_detail());
}

void sim_run(
    struct sim_result *out, struct sim *s, uint64_t seed, enum sim_bug bug)
{
	memset(out, 0, sizeof(*out));
	s->out = out;
	s->bug = bug;
	out->trace = UINT64_C(0xcbf29ce484222325);
	sim_begin(s, seed);
	for (int i = 0; i < SIM_STEPS && !out->violation; i++) {
		one_event(s);
		revive_all(s);
		sim_cut_revoked(s);
	}
	if (!out->violation)
		heal(s);
	if (!out->violation)
		sim_judge(s);
	sim_end(s);
}
