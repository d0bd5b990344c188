/* Tests of the byte-to-key decoder, the key folding and the ops table. */
#include "core/text.h"
#include "core/tr.h"
#include "tests/test.h"
#include "tui/field.h"
#include "tui/input.h"
#include "tui/keymap.h"

struct row {
	const char *bytes;
	uint32_t keys[8]; /* ends with 0 */
};

static const struct row rows[] = {
    {"a", {'a'}},
    {"\r\n", {K_ENTER, K_ENTER}},
    {"\x08\x7f", {K_BACKSPACE, K_BACKSPACE}},
    {"\033[A\033OB", {K_UP, K_DOWN}},
    {"\033[1;5C", {K_RIGHT}},
    {"\033[3;2~", {K_DELETE}},
    {"\033[5~\033[6~", {K_PGUP, K_PGDN}},
    {"\033OP\033[[B\033[24~", {K_F0 + 1, K_F0 + 2, K_F12}},
    {"\0330\0339", {K_F0 + 10, K_F0 + 9}},
    {"\033[Z", {K_BACKTAB}},
    {"\xe9\xa2\x84", {0x9884}},
    {"\xff"
     "a",
	{0xfffd, 'a'}},
    {"\xe9\xa2"
     "a",
	{0xfffd, 0xfffd, 'a'}},
    {"\033[999zx", {'x'}},
    {"\033[?1;2cx", {'x'}},
    {"\033x", {K_ESC, 'x'}},
    {"\033\033OP", {K_ESC, K_F0 + 1}},
};

static int collect(struct input *in, uint32_t *out, int max, uint64_t now)
{
	struct key k;
	int n = 0;

	while (n < max && input_next(in, &k, now))
		out[n++] = k.code;
	return n;
}

static void expect_keys(const struct row *r, const uint32_t *got, int n)
{
	int want = 0;

	while (want < 8 && r->keys[want])
		want++;
	assert_int_equal(n, want);
	for (int i = 0; i < n; i++)
		assert_int_equal(got[i], r->keys[i]);
}

static void test_input__decodes_whole_and_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct input whole = {0}, split = {0};
		uint32_t got[16];
		int n;
		size_t len = strlen(rows[i].bytes);

		input_feed(&whole, rows[i].bytes, len, 100);
		n = collect(&whole, got, 16, 100);
		n += collect(&whole, got + n, 16 - n, 100 + INPUT_ESC_MS);
		expect_keys(&rows[i], got, n);
		n = 0;
		for (size_t j = 0; j < len; j++) {
			input_feed(&split, rows[i].bytes + j, 1, 100 + j);
			n += collect(&split, got + n, 16 - n, 100 + j);
		}
		n += collect(&split, got + n, 16 - n, 200);
		expect_keys(&rows[i], got, n);
		input_fini(&whole);
		input_fini(&split);
	}
}

static void test_input__a_lone_escape_waits_25_ms(void **state)
{
	struct input in = {0};
	struct key k;

	(void)state;
	input_feed(&in, "\033", 1, 1000);
	assert_false(input_next(&in, &k, 1000));
	assert_int_equal(input_wait_ms(&in, 1010), 15);
	assert_false(input_next(&in, &k, 1024));
	assert_true(input_next(&in, &k, 1025));
	assert_int_equal(k.code, K_ESC);
	assert_int_equal(input_wait_ms(&in, 1025), -1);
	input_fini(&in);
}

static void test_input__a_paste_is_text_only(void **state)
{
	static const char bytes[] = "\033[200~q\033[A\r\033[201~q";
	struct input in = {0};
	struct key k;
	int pasted = 0;

	(void)state;
	input_feed(&in, bytes, sizeof(bytes) - 1, 0);
	while (input_next(&in, &k, 0) && k.code != K_PASTE_END) {
		assert_true(k.pasted);
		assert_true(k.code < K_UP);
		pasted++;
	}
	assert_int_equal(pasted, 5); /* q ESC [ A Enter */
	assert_true(input_next(&in, &k, 0));
	assert_false(k.pasted);
	input_fini(&in);
}

static void test_input__random_bytes_are_all_consumed(void **state)
{
	struct test_env t;
	struct input in = {0};
	struct key k;

	(void)state;
	test_env_init(&t, 7);
	for (int i = 0; i < test_repeat(20000); i++) {
		uint8_t bytes[16];
		env_random(&t.env, bytes, sizeof(bytes));
		input_feed(&in, bytes, sizeof(bytes), (uint64_t)i * 100);
		while (input_next(&in, &k, (uint64_t)i * 100))
			assert_true(k.code <= K_F12);
		/* whatever waits is one short unfinished sequence */
		assert_true(in.pasting || input_left(&in) < 40);
	}
	input_fini(&in);
}

static void test_keymap__folds_full_width_and_twins(void **state)
{
	struct keymap m = {0};
	struct key k = {0xff11, false}; /* full-width 1 */

	(void)state;
	assert_true(keymap_fold(&m, &k));
	assert_int_equal(k.code, '1');
	k.code = 0xff1b; /* full-width semicolon */
	assert_false(keymap_fold(&m, &k));
	k.code = '0';
	assert_true(keymap_fold(&m, &k));
	assert_int_equal(k.code, K_F0 + 10);
	k.code = ';';
	assert_false(keymap_fold(&m, &k));
	k.code = 'l';
	assert_true(keymap_fold(&m, &k));
	assert_int_equal(k.code, K_F12);
	k = (struct key){0xff11, true};
	assert_true(keymap_fold(&m, &k));
	assert_int_equal(k.code, 0xff11);
}

static void test_keymap__text_keeps_its_letters(void **state)
{
	static const enum op ops[] = {OP_UP, OP_FILTER, OP_NONE};
	struct key slash = {'/', false}, up = {K_UP, false},
		   help = {'?', false}, pasted = {'/', true};

	(void)state;
	assert_int_equal(keymap_find(ops, &slash, false), OP_FILTER);
	assert_int_equal(keymap_find(ops, &slash, true), OP_NONE);
	assert_int_equal(keymap_find(ops, &pasted, false), OP_NONE);
	assert_int_equal(keymap_find(ops, &up, true), OP_UP);
	assert_int_equal(keymap_find(ops, &help, false), OP_HELP);
}

static void test_ops__every_row_has_readable_keys(void **state)
{
	(void)state;
	for (int op = OP_NONE + 1; op < OP_COUNT; op++) {
		const struct op_row *r = op_row_of((enum op)op);
		assert_true(!r->key1[0] || keymap_parse(r->key1));
		assert_true(!r->key2[0] || keymap_parse(r->key2));
		assert_true(r->title[0]);
	}
}

static void type(struct field *f, const char *utf8)
{
	struct input in = {0};
	struct key k;

	input_feed(&in, utf8, strlen(utf8), 0);
	while (input_next(&in, &k, 100))
		field_key(f, &k);
	input_fini(&in);
}

static void test_field__edits_by_whole_characters(void **state)
{
	struct field f = {.max = 12};

	(void)state;
	type(&f, "欧阳建国");
	assert_string_equal(f.text, "欧阳建国");
	type(&f, "x"); /* full */
	type(&f, "\033[D\033[D\x7f"
		 "a");
	assert_string_equal(f.text, "欧a建国");
	type(&f, "\033[H\033[3~");
	assert_string_equal(f.text, "a建国");
	type(&f, "\033[F\x15");
	assert_string_equal(f.text, "");
	type(&f, "\033[200~a\r\nb\033[201~");
	assert_string_equal(f.text, "a  b");
	field_wipe(&f);
	for (size_t i = 0; i < sizeof(f.text); i++)
		assert_int_equal(f.text[i], 0);
}

static void test_input__a_slow_line_loses_no_character(void **state)
{
	struct input in = {0};
	struct key k;

	(void)state;
	input_feed(&in, "\xe6\xac", 2, 1000); /* two thirds of 欧 */
	assert_false(input_next(&in, &k, 1000 + INPUT_ESC_MS));
	assert_int_equal(input_wait_ms(&in, 1100), INPUT_CHAR_MS - 100);
	input_feed(&in, "\xa7", 1, 1900);
	assert_true(input_next(&in, &k, 1900));
	assert_int_equal(k.code, 0x6b27);
	input_feed(&in, "\xe6", 1, 2000); /* the rest never comes */
	assert_false(input_next(&in, &k, 2000 + INPUT_CHAR_MS - 1));
	assert_true(input_next(&in, &k, 2000 + INPUT_CHAR_MS));
	assert_int_equal(k.code, 0xfffd);
	assert_int_equal(input_wait_ms(&in, 5000), -1);
	input_fini(&in);
}

static void test_input__a_cursor_report_is_no_key(void **state)
{
	struct input in = {0};
	struct key k;

	(void)state;
	input_feed(&in, "\033[1;3R", 6, 100); /* nobody asked */
	assert_false(input_next(&in, &k, 100));
	assert_int_equal(in.report_col, 0);
	in.is_asking = true;
	input_feed(&in, "a\033[24;3Rb", 9, 200);
	assert_true(input_next(&in, &k, 200));
	assert_int_equal(k.code, 'a');
	assert_true(input_next(&in, &k, 200));
	assert_int_equal(k.code, 'b');
	assert_int_equal(in.report_col, 3);
	assert_false(in.is_asking);
	input_fini(&in);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_input__decodes_whole_and_byte_by_byte),
	    cmocka_unit_test(test_input__a_lone_escape_waits_25_ms),
	    cmocka_unit_test(test_input__a_slow_line_loses_no_character),
	    cmocka_unit_test(test_input__a_cursor_report_is_no_key),
	    cmocka_unit_test(test_input__a_paste_is_text_only),
	    cmocka_unit_test(test_input__random_bytes_are_all_consumed),
	    cmocka_unit_test(test_keymap__folds_full_width_and_twins),
	    cmocka_unit_test(test_keymap__text_keeps_its_letters),
	    cmocka_unit_test(test_ops__every_row_has_readable_keys),
	    cmocka_unit_test(test_field__edits_by_whole_characters),
	};
	return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
