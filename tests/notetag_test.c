/* notetag_test.c - words, negation, doubt, other people, in two languages. */
#include "core/err.h"
#include "core/notetag.h"
#include "tests/own.h"
#include "tests/test.h"

static int setup(void **state)
{
	*state = own_notes();
	return 0;
}

static int teardown(void **state)
{
	struct notetag *t = *state;

	notetag_free(&t);
	return 0;
}

/* Suggested ids, joined by blanks. */
static void suggested(char *out, size_t size, void **state, const char *note)
{
	struct notetag_hit hits[16];
	size_t n =
	    notetag_suggest(hits, ARRAY_LEN(hits), *state, note, strlen(note));

	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		snprintf(out + strlen(out), size - strlen(out), "%s%s",
		    i ? " " : "", hits[i].id);
}

static const struct {
	const char *note;
	const char *ids;
} notes[] = {
    {"胸痛", "chest-pain"},
    {"患者诉胸痛半小时", "chest-pain"},
    {"无胸痛", ""},
    {"没有出血", ""},
    {"否认胸痛、气短、黑便", ""},
    {"无胸痛，有黑便", "black-stool"},
    {"无胸痛，黑便两次", "black-stool"},
    {"没有胸痛但有气促", "dyspnoea"},
    {"无明显诱因出现胸痛", "chest-pain"},
    {"没有出现胸痛", ""},
    {"胸痛没有缓解", "chest-pain"},
    {"胸痛未缓解", "chest-pain"},
    {"胸痛已缓解", ""},
    {"胸痛已消失，仍气短", "dyspnoea"},
    {"如出现胸痛请拨打120", ""},
    {"担心出血", ""},
    {"母亲有胸痛病史", ""},
    {"母亲有胸痛。本人黑便", "black-stool"},
    {"昨天跌倒，神志不清", "fall consciousness"},
    {"今天自行停药了，没有出血", "stopped-drugs"},
    {"说活着没意思，想死", "self-harm"},
    {"没吃药，胸闷", "chest-pain"},
    {"胸痛胸痛胸痛", "chest-pain"},
    {"chest pain since morning", "chest-pain"},
    {"Denies chest pain, bleeding or fever.", ""},
    {"Denies chest pain. Black stools twice", "black-stool"},
    {"No chest pain but short of breath", "dyspnoea"},
    {"no relief of chest pain", "chest-pain"},
    {"not only chest pain", "chest-pain"},
    {"chest pain has resolved", ""},
    {"chest pain not relieved", "chest-pain"},
    {"If chest pain, call 120", ""},
    {"His father has no illness; she fainted", "syncope"},
    {"CHEST PAIN", "chest-pain"},
    {"unafraid of falling", ""},
    {"pustule", ""},
    {"pus", "wound"},
    {"", ""},
    {"家属说情况平稳", ""},
};

static void test_notetag__minds_what_stands_around(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		char got[256];

		suggested(got, sizeof(got), state, notes[i].note);
		if (strcmp(got, notes[i].ids))
			print_error("note: %s\n", notes[i].note);
		assert_string_equal(got, notes[i].ids);
	}
}

static void test_notetag__says_where_and_in_which_sense(void **state)
{
	static const char note[] = "无胸痛；如有黑便；母亲跌倒；发热";
	static const enum notetag_sense senses[] = {NOTETAG_NEGATED,
	    NOTETAG_DOUBTFUL, NOTETAG_OTHER_PERSON, NOTETAG_SAID};
	struct notetag_hit hits[8];
	size_t n =
	    notetag_run(hits, ARRAY_LEN(hits), *state, note, strlen(note));

	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(hits[i].sense, senses[i]);
		assert_non_null(hits[i].name.zh);
		assert_true(strlen(hits[i].code) > 0);
	}
	assert_int_equal(hits[0].at, strlen("无"));
	assert_memory_equal(note + hits[3].at, "发热", hits[3].len);
	assert_string_equal(notetag_sense_name(NOTETAG_DOUBTFUL), "doubtful");
	assert_true(notetag_head(*state)->version >= 1);
}

static void test_notetag__is_bounded(void **state)
{
	size_t n = 3 * NOTETAG_TEXT_MAX;
	char *note = malloc(n);
	struct notetag_hit hits[4];

	assert_non_null(note);
	memset(note, 'x', n);
	memcpy(note + NOTETAG_TEXT_MAX + 10, " fever ", 7);
	assert_int_equal(notetag_run(hits, 4, *state, note, n), 0);
	for (size_t i = 0; i + 6 < n; i += 6)
		memcpy(note + i, "fever ", 6);
	assert_int_equal(
	    notetag_run(hits, 4, *state, note, n), NOTETAG_TEXT_MAX / 6);
	assert_int_equal(notetag_suggest(hits, 4, *state, note, n), 1);
	free(note);
}

#define HEAD                                                                   \
	"{\"id\":\"n\",\"version\":1,\"title\":{\"zh\":\"a\",\"en\":\"b\"},"   \
	"\"source\":\"s\","

static void test_notetag__refuses_a_dictionary_with_the_place(void **state)
{
	static const struct {
		const char *part;
		const char *says;
	} rows[] = {
	    {"\"entries\":[]", "none"},
	    {"\"entries\":[1]", "entries[0]"},
	    {"\"entries\":[{\"id\":\"a\",\"name\":{\"zh\":\"a\",\"en\":"
	     "\"b\"},\"code\":\"c\"}]",
		"no words"},
	    {"\"entries\":[{\"id\":\"a\",\"name\":{\"zh\":\"a\",\"en\":"
	     "\"b\"},\"zh\":[\"x\"]}]",
		"no code"},
	    {"\"entries\":[{\"id\":\"a\",\"name\":{\"zh\":\"a\",\"en\":"
	     "\"b\"},\"code\":\"c\",\"en\":[\"Pain\"]}]",
		"en[0]"},
	    {"\"entries\":[{\"id\":\"a\",\"name\":{\"zh\":\"a\",\"en\":"
	     "\"b\"},\"code\":\"c\",\"en\":[\"pain\"]}],"
	     "\"cues\":{\"doubt\":[7]}",
		"doubt[0]"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char json[600];
		struct notetag *t = NULL;

		snprintf(json, sizeof(json), HEAD "%s}", rows[i].part);
		assert_int_equal(
		    notetag_parse(&t, json, strlen(json)), ERR_INVALID);
		assert_null(t);
		assert_non_null(strstr(err_detail(), rows[i].says));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_notetag__minds_what_stands_around),
	    cmocka_unit_test(test_notetag__says_where_and_in_which_sense),
	    cmocka_unit_test(test_notetag__is_bounded),
	    cmocka_unit_test(test_notetag__refuses_a_dictionary_with_the_place),
	};

	return cmocka_run_group_tests_name("notetag", tests, setup, teardown);
}
