/* record_test.c - frames, canonical commits, names, signatures, chains. */
#include "tests/test.h"

#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "keys/hash.h"
#include "keys/seal.h"
#include "sync/chain.h"
#include "sync/commit.h"
#include "tests/maker.h"

static bool is_same(const struct record *a, const struct record *b)
{
	struct buf x = {0}, y = {0};
	bool same;

	record_write(&x, a);
	record_write(&y, b);
	same = x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
	buf_fini(&x);
	buf_fini(&y);
	return same;
}

static void test_record__frame_and_commit_round_trip(void **state)
{
	static const uint32_t counts[] = {1, 2, 3, 17, 256};
	struct maker *m = maker_new(1);
	struct record *back = mem_new(sizeof(*back));
	struct buf frame = {0}, again = {0};
	uint8_t pk[SIGN_PUBLIC];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		maker_next(m, counts[i]);
		buf_clear(&frame);
		record_write(&frame, &m->record);
		assert_true(frame.len <= RECORD_FRAME_MAX);
		assert_true(m->commit.len <= COMMIT_MAX);
		assert_int_equal(record_commit_size(&m->record), m->commit.len);
		assert_int_equal(record_read(back, frame.data, frame.len), 0);
		assert_true(is_same(back, &m->record));
		assert_int_equal(
		    commit_parse(back, pk, m->commit.data, m->commit.len), 0);
		assert_true(is_same(back, &m->record));
		assert_memory_equal(pk, m->identity->sign_pk, SIGN_PUBLIC);
		assert_int_equal(commit_verify(back, pk, &again), 0);
	}
	maker_next(m, 1);
	buf_clear(&frame);
	record_write(&frame, &m->record);
	assert_true(frame.len < 350);
	buf_fini(&frame);
	buf_fini(&again);
	free(back);
	maker_free(&m);
}

/* Every bit of the canonical commit; many still parse, and then the
 * signature or the key inside it is not the seat's. */
static void test_commit__any_flipped_bit_is_refused(void **state)
{
	struct maker *m = maker_new(2);
	struct record *back = mem_new(sizeof(*back));
	struct buf scratch = {0};
	const uint8_t *own = m->identity->sign_pk;
	unsigned refused = 0;

	(void)state;
	maker_next(m, 1);
	maker_next(m, 3);
	assert_int_equal(commit_accept(back, own, &m->commit, &scratch), 0);
	for (size_t i = 0; i < m->commit.len * 8; i++) {
		int rc;
		m->commit.data[i / 8] ^= (uint8_t)(1 << i % 8);
		rc = commit_accept(back, own, &m->commit, &scratch);
		assert_true(rc < 0);
		refused += rc == ERR_SIGNATURE;
		m->commit.data[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	assert_true(refused > 100);
	buf_fini(&scratch);
	free(back);
	maker_free(&m);
}

static void test_record__any_flipped_frame_bit_is_refused(void **state)
{
	struct maker *m = maker_new(3);
	struct record *back = mem_new(sizeof(*back));
	struct buf scratch = {0}, frame = {0};

	(void)state;
	maker_next(m, 1);
	maker_next(m, 2);
	record_write(&frame, &m->record);
	for (size_t i = 0; i < frame.len * 8; i++) {
		frame.data[i / 8] ^= (uint8_t)(1 << i % 8);
		if (record_read(back, frame.data, frame.len) == 0)
			assert_int_equal(
			    commit_verify(back, m->identity->sign_pk, &scratch),
			    ERR_SIGNATURE);
		frame.data[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t n = 0; n < frame.len; n++)
		assert_int_equal(record_read(back, frame.data, n), ERR_FORMAT);
	buf_fini(&scratch);
	buf_fini(&frame);
	free(back);
	maker_free(&m);
}

struct edit {
	const char *from, *to;
};

/* Texts that mean the same or nearly so, each spelled otherwise. */
static void test_commit__other_spellings_are_refused(void **state)
{
	static const struct edit edits[] = {
	    {"\nseq 2\n", "\nseq 02\n"},
	    {"\nseq 2\n", "\nseq +2\n"},
	    {"\nseq 2\n", "\nseq 2 \n"},
	    {"\nseq 2\n", "\nseq 2\r\n"},
	    {"\nseq 2\n", "\nseq 1\n"},
	    {"\nseq 2\n", "\nseq 9007199254740992\n"},
	    {" +0000\ncommitter", " -0000\ncommitter"},
	    {"\ngpgsig ", "\nencoding UTF-8\ngpgsig "},
	    {"\n\nsf-record 1", "\nx-extra y\n\nsf-record 1"},
	    {"\n\nsf-record 1", "\n\nsf-record 2"},
	    {"\nentries 1\n", "\nentries 2\n"},
	    {"\nentries 1\n", "\nentries 0\n"},
	    {"\nentry 1 ", "\nentry 2 "},
	    {" count.day ", " Count.day "},
	    {" count.day ", " count_day "},
	    {" count.day ", "  "},
	    {" C - ", " C  "},
	    {" C - ", " S - "},
	    {" C - ", " X - "},
	    {"tree 4b825dc6", "tree 4b825dc7"},
	    {"SIGNATURE-----\n\n", "SIGNATURE-----\n \n\n"},
	};
	struct maker *m = maker_new(4);
	struct record *back = mem_new(sizeof(*back));
	uint8_t pk[SIGN_PUBLIC];

	(void)state;
	maker_next(m, 1);
	maker_next(m, 1);
	for (size_t i = 0; i < ARRAY_LEN(edits); i++) {
		struct buf b = {0};
		const char *text = buf_text(&m->commit);
		const char *at = strstr(text, edits[i].from);
		assert_non_null(at);
		buf_add(&b, text, (size_t)(at - text));
		buf_str(&b, edits[i].to);
		buf_str(&b, at + strlen(edits[i].from));
		if (commit_parse(back, pk, b.data, b.len) != ERR_FORMAT)
			fail_msg("edit %zu passes", i);
		buf_fini(&b);
	}
	for (size_t n = 0; n < m->commit.len; n++)
		assert_int_equal(
		    commit_parse(back, pk, m->commit.data, n), ERR_FORMAT);
	free(back);
	maker_free(&m);
}

/* Noise and crossed-over records: no crash, nothing both parsed and not
 * canonical. Under a sanitizer this is the fuzzer of the everyday run. */
static void test_record__noise_never_passes_for_canonical(void **state)
{
	struct maker *m = maker_new(5);
	struct record *back = mem_new(sizeof(*back));
	struct buf frame = {0}, again = {0};
	int n = test_repeat(100000);

	(void)state;
	maker_next(m, 1);
	maker_next(m, 4);
	for (int i = 0; i < n; i++) {
		uint8_t pick[8];
		buf_clear(&frame);
		record_write(&frame, &m->record);
		env_random(&m->world.env, pick, sizeof(pick));
		for (int k = 0; k <= pick[7] % 3; k++)
			frame.data[(pick[2 * k] << 8 | pick[2 * k + 1]) %
				   frame.len] = pick[6] >> k;
		frame.len -= pick[5] % 4 == 0 ? pick[6] % 9 : 0;
		if (record_read(back, frame.data, frame.len) < 0)
			continue;
		buf_clear(&again);
		record_write(&again, back);
		assert_int_equal(again.len, frame.len);
		assert_memory_equal(again.data, frame.data, frame.len);
	}
	buf_fini(&frame);
	buf_fini(&again);
	free(back);
	maker_free(&m);
}

static void test_record__caps_hold_at_the_edge(void **state)
{
	struct maker *m = maker_new(6);
	struct record *r = &m->record;
	size_t room;

	(void)state;
	maker_next(m, 15);
	r->at_s = RECORD_AT_MAX;
	assert_int_equal(record_check(r), 0);
	r->at_s++;
	assert_int_equal(record_check(r), ERR_FORMAT);
	r->at_s = -1;
	assert_int_equal(record_check(r), ERR_FORMAT);
	r->at_s = 0;
	r->entries[0].len = BODY_MAX;
	assert_int_equal(record_check(r), 0);
	r->entries[0].len++;
	assert_int_equal(record_check(r), ERR_TOO_LARGE);
	for (int i = 0; i < 15; i++)
		r->entries[i].len = 64000;
	r->entries[14].len = 10000;
	room = record_commit_size(r) + 14 * 64000 + 10000;
	r->entries[14].len += (uint32_t)(RECORD_SIZE_MAX - room);
	assert_int_equal(record_check(r), 0);
	r->entries[14].len++;
	assert_int_equal(record_check(r), ERR_TOO_LARGE);
	r->entries[14].len = 1;
	r->entries[13].mode = MODE_STREAM;
	r->entries[13].len = (uint32_t)seal_box_size(BODY_MAX);
	assert_int_equal(record_check(r), 0);
	r->entries[13].len++;
	assert_int_equal(record_check(r), ERR_TOO_LARGE);
	r->entries[13].len = 1;
	r->count = RECORD_ENTRIES_MAX + 1;
	assert_int_equal(record_check(r), ERR_FORMAT);
	maker_free(&m);
}

static void test_chain__follows_gaps_forks_and_strangers(void **state)
{
	struct maker *m = maker_new(7);
	struct chain_head head = {0}, before;
	struct record *first = mem_new(sizeof(*first));
	struct buf scratch = {0};
	const uint8_t *pk = m->identity->sign_pk;

	(void)state;
	maker_next(m, 2);
	record_copy(first, &m->record);
	maker_next(m, 1);
	assert_int_equal(chain_follows(&head, &m->record), ERR_GAP);
	assert_int_equal(chain_step(&head, first, pk, &scratch), 0);
	before = head;
	assert_int_equal(chain_follows(&head, first), ERR_STALE);
	first->seq = 2;
	assert_int_equal(chain_step(&head, first, pk, &scratch), ERR_CHAIN);
	assert_memory_equal(&head, &before, sizeof(head));
	m->record.signature[5] ^= 1;
	assert_int_equal(
	    chain_step(&head, &m->record, pk, &scratch), ERR_SIGNATURE);
	assert_memory_equal(&head, &before, sizeof(head));
	/* The hash alone shows nothing yet: the record after it will. */
	assert_int_equal(chain_audit(&head, &m->record, pk, &scratch), 0);
	maker_next(m, 1);
	assert_int_equal(
	    chain_audit(&head, &m->record, pk, &scratch), ERR_CHAIN);
	head = before;
	buf_fini(&scratch);
	free(first);
	maker_free(&m);
}

static void test_commit__box_is_bound_to_its_place(void **state)
{
	struct maker *m = maker_new(8);
	struct buf a = {0}, b = {0};
	size_t line;

	(void)state;
	maker_next(m, 4);
	commit_box_ad(&a, &m->record, 1);
	assert_memory_equal(a.data, "sf-box/1\0sf-record 1\norg ", 25);
	assert_int_not_equal(a.data[a.len - 1], ' ');
	/* Behind the prefix it is the message up to the kid. */
	line = (size_t)(strstr(buf_text(&m->commit), "sf-record 1") -
			buf_text(&m->commit));
	assert_memory_equal(a.data + 9, m->commit.data + line,
	    (size_t)(strstr(buf_text(&m->commit), "entry 1 ") -
		     buf_text(&m->commit)) -
		line);
	m->record.entries[1].len ^= 64;
	m->record.entries[1].box.b[0] ^= 1;
	commit_box_ad(&b, &m->record, 1);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	buf_clear(&b);
	m->record.lamport++;
	commit_box_ad(&b, &m->record, 1);
	assert_memory_not_equal(a.data, b.data, a.len);
	buf_fini(&a);
	buf_fini(&b);
	maker_free(&m);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_record__frame_and_commit_round_trip),
	    cmocka_unit_test(test_commit__any_flipped_bit_is_refused),
	    cmocka_unit_test(test_record__any_flipped_frame_bit_is_refused),
	    cmocka_unit_test(test_commit__other_spellings_are_refused),
	    cmocka_unit_test(test_record__noise_never_passes_for_canonical),
	    cmocka_unit_test(test_record__caps_hold_at_the_edge),
	    cmocka_unit_test(test_chain__follows_gaps_forks_and_strangers),
	    cmocka_unit_test(test_commit__box_is_bound_to_its_place),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
