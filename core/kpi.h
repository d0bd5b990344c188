/*
 * kpi.h - indicators as data: each with its numerator, denominator and
 * exclusions in words (tables/kpi.json) and the query that gives its units
 * one row each (query/kpi_*.sql). Anyone with the log comes to the same
 * number. Reads only; must not know screens.
 */
#ifndef SUIFANG_KPI_H
#define SUIFANG_KPI_H

#include "core/base.h"
#include "core/content.h"

struct cadence;
struct store;

#define KPI_MAX 64
#define KPI_GROUP 96 /* bytes of a group's name, with its NUL */

enum kpi_unit {
	KPI_PERCENT,
	KPI_MINUTES
};
enum kpi_better {
	KPI_HIGH,
	KPI_LOW,
	KPI_NEITHER
};
/* How the units are split; ALL: one row for everybody. */
enum kpi_by {
	KPI_BY_ALL,
	KPI_BY_MEMBER,
	KPI_BY_PATHWAY,
	KPI_BY_DEPARTMENT,
	KPI_BY_DOCTOR,
	KPI_BY_COUNT
};

struct kpi {
	const char *id;
	const char *dimension; /* "service", "clinical" ... */
	enum kpi_unit unit;
	enum kpi_better better;
	int target; /* in the unit; -1: none */
	struct words name, numerator, denominator, excluded;
};

struct kpi_set;

/* ERR_INVALID with path and reason. */
NODISCARD int kpi_set_parse(struct kpi_set **out, const char *json, size_t n);
void kpi_set_free(struct kpi_set **set);
size_t kpi_total(const struct kpi_set *set);
const struct kpi *kpi_at(const struct kpi_set *set, size_t i);

/* One figure. excluded: units that the outcomes of calls take out. */
struct kpi_row {
	char group[KPI_GROUP]; /* "" for all, and where nothing is known */
	int64_t num;           /* seconds for KPI_MINUTES */
	int64_t den, excluded;
};

/* A period from midnight to midnight, the last one excluded; until_s may be
 * now. */
struct kpi_ask {
	int64_t from_s, until_s;
	int32_t zone_s;
	enum kpi_by by;
	const struct cadence *cadence; /* says what is excluded */
};

/* Counting over one store; open it once for many indicators. */
struct kpi_count;
NODISCARD int kpi_count_open(
    struct kpi_count **out, struct store *store, const struct kpi_ask *ask);
void kpi_count_free(struct kpi_count **c);
/* Rows in order of group, at most max; more groups are left out. Returns how
 * many, or an error. An indicator without a query of this program gives
 * ERR_NOT_FOUND. */
int kpi_count_rows(
    struct kpi_row *out, int max, struct kpi_count *c, const struct kpi *kpi);

/* "58.3%", "4.2", or "-" where there is nothing to count. */
void kpi_value_text(
    char *out, size_t size, const struct kpi *kpi, const struct kpi_row *row);
/* -1 misses the target, 1 meets it, 0 where there is none or no figure. */
int kpi_meets(const struct kpi *kpi, const struct kpi_row *row);

#endif
