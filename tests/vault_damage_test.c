/*
 * vault_damage_test.c - flipped bits, zeroed and swapped pages, cut files,
 * logs and journals of another file: a right answer or an error, never a
 * wrong answer; and an older answer only with the flag that says so.
 */
#include "tests/test.h"

#include "core/err.h"
#include "tests/saga.h"

/* Bytes of the three files at one moment. */
struct still {
	uint8_t *p[3];
	size_t n[3];
	int last; /* the save that must be shown */
	enum vault_journal journal;
};

static const char *const names[] = {SAGA_PATH, SAGA_WAL, SAGA_JOURNAL};

static void take(struct still *s, struct saga *w)
{
	for (int i = 0; i < 3; i++) {
		const uint8_t *p = fault_data(w->disk, names[i], &s->n[i]);

		s->p[i] = malloc(s->n[i] + 1);
		assert_non_null(s->p[i]);
		if (p)
			memcpy(s->p[i], p, s->n[i]);
	}
	s->last = w->acked;
	s->journal = w->opts.journal;
}

static void still_fini(struct still *s)
{
	for (int i = 0; i < 3; i++)
		free(s->p[i]);
}

/* A killed process: in the log or in a hot journal lies what counts. */
static void make(struct still *s, enum vault_journal journal, uint64_t seed)
{
	struct saga w;

	saga_init(&w, seed, NULL, journal);
	assert_int_equal(saga_open(&w), 0);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(saga_save(&w), SQLITE_OK);
		if (i == 3)
			assert_int_equal(
			    sqlite3_wal_checkpoint(w.db, NULL), SQLITE_OK);
	}
	if (journal == VAULT_DELETE) {
		assert_int_equal(
		    sqlite3_exec(w.db,
			"BEGIN; UPDATE t SET body = body || 'more', mark = 77",
			NULL, NULL, NULL),
		    SQLITE_OK);
		/* sync, slot, sync, and three pages of the database */
		fault_kill_at(w.disk, 6);
		assert_int_not_equal(
		    sqlite3_exec(w.db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	} else {
		fault_kill(w.disk);
	}
	take(s, &w);
	assert_true(s->n[0] > 4096);
	assert_true(s->n[journal == VAULT_WAL ? 1 : 2] > 8192);
	saga_fini(&w);
}

static void lay_out(struct saga *w, const struct still *s)
{
	saga_init(w, 1, NULL, s->journal);
	for (int i = 0; i < 3; i++)
		if (s->n[i])
			fault_put(w->disk, names[i], s->p[i], s->n[i]);
	w->acked = w->tried = s->last;
}

struct tally {
	int right, refused, older, silent;
};

/* Opens and reads everything. The file is not checkpointed: evidence. */
static void judge(struct tally *t, struct saga *w, int last)
{
	struct vault_status status;
	int rc = saga_open(w), state;

	if (rc != 0) {
		assert_true(rc == ERR_DAMAGED || rc == ERR_WRONG_KEY ||
			    rc == ERR_NEWER || rc == ERR_TRUNCATED ||
			    rc == ERR_FOREIGN || rc == ERR_FORMAT);
		t->refused++;
		return;
	}
	vault_status(&status, w->db);
	state = saga_state(w);
	if (state < 0)
		t->refused++;
	else if (state == last)
		t->right++;
	else if (state < last && status.was_cut)
		t->older++;
	else
		t->silent++;
	fault_kill(w->disk);
}

static void flip_many(const struct still *s, int which, int n)
{
	struct tally t = {0};

	for (int i = 0; i < n; i++) {
		uint64_t bit = (uint64_t)i * (s->n[which] * 8 - 1) /
			       (uint64_t)(n > 1 ? n - 1 : 1);
		struct saga w;

		s->p[which][bit / 8] ^= (uint8_t)(1u << (bit % 8));
		lay_out(&w, s);
		judge(&t, &w, s->last);
		if (t.silent)
			fail_msg("%s, bit %d", names[which], (int)bit);
		saga_fini(&w);
		s->p[which][bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	print_message("%s: %d flips, %d right, %d refused, %d older and "
		      "flagged, %d silent\n",
	    names[which], n, t.right, t.refused, t.older, t.silent);
	assert_int_equal(t.silent, 0);
	assert_true(t.refused > 0);
}

static void test_damage__flips_in_database(void **state)
{
	struct still s;
	struct saga w;

	(void)state;
	make(&s, VAULT_WAL, 21);
	/* checkpointed, so that the database alone holds all of it */
	lay_out(&w, &s);
	assert_int_equal(saga_open(&w), 0);
	saga_close(&w);
	still_fini(&s);
	w.acked = 8;
	take(&s, &w);
	saga_fini(&w);
	flip_many(&s, 0, saga_repeat(4000));
	still_fini(&s);
}

static void test_damage__flips_in_log(void **state)
{
	struct still s;

	(void)state;
	make(&s, VAULT_WAL, 22);
	flip_many(&s, 1, saga_repeat(4000));
	still_fini(&s);
}

static void test_damage__flips_in_journal(void **state)
{
	struct still s;

	(void)state;
	make(&s, VAULT_DELETE, 23);
	flip_many(&s, 2, saga_repeat(3000));
	still_fini(&s);
}

static void test_damage__pages_zeroed_or_swapped(void **state)
{
	enum {
		PAGE = 1024
	};
	struct tally t = {0};
	struct still s;
	struct saga w;
	uint8_t *p;
	size_t n;
	int pages;

	(void)state;
	make(&s, VAULT_WAL, 24);
	lay_out(&w, &s);
	assert_int_equal(saga_open(&w), 0);
	saga_close(&w);
	still_fini(&s);
	w.acked = 8;
	take(&s, &w);
	saga_fini(&w);
	pages = (int)(s.n[0] / PAGE);
	for (int i = 0; i < pages; i++)
		for (int j = i; j < pages; j++) {
			lay_out(&w, &s);
			p = fault_data(w.disk, SAGA_PATH, &n);
			memcpy(p + i * PAGE, s.p[0] + j * PAGE, PAGE);
			if (i == j)
				memset(p + i * PAGE, 0, PAGE);
			else
				memcpy(p + j * PAGE, s.p[0] + i * PAGE, PAGE);
			judge(&t, &w, s.last);
			saga_fini(&w);
		}
	print_message("%d pages zeroed or swapped: %d right, %d refused\n",
	    pages * (pages + 1) / 2, t.right, t.refused);
	assert_int_equal(t.silent + t.older, 0);
	assert_int_equal(t.right, 0);
	still_fini(&s);
}

/* Every length the three files can be cut to, in steps. */
static void test_damage__cut_files(void **state)
{
	(void)state;
	for (int which = 0; which < 3; which++) {
		struct tally t = {0};
		struct still s;
		size_t full;

		make(&s, which == 2 ? VAULT_DELETE : VAULT_WAL, 25);
		full = s.n[which];
		for (size_t n = 1; n < full; n += 97) {
			struct saga w;

			/* a log that ends between two frames is a shorter
			 * log: only the receipt can tell, as docs/VAULT.md
			 * says */
			if (which == 1 && n >= 32 && (n - 32) % 1048 == 0)
				continue;
			s.n[which] = n;
			lay_out(&w, &s);
			judge(&t, &w, s.last);
			saga_fini(&w);
		}
		s.n[which] = full;
		print_message("%s cut: %d right, %d refused, %d older and "
			      "flagged, %d silent\n",
		    names[which], t.right, t.refused, t.older, t.silent);
		assert_int_equal(t.silent, 0);
		still_fini(&s);
	}
}

/* The rule of the log: a bad frame before a whole later save is damage; in
 * the last save it ends the log, and is said. */
static void test_damage__bad_frame_is_damage_or_flagged(void **state)
{
	enum {
		FRAME = 1024 + 24
	};
	int damage = 0, flagged = 0;
	struct still s;

	(void)state;
	make(&s, VAULT_WAL, 26);
	for (size_t at = 32; at + FRAME <= s.n[1]; at += FRAME) {
		struct vault_status status;
		struct saga w;
		int rc;

		s.p[1][at + 500] ^= 4;
		lay_out(&w, &s);
		rc = saga_open(&w);
		if (rc == ERR_DAMAGED) {
			assert_int_equal(flagged, 0); /* damage comes first */
			damage++;
		} else {
			assert_int_equal(rc, 0);
			vault_status(&status, w.db);
			assert_true(status.was_cut);
			assert_true(saga_state(&w) >= s.last - 2);
			flagged++;
		}
		fault_kill(w.disk);
		saga_fini(&w);
		s.p[1][at + 500] ^= 4;
	}
	assert_true(damage > 5);
	assert_true(flagged > 0);
	still_fini(&s);
}

static void test_damage__log_and_journal_of_another_file(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		enum vault_journal journal = i ? VAULT_DELETE : VAULT_WAL;
		struct still a, b;
		struct saga w;
		size_t n;

		make(&a, journal, 27);
		make(&b, journal, 28);
		lay_out(&w, &a);
		fault_put(w.disk, names[1 + i], b.p[1 + i], b.n[1 + i]);
		assert_int_equal(saga_open(&w), ERR_FOREIGN);
		/* nothing was written over the evidence */
		assert_memory_equal(
		    fault_data(w.disk, names[0], &n), a.p[0], a.n[0]);
		assert_memory_equal(fault_data(w.disk, names[1 + i], &n),
		    b.p[1 + i], b.n[1 + i]);
		saga_fini(&w);
		still_fini(&a);
		still_fini(&b);
	}
}

static void expect_open(struct saga *w, int expected)
{
	size_t before, after;
	uint8_t *copy, *p = fault_data(w->disk, SAGA_PATH, &before);
	int rc;

	copy = malloc(before + 1);
	assert_non_null(copy);
	memcpy(copy, p, before);
	rc = saga_open(w);
	if (rc != expected)
		fail_msg("%s, not %s", err_name(rc), err_name(expected));
	p = fault_data(w->disk, SAGA_PATH, &after);
	assert_int_equal(after, before);
	assert_memory_equal(p, copy, before);
	free(copy);
}

static void test_damage__each_kind_has_its_error(void **state)
{
	struct still s;
	struct saga w;
	uint8_t *p;
	size_t n;

	(void)state;
	make(&s, VAULT_WAL, 29);
	s.n[1] = 0;
	lay_out(&w, &s);
	p = fault_data(w.disk, SAGA_PATH, &n);
	p[3] = 2; /* a real newer file has another key check, too */
	p[12] ^= 0x55;
	expect_open(&w, ERR_NEWER);
	saga_fini(&w);
	lay_out(&w, &s);
	fault_data(w.disk, SAGA_PATH, &n)[3] ^= 2;
	expect_open(&w, ERR_DAMAGED);
	saga_fini(&w);
	lay_out(&w, &s);
	w.key[5] ^= 1;
	expect_open(&w, ERR_WRONG_KEY);
	saga_fini(&w);
	lay_out(&w, &s);
	memcpy(fault_data(w.disk, SAGA_PATH, &n), "SQLite format 3", 16);
	expect_open(&w, ERR_PLAINTEXT);
	saga_fini(&w);
	lay_out(&w, &s);
	fault_put(w.disk, SAGA_PATH, "SFV", 3);
	expect_open(&w, ERR_TRUNCATED);
	saga_fini(&w);
	lay_out(&w, &s);
	memset(fault_data(w.disk, SAGA_PATH, &n), 0x5a, 512);
	expect_open(&w, ERR_DAMAGED);
	saga_fini(&w);
	still_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_damage__flips_in_database),
	    cmocka_unit_test(test_damage__flips_in_log),
	    cmocka_unit_test(test_damage__flips_in_journal),
	    cmocka_unit_test(test_damage__pages_zeroed_or_swapped),
	    cmocka_unit_test(test_damage__cut_files),
	    cmocka_unit_test(test_damage__bad_frame_is_damage_or_flagged),
	    cmocka_unit_test(test_damage__log_and_journal_of_another_file),
	    cmocka_unit_test(test_damage__each_kind_has_its_error),
	};
	return cmocka_run_group_tests_name("vault_damage", tests, NULL, NULL);
}
