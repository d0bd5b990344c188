/* audit_test.c - real stores doubted: whole ones pass, and whatever is
 * changed in one is found and named. */
#include "tests/world.h"

#include "core/err.h"
#include "core/id.h"
#include "core/store_impl.h"
#include "sync/audit.h"
#include "sync/chain.h"
#include "sync/export.h"
#include "sync/log_git.h"

#define NOTE "{\"text\":\"说明\"}"

struct scene {
	struct world *w;
	struct world_seat *agent;
	struct audit audit;
	char faults[4096];
	unsigned faults_n;
};

static void on_fault(void *ctx, const char *record, int code, const char *why)
{
	struct scene *s = ctx;
	size_t n = strlen(s->faults);

	snprintf(s->faults + n, sizeof(s->faults) - n, "%s: %s (%s)\n", record,
	    err_name(code), why);
	s->faults_n++;
}

static int run_on(
    struct scene *s, struct world_seat *seat, struct audit_report *out)
{
	s->audit = (struct audit){
	    .ledger = seat->ledger, .node_dh_pk = s->w->node.me->dh_pk};
	s->faults[0] = '\0';
	s->faults_n = 0;
	return audit_run(out, &s->audit, on_fault, s);
}

static int setup(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	struct id p;

	assert_non_null(s);
	s->w = world_new(3);
	s->agent = world_join(s->w, "A017", "agent");
	p = world_patient(s->w, "欧阳建国", "A017");
	assert_int_equal(world_sync(s->agent), 0);
	world_say(s->agent, KIND_NOTE_ADDED, &p, NOTE);
	world_say(s->agent, KIND_NOTE_ADDED, &p, NOTE);
	assert_int_equal(world_sync(s->agent), 0);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	world_free(s->w);
	free(s);
	return 0;
}

static void test_audit__whole_logs_pass(void **state)
{
	struct scene *s = *state;
	struct audit_report node, seat;

	assert_int_equal(run_on(s, &s->w->node, &node), 0);
	assert_string_equal(s->faults, "");
	assert_int_equal(node.leaves, node.records);
	assert_int_equal(node.size, node.records);
	assert_true(node.seats >= 3);
	assert_int_equal(node.withheld, 0);
	assert_int_equal(run_on(s, s->agent, &seat), 0);
	assert_string_equal(s->faults, "");
	assert_true(seat.records > 2);
	assert_int_equal(seat.size, node.size);
}

static void exec(struct world_seat *seat, const char *sql)
{
	assert_int_equal(
	    sqlite3_exec(seat->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* A terminal keeps the number of a place, the centre the place itself. */
static int prove(struct audit_proof *p, struct scene *s,
    const struct world_seat *at, uint64_t seq)
{
	const struct ref ref = {s->agent->me->seat, seq, 1};

	s->audit = (struct audit){
	    .ledger = at->ledger, .node_dh_pk = s->w->node.me->dh_pk};
	s->faults[0] = '\0';
	return audit_prove(
	    p, &s->audit, &ref, (struct audit_faults){on_fault, s});
}

static void test_audit__one_record_is_proved(void **state)
{
	struct scene *s = *state;
	struct world_seat *node = &s->w->node;
	struct audit_proof p;

	assert_int_equal(prove(&p, s, s->agent, 2), 0);
	assert_memory_equal(
	    p.sign_pk, s->agent->me->sign_pk, sizeof(p.sign_pk));
	assert_true(p.is_linked);
	assert_true(p.size > 0);
	assert_int_equal(p.boxes, 1);
	assert_int_equal(prove(&p, s, s->agent, 99), ERR_NOT_FOUND);
	assert_int_equal(prove(&p, s, node, 2), 0);
	assert_true(p.is_linked && p.is_placed);
	assert_true(p.size > p.place.pos);
	/* Another place; another record before it; another signature. */
	exec(node, "UPDATE leaf SET hash = zeroblob(32)");
	assert_int_equal(prove(&p, s, node, 2), ERR_CHECK);
	assert_non_null(strstr(s->faults, "place"));
	exec(s->agent, "UPDATE record SET hash = zeroblob(32) WHERE seq = 1");
	assert_int_equal(prove(&p, s, s->agent, 2), ERR_CHECK);
	assert_non_null(strstr(s->faults, "CHAIN"));
	assert_int_equal(prove(&p, s, s->agent, 1), ERR_CHECK);
	exec(s->agent, "DELETE FROM record WHERE seq = 1");
	assert_int_equal(prove(&p, s, s->agent, 2), 0);
	assert_false(p.is_linked);
}

static void test_audit__every_change_is_found(void **state)
{
	static const struct {
		const char *sql, *says;
	} rows[] = {
	    {"UPDATE record SET boxes = substr(boxes, 1, 4) || "
	     "zeroblob(length(boxes) - 4) WHERE pos = 4",
		"(box)"},
	    {"UPDATE record SET boxes = X'' WHERE pos = 4", "(boxes)"},
	    {"DELETE FROM record WHERE pos = 3", "missing"},
	    {"UPDATE record SET sha1 = zeroblob(20) WHERE pos = 4",
		"another name"},
	    {"UPDATE record SET hash = zeroblob(32) WHERE pos = 4",
		"another name"},
	    {"UPDATE record SET seq = seq + 1000 WHERE pos = 4",
		"another place"},
	    {"UPDATE leaf SET verdicts = X'02' WHERE pos = 4", "another root"},
	    {"UPDATE leaf SET node_s = node_s + 1", "another root"},
	    {"UPDATE leaf SET hash = zeroblob(32) WHERE pos = 2",
		"place 2: ERR_CHECK (names another record)"},
	    {"DELETE FROM leaf WHERE pos = 2", "a place is missing"},
	    {"DELETE FROM leaf WHERE pos = (SELECT max(pos) FROM leaf)",
		"more places than there are"},
	    {"UPDATE checkpoint SET note = replace(note, 'lmax ', 'lmax 1')",
		"checkpoint: ERR_SIGNATURE"},
	    {"UPDATE checkpoint SET note = 'x'", "checkpoint: ERR_FORMAT"},
	};
	struct scene *s = *state;
	struct audit_report report;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		exec(&s->w->node, "BEGIN");
		exec(&s->w->node, rows[i].sql);
		assert_int_equal(run_on(s, &s->w->node, &report), ERR_CHECK);
		if (!strstr(s->faults, rows[i].says))
			fail_msg("change %zu: %s", i, s->faults);
		exec(&s->w->node, "ROLLBACK");
	}
	assert_int_equal(run_on(s, &s->w->node, &report), 0);
}

struct frame {
	sqlite3_int64 place;
	char name[80];
	struct buf bytes;
};

static void read_frame(struct frame *f, sqlite3 *db)
{
	sqlite3_stmt *q;
	char seat[ID_HEX];

	assert_int_equal(sqlite3_prepare_v2(db,
			     "SELECT pos, seat, seq, frame FROM record "
			     "WHERE seq > 1 ORDER BY pos DESC LIMIT 1",
			     -1, &q, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	f->place = sqlite3_column_int64(q, 0);
	id_hex(seat, sqlite3_column_blob(q, 1));
	snprintf(f->name, sizeof(f->name), "%s-%lld:", seat,
	    (long long)sqlite3_column_int64(q, 2));
	buf_add(&f->bytes, sqlite3_column_blob(q, 3),
	    (size_t)sqlite3_column_bytes(q, 3));
	sqlite3_finalize(q);
}

static void write_frame(const struct frame *f, sqlite3 *db)
{
	sqlite3_stmt *q;

	assert_int_equal(
	    sqlite3_prepare_v2(db,
		"UPDATE record SET frame = ?1 WHERE pos = ?2", -1, &q, NULL),
	    SQLITE_OK);
	sqlite3_bind_blob(
	    q, 1, f->bytes.data, (int)f->bytes.len, SQLITE_STATIC);
	sqlite3_bind_int64(q, 2, f->place);
	assert_int_equal(sqlite3_step(q), SQLITE_DONE);
	sqlite3_finalize(q);
}

static void test_audit__any_flipped_frame_byte_names_the_record(void **state)
{
	struct scene *s = *state;
	struct audit_report report;
	struct frame f = {0};
	sqlite3 *db = s->w->node.store->db;
	size_t step = (size_t)(10 / test_repeat(10));

	read_frame(&f, db);
	exec(&s->w->node, "BEGIN");
	for (size_t i = 0; i < f.bytes.len; i += step) {
		f.bytes.data[i] ^= 1;
		write_frame(&f, db);
		assert_int_equal(run_on(s, &s->w->node, &report), ERR_CHECK);
		if (!strstr(s->faults, f.name))
			fail_msg("byte %zu: %s", i, s->faults);
		f.bytes.data[i] ^= 1;
	}
	write_frame(&f, db);
	assert_int_equal(run_on(s, &s->w->node, &report), 0);
	exec(&s->w->node, "ROLLBACK");
	buf_fini(&f.bytes);
}

/* The node's whole log and a terminal's sparse copy, through the exporter. */
static void test_audit__stores_export_and_verify(void **state)
{
	struct scene *s = *state;
	struct world_seat *seats[] = {&s->w->node, s->agent};

	for (size_t i = 0; i < ARRAY_LEN(seats); i++) {
		struct audit_report report;
		struct export_report made, seen;
		char path[4300];
		assert_int_equal(run_on(s, seats[i], &report), 0);
		const struct export_source source = audit_source(&s->audit);
		snprintf(path, sizeof(path), "%s/x%zu.git", s->w->dir, i);
		assert_int_equal(export_write(&made, path, &source), 0);
		assert_int_equal(made.records, report.records);
		assert_int_equal(made.seats, report.seats);
		assert_int_equal(export_verify(&seen, path, on_fault, s), 0);
		assert_int_equal(seen.records, report.records);
		assert_int_equal(seen.boxes, report.boxes);
		assert_int_equal(seen.is_sparse, made.is_sparse);
	}
}

struct walk {
	struct log_git *git;
	struct chain_head below; /* seq counts down to 1 */
	unsigned records;
};

static int visit(void *ctx, const struct sha1 *name)
{
	struct walk *w = ctx;
	struct buf commit = {0};
	struct record *r = calloc(1, sizeof(*r));
	uint8_t pk[SIGN_PUBLIC];

	assert_non_null(r);
	assert_int_equal(gitodb_read(log_git_db(w->git), &commit, name), 0);
	assert_int_equal(commit_parse(r, pk, commit.data, commit.len), 0);
	if (w->below.seq)
		assert_int_equal(r->seq, w->below.seq - 1);
	w->below.seq = r->seq;
	w->records++;
	buf_fini(&commit);
	free(r);
	return 0;
}

/* libgit2 walks the encrypted store as if it were a repository. */
static void test_log_git__the_store_is_walked_as_git_objects(void **state)
{
	struct scene *s = *state;
	struct world_seat *node = &s->w->node;
	const struct audit audit = {
	    .ledger = node->ledger, .node_dh_pk = node->me->dh_pk};
	const struct id *seats[] = {
	    &node->me->seat, &s->agent->me->seat, &s->w->seats[0].me->seat};
	struct audit_report report;
	struct walk walk = {0};
	struct sha1 tip, none = {{9}};
	struct buf out = {0};

	assert_int_equal(run_on(s, node, &report), 0);
	assert_int_equal(log_git_open(&walk.git, &audit), 0);
	for (size_t i = 0; i < ARRAY_LEN(seats); i++) {
		struct gitodb *db = log_git_db(walk.git);
		walk.below.seq = 0;
		assert_int_equal(gitodb_tip(db, &tip, seats[i]), 0);
		assert_int_equal(gitodb_walk(db, &tip, visit, &walk), 0);
		assert_int_equal(walk.below.seq, 1);
	}
	assert_int_equal(walk.records, report.records);
	assert_int_equal(
	    gitodb_read(log_git_db(walk.git), &out, &none), ERR_NOT_FOUND);
	log_git_close(&walk.git);
	/* A changed frame is refused by the library's own check. */
	exec(node, "BEGIN");
	exec(node, "UPDATE record SET sha1 = "
		   "X'0900000000000000000000000000000000000000' "
		   "WHERE pos = 2");
	assert_int_equal(log_git_open(&walk.git, &audit), 0);
	assert_int_equal(
	    gitodb_read(log_git_db(walk.git), &out, &none), ERR_DAMAGED);
	log_git_close(&walk.git);
	exec(node, "ROLLBACK");
	buf_fini(&out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_audit__whole_logs_pass, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_audit__one_record_is_proved, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_audit__every_change_is_found, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_audit__any_flipped_frame_byte_names_the_record, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(
		test_audit__stores_export_and_verify, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_log_git__the_store_is_walked_as_git_objects, setup,
		teardown),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
