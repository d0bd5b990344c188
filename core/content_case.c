/*
 * content_case.c - running the cases kept beside content: facts in, and what
 * the rules, pathways, scores, tags, tables or the note dictionary must say.
 */
#include "core/clock.h"
#include "core/content.h"
#include "core/content_pack.h"
#include "core/decimal.h"
#include "core/err.h"
#include "core/json.h"
#include "core/notetag.h"
#include "core/pathway_set.h"
#include "core/score.h"
#include "core/strata.h"
#include "core/tag.h"
#include "core/target.h"
#include "core/text.h"
#include "core/triage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Every case is asked at one moment: 2026-11-22 10:00 in China. */
#define NOW_S INT64_C(1795312800)
#define ZONE_S (8 * 3600)
#define MANY 64

struct run {
	struct buf *why;
	const struct content_world *w;
	const json_t *one;
	struct facts facts;
};

static void say(
    struct run *r, const char *what, const char *want, const char *got)
{
	buf_printf(r->why, "%s%s: expected %s, got %s", r->why->len ? "; " : "",
	    what, want, *got ? got : "nothing");
}

static void add_fact(struct facts *f, const json_t *j)
{
	const json_t *value = json_object_get(j, "value");
	int64_t days = json_int(j, "days_ago", 0);
	struct fact fact = {
	    .at_s = NOW_S - days * DAY_S, .is_history = days > 0};

	text_copy(fact.code, sizeof(fact.code), json_str(j, "code", ""));
	text_copy(fact.text, sizeof(fact.text), json_str(j, "text", ""));
	fact.kind = FACT_CODED;
	if (json_flag(j, "absent"))
		fact.kind = FACT_ABSENT;
	if (json_is_integer(value)) {
		fact.kind = FACT_NUMBER;
		fact.value = json_integer_value(value);
	}
	if (json_is_string(value) &&
	    decimal_parse(&fact.value, &fact.scale, json_string_value(value)))
		fact.kind = FACT_NUMBER;
	if (json_object_get(j, "flag")) {
		fact.kind = FACT_FLAG;
		fact.value = json_flag(j, "flag");
		text_copy(fact.text, sizeof(fact.text),
		    fact.value ? "true" : "false");
	}
	facts_add(f, &fact);
}

/* A set of names as text, to compare and to show. */
struct names {
	const char *at[MANY];
	size_t n;
};

static void add_name(struct names *s, const char *name)
{
	if (s->n < MANY)
		s->at[s->n++] = name;
}

static bool has_name(const struct names *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->at[i], name))
			return true;
	return false;
}

static void join(struct buf *out, const struct names *s)
{
	buf_clear(out);
	for (size_t i = 0; i < s->n; i++)
		buf_printf(out, "%s%s", i ? " " : "", s->at[i]);
}

/* exact: the case names all; otherwise all that it names must be there. */
static void compare(
    struct run *r, const char *key, const struct names *got, bool exact)
{
	const json_t *list = json_list(r->one, key);
	struct names want = {.n = 0};
	struct buf a = {0};
	struct buf b = {0};
	bool same = true;
	size_t i;
	json_t *v;

	json_array_foreach (list, i, v) {
		add_name(&want, json_string_value(v));
		same = same && has_name(got, json_string_value(v));
	}
	if (list && (!same || (exact && want.n != got->n))) {
		join(&a, &want);
		join(&b, got);
		say(r, key, buf_text(&a), buf_text(&b));
	}
	buf_fini(&a);
	buf_fini(&b);
}

static void run_triage(struct run *r)
{
	struct triage_hit hits[MANY];
	struct names got = {.n = 0};
	size_t n = triage_run(hits, MANY, r->w->triage, &r->facts, NOW_S);
	size_t i;
	json_t *v;

	for (size_t k = 0; k < n && k < MANY; k++)
		add_name(&got, hits[k].rule->id);
	compare(r, "hits", &got, true);
	json_array_foreach (json_list(r->one, "never"), i, v)
		if (has_name(&got, json_string_value(v)))
			say(r, "never", "no such hit", json_string_value(v));
}

static void run_enrol(struct run *r)
{
	struct pathway_enrol fits[MANY];
	struct names got = {.n = 0};
	struct pathway_when when = {NOW_S, ZONE_S};
	size_t n =
	    pathway_set_suggest(fits, MANY, r->w->pathways, &r->facts, when);

	for (size_t k = 0; k < n && k < MANY; k++)
		add_name(&got, fits[k].pathway->head.id);
	compare(r, "enrol", &got, true);
}

static void expect_text(
    struct run *r, const json_t *want, const char *key, const char *got)
{
	const char *text = json_str(want, key, NULL);

	if (text && strcmp(text, got))
		say(r, key, text, got);
}

static void expect_number(
    struct run *r, const json_t *want, const char *key, int64_t got)
{
	char a[32];
	char b[32];

	if (!json_object_get(want, key) || json_int(want, key, -1) == got)
		return;
	snprintf(a, sizeof(a), "%" PRId64, json_int(want, key, -1));
	snprintf(b, sizeof(b), "%" PRId64, got);
	say(r, key, a, b);
}

static void expect_flag(
    struct run *r, const json_t *want, const char *key, bool got)
{
	if (json_object_get(want, key) && json_flag(want, key) != got)
		say(r, key, got ? "false" : "true", got ? "true" : "false");
}

static void run_next(struct run *r)
{
	const json_t *want = json_object_get(r->one, "next");
	const char *id = json_str(r->one, "pathway", "");
	const struct pathway *p = pathway_set_find(r->w->pathways, id, 0);
	int64_t today = day_of(NOW_S, ZONE_S);
	struct pathway_visit v = {
	    .step = json_str(r->one, "step", NULL),
	    .anchor_day = today - json_int(r->one, "anchor_days_ago", 0),
	    .day = today,
	    .now_s = NOW_S,
	    .facts = &r->facts,
	};
	struct pathway_due due;

	if (!p) {
		say(r, "pathway", id, "");
		return;
	}
	pathway_next(&due, p, &v);
	expect_flag(r, want, "over", due.is_over);
	expect_flag(r, want, "refer", due.refer != NULL);
	expect_text(r, want, "rule", due.rule);
	if (due.is_over)
		return;
	expect_text(r, want, "step", due.step);
	expect_text(r, want, "script", due.script);
	expect_number(r, want, "days", due.due_day - today);
}

static void run_score(struct run *r)
{
	const char *id = json_str(r->one, "score", "");
	const struct score *s =
	    r->w->scores ? score_set_find(r->w->scores, id) : NULL;
	struct score_result result;

	if (!s) {
		say(r, "score", id, "");
		return;
	}
	score_run(&result, s, &r->facts, NOW_S);
	expect_flag(r, r->one, "incomplete", !result.is_complete);
	expect_number(r, r->one, "total", result.total);
	expect_text(r, r->one, "band", result.band ? result.band : "");
}

static void run_tables(struct run *r)
{
	const char *edition = json_str(r->one, "edition", NULL);
	struct strata_hypertension h;
	struct strata_level level;
	struct target_visit visit;

	if (json_object_get(r->one, "level") && r->w->strata) {
		strata_level(&level, r->w->strata, &r->facts, NOW_S);
		expect_text(r, r->one, "level", strata_risk_name(level.level));
	}
	if (json_object_get(r->one, "risk") && r->w->strata) {
		bool known = strata_hypertension(&h, r->w->strata, edition,
				 &r->facts, NOW_S) == 0;

		expect_text(
		    r, r->one, "risk", known ? strata_risk_name(h.risk) : "");
	}
	if (json_object_get(r->one, "class") && r->w->targets) {
		target_classify(
		    &visit, r->w->targets, edition, &r->facts, NOW_S);
		expect_text(r, r->one, "class", visit.class ? visit.class : "");
	}
}

static void run_lists(struct run *r)
{
	const char *note = json_str(r->one, "note", "");
	struct names got = {.n = 0};
	struct tag_hit tags[MANY];
	struct notetag_hit words[MANY];
	size_t n;

	if (json_list(r->one, "tags") && r->w->tags) {
		n = tag_run(tags, MANY, r->w->tags, &r->facts, NOW_S);
		for (size_t i = 0; i < n && i < MANY; i++)
			add_name(&got, tags[i].rule->id);
		compare(r, "tags", &got, true);
	}
	if (json_list(r->one, "suggest") && r->w->notes) {
		got.n = 0;
		n = notetag_suggest(
		    words, MANY, r->w->notes, note, strlen(note));
		for (size_t i = 0; i < n; i++)
			add_name(&got, words[i].id);
		compare(r, "suggest", &got, true);
	}
}

void content_case_run(
    struct buf *why, const struct content_world *w, const json_t *one)
{
	struct run r = {.why = why, .w = w, .one = one};
	size_t i;
	json_t *v;

	buf_clear(why);
	json_array_foreach (json_list(one, "facts"), i, v)
		add_fact(&r.facts, v);
	if (json_object_get(one, "hits") || json_object_get(one, "never"))
		run_triage(&r);
	if (json_object_get(one, "enrol"))
		run_enrol(&r);
	if (json_object_get(one, "next"))
		run_next(&r);
	if (json_object_get(one, "score"))
		run_score(&r);
	run_tables(&r);
	run_lists(&r);
	facts_fini(&r.facts);
}

static void run_file(struct content_report *report,
    const struct content_world *w, const struct content_file *file)
{
	struct buf why = {0};
	json_t *root = NULL;
	size_t i;
	json_t *one;

	if (json_load(&root, file->text, file->n, CONTENT_MAX)) {
		content_fault(report, file, "", err_told());
		return;
	}
	json_array_foreach (json_list(root, "cases"), i, one) {
		char path[40];

		snprintf(path, sizeof(path), "$.cases[%zu]", i);
		content_case_run(&why, w, one);
		report->cases++;
		if (why.len)
			content_fault(report, file, path, buf_text(&why));
	}
	report->files++;
	buf_fini(&why);
	json_decref(root);
}

void content_test(
    struct content_report *report, const struct content_files *files)
{
	const struct content_file whole = {"content", "", 0};
	struct content_world w;

	if (content_world_load(&w, files, NULL)) {
		content_fault(report, &whole, "", err_told());
		return;
	}
	for (size_t i = 0; i < files->n; i++)
		if (strstr(files->at[i].path, "/cases/"))
			run_file(report, &w, files->at + i);
	content_world_fini(&w);
}
