/*
 * publish_test.c - what goes into the log as content, with the real program:
 * every kind, checked strictly and all together; one bad file and nothing is
 * published; every fault under the caller's own file name, in two languages.
 */
#include "tests/programs.h"

#include "core/asset.h"
#include "core/err.h"
#include "core/in_force.h"
#include "core/json.h"
#include "core/store.h"

#include <string.h>
#include <sys/stat.h>

static void replace(char **text, const char *from, const char *to)
{
	char *at = strstr(*text, from), *whole;

	if (!at)
		fail_msg("no %s", from);
	whole = malloc(strlen(*text) + strlen(to) + 1);
	assert_non_null(whole);
	sprintf(
	    whole, "%.*s%s%s", (int)(at - *text), *text, to, at + strlen(from));
	free(*text);
	*text = whole;
}

/* The file's own version comes first in it. */
static void raise_version(char **text)
{
	const char *at = strstr(*text, "\"version\": ");
	int now = at ? atoi(at + 11) : 0;
	char old[40], next[40];

	snprintf(old, sizeof(old), "\"version\": %d", now);
	snprintf(next, sizeof(next), "\"version\": %d", now + 1);
	replace(text, old, next);
}

/* A file of the program as its next version, with one change. */
static void write_next(struct hospital *h, const char *name, const char *path,
    const char *from, const char *to)
{
	const struct asset *a = asset_find(path);
	char *text;

	assert_non_null(a);
	text = strdup(a->data);
	if (strncmp(path, "scripts/", 8) == 0)
		replace(&text, "\"version\":\"1\"", "\"version\":\"2\"");
	else
		raise_version(&text);
	if (from)
		replace(&text, from, to);
	test_write_file(h->dir, name, text);
	free(text);
}

static void make_folder(struct hospital *h, const char *name)
{
	char path[4300];

	snprintf(path, sizeof(path), "%s/%s", h->dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void assert_says(struct hospital *h, const char *text)
{
	if (!strstr(run_out(h), text))
		fail_msg("no '%s' in\n%s", text, run_out(h));
}

static int64_t published(struct hospital *h)
{
	struct home *home = hospital_open(h, "node", NULL);
	int64_t n = test_scalar(home_store(home),
	    "SELECT count(DISTINCT stream || version) FROM v_content");

	home_close(&home);
	return n;
}

static const char *const folders[] = {
    "scripts", "pathways", "rules", "advice", "tables", "settings"};

static bool is_content(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		size_t n = strlen(folders[i]);
		if (strncmp(path, folders[i], n) == 0 && path[n] == '/' &&
		    !strchr(path + n + 1, '/'))
			return true;
	}
	return false;
}

static int version_of(const void *text, size_t n)
{
	json_t *root = NULL;
	int version;

	assert_int_equal(json_load(&root, text, n, 2 << 20), 0);
	version = (int)json_int(root, "version", 0);
	if (version == 0)
		version = atoi(json_str(root, "version", "0"));
	json_decref(root);
	return version;
}

/* Is the version behind the program's own in force? */
static bool is_next(struct store *store, const struct asset *own)
{
	struct buf text = {0};
	bool yes;

	assert_int_equal(in_force_text(&text, store, own->path), 0);
	yes = version_of(buf_text(&text), text.len) ==
	      version_of(own->data, strlen(own->data)) + 1;
	buf_fini(&text);
	return yes;
}

static void test_publish__every_kind_is_in_force_afterwards(void **state)
{
	struct hospital *h = hospital_new();
	struct home *home;
	char name[200], said[60];
	int total = 0;

	(void)state;
	make_folder(h, "new");
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		snprintf(name, sizeof(name), "new/%s", folders[i]);
		make_folder(h, name);
	}
	for (size_t i = 0; i < asset_total(); i++)
		if (is_content(asset_at(i)->path)) {
			snprintf(
			    name, sizeof(name), "new/%.90s", asset_at(i)->path);
			write_next(h, name, asset_at(i)->path, NULL, NULL);
			total++;
		}
	run_expect(h, 0, "", "suifang-node publish @/new --home @/node");
	snprintf(said, sizeof(said), "%d published, 0 were there", total);
	assert_says(h, said);
	home = hospital_open(h, "node", NULL);
	for (size_t i = 0; i < asset_total(); i++)
		if (is_content(asset_at(i)->path) &&
		    !is_next(home_store(home), asset_at(i)))
			fail_msg("%s is not in force", asset_at(i)->path);
	assert_int_equal(in_force_passed(home_store(home), NULL, NULL), 0);
	home_close(&home);
	run_expect(h, 0, "", "suifang-node publish @/new --home @/node");
	snprintf(said, sizeof(said), "0 published, %d were there", total);
	assert_says(h, said);
	hospital_free(h);
}

static void test_publish__the_programs_own_are_all_kinds(void **state)
{
	struct hospital *h = hospital_new();
	int total = 0;

	(void)state;
	for (size_t i = 0; i < asset_total(); i++)
		total += is_content(asset_at(i)->path);
	run_expect(h, 0, "", "suifang-node publish --home @/node");
	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		assert_says(h, folders[i]);
	assert_int_equal(published(h), total);
	hospital_free(h);
}

/* One change of the next version of a file of the program, and what of the
 * message must be there beside the file's name. */
static const struct {
	const char *path, *from, *to, *says, *says_zh;
} bad[] = {
    {"scripts/pci-day7.json", "\"linkId\"", "\"likId\"", "linkId", "linkId"},
    {"scripts/pci-day7.json", "\"type\":\"group\"", "\"type\":\"heap\"",
	"type: The item type", "题目类型"},
    {"pathways/pci.json", "\"offset_days\": 30", "\"offset_days\": 3",
	"$.steps", "次序"},
    {"pathways/pci.json", "\"script\": \"pci-day7\"",
	"\"script\": \"pci-day8\"", "script \"pci-day8\"", "没有话术"},
    {"pathways/hypertension-diabetes.json", "\"type2-diabetes\"",
	"\"type3-diabetes\"", "$.replaces", "没有路径"},
    {"rules/pci.json", "\"level\": \"emergency\"", "\"level\": \"loud\"",
	"$.rules[0].level: is not one of the allowed values", "不在允许"},
    {"rules/pci.json", "\"queue\": \"cardiology\"", "\"queue\": \"attic\"",
	"queue \"attic\"", "没有队列"},
    {"rules/pci.json", "\"code\": \"pci-chest-pain\"",
	"\"code\": \"pci-chest-pian\"", "code \"pci-chest-pian\"", "没有代码"},
    {"advice/advice-diet.json", "\"kind\": \"diet\"", "\"kind\": \"dite\"",
	"$.advice[0].kind", "不在允许"},
    {"tables/notes.json", "\"no\"", "\"NO\"", "lower-case", "小写"},
    {"tables/codes.json", "\"code\": \"pci-chest-pain\"",
	"\"code\": \"other-pain\"", "rules/pci.json", "没有代码"},
    {"tables/hypertension-risk.json", "\"medium/high\"", "\"high/medium\"",
	"cell", "单元格"},
    {"settings/hours.json", "\"12:00\"", "\"12:01\"", "has the wrong form",
	"格式不对"},
    {"settings/queues.json", "\"cardiology\"", "\"attic\"",
	"queue \"cardiology\"", "没有队列"},
    {"rules/pci.json", "\"rules\"", "\"rulez\"", "no kind of content",
	"不认识的内容"},
    {"rules/pci.json", "\"id\": \"pci\"", "\"id\": \"PCI pack\"",
	"$.id: no proper id", "id 不合规定"},
    {"rules/pci.json", "\"title\"", "\"titel\"", "$.title", "缺少"},
    {"rules/pci.json", "{", "[", "line", "JSON 第"},
};

static void expect_refused(
    struct hospital *h, const char *lang, const char *says, int i)
{
	char line[200];

	snprintf(line, sizeof(line),
	    "suifang-node publish @/good.json @/bad.json --home @/node "
	    "--lang %s",
	    lang);
	run_expect(h, 1, "", line);
	if (!strstr(run_out(h), says))
		fail_msg("%d: no '%s' in\n%s", i, says, run_out(h));
	if (!strstr(run_out(h), "bad.json:") &&
	    !strstr(run_out(h), "rules/")) /* broken by what is new */
		fail_msg("%d: no file in\n%s", i, run_out(h));
}

static void test_publish__one_bad_file_and_nothing_goes_in(void **state)
{
	struct hospital *h = hospital_new();

	(void)state;
	write_next(h, "good.json", "rules/mood.json", NULL, NULL);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		write_next(h, "bad.json", bad[i].path, bad[i].from, bad[i].to);
		expect_refused(h, "en", bad[i].says, (int)i);
		assert_says(h, "nothing was published");
		expect_refused(h, "zh", bad[i].says_zh, (int)i);
		assert_says(h, "未发布任何内容");
	}
	assert_int_equal(published(h), 0);
	run_expect(h, 0, "", "suifang-node publish @/good.json --home @/node");
	assert_int_equal(published(h), 1);
	hospital_free(h);
}

/* Files that are no version of anything. */
static void test_publish__strangers_are_refused(void **state)
{
	struct hospital *h = hospital_new();

	(void)state;
	make_folder(h, "empty");
	run_expect(h, 1, "", "suifang-node publish @/empty --home @/node");
	run_expect(h, 1, "", "suifang-node publish @/none --home @/node");
	test_write_file(h->dir, "x.json",
	    "{\"id\":\"x\",\"version\":1,\"title\":{\"zh\":\"x\","
	    "\"en\":\"x\"},\"text\":\"anything\"}");
	run_expect(h, 1, "", "suifang-node publish @/x.json --home @/node");
	assert_says(h, "x.json");
	test_write_file(h->dir, "x.json",
	    "{\"resourceType\":\"ValueSet\",\"id\":\"ours\",\"url\":\"urn:x\","
	    "\"status\":\"active\"}");
	run_expect(h, 1, "", "suifang-node publish @/x.json --home @/node");
	assert_says(h, "inside the script");
	test_write_file(h->dir, "x.json", "");
	run_expect(h, 1, "", "suifang-node publish @/x.json --home @/node");
	assert_int_equal(published(h), 0);
	hospital_free(h);
}

static void test_publish__what_is_named_may_come_in_the_same_call(void **state)
{
	struct hospital *h = hospital_new();

	(void)state;
	write_next(h, "path.json", "pathways/pci.json",
	    "\"script\": \"pci-day7\"", "\"script\": \"ours\"");
	write_next(h, "script.json", "scripts/pci-day7.json",
	    "\"id\":\"pci-day7\"", "\"id\":\"ours\"");
	run_expect(h, 1, "", "suifang-node publish @/path.json --home @/node");
	run_expect(h, 0, "",
	    "suifang-node publish @/path.json @/script.json --home @/node");
	assert_says(h, "2 published");
	write_next(h, "path.json", "pathways/surgery.json",
	    "\"script\": \"surgery-day7\"", "\"script\": \"ours\"");
	run_expect(h, 0, "", "suifang-node publish @/path.json --home @/node");
	run_expect(h, 1, "",
	    "suifang-node publish @/path.json @/path.json --home @/node");
	assert_says(h, "twice");
	hospital_free(h);
}

static void test_publish__a_version_has_one_text_and_goes_up(void **state)
{
	struct hospital *h = hospital_new();

	(void)state;
	test_write_file(
	    h->dir, "own.json", asset_find("rules/mood.json")->data);
	run_expect(h, 0, "", "suifang-node publish @/own.json --home @/node");
	write_next(h, "v2.json", "rules/mood.json", NULL, NULL);
	write_next(
	    h, "v2b.json", "rules/mood.json", "\"zh\": \"", "\"zh\": \"新");
	write_next(h, "v1b.json", "rules/wound.json", "\"version\": 2",
	    "\"version\": 1, \"source\": \"x\"");
	run_expect(h, 1, "", "suifang-node publish @/v1b.json --home @/node");
	write_next(h, "v1b.json", "rules/wound.json", "\"version\": 2",
	    "\"version\": 1");
	run_expect(h, 0, "", "suifang-node publish @/v1b.json --home @/node");
	run_expect(h, 0, "", "suifang-node publish @/v2.json --home @/node");
	run_expect(h, 1, "", "suifang-node publish @/v2b.json --home @/node");
	assert_says(h, "$.version: this version was published in other words");
	write_next(h, "v1.json", "scripts/stroke.json", "\"version\":\"2\"",
	    "\"version\":\"0.9\"");
	run_expect(h, 1, "", "suifang-node publish @/v1.json --home @/node");
	assert_says(h, "$.version: the program's own is newer");
	write_next(h, "v1.json", "scripts/stroke.json", "\"version\":\"2\"",
	    "\"version\":\"1.10\"");
	run_expect(h, 0, "", "suifang-node publish @/v1.json --home @/node");
	write_next(h, "v1.json", "scripts/stroke.json", "\"version\":\"2\"",
	    "\"version\":\"1.9\"");
	run_expect(h, 1, "", "suifang-node publish @/v1.json --home @/node");
	assert_says(h, "a higher version is published");
	hospital_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_publish__every_kind_is_in_force_afterwards),
	    cmocka_unit_test(test_publish__the_programs_own_are_all_kinds),
	    cmocka_unit_test(test_publish__one_bad_file_and_nothing_goes_in),
	    cmocka_unit_test(test_publish__strangers_are_refused),
	    cmocka_unit_test(
		test_publish__what_is_named_may_come_in_the_same_call),
	    cmocka_unit_test(test_publish__a_version_has_one_text_and_goes_up),
	};

	return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
