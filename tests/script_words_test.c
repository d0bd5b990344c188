/*
 * script_words_test.c - the words of a script for a person and a language,
 * and the limits within which any script is read.
 */
#include "tests/test.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/script_run.h"
#include "tests/script_call.h"

/* ---- words ------------------------------------------------------------ */

#define TR(zh, en)                                                             \
	"{\"extension\":[{\"url\":\"" EXT "translation\",\"extension\":["      \
	"{\"url\":\"lang\",\"valueCode\":\"zh-CN\"},{\"url\":\"content\","     \
	"\"valueString\":\"" zh "\"}]},{\"url\":\"" EXT                        \
	"translation\",\"extension\":[{\"url\":\"lang\",\"valueCode\":"        \
	"\"en-GB\"},{\"url\":\"content\",\"valueString\":\"" en "\"}]}]}"
#define VARIANT(zh, en, more)                                                  \
	"{\"url\":\"" OWN "wording\",\"extension\":[{\"url\":\"zh\","          \
	"\"valueString\":\"" zh "\"},{\"url\":\"en\",\"valueString\":\"" en    \
	"\"}," more "]}"

static const char words[] =
    "{\"resourceType\":\"Questionnaire\",\"status\":\"draft\","
    "\"language\":\"fr\",\"title\":\"Titre\",\"_title\":" TR(
	"标题", "Title") ",\"contained\":[{\"resourceType\":"
			 "\"ValueSet\",\"url\":\"http://set\","
			 "\"expansion\":{\"contains\":[{\"code\":"
			 "\"k\",\"display\":\"K\"},"
			 "{\"abstract\":true,\"code\":\"no\"},{"
			 "\"display\":\"no code\"}]}},"
			 "{\"resourceType\":\"Basic\",\"id\":\"s\"},"
			 "{\"resourceType\":\"ValueSet\",\"id\":\"s\","
			 "\"compose\":{\"include\":["
			 "{\"system\":\"sys\",\"concept\":[{\"code\":"
			 "\"a\",\"display\":\"un\","
			 "\"designation\":[{\"language\":\"de\","
			 "\"value\":\"ein\"},"
			 "{\"language\":\"en\",\"value\":\"one\"}]},{"
			 "\"code\":\"b\"}]}]}}],"
			 "\"item\":["
			 "{\"linkId\":\"q\",\"type\":\"choice\","
			 "\"answerValueSet\":\"#s\","
			 "\"text\":\"base\",\"_text\":" TR(
			     "原文", "plain") ",\"extension\":[" VARIANT("老"
									 "人",
			     "old",
			     "{\"url\":\"ageMin\",\"valueInteger\":"
			     "70}") "," VARIANT("女孩", "girl",
			     "{\"url\":\"sex\",\"valueCode\":"
			     "\"female\"},"
			     "{\"url\":\"ageMax\",\"valueInteger\":"
			     "20}") "," VARIANT("文盲", "unread",
			     "{\"url\":\"education\",\"valueCode\":"
			     "\"none\"}") "," VARIANT("矿工", "miner",
			     "{\"url\":\"occupation\",\"valueString\":"
			     "\"miner\"},"
			     "{\"url\":\"department\",\"valueString\":"
			     "\"lung\"}") "]},"
					  "{\"linkId\":\"e\",\"type\":"
					  "\"choice\","
					  "\"answerValueSet\":"
					  "\"http://set\"},"
					  "{\"linkId\":\"o\",\"type\":"
					  "\"choice\","
					  "\"answerOption\":["
					  "{\"valueCoding\":{\"code\":"
					  "\"x\",\"_display\":" TR("某",
					      "some") "}},"
						      "{\"valueString"
						      "\":\"y\",\"_"
						      "valueString\""
						      ":" TR("啊", "ah") "},"
									 "{\"va"
									 "lueDa"
									 "te\":"
									 "\"202"
									 "6-01-"
									 "01\"}"
									 "]},"
									 "{\"li"
									 "nkId"
									 "\":"
									 "\"bar"
									 "e\","
									 "\"typ"
									 "e\":"
									 "\"str"
									 "ing\""
									 "}]}";

static const struct {
	struct script_person person;
	const char *zh, *en;
} people[] = {
    {{-1, 0, NULL, NULL, NULL}, "原文", "plain"},
    {{69, 'm', "primary", "miner", NULL}, "原文", "plain"},
    {{70, 'm', "none", NULL, NULL}, "老人", "old"},
    {{20, 'f', NULL, NULL, NULL}, "女孩", "girl"},
    {{21, 'f', NULL, NULL, NULL}, "原文", "plain"},
    {{-1, 'f', NULL, NULL, NULL}, "原文", "plain"},
    {{30, 0, "none", NULL, NULL}, "文盲", "unread"},
    {{30, 'm', NULL, "miner", "lung"}, "矿工", "miner"},
    {{30, 'm', NULL, "miner", "heart"}, "原文", "plain"},
};

static struct script *words_script(void)
{
	struct script_report rep;
	struct script *s = NULL;

	if (script_load(&s, words, strlen(words), SCRIPT_STRICT, &rep) != 0)
		fail_msg("%s at %s", rep.at[0].rule, rep.at[0].path);
	return s;
}

static void test_words__fit_the_person(void **state)
{
	struct script *s = words_script();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		const struct script_person *p = &people[i].person;
		assert_string_equal(
		    script_text(s, 0, LANG_ZH, p), people[i].zh);
		assert_string_equal(
		    script_text(s, 0, LANG_EN, p), people[i].en);
	}
	assert_string_equal(script_text(s, 0, LANG_ZH, NULL), "原文");
	assert_string_equal(
	    script_text(s, script_find(s, "bare"), LANG_EN, NULL), "");
	assert_string_equal(script_hint(s, 0, LANG_ZH, NULL), "");
	assert_string_equal(script_title(s, LANG_ZH), "标题");
	assert_string_equal(script_title(s, LANG_EN), "Title");
	assert_string_equal(script_source(s, LANG_EN), "");
	assert_string_equal(script_id(s), "");
	assert_string_equal(script_version(s), "");
	script_free(&s);
	script_free(&s);
}

static const char *option(
    const struct script *s, const char *link, uint32_t o, enum lang lang)
{
	return script_option_text(
	    &script_item(s, script_find(s, link))->options[o], lang);
}

static void test_words__of_options(void **state)
{
	struct script *s = words_script();
	const struct script_item *it = script_item(s, script_find(s, "q"));

	(void)state;
	assert_int_equal(it->n_options, 2);
	assert_string_equal(it->options[0].value.system, "sys");
	assert_string_equal(option(s, "q", 0, LANG_EN), "one");
	assert_string_equal(option(s, "q", 0, LANG_ZH), "un");
	assert_string_equal(option(s, "q", 1, LANG_ZH), "b");
	assert_int_equal(script_item(s, script_find(s, "e"))->n_options, 1);
	assert_string_equal(option(s, "e", 0, LANG_EN), "K");
	assert_string_equal(option(s, "o", 0, LANG_ZH), "某");
	assert_string_equal(option(s, "o", 1, LANG_EN), "ah");
	assert_string_equal(option(s, "o", 2, LANG_EN), "2026-01-01");
	script_free(&s);
}

static void test_words__help_is_read_with_its_question(void **state)
{
	struct call c = call_open(
	    "{\"linkId\":\"q\",\"type\":\"boolean\",\"item\":["
	    "{\"linkId\":\"h\",\"type\":\"display\",\"text\":\"say\","
	    "\"extension\":[{\"url\":\"" EXT "questionnaire-itemControl\","
	    "\"valueCodeableConcept\":{\"coding\":[{\"code\":\"help\"}]}}]},"
	    "{\"linkId\":\"d\",\"type\":\"display\",\"text\":\"note\"}]}");

	(void)state;
	assert_string_equal(
	    script_hint(c.s, script_find(c.s, "q"), LANG_EN, NULL), "say");
	assert_false(call_shows(&c, "h"));
	assert_true(call_shows(&c, "d"));
	call_close(&c);
}

/* ---- keys -------------------------------------------------------------- */

static void open_options(struct call *c, uint32_t n, const char *prefix)
{
	struct buf b = {0};

	buf_str(&b, "{\"linkId\":\"q\",\"type\":\"choice\",\"answerOption\":[");
	for (uint32_t i = 0; i < n; i++)
		buf_printf(&b,
		    "%s{\"extension\":[{\"url\":\"" EXT
		    "questionnaire-optionPrefix\",\"valueString\":\"%s%u\"}],"
		    "\"valueCoding\":{\"code\":\"c%u\"}}",
		    i ? "," : "", prefix, (unsigned)i, (unsigned)i);
	buf_str(&b, "]}");
	*c = call_open(buf_text(&b));
	buf_fini(&b);
}

static void test_words__option_keys(void **state)
{
	static const struct {
		uint32_t n;
		const char *prefix, *first, *last;
	} t[] = {{3, "(", "0", "2"}, {3, "十", "1", "3"}, {10, "十", "1", "0"},
	    {36, "十", "1", "z"}, {37, "十", "1", "37"}, {65, "", "1", "65"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		const struct script_item *it;
		struct call c;
		open_options(&c, t[i].n, t[i].prefix);
		it = script_item(c.s, 0);
		assert_string_equal(it->options[0].key, t[i].first);
		assert_string_equal(it->options[t[i].n - 1].key, t[i].last);
		assert_int_equal(call_say(&c, "q", t[i].last), 0);
		call_close(&c);
	}
}

/* ---- limits ------------------------------------------------------------- */

static int load_items(
    struct script **out, const struct buf *items, struct script_report *rep)
{
	struct buf b = {0};
	int r;

	buf_str(&b, "{\"resourceType\":\"Questionnaire\",\"status\":\"draft\","
		    "\"item\":[");
	buf_add(&b, items->data, items->len);
	buf_str(&b, "]}");
	r = script_load(out, buf_text(&b), b.len, SCRIPT_LENIENT, rep);
	buf_fini(&b);
	return r;
}

static void add_plain_items(struct buf *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_printf(b, "%s{\"linkId\":\"q%u\",\"type\":\"boolean\"}",
		    i ? "," : "", i);
}

static void test_limits__ten_thousand_items(void **state)
{
	struct buf b = {0};
	struct script_report rep;
	struct script *s = NULL;
	struct script_run *run;

	(void)state;
	add_plain_items(&b, SCRIPT_ITEMS_MAX);
	assert_int_equal(load_items(&s, &b, &rep), 0);
	run = script_run_new(s, NULL, 0);
	assert_int_equal(script_run_count(run), SCRIPT_ITEMS_MAX);
	assert_int_equal(script_run_missing(run, NULL, 0), 0);
	script_run_free(&run);
	script_free(&s);
	buf_clear(&b);
	add_plain_items(&b, SCRIPT_ITEMS_MAX + 1);
	assert_int_equal(load_items(&s, &b, &rep), ERR_INVALID);
	assert_string_equal(rep.at[0].rule, "limits");
	buf_fini(&b);
}

/* The report keeps the first findings, and always what refused. */
static void test_limits__findings_are_bounded(void **state)
{
	struct buf b = {0};
	struct script_report rep;
	struct script *s = NULL;

	(void)state;
	for (unsigned i = 0; i < 500; i++)
		buf_printf(&b, "%s{\"linkId\":\"q%u\",\"type\":\"group\"}",
		    i ? "," : "", i);
	assert_int_equal(load_items(&s, &b, &rep), 0);
	assert_int_equal(rep.n, SCRIPT_FINDINGS_MAX);
	assert_int_equal(rep.n_total, 500);
	script_free(&s);
	buf_str(&b, ",{\"linkId\":\"z\",\"type\":\"nothing\"}");
	assert_int_equal(load_items(&s, &b, &rep), ERR_INVALID);
	assert_string_equal(rep.at[SCRIPT_FINDINGS_MAX - 1].rule, "type");
	assert_string_equal(rep.at[SCRIPT_FINDINGS_MAX - 1].path, "item[500]");
	buf_fini(&b);
}

static void test_limits__depth(void **state)
{
	static const struct {
		unsigned depth;
		bool repeats;
		int r;
	} t[] = {{20, false, 0}, {5, true, 0}, {6, true, ERR_INVALID},
	    {40, false, ERR_FORMAT}, {1000, false, ERR_FORMAT}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct buf b = {0};
		struct script *s = NULL;
		for (unsigned d = 0; d < t[i].depth; d++)
			buf_printf(&b,
			    "{\"linkId\":\"g%u\",\"type\":\"group\",%s"
			    "\"item\":[",
			    d, t[i].repeats ? "\"repeats\":true," : "");
		buf_str(&b, "{\"linkId\":\"q\",\"type\":\"string\"}");
		for (unsigned d = 0; d < t[i].depth; d++)
			buf_str(&b, "]}");
		assert_int_equal(load_items(&s, &b, NULL), t[i].r);
		script_free(&s);
		buf_fini(&b);
	}
}

/* One circle is cut, hundreds of them are hostile. */
static void test_limits__circles(void **state)
{
	static const struct {
		unsigned n;
		int r;
	} t[] = {{1, 0}, {256, 0}, {257, ERR_INVALID}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct buf b = {0};
		struct script *s = NULL;
		for (unsigned k = 0; k < t[i].n; k++)
			buf_printf(&b,
			    "%s{\"linkId\":\"q%u\",\"type\":\"string\","
			    "\"enableWhen\":[{\"question\":\"q%u\","
			    "\"operator\":\"exists\",\"answerBoolean\":"
			    "false}]}",
			    k ? "," : "", k, k);
		assert_int_equal(load_items(&s, &b, NULL), t[i].r);
		script_free(&s);
		buf_fini(&b);
	}
}

/* A chain as long as the script is decided in one pass. */
static void test_limits__long_chain_backwards(void **state)
{
	unsigned n = 3000;
	struct buf b = {0};
	struct script *s = NULL;
	struct script_run *run;

	(void)state;
	for (unsigned k = 0; k < n; k++) {
		buf_printf(&b, "%s{\"linkId\":\"q%u\",\"type\":\"boolean\"",
		    k ? "," : "", k);
		if (k + 1 < n)
			buf_printf(&b,
			    ",\"enableWhen\":[{\"question\":\"q%u\","
			    "\"operator\":\"=\",\"answerBoolean\":true}]",
			    k + 1);
		buf_str(&b, "}");
	}
	assert_int_equal(load_items(&s, &b, NULL), 0);
	run = script_run_new(s, NULL, 0);
	for (unsigned k = n; k-- > n - 20;) {
		struct script_place at = {.item = k};
		assert_int_equal(script_run_type(run, at, "1", NULL, NULL), 0);
	}
	assert_int_equal(script_run_count(run), 21);
	script_run_clear(run, n - 1, 0);
	assert_int_equal(script_run_count(run), 1);
	assert_null(script_run_answer(run, n - 20, 0));
	script_run_free(&run);
	script_free(&s);
	buf_fini(&b);
}

static void test_limits__options_and_bytes(void **state)
{
	struct buf b = {0};
	struct script *s = NULL;
	struct script_report rep;

	(void)state;
	buf_str(&b, "{\"linkId\":\"q\",\"type\":\"choice\",\"answerOption\":[");
	for (unsigned i = 0; i <= 50000; i++)
		buf_printf(&b, "%s{\"valueInteger\":%u}", i ? "," : "", i);
	buf_str(&b, "]}");
	assert_int_equal(load_items(&s, &b, &rep), ERR_INVALID);
	assert_string_equal(rep.at[0].rule, "limits");
	buf_clear(&b);
	memset(
	    buf_reserve(&b, SCRIPT_BYTES_MAX + 1), ' ', SCRIPT_BYTES_MAX + 1);
	assert_int_equal(script_load(&s, (const char *)b.data,
			     SCRIPT_BYTES_MAX + 1, SCRIPT_LENIENT, &rep),
	    ERR_TOO_LARGE);
	assert_int_equal(
	    script_load(&s, "\"\xff\"", 3, SCRIPT_LENIENT, &rep), ERR_ENCODING);
	assert_int_equal(
	    script_load(&s, "[]", 2, SCRIPT_LENIENT, &rep), ERR_INVALID);
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words__fit_the_person),
	    cmocka_unit_test(test_words__of_options),
	    cmocka_unit_test(test_words__help_is_read_with_its_question),
	    cmocka_unit_test(test_words__option_keys),
	    cmocka_unit_test(test_limits__ten_thousand_items),
	    cmocka_unit_test(test_limits__findings_are_bounded),
	    cmocka_unit_test(test_limits__depth),
	    cmocka_unit_test(test_limits__circles),
	    cmocka_unit_test(test_limits__long_chain_backwards),
	    cmocka_unit_test(test_limits__options_and_bytes),
	};

	return cmocka_run_group_tests_name("script_words", tests, NULL, NULL);
}
