/*
 * threshold_test.c - every threshold of the content has a case on either
 * side: one step up or down, and some case beside the content fails. A step
 * is the last decimal that the threshold is written with.
 */
#include "core/content.h"
#include "core/content_pack.h"
#include "core/json.h"
#include "sync/import_content_file.h"
#include "tests/test.h"

struct moving {
	struct content_files files;
	struct content_report *report;
	struct content_file *file;
	json_t *root;
	int thresholds, turn, stride;
};

static bool is_order(const char *op)
{
	return strcmp(op, ">=") == 0 || strcmp(op, "<=") == 0 ||
	       strcmp(op, ">") == 0 || strcmp(op, "<") == 0;
}

/* 16.7 as text by steps of 0.1, 180 by steps of 1. */
static json_t *stepped(const json_t *value, int step)
{
	const char *text = json_string_value(value);
	const char *dot = text ? strchr(text, '.') : NULL;
	int decimals = dot ? (int)strlen(dot + 1) : 0;
	int64_t n = 0, ten = 1;
	char out[32];

	if (!text)
		return json_integer(json_integer_value(value) + step);
	for (; *text; text++)
		if (*text != '.')
			n = n * 10 + (*text - '0');
	for (int i = 0; i < decimals; i++)
		ten *= 10;
	n += step;
	snprintf(out, sizeof(out), "%lld", (long long)(n / ten));
	if (decimals)
		snprintf(out + strlen(out), sizeof(out) - strlen(out),
		    ".%0*lld", decimals, (long long)(n % ten));
	return json_string(out);
}

static void expect_failing_case(struct moving *m, const json_t *leaf)
{
	char *text = json_dumps(m->root, 0);
	const char *was = m->file->text;
	size_t n = m->file->n;

	m->file->text = text;
	m->file->n = strlen(text);
	memset(m->report, 0, sizeof(*m->report));
	content_test(m->report, &m->files);
	if (m->report->n == 0)
		fail_msg("%s: no case at %s %s %s", m->file->path,
		    json_str(leaf, "code", ""), json_str(leaf, "op", ""),
		    json_string_value(json_object_get(leaf, "value"))
			? json_str(leaf, "value", "")
			: "(number)");
	m->file->text = was;
	m->file->n = n;
	free(text);
}

static void move_leaf(struct moving *m, json_t *leaf)
{
	json_t *value = json_incref(json_object_get(leaf, "value"));

	m->thresholds++;
	for (int step = -1; step <= 1; step += 2) {
		if (m->turn++ % m->stride)
			continue;
		json_object_set_new(leaf, "value", stepped(value, step));
		expect_failing_case(m, leaf);
	}
	json_object_set_new(leaf, "value", value);
}

static void walk(struct moving *m, json_t *j)
{
	const char *key;
	json_t *child;
	size_t i;

	json_array_foreach (j, i, child)
		walk(m, child);
	if (json_is_object(j) && is_order(json_str(j, "op", "")))
		move_leaf(m, j);
	else if (json_is_object(j))
		json_object_foreach (j, key, child)
			walk(m, child);
}

static bool has_thresholds(const char *path)
{
	return strstr(path, "cases/") == NULL &&
	       (strncmp(path, "rules/", 6) == 0 ||
		   strncmp(path, "pathways/", 9) == 0 ||
		   strcmp(path, "tables/tags.json") == 0 ||
		   strcmp(path, "tables/risk-levels.json") == 0);
}

static void test_threshold__each_has_a_case_on_either_side(void **state)
{
	struct content_folder *folder = NULL;
	struct moving m = {.stride = 120 / (test_repeat(120) + 1) + 1};

	(void)state;
	m.report = calloc(1, sizeof(*m.report));
	assert_non_null(m.report);
	assert_int_equal(content_folder_read(&folder, "schemas"), 0);
	m.files = *content_folder_files(folder);
	for (size_t i = 0; i < m.files.n; i++) {
		m.file = m.files.at + i;
		if (!has_thresholds(m.file->path))
			continue;
		assert_int_equal(
		    json_load(&m.root, m.file->text, m.file->n, CONTENT_MAX),
		    0);
		walk(&m, m.root);
		json_decref(m.root);
	}
	assert_true(m.thresholds >= 60);
	content_folder_free(&folder);
	free(m.report);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_threshold__each_has_a_case_on_either_side),
	};
	return cmocka_run_group_tests_name("threshold", tests, NULL, NULL);
}
