/*
 * strata.h - risk of a patient. The Chinese hypertension table (grade of
 * pressure by risk factors, organ damage, complications), one edition beside
 * the other, as data; and the general level high, medium, low by severity,
 * adherence and social support. A person may override a level: the reason
 * belongs to that person's entry, not here.
 */
#ifndef SUIFANG_STRATA_H
#define SUIFANG_STRATA_H

#include "core/base.h"
#include "core/tag.h"

enum strata_risk {
	STRATA_NONE,
	STRATA_LOW,
	STRATA_MEDIUM,
	STRATA_HIGH,
	STRATA_VERY_HIGH
};

#define STRATA_REASONS_MAX 24

struct strata;

/* json[0]: a hypertension-risk file; json[1]: a risk-levels file.
 * ERR_INVALID with path and reason. */
NODISCARD int strata_parse(
    struct strata **out, const char *const json[2], const size_t n[2]);
void strata_free(struct strata **s);

struct strata_hypertension {
	const char *edition;    /* id in the table */
	int version;            /* of the table */
	enum strata_risk risk;  /* the higher one where the table gives two */
	enum strata_risk least; /* the lower one */
	const char *grade;      /* id of the column; NULL: pressure too low */
	int row;                /* 0 no factor .. 3 complication */
	const struct tag_rule *reasons[STRATA_REASONS_MAX];
	size_t n_reasons;
	struct cond_trace inputs;
};

/* edition NULL: the first of the table. ERR_NOT_FOUND without that edition
 * or without a blood pressure; the latest pressure counts, history too. */
NODISCARD int strata_hypertension(struct strata_hypertension *out,
    const struct strata *s, const char *edition, const struct facts *facts,
    int64_t now_s);

struct strata_level {
	enum strata_risk level; /* low, medium or high */
	int version;
	const struct tag_rule *reasons[STRATA_REASONS_MAX]; /* of that level */
	size_t n_reasons;
	struct cond_trace inputs; /* the first of the facts used */
};

void strata_level(struct strata_level *out, const struct strata *s,
    const struct facts *facts, int64_t now_s);

/* "none", "low", "medium", "high", "very-high"; words for people. */
const char *strata_risk_name(enum strata_risk risk);
const struct words *strata_risk_words(enum strata_risk risk);

#endif
