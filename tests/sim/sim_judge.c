/* sim_judge.c - every promise, after the world has healed. */
#include "tests/sim/sim_impl.h"

#include "core/err.h"
#include "core/mem.h"
#include "keys/hash.h"

#include <inttypes.h>

#define TABLES_MAX 128

/* One row's hash, added into the sum of its stream: order does not matter
 * because rows have keys. */
static uint64_t row_sum(const struct stmt *row)
{
	struct buf b = {0};
	struct hash h;
	uint64_t sum = 0;
	const void *data;
	size_t n;

	for (int col = 0; col < stmt_columns(row); col++) {
		buf_u8(&b, (uint8_t)stmt_type(row, col));
		data = stmt_blob(row, col, &n);
		buf_block(&b, data, n);
	}
	hash_blake2b256(&h, b.data, b.len);
	for (int i = 0; i < 8; i++)
		sum = sum << 8 | h.b[i];
	buf_fini(&b);
	return sum;
}

/* What is compared: the roster, the team, each patient. */
#define STREAMS (2 + SIM_PATIENTS)

/* A machine's rows, added up by table and stream in one pass. */
struct sums {
	char names[TABLES_MAX][40];
	int tables;
	uint64_t of[TABLES_MAX][STREAMS];
};

static const struct id *stream_at(const struct sim *s, int k)
{
	return k == 0   ? &s->w->roster
	       : k == 1 ? &s->w->team
			: &s->patients[k - 2];
}

static void add_row(uint64_t *of, const struct sim *s, const struct stmt *row)
{
	struct id stream;

	if (!stmt_id(&stream, row, 0))
		return;
	for (int k = 0; k < STREAMS; k++)
		if (id_cmp(&stream, stream_at(s, k)) == 0)
			of[k] += row_sum(row);
}

static void add_up(struct sums *out, struct sim *s, struct world_seat *m)
{
	struct stmt *q = store_query(m->store, Q_VIEW_TABLES);
	int r = 0;

	memset(out, 0, sizeof(*out));
	while (out->tables < TABLES_MAX && stmt_step(q) == 1)
		snprintf(out->names[out->tables++], 40, "%s", stmt_text(q, 0));
	stmt_reset(q);
	for (int i = 0; i < out->tables; i++) {
		assert_int_equal(
		    store_view_rows(&q, m->store, out->names[i]), 0);
		while ((r = stmt_step(q)) == 1)
			add_row(out->of[i], s, q);
		assert_int_equal(r, 0);
		stmt_free(&q);
	}
}

/* I4, I5: what two machines share is equal to the byte. */
static void compare(
    struct sim *s, const struct sums *a, const struct sums *b, int k)
{
	for (int i = 0; i < a->tables; i++)
		if (a->of[i][k] != b->of[i][k])
			sim_fail(s, "I4", "%s differs for stream %d",
			    a->names[i], k);
}

/* Holds the patient and has not been told to give it up: a copy that waits
 * for its open call is no longer fed. */
static bool shares(struct world_seat *m, const struct id *patient)
{
	char sql[200], hex[ID_HEX];

	id_hex(hex, patient);
	snprintf(sql, sizeof(sql),
	    "SELECT (SELECT count(*) FROM v_patient WHERE stream = x'%s') - "
	    "(SELECT count(*) FROM shelf WHERE slot = 'withdraw/%s')",
	    hex, hex);
	return test_scalar(m->store, sql) > 0;
}

static void judge_views(
    struct sim *s, struct world_seat *m, const struct sums *node)
{
	struct sums *here = mem_new(sizeof(*here));

	add_up(here, s, m);
	compare(s, here, node, 0);
	if (strcmp(m->member, "O001") != 0)
		compare(s, here, node, 1);
	for (int i = 0; i < SIM_PATIENTS; i++)
		if (shares(m, &s->patients[i]))
			compare(s, here, node, 2 + i);
	free(here);
}

/* The view is a function of the log. */
static void judge_rebuild(struct sim *s, struct world_seat *m)
{
	char before[HASH_HEX], after[HASH_HEX];

	world_digest(before, m);
	assert_int_equal(ledger_rebuild(m->ledger, NULL, NULL), 0);
	world_digest(after, m);
	if (strcmp(before, after) != 0)
		sim_fail(s, "I4", "%s: rebuilding changes the view", m->member);
}

/* I2, I3, I6, I20: everything a seat has is at the centre, without holes. */
static void judge_records(struct sim *s, int i)
{
	struct world_seat *m = &s->w->seats[i];
	char sql[300], hex[ID_HEX];
	/* All before the newest received one are received with it: what the
	 * centre gave back to a disk that lost it says nothing of these. */
	int64_t here = test_scalar(m->store,
	    "SELECT count(*) FROM record r WHERE state = 0 AND seq > (SELECT "
	    "coalesce(max(n.seq), 0) FROM record n WHERE n.seat = r.seat AND "
	    "n.state = 1)");
	int64_t there, most;

	if (here > 0)
		sim_fail(s, "I20", "%s: %" PRId64 " unsent", m->member, here);
	id_hex(hex, &m->me->seat);
	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM record WHERE seat = x'%s'", hex);
	there = test_scalar(s->w->node.store, sql);
	snprintf(sql, sizeof(sql),
	    "SELECT coalesce(max(seq), 0) FROM record WHERE seat = x'%s'", hex);
	most = test_scalar(s->w->node.store, sql);
	if (there != most)
		sim_fail(s, "I6", "%s: %" PRId64 " of %" PRId64, m->member,
		    there, most);
	if (most < (int64_t)s->acked[i + 1] || most < (int64_t)s->received[i])
		sim_fail(s, "I2",
		    "%s: said %" PRIu64 ", receipts %" PRIu64
		    ", there %" PRId64,
		    m->member, s->acked[i + 1], s->received[i], most);
}

static void judge_node(struct sim *s)
{
	struct store *n = s->w->node.store;

	if (test_scalar(n, "SELECT count(DISTINCT seat || seq || hash) FROM "
			   "fork") != s->forks &&
	    !s->has_restored)
		sim_fail(s, "I7", "a fork without anybody's fault");
	if (test_scalar(n, "SELECT count(*) FROM leaf") !=
	    test_scalar(n, "SELECT count(*) FROM (SELECT DISTINCT seat, seq "
			   "FROM leaf)"))
		sim_fail(s, "I5", "a record has two places");
	if (test_scalar(n, "SELECT count(*) FROM leaf") !=
	    test_scalar(n, "SELECT count(*) FROM record WHERE pos IS NOT "
			   "NULL"))
		sim_fail(s, "I6", "a place without a record");
	/* An assignment that holds is the last admitted one by place. */
	if (test_scalar(n,
		"SELECT count(*) FROM v_assign a WHERE EXISTS "
		"(SELECT 1 FROM v_assign_span s WHERE s.patient = a.patient "
		"AND s.from_pos > a.pos)"))
		sim_fail(s, "I10", "an older assignment holds");
	s->out->lates += (uint32_t)test_scalar(
	    n, "SELECT count(*) FROM entry WHERE verdict = 2");
}

/* Of a patient's admitted assignments no two name the same one as the one
 * they replace. */
static void judge_moves(struct sim *s)
{
	struct stmt *rows;
	char seen[64][REF_TEXT];
	int n = 0, r;

	assert_int_equal(
	    store_view_rows(&rows, s->w->node.store, "v_assign_span"), 0);
	while ((r = stmt_step(rows)) == 1 && n < 64)
		snprintf(seen[n++], REF_TEXT, "%s", stmt_text(rows, 9));
	stmt_free(&rows);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < i; k++)
			if (*seen[i] && strcmp(seen[i], seen[k]) == 0)
				sim_fail(
				    s, "I10", "two moves replaced %s", seen[i]);
}

/* I12: keys are where they are entitled, and a half-typed call keeps its
 * patient. */
static void judge_keys(struct sim *s, struct world_seat *m)
{
	if (test_scalar(m->store,
		"SELECT count(*) FROM stream_key k WHERE key IS NOT NULL AND "
		"NOT EXISTS (SELECT 1 FROM v_patient p WHERE p.stream = "
		"k.stream)"))
		sim_fail(s, "I12", "%s keeps a key it lost", m->member);
	if (test_scalar(m->store,
		"SELECT count(*) FROM shelf s WHERE slot LIKE 'withdraw/%' AND "
		"NOT EXISTS (SELECT 1 FROM shelf c WHERE c.slot = "
		"'call/' || substr(s.slot, 10))"))
		sim_fail(s, "I12",
		    "%s was told to give up a patient and has "
		    "not",
		    m->member);
	if (test_scalar(m->store,
		"SELECT count(*) FROM shelf s WHERE slot LIKE 'call/%' AND "
		"NOT EXISTS (SELECT 1 FROM v_patient p WHERE "
		"lower(hex(p.stream)) = substr(s.slot, 6))"))
		sim_fail(
		    s, "I1", "%s lost the patient of an open call", m->member);
}

void sim_judge(struct sim *s)
{
	struct sums *node = mem_new(sizeof(*node));

	add_up(node, s, &s->w->node);
	judge_node(s);
	judge_moves(s);
	for (int i = 0; i < s->w->count && !s->out->violation; i++) {
		judge_records(s, i);
		if (sim_is_revoked(s, i))
			continue; /* nothing is told to it any more */
		judge_keys(s, &s->w->seats[i]);
		sim_judge_evil(s, &s->w->seats[i]);
		judge_views(s, &s->w->seats[i], node);
	}
	if (!s->out->violation)
		sim_judge_ends(s);
	if (!s->out->violation && s->rng % 8 == 0) {
		judge_rebuild(s, &s->w->node);
		judge_rebuild(s, &s->w->seats[1]);
	}
	free(node);
}
