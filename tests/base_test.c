/* base_test.c - buffers, ids, text, calendar, JSON bounds, errors. */
#include "tests/test.h"

#include "core/asset.h"
#include "core/buf.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/id.h"
#include "core/json.h"
#include "core/text.h"
#include "core/tr.h"

static void test_buf__reader_never_passes_its_end(void **state)
{
	struct buf b = {0};
	size_t n;

	(void)state;
	buf_u16(&b, 0x1234);
	buf_block(&b, "abc", 3);
	struct reader r = reader_of(b.data, b.len);
	assert_int_equal(reader_u16(&r), 0x1234);
	assert_memory_equal(reader_block(&r, &n, 8), "abc", 3);
	assert_true(reader_is_done(&r));
	assert_int_equal(reader_u8(&r), 0);
	assert_true(r.bad);
	r = reader_of(b.data, b.len);
	reader_u16(&r);
	assert_null(reader_block(&r, &n, 2));
	assert_false(reader_is_done(&r));
	buf_fini(&b);
}

static void test_id__ref_round_trip_and_refusals(void **state)
{
	static const char *const bad[] = {"", "00",
	    "000102030405060708090a0b0c0d0e0f-0-1",
	    "000102030405060708090a0b0c0d0e0f-1-257",
	    "000102030405060708090a0b0c0d0e0f-01-1",
	    "000102030405060708090a0b0c0d0e0f-1-1 ",
	    "000102030405060708090A0b0c0d0e0f-1-1"};
	struct ref ref;
	char text[REF_TEXT];

	(void)state;
	assert_true(ref_parse(
	    &ref, "000102030405060708090a0b0c0d0e0f-9007199254740991-256"));
	ref_text(text, &ref);
	assert_string_equal(
	    text, "000102030405060708090a0b0c0d0e0f-9007199254740991-256");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(ref_parse(&ref, bad[i]));
}

static void test_text__cleans_what_could_harm_a_screen(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
	    {"  张\t 晋 ", "张 晋"},
	    {"a\033[31mb\x07", "a[31mb"},
	    {"x\xff\xc0\x80y", "x\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdy"},
	    {"r\xe2\x80\xaetl", "rtl"},
	    {"", ""},
	};
	char cut[6];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = {0};
		text_clean(&b, rows[i].in, strlen(rows[i].in));
		assert_string_equal(buf_text(&b), rows[i].out);
		buf_fini(&b);
	}
	text_copy(cut, sizeof(cut), "ab解晓");
	assert_string_equal(cut, "ab解");
	for (uint32_t c = 0; c < 0x110000; c += 7) {
		char e[4];
		uint32_t back = 0;
		size_t n = utf8_encode(e, c);
		assert_int_equal(utf8_decode(&back, e, n), n);
		assert_int_equal(back, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
	}
}

static void test_clock__calendar_agrees_with_itself(void **state)
{
	static const char *const bad[] = {"2026-02-29", "2026-13-01", "26-1-1",
	    "2026-11-22x", "2026-00-10", ""};
	char text[DAY_TEXT];
	int64_t day, back, at_s;

	(void)state;
	for (day = -200000; day < 200000; day += 13) {
		int y, m, d;
		day_to_civil(day, &y, &m, &d);
		assert_int_equal(day_from_civil(y, m, d), day);
	}
	assert_true(day_parse(&day, "2026-11-22"));
	assert_int_equal(day_of_week(day), 7);
	day_text(text, day_add_months(day_from_civil(2026, 1, 31), 1));
	assert_string_equal(text, "2026-02-28");
	assert_int_equal(day_age_years(day_from_civil(1959, 11, 23), day), 66);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(day_parse(&back, bad[i]));
	assert_true(time_parse_fhir(&at_s, "2019-08-21T10:05:06.123-04:00", 0));
	assert_int_equal(at_s, 1566396306);
	assert_true(time_parse_fhir(&at_s, "2020-03", 28800));
	assert_int_equal(day_of(at_s, 28800), day_from_civil(2020, 3, 1));
	assert_false(time_parse_fhir(&at_s, "2020-03-01T25:00:00Z", 0));
}

static void test_json__hostile_text_is_refused(void **state)
{
	static const char *const bad[] = {"", "{", "[1,]", "{\"a\":1,\"a\":2}",
	    "\"\\u0000\"", "\"\xff\"", "1e999", "{\"a\":1} x"};
	char deep[400];
	json_t *v = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_true(json_load(&v, bad[i], strlen(bad[i]), 100) < 0);
	memset(deep, '[', sizeof(deep));
	assert_int_equal(json_load(&v, deep, sizeof(deep), 1000), ERR_FORMAT);
	assert_int_equal(json_load(&v, "[]", 2, 1), ERR_TOO_LARGE);
	assert_int_equal(json_load(&v, "{\"b\":1,\"a\":\"解\"}", 17, 99), 0);
	struct buf b = {0};
	json_canonical(&b, v);
	assert_string_equal(buf_text(&b), "{\"a\":\"解\",\"b\":1}");
	buf_fini(&b);
	json_decref(v);
}

/* A key that needs an escape, which no schema has. */
static bool has_odd_key(json_t *v)
{
	const char *key;
	json_t *member;
	size_t i;

	json_object_foreach (v, key, member)
		if (strpbrk(key, "\"\\\b\n\017") || has_odd_key(member))
			return true;
	json_array_foreach (v, i, member)
		if (has_odd_key(member))
			return true;
	return false;
}

/* What the two say of the same text must agree. */
static void check_canonical(const char *text, size_t n)
{
	struct buf again = {0};
	json_t *v = NULL;
	bool is_same;

	if (json_load(&v, text, n, 1000) < 0)
		return;
	json_canonical(&again, v);
	is_same = again.len == n && memcmp(again.data, text, n) == 0 &&
		  !has_odd_key(v);
	if (is_same != json_is_canonical(text, n))
		fail_msg("%.*s is %s", (int)n, text,
		    is_same ? "canonical" : "not canonical");
	buf_fini(&again);
	json_decref(v);
}

static void test_json__canonical_text_is_known_without_writing_it(void **state)
{
	static const char *const good[] = {"{}", "[]", "0", "-1", "true",
	    "null", "\"\\u000B\\u001F\\n\\\"\"", "[[],{\"a\":{}},\"/\"]",
	    "{\"a\":1,\"ab\":[{\"b\":2,\"c\":\"x,y\"}],\"b\":false}"};
	static const char *const bad[] = {" {}", "[1, 2]", "{\"a\": 1}", "-0",
	    "{\"b\":1,\"a\":2}", "{\"ab\":1,\"a\":2}", "\"\\/\"", "\"\\u000a\"",
	    "\"\\u000A\"", "\"\\u001f\"", "\"\\u0041\"", "\"\\u4e2d\"",
	    "{\"\\u0061\":1}", "[1\n]"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		check_canonical(good[i], strlen(good[i]));
		assert_true(json_is_canonical(good[i], strlen(good[i])));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		check_canonical(bad[i], strlen(bad[i]));
		assert_false(json_is_canonical(bad[i], strlen(bad[i])));
	}
	assert_false(json_is_canonical("1.5", 3));
	assert_false(json_is_canonical("[1e2]", 5));
}

static void test_json__mutilated_text_is_canonical_or_not(void **state)
{
	static const char seed[] = "{\"a\":[12,-3,{\"b\":\"x\\n\\u000F\\\\\"}]"
				   ",\"aa\":true,\"b\":\"解\",\"c\":{}}";
	static const char marks[] = "\"\\ab0-1,:{}[]u/ \n";
	struct test_env t;
	char text[sizeof(seed)];
	uint8_t dice[8];

	(void)state;
	test_env_init(&t, 7);
	for (int i = 0; i < test_repeat(100000); i++) {
		env_random(&t.env, dice, sizeof(dice));
		memcpy(text, seed, sizeof(seed));
		for (int k = 0; k <= dice[0] % 3; k++)
			text[dice[1 + 2 * k] % (sizeof(seed) - 1)] =
			    marks[dice[2 + 2 * k] % (sizeof(marks) - 1)];
		check_canonical(text, sizeof(seed) - 1);
	}
}

static void test_err__every_code_has_text_and_status(void **state)
{
	(void)state;
	assert_string_equal(err_name(ERR_NO_SPACE), "ERR_NO_SPACE");
	assert_int_equal(err_exit_status(ERR_NO_SPACE), 7);
	assert_int_equal(err_exit_status(0), 0);
	assert_string_equal(err_name(-999), "ERR_UNKNOWN");
	assert_int_equal(err_set(ERR_IO, "x%d", 1), ERR_IO);
	assert_string_equal(err_detail(), "x1");
	assert_string_equal(err_detail_of(ERR_IO), "x1");
	assert_string_equal(err_detail_of(ERR_PASSPHRASE), "");
}

/* What a person reads follows the language; what the log has does not. */
static void test_err__detail_is_told_in_the_language(void **state)
{
	(void)state;
	tr_init("build/plain/share/locale", LANG_ZH);
	assert_int_equal(err_set(ERR_IO, "page %u", 7u), ERR_IO);
	tr_use(LANG_EN);
	assert_string_equal(err_detail(), "page 7");
	assert_string_equal(err_told(), "第 7 页");
	assert_string_equal(err_told_of(ERR_IO), "第 7 页");
	assert_string_equal(err_told_of(ERR_PASSPHRASE), "");
	assert_int_equal(err_set(ERR_IO, "page %u", 8u), ERR_IO);
	assert_string_equal(err_told(), "page 8");
}

static void test_asset__files_are_found_by_path(void **state)
{
	(void)state;
	for (size_t i = 0; i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		assert_ptr_equal(asset_find(a->path), a);
		assert_int_equal(a->data[a->len], 0);
	}
	assert_null(asset_find("query/none.sql"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_buf__reader_never_passes_its_end),
	    cmocka_unit_test(test_id__ref_round_trip_and_refusals),
	    cmocka_unit_test(test_text__cleans_what_could_harm_a_screen),
	    cmocka_unit_test(test_clock__calendar_agrees_with_itself),
	    cmocka_unit_test(test_json__hostile_text_is_refused),
	    cmocka_unit_test(
		test_json__canonical_text_is_known_without_writing_it),
	    cmocka_unit_test(test_json__mutilated_text_is_canonical_or_not),
	    cmocka_unit_test(test_err__every_code_has_text_and_status),
	    cmocka_unit_test(test_err__detail_is_told_in_the_language),
	    cmocka_unit_test(test_asset__files_are_found_by_path),
	};
	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
