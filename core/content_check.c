/* content_check.c - form by schema, meaning by the reader of each kind. */
#include "core/advice.h"
#include "core/asset.h"
#include "core/cadence.h"
#include "core/content.h"
#include "core/content_pack.h"
#include "core/err.h"
#include "core/hours.h"
#include "core/json.h"
#include "core/kpi.h"
#include "core/mem.h"
#include "core/notetag.h"
#include "core/pathway.h"
#include "core/review.h"
#include "core/score.h"
#include "core/script.h"
#include "core/strata.h"
#include "core/tag.h"
#include "core/target.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/trend.h"
#include "core/triage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const folders[] = {
    "rules/",
    "pathways/",
    "tables/",
    "settings/",
    "scripts/",
    "advice/",
    "valuesets/",
    "rules/cases/",
    "pathways/cases/",
    "tables/cases/",
};

bool content_is_in(const struct content_file *file, const char *folder)
{
	size_t n = strlen(folder);

	return !strncmp(file->path, folder, n) && !strchr(file->path + n, '/');
}

struct content_files content_files_builtin(void)
{
	struct content_files files = {0};

	files.at = mem_array(asset_total() + 1, sizeof(*files.at));
	for (size_t i = 0; i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		struct content_file f = {a->path, a->data, a->len};

		for (size_t k = 0; k < ARRAY_LEN(folders); k++)
			if (content_is_in(&f, folders[k]))
				files.at[files.n++] = f;
	}
	return files;
}

const struct content_file *content_file_find(
    const struct content_files *files, const char *path)
{
	for (size_t i = 0; i < files->n; i++)
		if (!strcmp(files->at[i].path, path))
			return files->at + i;
	return NULL;
}

void content_fault(struct content_report *report,
    const struct content_file *file, const char *path, const char *why)
{
	struct content_fault *f = report->at + report->n;

	if (report->n++ >= CONTENT_FAULTS_MAX)
		return;
	text_copy(f->file, sizeof(f->file), file->path);
	text_copy(f->path, sizeof(f->path), path);
	text_copy(f->why, sizeof(f->why), why);
	f->line = *path ? schema_line(file->text, file->n, path) : 0;
}

void content_fault_detail(
    struct content_report *report, const struct content_file *file)
{
	const char *detail = err_told();
	const char *colon = strstr(detail, ": ");
	char path[SCHEMA_PATH] = "";

	if (*detail == '$' && colon &&
	    (size_t)(colon - detail) < sizeof(path)) {
		memcpy(path, detail, (size_t)(colon - detail));
		path[colon - detail] = '\0';
		detail = colon + 2;
	}
	content_fault(report, file, path, detail);
}

/* Name of the schema of a file: of its folder, or of the table itself. */
static void schema_name(char *out, size_t size, const struct content_file *file)
{
	const char *base = strrchr(file->path, '/');
	size_t n = strlen(base);

	if (strstr(file->path, "/cases/"))
		text_copy(out, size, "content/cases.json");
	else if (content_is_in(file, "rules/"))
		text_copy(out, size, "content/rules.json");
	else if (content_is_in(file, "pathways/"))
		text_copy(out, size, "content/pathway.json");
	else if (content_is_in(file, "advice/"))
		text_copy(out, size, "content/advice.json");
	else if (!strcmp(base, "/risk-levels.json"))
		text_copy(out, size, "content/tags.json");
	else
		snprintf(out, size, "content%.*s", (int)n, base);
}

static size_t check_form(struct content_report *report,
    const struct content_file *file, const json_t *value)
{
	struct schema_fault faults[40];
	char name[100];
	const struct asset *a;
	json_t *schema = NULL;
	size_t n;

	schema_name(name, sizeof(name), file);
	a = asset_find(name);
	if (!a || json_load(&schema, a->data, a->len, CONTENT_MAX)) {
		content_fault(report, file, "",
		    _("no kind of content that this program knows"));
		return 1;
	}
	n = schema_check(faults, ARRAY_LEN(faults), schema, value);
	for (size_t i = 0; i < n && i < ARRAY_LEN(faults); i++)
		content_fault(report, file, faults[i].path, faults[i].why);
	json_decref(schema);
	return n;
}

static int read_rules(const struct content_file *f)
{
	struct triage *t = triage_new();
	int r = triage_add(t, f->text, f->n);

	triage_free(&t);
	return r;
}

static int read_pathway(const struct content_file *f)
{
	struct pathway *p = NULL;
	int r = pathway_parse(&p, f->text, f->n);

	pathway_free(&p);
	return r;
}

static int read_advice(const struct content_file *f)
{
	struct advice_library *lib = advice_new();
	int r = advice_add(lib, f->text, f->n);

	advice_free(&lib);
	return r;
}

static int read_scores(const struct content_file *f)
{
	struct score_set *s = NULL;
	int r = score_set_parse(&s, f->text, f->n);

	score_set_free(&s);
	return r;
}

static int read_tags(const struct content_file *f)
{
	struct tag_set *s = NULL;
	int r = tag_set_parse(&s, f->text, f->n);

	tag_set_free(&s);
	return r;
}

static int read_targets(const struct content_file *f)
{
	struct target_set *s = NULL;
	int r = target_set_parse(&s, f->text, f->n);

	target_set_free(&s);
	return r;
}

static int read_trends(const struct content_file *f)
{
	struct trend_table *t = NULL;
	int r = trend_table_parse(&t, f->text, f->n);

	trend_table_free(&t);
	return r;
}

static int read_notes(const struct content_file *f)
{
	struct notetag *t = NULL;
	int r = notetag_parse(&t, f->text, f->n);

	notetag_free(&t);
	return r;
}

static int read_dispositions(const struct content_file *f)
{
	struct cadence *c = NULL;
	int r = cadence_parse(&c, f->text, f->n);

	cadence_free(&c);
	return r;
}

static int read_hours(const struct content_file *f)
{
	struct hours *h = NULL;
	int r = hours_parse(&h, f->text, f->n);

	hours_free(&h);
	return r;
}

/* A risk table and the levels beside it; the other half is the program's. */
static int read_risk(const struct content_file *f)
{
	static const char *const paths[2] = {
	    "tables/hypertension-risk.json", "tables/risk-levels.json"};
	struct strata *s = NULL;
	const char *text[2];
	size_t n[2];
	int r;

	for (size_t i = 0; i < 2; i++) {
		const struct asset *a = asset_find(paths[i]);
		bool mine = strcmp(f->path, paths[i]) == 0;
		if (!a)
			return err_set(ERR_NOT_FOUND, "%s", paths[i]);
		text[i] = mine ? f->text : a->data;
		n[i] = mine ? f->n : a->len;
	}
	r = strata_parse(&s, text, n);
	strata_free(&s);
	return r;
}

static int read_kpis(const struct content_file *f)
{
	struct kpi_set *s = NULL;
	int r = kpi_set_parse(&s, f->text, f->n);

	kpi_set_free(&s);
	return r;
}

static int read_card(const struct content_file *f)
{
	struct review_card c = {.root = NULL};
	int r = review_card_parse(&c, f->text, f->n);

	review_card_fini(&c);
	return r;
}

static int read_holidays(const struct content_file *f)
{
	struct hours *h = NULL;
	int r = hours_load(&h);

	if (!r)
		r = hours_add_holidays(h, f->text, f->n);
	hours_free(&h);
	return r;
}

/* A value set is right when a script can choose from it. */
static int read_value_set(const struct content_file *f)
{
	json_t *set = NULL, *script;
	struct script *s = NULL;
	char *text;
	int r = json_load(&set, f->text, f->n, CONTENT_MAX);

	if (r)
		return r;
	script = json_pack("{s:s, s:s, s:[o], s:[{s:s, s:s, s:s, s:s}]}",
	    "resourceType", "Questionnaire", "status", "active", "contained",
	    set, "item", "linkId", "set", "text", "set", "type", "choice",
	    "answerValueSet", json_str(set, "url", "#"));
	text = json_dumps(script, JSON_COMPACT);
	r = script_load(&s, text, strlen(text), SCRIPT_STRICT, NULL);
	if (r)
		r = err_set(ERR_INVALID, "$: %s", _("no ValueSet with a url"));
	else if (script_item(s, 0)->type != SCRIPT_CHOICE)
		r = err_set(ERR_INVALID, "$.compose: %s", _("no concept"));
	script_free(&s);
	free(text);
	json_decref(script);
	return r;
}

/* Files and who reads their meaning. */
static const struct {
	const char *path; /* a folder ends with '/' */
	int (*read)(const struct content_file *f);
} readers[] = {
    {"rules/", read_rules},
    {"pathways/", read_pathway},
    {"advice/", read_advice},
    {"tables/scores.json", read_scores},
    {"tables/tags.json", read_tags},
    {"tables/risk-levels.json", read_risk},
    {"tables/hypertension-risk.json", read_risk},
    {"tables/targets.json", read_targets},
    {"tables/trends.json", read_trends},
    {"tables/notes.json", read_notes},
    {"tables/kpi.json", read_kpis},
    {"tables/scorecard.json", read_card},
    {"settings/dispositions.json", read_dispositions},
    {"settings/hours.json", read_hours},
    {"settings/holidays.json", read_holidays},
};

static bool is_for(const char *path, const struct content_file *file)
{
	size_t n = strlen(path);

	return path[n - 1] == '/' ? content_is_in(file, path)
				  : !strcmp(path, file->path);
}

static void check_meaning(
    struct content_report *report, const struct content_file *file)
{
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (is_for(readers[i].path, file) && readers[i].read(file))
			content_fault_detail(report, file);
}

static void check_script(
    struct content_report *report, const struct content_file *file)
{
	struct script_report *found = mem_new(sizeof(*found));
	struct script *s = NULL;
	int r = script_load(&s, file->text, file->n, SCRIPT_STRICT, found);
	char path[SCHEMA_PATH];
	char why[240];

	for (size_t i = 0; i < found->n; i++) {
		if (!found->at[i].is_fatal)
			continue;
		snprintf(path, sizeof(path), "$.%s", found->at[i].path);
		snprintf(why, sizeof(why), "%s: %s", found->at[i].rule,
		    tr(found->at[i].text));
		content_fault(report, file, path, why);
	}
	if (r && found->n == 0)
		content_fault_detail(report, file);
	script_free(&s);
	free(found);
}

void content_check_file(
    struct content_report *report, const struct content_file *file)
{
	json_t *value = NULL;

	report->files++;
	if (content_is_in(file, "scripts/")) {
		check_script(report, file);
		return;
	}
	if (content_is_in(file, "valuesets/")) {
		if (read_value_set(file))
			content_fault_detail(report, file);
		return;
	}
	if (json_load(&value, file->text, file->n, CONTENT_MAX)) {
		content_fault_detail(report, file);
		return;
	}
	if (check_form(report, file, value) == 0)
		check_meaning(report, file);
	json_decref(value);
}

void content_check(
    struct content_report *report, const struct content_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		content_check_file(report, files->at + i);
	if (report->n == 0)
		content_check_references(report, files);
}

void content_report_print(struct buf *out, const struct content_report *report)
{
	for (size_t i = 0; i < report->n && i < CONTENT_FAULTS_MAX; i++) {
		const struct content_fault *f = report->at + i;

		if (f->line)
			buf_printf(out, "%s:%d: %s: %s\n", f->file, f->line,
			    f->path, f->why);
		else
			buf_printf(out, "%s: %s\n", f->file, f->why);
	}
}
