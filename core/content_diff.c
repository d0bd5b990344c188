/* content_diff.c - asking two versions the same questions. */
#include "core/content_diff.h"

#include "core/clock.h"
#include "core/content.h"
#include "core/decimal.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/pathway.h"
#include "core/script.h"
#include "core/text.h"
#include "core/triage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(20000)
#define NOW_S (DAY * DAY_S)
#define QUESTIONS_MAX 400
#define HITS_MAX 32

void content_diff_note(
    struct content_diff *d, const char *where, const char *was, const char *now)
{
	d->asked++;
	if (!strcmp(was, now))
		return;
	if (d->n < CONTENT_CHANGES_MAX) {
		text_copy(d->at[d->n].where, sizeof(d->at[0].where), where);
		text_copy(d->at[d->n].was, sizeof(d->at[0].was), was);
		text_copy(d->at[d->n].now, sizeof(d->at[0].now), now);
	}
	d->n++;
}

/* ---- pathways ----------------------------------------------------------- */

const char *const content_findings[CONTENT_FINDINGS] = {
    "",
    VISIT_SATISFIED,
    VISIT_UNSATISFIED,
    VISIT_ADVERSE,
    VISIT_COMPLICATION,
};

static void answer_path(
    char out[120], const struct pathway *p, const struct pathway_visit *v)
{
	struct pathway_due due;

	pathway_next(&due, p, v);
	if (due.is_over)
		snprintf(out, 120, "over%s", due.refer ? " refer" : "");
	else
		snprintf(out, 120, "%s %" PRId64 " %s%s", due.step,
		    due.due_day - v->day, due.rule, due.refer ? " refer" : "");
}

/* What rules ask besides the class of the visit. */
static const struct {
	const char *code, *text;
} extras[] = {
    {NULL, NULL},
    {"triage-level", "emergency"},
    {"triage-level", "red"},
    {"trend", "fluctuating"},
    {"trend", "steady"},
    {"complication", "new"},
    {"adverse-reaction", "yes"},
};

/* Classes of the visit before and of this one, and an extra. */
struct found {
	size_t before, now, extra;
};

static void add_found(struct facts *f, const struct found *found)
{
	if (found->before)
		facts_add_coded(f, VISIT_CLASS, content_findings[found->before],
		    NOW_S - 14 * DAY_S);
	facts_age(f);
	if (found->now)
		facts_add_coded(
		    f, VISIT_CLASS, content_findings[found->now], NOW_S);
	if (found->extra)
		facts_add_coded(f, extras[found->extra].code,
		    extras[found->extra].text, NOW_S);
}

/* One step, one set of findings, asked of both. */
static void ask_path(struct content_diff *d, const struct pathway *const p[2],
    const struct pathway_step *step, const struct found *found)
{
	struct facts f = {0};
	struct pathway_visit v = {
	    .step = step->id,
	    .anchor_day = DAY - step->offset_days,
	    .day = DAY,
	    .now_s = NOW_S,
	    .facts = &f,
	};
	char where[200];
	char answers[2][120];

	add_found(&f, found);
	for (size_t i = 0; i < 2; i++)
		answer_path(answers[i], p[i], &v);
	snprintf(where, sizeof(where), "%s, %s, %s%s%s", step->id,
	    found->before ? content_findings[found->before] : "-",
	    found->now ? content_findings[found->now] : "-",
	    found->extra ? ", " : "",
	    found->extra ? extras[found->extra].text : "");
	content_diff_note(d, where, answers[0], answers[1]);
	facts_fini(&f);
}

/* Every pair of classes; every extra beside a good and a bad visit. */
static void ask_step(struct content_diff *d, const struct pathway *const p[2],
    const struct pathway_step *step)
{
	struct found f = {.extra = 0};

	for (f.before = 0; f.before < CONTENT_FINDINGS; f.before++)
		for (f.now = 0; f.now < CONTENT_FINDINGS; f.now++)
			ask_path(d, p, step, &f);
	f.before = 0;
	for (f.extra = 1; f.extra < ARRAY_LEN(extras); f.extra++)
		for (f.now = 1; f.now <= 2; f.now++)
			ask_path(d, p, step, &f);
}

static int diff_pathways(
    struct content_diff *d, const struct content_file *const files[2])
{
	struct pathway *p[2] = {NULL, NULL};
	int r = 0;

	for (size_t i = 0; i < 2 && !r; i++)
		r = pathway_parse(&p[i], files[i]->text, files[i]->n);
	if (!r) {
		const struct pathway *const both[2] = {p[0], p[1]};

		for (size_t i = 0; i < p[0]->n_steps; i++)
			ask_step(d, both, p[0]->steps + i);
		if (p[0]->repeat.id)
			ask_step(d, both, &p[0]->repeat);
	}
	for (size_t i = 0; i < 2; i++)
		pathway_free(&p[i]);
	return r;
}

/* ---- rules -------------------------------------------------------------- */

struct questions {
	struct fact at[QUESTIONS_MAX];
	size_t n;
};

static void add_question(struct questions *q, const struct fact *f)
{
	for (size_t i = 0; i < q->n; i++)
		if (!strcmp(q->at[i].code, f->code) &&
		    !strcmp(q->at[i].text, f->text) &&
		    decimal_cmp(q->at[i].value, q->at[i].scale, f->value,
			f->scale) == 0)
			return;
	if (q->n < QUESTIONS_MAX)
		q->at[q->n++] = *f;
}

static void add_number(struct questions *q, struct fact f, int64_t v)
{
	f.kind = FACT_NUMBER;
	for (int64_t step = -1; step <= 1; step++) {
		f.value = v + step;
		add_question(q, &f);
	}
}

static void add_value(struct questions *q, const char *code, const json_t *v)
{
	struct fact f = {.at_s = NOW_S, .kind = FACT_CODED};
	int64_t value;

	text_copy(f.code, sizeof(f.code), code);
	if (json_is_integer(v))
		add_number(q, f, json_integer_value(v));
	if (!json_is_string(v))
		return;
	if (decimal_parse(&value, &f.scale, json_string_value(v)))
		add_number(q, f, value);
	f.scale = 0;
	text_copy(f.text, sizeof(f.text), json_string_value(v));
	add_question(q, &f);
}

/* Every value that a comparison names, and its neighbours. */
static void collect(struct questions *q, const json_t *v)
{
	const char *code = json_str(v, "code", NULL);
	const char *key;
	json_t *child;
	size_t i;

	if (code && json_object_get(v, "op")) {
		add_value(q, code, json_object_get(v, "value"));
		json_array_foreach (json_list(v, "values"), i, child)
			add_value(q, code, child);
	}
	json_object_foreach ((json_t *)(uintptr_t)v, key, child)
		collect(q, child);
	json_array_foreach (v, i, child)
		collect(q, child);
}

static void answer_rules(
    char out[120], const struct triage *t, const struct facts *f)
{
	struct triage_hit hits[HITS_MAX];
	size_t n = triage_run(hits, HITS_MAX, t, f, NOW_S);
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n && i < HITS_MAX && len < 100; i++) {
		snprintf(out + len, 120 - len, "%s%s %s", i ? ", " : "",
		    triage_level_name(hits[i].rule->level), hits[i].rule->id);
		len = strlen(out);
	}
}

static void ask_rules(
    struct content_diff *d, struct triage *const t[2], const struct fact *fact)
{
	struct facts f = {0};
	char where[120];
	char value[DECIMAL_TEXT];
	char answers[2][120];

	facts_add(&f, fact);
	for (size_t i = 0; i < 2; i++)
		answer_rules(answers[i], t[i], &f);
	decimal_text(value, fact->value, fact->scale);
	snprintf(where, sizeof(where), "%s %s", fact->code,
	    fact->kind == FACT_CODED ? fact->text : value);
	content_diff_note(d, where, answers[0], answers[1]);
	facts_fini(&f);
}

static int diff_rules(
    struct content_diff *d, const struct content_file *const files[2])
{
	struct triage *t[2] = {triage_new(), triage_new()};
	struct questions *q = mem_new(sizeof(*q));
	int r = 0;

	for (size_t i = 0; i < 2 && !r; i++) {
		json_t *root = NULL;

		r = triage_add(t[i], files[i]->text, files[i]->n);
		if (!r)
			r = json_load(
			    &root, files[i]->text, files[i]->n, CONTENT_MAX);
		if (!r)
			collect(q, json_object_get(root, "rules"));
		json_decref(root);
	}
	for (size_t i = 0; i < q->n && !r; i++)
		ask_rules(d, t, q->at + i);
	free(q);
	triage_free(&t[0]);
	triage_free(&t[1]);
	return r;
}

int content_diff_kind(enum content_diff_kind *out, const struct content_file *f)
{
	json_t *root = NULL;
	int r = json_load(&root, f->text, f->n, SCRIPT_BYTES_MAX);

	if (r)
		return r;
	if (!strcmp(json_str(root, "resourceType", ""), "Questionnaire"))
		*out = CONTENT_DIFF_SCRIPT;
	else if (json_object_get(root, "anchor"))
		*out = CONTENT_DIFF_PATHWAY;
	else if (json_object_get(root, "rules"))
		*out = CONTENT_DIFF_RULES;
	else
		r = err_set(
		    ERR_INVALID, "neither rules, a pathway nor a script");
	json_decref(root);
	return r;
}

int content_diff_run(struct content_diff *out, const struct content_file *was,
    const struct content_file *now)
{
	static int (*const asks[])(struct content_diff * out,
	    const struct content_file *const files[2]) = {
	    [CONTENT_DIFF_RULES] = diff_rules,
	    [CONTENT_DIFF_PATHWAY] = diff_pathways,
	    [CONTENT_DIFF_SCRIPT] = content_diff_scripts,
	};
	const struct content_file *const files[2] = {was, now};
	enum content_diff_kind kinds[2];
	int r = content_diff_kind(&kinds[0], was);

	if (!r)
		r = content_diff_kind(&kinds[1], now);
	if (!r && kinds[0] != kinds[1])
		r = err_set(ERR_INVALID, "files of two kinds");
	return r ? r : asks[kinds[0]](out, files);
}
