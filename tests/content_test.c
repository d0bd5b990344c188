/* content_test.c - the content of the product: sound, cited, and as its
 * cases say; and that unsound content is named with file, line and path. */
#include "core/content.h"
#include "core/content_diff.h"
#include "core/content_pack.h"
#include "core/err.h"
#include "core/json.h"
#include "sync/import_content_file.h"
#include "tests/test.h"

static void expect_no_fault(const struct content_report *r)
{
	for (size_t i = 0; i < r->n && i < CONTENT_FAULTS_MAX; i++)
		print_error("%s:%d: %s: %s\n", r->at[i].file, r->at[i].line,
		    r->at[i].path, r->at[i].why);
	assert_int_equal(r->n, 0);
}

static void test_content__of_the_program_is_sound(void **state)
{
	struct content_files files = content_files_builtin();
	struct content_report *r = calloc(1, sizeof(*r));

	(void)state;
	assert_non_null(r);
	content_check(r, &files);
	expect_no_fault(r);
	assert_true(r->files >= 40);
	free(files.at);
	free(r);
}

static void test_content__cases_hold(void **state)
{
	struct content_folder *folder = NULL;
	struct content_report *r = calloc(1, sizeof(*r));

	(void)state;
	assert_non_null(r);
	assert_int_equal(content_folder_read(&folder, "schemas"), 0);
	content_check(r, content_folder_files(folder));
	expect_no_fault(r);
	content_test(r, content_folder_files(folder));
	expect_no_fault(r);
	assert_true(r->cases >= 200);
	content_folder_free(&folder);
	free(r);
}

static bool has_year(const char *s)
{
	for (; (s = strpbrk(s, "12")); s++)
		if ((strncmp(s, "19", 2) == 0 || strncmp(s, "20", 2) == 0) &&
		    strspn(s, "0123456789") == 4)
			return true;
	return false;
}

/* A source names its edition, or says that it is this program's or the
 * hospital's own; whatever is not of the national forms waits for the
 * hospital's review. */
static void check_source(const char *path, const json_t *j)
{
	const char *s = json_str(j, "source", json_str(j, "copyright", NULL));
	bool ours;

	if (!s)
		return;
	ours = strstr(s, "本系统") || strstr(s, "院");
	if (!has_year(s) && !ours && !strstr(s, "分别注明来源"))
		fail_msg("%s: no edition in %s", path, s);
	if (!strstr(s, "国家基本公共卫生服务规范（第三版") &&
	    !strstr(s, "分别注明来源") && !strstr(s, "审定") &&
	    !strstr(s, "核定") && !strstr(s, "无须许可") &&
	    strncmp(path, "tables/scores", 13) != 0 &&
	    strncmp(path, "settings/", 9) != 0)
		fail_msg("%s: no review in %s", path, s);
}

static void test_content__sources_name_edition_and_review(void **state)
{
	static const char *const lists[] = {"rules", "editions", "scores"};
	struct content_files files = content_files_builtin();

	(void)state;
	for (size_t i = 0; i < files.n; i++) {
		json_t *j, *one;
		size_t k;
		assert_int_equal(
		    json_load(&j, files.at[i].text, files.at[i].n, CONTENT_MAX),
		    0);
		if (strncmp(files.at[i].path, "valuesets/", 10) != 0)
			check_source(files.at[i].path, j);
		for (size_t l = 0; l < ARRAY_LEN(lists); l++)
			json_array_foreach (
			    json_object_get(j, lists[l]), k, one)
				check_source(files.at[i].path, one);
		json_decref(j);
	}
	free(files.at);
}

/* Replaces the first of `from` in one file of the content by `to`. */
static void with_change(struct content_report *r, const char *path,
    const char *from, const char *to)
{
	struct content_folder *folder = NULL;
	struct content_files files;
	char *text;
	const char *at;

	assert_int_equal(content_folder_read(&folder, "schemas"), 0);
	files = *content_folder_files(folder);
	for (size_t i = 0; i < files.n; i++) {
		struct content_file *f = files.at + i;
		const char *was = f->text;

		if (strcmp(f->path, path))
			continue;
		at = strstr(was, from);
		assert_non_null(at);
		text = malloc(f->n + strlen(to) + 1);
		assert_non_null(text);
		sprintf(text, "%.*s%s%s", (int)(at - was), was, to,
		    at + strlen(from));
		f->text = text;
		f->n = strlen(text);
		memset(r, 0, sizeof(*r));
		content_check(r, &files);
		if (r->n == 0)
			content_test(r, &files);
		f->text = was;
		free(text);
		content_folder_free(&folder);
		return;
	}
	fail_msg("no %s", path);
}

static const struct {
	const char *path;
	const char *from;
	const char *to;
	const char *says; /* part of path or reason */
} changes[] = {
    {"rules/pci.json", "\"level\": \"emergency\"", "\"level\": \"loud\"",
	"$.rules[0].level"},
    {"rules/pci.json", "\"queue\": \"cardiology\"", "\"queue\": \"attic\"",
	"queue \"attic\""},
    {"rules/pci.json", "\"source\"", "\"sauce\"", "source is missing"},
    {"rules/pci.json", "\"sla_s\": 600", "\"sla_s\": 6", "60..2592000"},
    {"rules/pci.json", "\"now\"", "\"nwo\"", "option \"nwo\""},
    {"rules/pci.json", "\"code\": \"pci-chest-pain\"",
	"\"code\": \"pci-chest-pian\"", "code \"pci-chest-pian\""},
    {"rules/pci.json", "\"id\": \"pci-chest-pain\"",
	"\"id\": \"pci-chest-pain-now\"", "twice"},
    {"rules/pci.json", "\"en\": ", "\"en\" ", "line"},
    {"rules/hypertension.json", "\"value\": 180", "\"value\": 181", "hits"},
    {"rules/hypertension.json", "\"value\": 180", "\"value\": null",
	"wrong type"},
    {"rules/hypertension.json", "\"value\": 180", "\"value\": \"x\"", "order"},
    {"pathways/pci.json", "\"script\": \"pci-day7\"",
	"\"script\": \"pci-day8\"", "script \"pci-day8\""},
    {"pathways/pci.json", "\"offset_days\": 30", "\"offset_days\": 3", "order"},
    {"pathways/hypertension.json", "\"days\": 14", "\"days\": 15",
	"expected htn-emergency"},
    {"pathways/hypertension-diabetes.json", "\"type2-diabetes\"",
	"\"type3-diabetes\"", "pathway \"type3-diabetes\""},
    {"pathways/hypertension.json", "\"id\": \"hypertension\"",
	"\"id\": \"hypotension\"", "named after"},
    {"pathways/hypertension.json", "[\"8480-6\", ", "[\"8480-7\", ",
	"code \"8480-7\""},
    {"pathways/heart-failure.json", "\"mine\": \"fluid-limit\"",
	"\"mine\": \"fluid-lmiit\"", "advice \"fluid-lmiit\""},
    {"pathways/heart-failure.json", "\"drink-more\"", "\"drink-mroe\"",
	"advice \"drink-mroe\""},
    {"advice/advice-diet.json", "\"kind\": \"diet\"", "\"kind\": \"dite\"",
	"allowed values"},
    {"advice/advice-diet.json", "\"id\": \"weight\"", "\"id\": \"low-salt\"",
	"twice"},
    {"tables/scores.json", "\"from\": 10", "\"from\": 11", "band"},
    {"tables/scores.json", "\"points\": 3", "\"points\": 300", "0..100"},
    {"tables/targets.json", "\"below\": 150", "\"below\": 151", "class"},
    {"tables/risk-levels.json", "\"none\"", "\"nonsense\"", "nonsense"},
    {"tables/hypertension-risk.json", "\"medium/high\"", "\"high/medium\"",
	"cell"},
    {"tables/tags.json", "\"value\": 140", "\"value\": 139", "tags"},
    {"tables/notes.json", "\"no\"", "\"NO\"", "lower-case"},
    {"settings/dispositions.json", "\"then\": \"stop\"", "\"then\": \"go\"",
	"allowed values"},
    {"settings/hours.json", "\"12:00\"", "\"12:01\"", "wrong form"},
    {"settings/holidays.json", "2026-10-01", "2026-1-1", "wrong form"},
};

static void test_content__a_fault_is_named_with_its_place(void **state)
{
	struct content_report *r = calloc(1, sizeof(*r));

	(void)state;
	assert_non_null(r);
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		bool found = false;

		with_change(r, changes[i].path, changes[i].from, changes[i].to);
		for (size_t k = 0; k < r->n && k < CONTENT_FAULTS_MAX; k++)
			found |= strstr(r->at[k].path, changes[i].says) ||
				 strstr(r->at[k].why, changes[i].says);
		if (!found)
			print_error("%s: no fault says %s (%s: %s)\n",
			    changes[i].path, changes[i].says, r->at[0].path,
			    r->at[0].why);
		assert_true(found);
	}
	free(r);
}

#define SCRIPT(id, items)                                                      \
	"{\"resourceType\":\"Questionnaire\",\"id\":\"" id                     \
	"\",\"url\":\"urn:x\",\"status\":\"active\",\"item\":[" items "]}"
#define ASKED(link, text, more)                                                \
	"{\"linkId\":\"" link "\",\"type\":\"string\",\"text\":\"" text        \
	"\"" more "}"
#define LONG "0123456789012345678901234567890123456789012345678901234567890123"

static int diff_scripts(
    struct content_diff *d, const char *was, const char *now)
{
	*d = (struct content_diff){.n = 0};
	return content_diff_run(d,
	    &(struct content_file){"was", was, strlen(was)},
	    &(struct content_file){"now", now, strlen(now)});
}

static void test_content_diff__of_a_script_item_by_item(void **state)
{
	static const struct content_change rows[] = {
	    {"a, required", "", "true"},
	    {"a, text", "\"old\"", "\"new\""},
	    {"b", "\"gone\"", ""},
	    {"long, text", "", ""},
	    {"c", "", "\"added\""},
	};
	static const char was[] =
	    SCRIPT("s", ASKED("a", "old", "") "," ASKED(
			    "b", "gone", "") "," ASKED("long", LONG, ""));
	static const char now[] =
	    SCRIPT("s", ASKED("a", "new", ",\"required\":true") "," ASKED(
			    "long", LONG "4", "") "," ASKED("c", "added", ""));
	static const char other[] = SCRIPT("t", ASKED("a", "old", ""));
	struct content_diff *d = calloc(1, sizeof(*d));

	(void)state;
	assert_non_null(d);
	assert_int_equal(diff_scripts(d, was, was), 0);
	assert_int_equal(d->n, 0);
	assert_true(d->asked >= 9);
	assert_int_equal(diff_scripts(d, was, now), 0);
	assert_int_equal(d->n, ARRAY_LEN(rows));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct content_change *c = NULL;

		for (size_t k = 0; k < d->n; k++)
			if (!strcmp(d->at[k].where, rows[i].where))
				c = &d->at[k];
		if (!c)
			fail_msg("%s is not told", rows[i].where);
		/* Far into a long text what is shown begins near it. */
		if (strstr(rows[i].where, "long")) {
			assert_true(strlen(c->was) < 30);
			assert_string_not_equal(c->was, c->now);
			continue;
		}
		assert_string_equal(c->was, rows[i].was);
		assert_string_equal(c->now, rows[i].now);
	}
	assert_int_equal(diff_scripts(d, was, other), ERR_INVALID);
	assert_non_null(strstr(err_detail(), "two scripts"));
	assert_int_equal(diff_scripts(d, was, "{\"rules\":[]}"), ERR_INVALID);
	assert_int_equal(diff_scripts(d, "{}", was), ERR_INVALID);
	assert_int_equal(diff_scripts(d, was, SCRIPT("s", "{}")), ERR_INVALID);
	free(d);
}

/* With line and path where there are any; those beyond the limit are only
 * counted. */
static void test_content__faults_are_printed_a_line_each(void **state)
{
	struct content_report *r = calloc(1, sizeof(*r));
	struct buf text = {0};
	size_t lines = 0;

	(void)state;
	assert_non_null(r);
	r->n = 2;
	r->at[0] = (struct content_fault){"a.json", 7, "$.b", "is wrong"};
	r->at[1] = (struct content_fault){"c.json", 0, "", "is not there"};
	content_report_print(&text, r);
	assert_string_equal(
	    buf_text(&text), "a.json:7: $.b: is wrong\nc.json: is not there\n");
	r->n = CONTENT_FAULTS_MAX + 3;
	buf_clear(&text);
	content_report_print(&text, r);
	for (const char *p = buf_text(&text); (p = strchr(p, '\n')); p++)
		lines++;
	assert_int_equal(lines, CONTENT_FAULTS_MAX);
	buf_fini(&text);
	free(r);
}

static void test_schema__tells_the_line(void **state)
{
	static const char text[] = "{\n"
				   " \"a\": [1,\n"
				   "  {\"b\": \"x\\\"]}\",\n"
				   "   \"c\": {\"d\": true},\n"
				   "   \"e\":\n"
				   "    7}\n"
				   " ]\n"
				   "}\n";
	static const struct {
		const char *path;
		int line;
	} rows[] = {
	    {"$", 1},
	    {"$.a", 2},
	    {"$.a[0]", 2},
	    {"$.a[1]", 3},
	    {"$.a[1].b", 3},
	    {"$.a[1].c.d", 4},
	    {"$.a[1].e", 6},
	    {"$.a[2]", 2},
	    {"$.a[1].zzz", 3},
	    {"$.nothing", 1},
	    {"$.a.b", 2},
	    {"$[0]", 1},
	    {"$x", 1},
	    {"$.a[x]", 2},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(schema_line(text, strlen(text), rows[i].path),
		    rows[i].line);
	/* Texts that end early end the search, nothing else. */
	for (size_t n = 0; n < strlen(text); n++) {
		char cut[sizeof(text)];

		memcpy(cut, text, n);
		cut[n] = '\0';
		assert_true(schema_line(cut, n, "$.a[1].e") >= 1);
	}
}

static void test_schema__tells_all_faults(void **state)
{
	static const char schema[] =
	    "{\"type\":\"object\",\"additionalProperties\":false,"
	    "\"required\":[\"a\",\"z\"],\"properties\":{"
	    "\"a\":{\"type\":\"array\",\"minItems\":2,\"maxItems\":2,"
	    "\"items\":{\"$ref\":\"#/$defs/n\"}},"
	    "\"b\":{\"type\":\"string\",\"minLength\":2,\"maxLength\":3,"
	    "\"pattern\":\"^[a-z]*$\"},"
	    "\"c\":{\"enum\":[1,\"x\"]},"
	    "\"d\":{\"type\":[\"boolean\",\"string\"]},"
	    "\"e\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":"
	    "\"boolean\"}]},"
	    "\"f\":{\"type\":\"object\",\"additionalProperties\":"
	    "{\"type\":\"integer\"}},\"z\":{}},"
	    "\"$defs\":{\"n\":{\"type\":\"integer\",\"minimum\":1,"
	    "\"maximum\":3}}}";
	static const struct {
		const char *value;
		size_t faults;
		const char *first;
	} rows[] = {
	    {"{\"a\":[1,3],\"z\":null}", 0, ""},
	    {"{\"a\":[0,4],\"z\":1}", 2, "$.a[0]"},
	    {"{\"a\":[1],\"z\":1}", 1, "$.a"},
	    {"{\"a\":[1,1,1],\"z\":1}", 1, "$.a"},
	    {"{\"a\":[1,\"x\"],\"z\":1}", 1, "$.a[1]"},
	    {"{}", 2, "$"},
	    {"[]", 1, "$"},
	    {"{\"a\":[1,1],\"z\":1,\"b\":\"\"}", 1, "$.b"},
	    {"{\"a\":[1,1],\"z\":1,\"b\":\"x\"}", 1, "$.b"},
	    {"{\"a\":[1,1],\"z\":1,\"b\":\"ABCD\"}", 2, "$.b"},
	    {"{\"a\":[1,1],\"z\":1,\"c\":2}", 1, "$.c"},
	    {"{\"a\":[1,1],\"z\":1,\"c\":\"x\"}", 0, ""},
	    {"{\"a\":[1,1],\"z\":1,\"d\":1}", 1, "$.d"},
	    {"{\"a\":[1,1],\"z\":1,\"d\":true}", 0, ""},
	    {"{\"a\":[1,1],\"z\":1,\"e\":\"x\"}", 1, "$.e"},
	    {"{\"a\":[1,1],\"z\":1,\"e\":7}", 0, ""},
	    {"{\"a\":[1,1],\"z\":1,\"f\":{\"k\":\"x\"}}", 1, "$.f.k"},
	    {"{\"a\":[1,1],\"z\":1,\"g\":1}", 1, "$.g"},
	};
	json_t *s = json_loads(schema, 0, NULL);

	(void)state;
	assert_non_null(s);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *v = json_loads(rows[i].value, 0, NULL);
		struct schema_fault f[4] = {{"", ""}};

		assert_non_null(v);
		assert_int_equal(schema_check(f, 4, s, v), rows[i].faults);
		assert_string_equal(f[0].path, rows[i].first);
		assert_int_equal(schema_check(NULL, 0, s, v), rows[i].faults);
		json_decref(v);
	}
	json_decref(s);
}

static void test_content__an_empty_folder_is_said(void **state)
{
	char *dir = test_dir_new();
	struct content_folder *folder = NULL;

	(void)state;
	assert_int_equal(content_folder_read(&folder, dir), ERR_NOT_FOUND);
	assert_null(folder);
	test_dir_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_content__of_the_program_is_sound),
	    cmocka_unit_test(test_content__cases_hold),
	    cmocka_unit_test(test_content__sources_name_edition_and_review),
	    cmocka_unit_test(test_content__a_fault_is_named_with_its_place),
	    cmocka_unit_test(test_content_diff__of_a_script_item_by_item),
	    cmocka_unit_test(test_content__faults_are_printed_a_line_each),
	    cmocka_unit_test(test_schema__tells_the_line),
	    cmocka_unit_test(test_schema__tells_all_faults),
	    cmocka_unit_test(test_content__an_empty_folder_is_said),
	};

	return cmocka_run_group_tests_name("content", tests, NULL, NULL);
}
