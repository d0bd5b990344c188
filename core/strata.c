/* strata.c - reading risk tables and looking patients up in them. */
#include "core/strata.h"

#include "core/decimal.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EDITIONS_MAX 8
#define GRADES 4
#define ROWS 4

struct grade {
	const char *id;
	int64_t sbp; /* from this systolic pressure on, or */
	int64_t dbp; /* from this diastolic pressure on; mmHg */
};

struct edition {
	const char *id;
	struct grade grades[GRADES];
	enum strata_risk cells[ROWS][GRADES][2];
	struct tag_set *signs; /* group "factor", "organ" or "complication" */
};

struct strata {
	json_t *root;
	struct content_head head;
	struct edition editions[EDITIONS_MAX];
	size_t n_editions;
	struct tag_set *levels; /* group "high" or "medium" */
};

static const struct {
	const char *name;
	struct words words;
} risks[] = {
    [STRATA_NONE] = {"none", {"未分层", "not stratified"}},
    [STRATA_LOW] = {"low", {"低危", "low risk"}},
    [STRATA_MEDIUM] = {"medium", {"中危", "medium risk"}},
    [STRATA_HIGH] = {"high", {"高危", "high risk"}},
    [STRATA_VERY_HIGH] = {"very-high", {"很高危", "very high risk"}},
};

const char *strata_risk_name(enum strata_risk risk)
{
	return risks[risk].name;
}

const struct words *strata_risk_words(enum strata_risk risk)
{
	return &risks[risk].words;
}

static bool risk_of(enum strata_risk *out, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(risks); i++) {
		if (strcmp(risks[i].name, name))
			continue;
		*out = (enum strata_risk)i;
		return true;
	}
	return false;
}

/* "medium", or "medium/high" where the guideline leaves both open. */
static bool read_cell(enum strata_risk out[2], const json_t *v)
{
	const char *text = json_is_string(v) ? json_string_value(v) : "";
	const char *slash = strchr(text, '/');
	char low[24];

	if (strlen(text) >= sizeof(low))
		return false;
	snprintf(low, sizeof(low), "%s", text);
	if (slash)
		low[slash - text] = '\0';
	return risk_of(&out[0], low) &&
	       risk_of(&out[1], slash ? slash + 1 : text) && out[0] <= out[1];
}

static int read_cells(struct edition *e, const json_t *j, const char *at)
{
	const json_t *rows = json_list(j, "rows");

	if (json_array_size(rows) != ROWS)
		return err_set(ERR_INVALID, _("%s.rows: must be 4"), at);
	for (size_t i = 0; i < ROWS; i++) {
		const json_t *cells = json_array_get(rows, i);

		if (json_array_size(cells) != GRADES)
			return err_set(ERR_INVALID,
			    _("%s.rows[%zu]: must be 4 cells"), at, i);
		for (size_t k = 0; k < GRADES; k++)
			if (!read_cell(
				e->cells[i][k], json_array_get(cells, k)))
				return err_set(ERR_INVALID,
				    _("%s.rows[%zu][%zu]: no cell of a risk "
				      "table"),
				    at, i, k);
	}
	return 0;
}

static int read_grades(struct edition *e, const json_t *j, const char *at)
{
	static const int64_t range[2] = {50, 300};
	const json_t *list = json_list(j, "grades");

	if (json_array_size(list) != GRADES)
		return err_set(ERR_INVALID, _("%s.grades: must be 4"), at);
	for (size_t i = 0; i < GRADES; i++) {
		const json_t *v = json_array_get(list, i);
		struct grade *g = e->grades + i;
		int r = content_id(&g->id, v, "id", at);

		if (!r)
			r = content_int(&g->sbp, v, "sbp", range);
		if (!r)
			r = content_int(&g->dbp, v, "dbp", range);
		if (r)
			return r;
		if (i && (g[-1].sbp >= g->sbp || g[-1].dbp >= g->dbp))
			return err_set(ERR_INVALID,
			    _("%s.grades[%zu]: out of order"), at, i);
	}
	return 0;
}

/* The signs of an edition are tags of their own small file. */
static int read_signs(struct edition *e, const json_t *root, const json_t *j)
{
	json_t *file = json_object();
	struct buf text = {0};
	int r;

	json_object_set(file, "id", json_object_get(j, "id"));
	json_object_set(file, "version", json_object_get(root, "version"));
	json_object_set(file, "title", json_object_get(root, "title"));
	json_object_set(file, "source", json_object_get(root, "source"));
	json_object_set(file, "tags", json_object_get(j, "signs"));
	json_canonical(&text, file);
	json_decref(file);
	r = tag_set_parse(&e->signs, buf_text(&text), text.len);
	buf_fini(&text);
	return r;
}

static int read_editions(struct strata *s)
{
	const json_t *list = json_list(s->root, "editions");
	size_t total = json_array_size(list);
	int r = 0;

	if (total == 0 || total > EDITIONS_MAX)
		return err_set(ERR_INVALID, _("$.editions: none or too many"));
	for (size_t i = 0; i < total && !r; i++) {
		const json_t *j = json_array_get(list, i);
		struct edition *e = s->editions + s->n_editions++;
		char at[40];

		snprintf(at, sizeof(at), "$.editions[%zu]", i);
		r = content_id(&e->id, j, "id", at);
		if (!r)
			r = read_grades(e, j, at);
		if (!r)
			r = read_cells(e, j, at);
		if (!r)
			r = read_signs(e, s->root, j);
	}
	return r;
}

int strata_parse(
    struct strata **out, const char *const json[2], const size_t n[2])
{
	struct strata *s = mem_new(sizeof(*s));
	int r = content_parse(&s->root, &s->head, json[0], n[0]);

	if (!r)
		r = read_editions(s);
	if (!r)
		r = tag_set_parse(&s->levels, json[1], n[1]);
	if (r)
		strata_free(&s);
	else
		*out = s;
	return r;
}

void strata_free(struct strata **s)
{
	if (!*s)
		return;
	for (size_t i = 0; i < (*s)->n_editions; i++)
		tag_set_free(&(*s)->editions[i].signs);
	tag_set_free(&(*s)->levels);
	json_decref((*s)->root);
	free(*s);
	*s = NULL;
}

static const struct edition *find_edition(
    const struct strata *s, const char *id)
{
	for (size_t i = 0; i < s->n_editions; i++)
		if (!id || !strcmp(s->editions[i].id, id))
			return s->editions + i;
	return NULL;
}

static bool is_from(const struct fact *f, int64_t mmhg)
{
	return f && decimal_cmp(f->value, f->scale, mmhg, 0) >= 0;
}

/* The higher of both pressures decides; -1 below the first grade. */
static int find_grade(
    const struct edition *e, const struct fact *sbp, const struct fact *dbp)
{
	int grade = -1;

	for (int i = 0; i < GRADES; i++)
		if (is_from(sbp, e->grades[i].sbp) ||
		    is_from(dbp, e->grades[i].dbp))
			grade = i;
	return grade;
}

static void add_inputs(struct cond_trace *to, const struct cond_trace *from)
{
	for (size_t i = 0; i < from->n && to->n < COND_INPUTS; i++)
		to->used[to->n++] = from->used[i];
}

/* Row of the table, and the signs that put the patient there. */
static int find_row(struct strata_hypertension *h, const struct edition *e,
    const struct facts *facts, int64_t now_s)
{
	struct tag_hit hits[STRATA_REASONS_MAX];
	size_t n = tag_run(hits, ARRAY_LEN(hits), e->signs, facts, now_s);
	int factors = 0;
	int row = 0;

	for (size_t i = 0; i < n && i < ARRAY_LEN(hits); i++) {
		const struct tag_rule *sign = hits[i].rule;

		h->reasons[h->n_reasons++] = sign;
		add_inputs(&h->inputs, &hits[i].inputs);
		if (!strcmp(sign->group, "complication"))
			row = 3;
		else if (!strcmp(sign->group, "organ") && row < 2)
			row = 2;
		else
			factors++;
	}
	if (row == 0 && factors)
		row = factors >= 3 ? 2 : 1;
	return row;
}

int strata_hypertension(struct strata_hypertension *out, const struct strata *s,
    const char *edition, const struct facts *facts, int64_t now_s)
{
	const struct edition *e = find_edition(s, edition);
	const struct fact *sbp = facts_last(facts, "8480-6");
	const struct fact *dbp = facts_last(facts, "8462-4");
	struct strata_hypertension h = {.version = s->head.version};
	int grade;

	if (!e || (!sbp && !dbp))
		return err_set(ERR_NOT_FOUND, "edition or blood pressure");
	grade = find_grade(e, sbp, dbp);
	h.edition = e->id;
	if (sbp)
		h.inputs.used[h.inputs.n++] = *sbp;
	if (dbp)
		h.inputs.used[h.inputs.n++] = *dbp;
	h.row = find_row(&h, e, facts, now_s);
	if (grade >= 0) {
		h.grade = e->grades[grade].id;
		h.least = e->cells[h.row][grade][0];
		h.risk = e->cells[h.row][grade][1];
	}
	*out = h;
	return 0;
}

void strata_level(struct strata_level *out, const struct strata *s,
    const struct facts *facts, int64_t now_s)
{
	struct tag_hit hits[STRATA_REASONS_MAX];
	size_t n = tag_run(hits, ARRAY_LEN(hits), s->levels, facts, now_s);
	struct strata_level l = {
	    .level = STRATA_LOW, .version = tag_set_head(s->levels)->version};

	for (size_t i = 0; i < n && i < ARRAY_LEN(hits); i++) {
		enum strata_risk level = STRATA_LOW;

		if (!risk_of(&level, hits[i].rule->group) || level < l.level)
			continue;
		if (level > l.level)
			l.n_reasons = l.inputs.n = 0;
		l.level = level;
		l.reasons[l.n_reasons++] = hits[i].rule;
		add_inputs(&l.inputs, &hits[i].inputs);
	}
	*out = l;
}
