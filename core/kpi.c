/*
 * kpi.c - reading the indicators and counting their units.
 */
#include "core/kpi.h"

#include "core/cadence.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/id.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kpi_set {
	json_t *root;
	struct content_head head;
	struct kpi at[KPI_MAX];
	size_t n;
};

static const struct {
	const char *id;
	enum query_id query;
} queries[] = {
    {"completion", Q_KPI_COMPLETION},
    {"reach", Q_KPI_REACH},
    {"finished", Q_KPI_FINISHED},
    {"talk", Q_KPI_TALK},
    {"promise", Q_KPI_PROMISE},
    {"alert-time", Q_KPI_ALERT_TIME},
    {"alert-loop", Q_KPI_ALERT_LOOP},
    {"pressure", Q_KPI_PRESSURE},
    {"glucose", Q_KPI_GLUCOSE},
    {"adherence", Q_KPI_ADHERENCE},
    {"satisfaction", Q_KPI_SATISFACTION},
    {"refused", Q_KPI_REFUSED},
    {"complaint", Q_KPI_COMPLAINT},
    {"appointment", Q_KPI_APPOINTMENT},
    {"readmission", Q_KPI_READMISSION},
    {"visit-class", Q_KPI_VISIT_CLASS},
};

/* ---- definitions --------------------------------------------------------- */

static int read_words(struct kpi *k, const json_t *j, const char *at)
{
	int r = content_words(&k->name, j, "name", at);

	if (r == 0)
		r = content_words(&k->numerator, j, "numerator", at);
	if (r == 0)
		r = content_words(&k->denominator, j, "denominator", at);
	if (r == 0)
		r = content_words(&k->excluded, j, "excluded", at);
	return r;
}

static int read_kpi(struct kpi *k, const json_t *j, const char *at)
{
	static const char *const names[] = {"id", "dimension", "unit", "better",
	    "target", "name", "numerator", "denominator", "excluded", NULL};
	const char *better = json_str(j, "better", "");
	int r = content_members(j, at, names);

	if (r == 0)
		r = content_id(&k->id, j, "id", at);
	if (r == 0)
		r = read_words(k, j, at);
	if (r < 0)
		return r;
	k->dimension = json_str(j, "dimension", "");
	k->unit = strcmp(json_str(j, "unit", ""), "minutes") == 0 ? KPI_MINUTES
								  : KPI_PERCENT;
	k->better = strcmp(better, "high") == 0  ? KPI_HIGH
		    : strcmp(better, "low") == 0 ? KPI_LOW
						 : KPI_NEITHER;
	k->target = (int)json_int(j, "target", -1);
	return 0;
}

static int read_set(struct kpi_set *s)
{
	const json_t *list = json_list(s->root, "kpis");
	size_t total = json_array_size(list);
	int r = 0;

	if (total == 0 || total > KPI_MAX)
		return err_set(ERR_INVALID, _("$.kpis: none or too many"));
	for (size_t i = 0; i < total && r == 0; i++) {
		char at[40];
		snprintf(at, sizeof(at), "$.kpis[%zu]", i);
		r = read_kpi(&s->at[s->n++], json_array_get(list, i), at);
	}
	return r;
}

int kpi_set_parse(struct kpi_set **out, const char *json, size_t n)
{
	struct kpi_set *s = mem_new(sizeof(*s));
	int r = content_parse(&s->root, &s->head, json, n);

	if (r == 0)
		r = read_set(s);
	if (r < 0)
		kpi_set_free(&s);
	else
		*out = s;
	return r;
}

void kpi_set_free(struct kpi_set **set)
{
	if (!*set)
		return;
	json_decref((*set)->root);
	free(*set);
	*set = NULL;
}

size_t kpi_total(const struct kpi_set *set)
{
	return set->n;
}

const struct kpi *kpi_at(const struct kpi_set *set, size_t i)
{
	return &set->at[i];
}

/* ---- counting ------------------------------------------------------------ */

/* The group of a patient; rows are in order of id. */
struct place {
	struct id patient;
	char group[KPI_GROUP];
};

struct kpi_count {
	struct store *store;
	struct kpi_ask ask;
	struct place *places;
	size_t count;
};

static int read_places(struct kpi_count *c)
{
	struct stmt *s = store_query(c->store, Q_KPI_GROUPS);
	int col = c->ask.by == KPI_BY_DEPARTMENT ? 1
		  : c->ask.by == KPI_BY_DOCTOR   ? 2
						 : 3;
	size_t room = 0;
	int rc;

	while ((rc = stmt_step(s)) == 1) {
		if (c->count == room) {
			room = room ? room * 2 : 256;
			c->places =
			    mem_grow(c->places, room, sizeof(*c->places));
		}
		stmt_id(&c->places[c->count].patient, s, 0);
		text_copy(
		    c->places[c->count].group, KPI_GROUP, stmt_text(s, col));
		c->count++;
	}
	return rc;
}

int kpi_count_open(
    struct kpi_count **out, struct store *store, const struct kpi_ask *ask)
{
	struct kpi_count *c = mem_new(sizeof(*c));
	int rc = 0;

	c->store = store;
	c->ask = *ask;
	if (ask->by != KPI_BY_ALL && ask->by != KPI_BY_MEMBER)
		rc = read_places(c);
	if (rc < 0)
		kpi_count_free(&c);
	else
		*out = c;
	return rc;
}

void kpi_count_free(struct kpi_count **cp)
{
	if (!*cp)
		return;
	free((*cp)->places);
	free(*cp);
	*cp = NULL;
}

static int by_patient(const void *key, const void *item)
{
	return id_cmp(key, &((const struct place *)item)->patient);
}

static const char *group_of(const struct kpi_count *c, const struct stmt *s)
{
	const struct place *p;
	struct id patient;

	if (c->ask.by == KPI_BY_ALL)
		return "";
	if (c->ask.by == KPI_BY_MEMBER)
		return stmt_text(s, 1);
	stmt_id(&patient, s, 0);
	p = c->count
		? bsearch(&patient, c->places, c->count, sizeof(*p), by_patient)
		: NULL;
	return p ? p->group : "";
}

/* The row of a group, added in order; NULL when there is no room. */
static struct kpi_row *row_of(
    struct kpi_row *rows, int *n, int max, const char *group)
{
	int at = 0, order = 1;

	while (at < *n && (order = strcmp(rows[at].group, group)) < 0)
		at++;
	if (at < *n && order == 0)
		return &rows[at];
	if (*n == max)
		return NULL;
	memmove(&rows[at + 1], &rows[at], (size_t)(*n - at) * sizeof(*rows));
	(*n)++;
	rows[at] = (struct kpi_row){.num = 0};
	text_copy(rows[at].group, KPI_GROUP, group);
	return &rows[at];
}

static void take_unit(
    struct kpi_row *row, const struct kpi_count *c, const struct stmt *s)
{
	const struct disposition *d =
	    cadence_find(c->ask.cadence, stmt_text(s, 4));

	if (d && d->is_excluded) {
		row->excluded++;
		return;
	}
	row->num += stmt_int(s, 2);
	row->den += stmt_int(s, 3);
}

static struct stmt *ask_units(struct kpi_count *c, enum query_id query)
{
	struct stmt *s = store_query(c->store, query);
	const struct kpi_ask *a = &c->ask;

	stmt_bind_int(s, ":from_s", a->from_s);
	stmt_bind_int(s, ":until_s", a->until_s);
	stmt_bind_int(s, ":from_day", day_of(a->from_s, a->zone_s));
	stmt_bind_int(s, ":until_day", day_of(a->until_s, a->zone_s));
	return s;
}

int kpi_count_rows(
    struct kpi_row *out, int max, struct kpi_count *c, const struct kpi *kpi)
{
	struct stmt *s = NULL;
	int n = 0, rc;

	for (size_t i = 0; i < ARRAY_LEN(queries); i++)
		if (strcmp(queries[i].id, kpi->id) == 0)
			s = ask_units(c, queries[i].query);
	if (!s)
		return err_set(ERR_NOT_FOUND, "indicator %s", kpi->id);
	if (c->ask.by == KPI_BY_ALL)
		row_of(out, &n, max, "");
	while ((rc = stmt_step(s)) == 1) {
		struct kpi_row *row = row_of(out, &n, max, group_of(c, s));
		if (row)
			take_unit(row, c, s);
	}
	return rc < 0 ? rc : n;
}

/* ---- figures ------------------------------------------------------------- */

/* In tenths of the unit, rounded. */
static int64_t tenths(const struct kpi *kpi, const struct kpi_row *row)
{
	int64_t per = kpi->unit == KPI_MINUTES ? 60 * row->den : row->den;
	int64_t times = kpi->unit == KPI_MINUTES ? 10 : 1000;

	return (row->num * times * 2 + per) / (2 * per);
}

void kpi_value_text(
    char *out, size_t size, const struct kpi *kpi, const struct kpi_row *row)
{
	int64_t v;

	if (row->den <= 0) {
		text_copy(out, size, "-");
		return;
	}
	v = tenths(kpi, row);
	snprintf(out, size, "%lld.%lld%s", (long long)(v / 10),
	    (long long)(v % 10), kpi->unit == KPI_PERCENT ? "%" : "");
}

int kpi_meets(const struct kpi *kpi, const struct kpi_row *row)
{
	int64_t v;

	if (kpi->target < 0 || kpi->better == KPI_NEITHER || row->den <= 0)
		return 0;
	v = tenths(kpi, row);
	if (kpi->better == KPI_HIGH)
		return v >= (int64_t)kpi->target * 10 ? 1 : -1;
	return v <= (int64_t)kpi->target * 10 ? 1 : -1;
}
