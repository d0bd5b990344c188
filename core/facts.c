/* facts.c - a set of facts ordered by code and time. */
#include "core/facts.h"

#include "core/clock.h"
#include "core/decimal.h"
#include "core/mem.h"
#include "core/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void facts_fini(struct facts *f)
{
	free(f->items);
	*f = (struct facts){0};
}

void facts_clear(struct facts *f)
{
	f->n = 0;
}

/* Index of the first fact after (code, at_s); with INT64_MIN the first of
 * the code itself, unless it is that old. */
static size_t place_after(const struct facts *f, const char *code, int64_t at_s)
{
	size_t lo = 0;
	size_t hi = f->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(f->items[mid].code, code);

		if (c < 0 || (c == 0 && f->items[mid].at_s <= at_s))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void facts_add(struct facts *f, const struct fact *fact)
{
	size_t i = place_after(f, fact->code, fact->at_s);

	assert(fact->scale >= 0 && fact->scale <= DECIMAL_SCALE_MAX);
	assert(fact->at_s > INT64_MIN);
	if (f->n == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 32;
		f->items = mem_grow(f->items, f->cap, sizeof(*f->items));
	}
	memmove(f->items + i + 1, f->items + i, (f->n - i) * sizeof(*f->items));
	f->items[i] = *fact;
	f->n++;
}

static struct fact fact_of(const char *code, enum fact_kind kind, int64_t at_s)
{
	struct fact fact = {.kind = kind, .at_s = at_s};

	text_copy(fact.code, sizeof(fact.code), code);
	return fact;
}

void facts_add_number(
    struct facts *f, const char *code, int64_t value, int scale, int64_t at_s)
{
	struct fact fact = fact_of(code, FACT_NUMBER, at_s);

	fact.value = value;
	fact.scale = scale;
	facts_add(f, &fact);
}

void facts_add_coded(
    struct facts *f, const char *code, const char *text, int64_t at_s)
{
	struct fact fact = fact_of(code, FACT_CODED, at_s);

	text_copy(fact.text, sizeof(fact.text), text);
	facts_add(f, &fact);
}

void facts_add_flag(struct facts *f, const char *code, bool flag, int64_t at_s)
{
	struct fact fact = fact_of(code, FACT_FLAG, at_s);

	fact.value = flag;
	text_copy(fact.text, sizeof(fact.text), flag ? "true" : "false");
	facts_add(f, &fact);
}

void facts_age(struct facts *f)
{
	for (size_t i = 0; i < f->n; i++)
		f->items[i].is_history = true;
}

void facts_drop(struct facts *f, const char *code)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->items[i].is_history || strcmp(f->items[i].code, code))
			f->items[kept++] = f->items[i];
	f->n = kept;
}

const struct fact *facts_of(const struct facts *f, const char *code, size_t *n)
{
	size_t from = place_after(f, code, INT64_MIN);

	*n = place_after(f, code, INT64_MAX) - from;
	return *n ? f->items + from : NULL;
}

const struct fact *facts_last(const struct facts *f, const char *code)
{
	size_t n;
	const struct fact *all = facts_of(f, code, &n);

	while (n-- > 0)
		if (all[n].kind != FACT_ABSENT)
			return all + n;
	return NULL;
}

const struct fact *facts_previous(const struct facts *f, const char *code)
{
	const struct fact *last = facts_last(f, code);
	size_t n;
	const struct fact *all = facts_of(f, code, &n);

	while (last && n-- > 0)
		if (all[n].kind != FACT_ABSENT && all[n].at_s < last->at_s)
			return all + n;
	return NULL;
}

static int64_t bounded(int64_t v)
{
	if (v > INT64_MAX / 2)
		return INT64_MAX / 2;
	return v < INT64_MIN / 2 ? INT64_MIN / 2 : v;
}

/* last - base at the finer of both scales. */
static int64_t minus(
    int *scale, const struct fact *last, const struct fact *base)
{
	int s = last->scale > base->scale ? last->scale : base->scale;

	*scale = s;
	return bounded(decimal_rescale(last->value, last->scale, s)) -
	       bounded(decimal_rescale(base->value, base->scale, s));
}

static bool is_lower(const struct fact *a, const struct fact *b)
{
	return decimal_cmp(a->value, a->scale, b->value, b->scale) < 0;
}

/* The first, or the lowest, number in the days before the last one. */
static const struct fact *base_of(
    const struct facts *f, const struct fact *last, int days, bool lowest)
{
	size_t n;
	const struct fact *all = facts_of(f, last->code, &n);
	const struct fact *base = NULL;

	for (size_t i = 0; i < n && all[i].at_s < last->at_s; i++) {
		if (all[i].kind != FACT_NUMBER ||
		    all[i].at_s < last->at_s - days * DAY_S)
			continue;
		if (!base || (lowest && is_lower(all + i, base)))
			base = all + i;
	}
	return base;
}

static bool change(
    int64_t *out, int *scale, const struct fact *last, const struct fact *base)
{
	if (!base)
		return false;
	*out = minus(scale, last, base);
	return true;
}

bool facts_difference(
    int64_t *out, int *scale, const struct facts *f, const char *code, int days)
{
	const struct fact *last = facts_last(f, code);

	return last && last->kind == FACT_NUMBER &&
	       change(out, scale, last, base_of(f, last, days, false));
}

bool facts_rise(
    int64_t *out, int *scale, const struct facts *f, const char *code, int days)
{
	const struct fact *last = facts_last(f, code);

	return last && last->kind == FACT_NUMBER &&
	       change(out, scale, last, base_of(f, last, days, true));
}

int facts_count(
    const struct facts *f, const char *code, int days, int64_t now_s)
{
	size_t n;
	const struct fact *all = facts_of(f, code, &n);
	int count = 0;

	for (size_t i = 0; i < n; i++)
		if (all[i].kind != FACT_ABSENT && all[i].at_s <= now_s &&
		    all[i].at_s >= now_s - days * DAY_S)
			count++;
	return count;
}
