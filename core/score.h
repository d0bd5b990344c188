/*
 * score.h - published scores as data: a sum of points over facts and the
 * bands it falls into (LACE, mMRC, PHQ-2, PHQ-9, GAD-7, NEWS2). A score with
 * a part that was not answered is not computed, never guessed. Pure.
 */
#ifndef SUIFANG_SCORE_H
#define SUIFANG_SCORE_H

#include "core/base.h"
#include "core/cond.h"
#include "core/content.h"

#define SCORE_PARTS_MAX 40

struct score;
struct score_set;

struct score_part_result {
	const char *id;
	bool is_known;
	int points;
};

struct score_result {
	const char *id;
	int version;
	const char *code; /* fact code of the total, such as a LOINC code */
	bool is_complete;
	int total; /* 0 unless complete */
	int missing;
	int n_asked;      /* parts that are answered or measured */
	int n_known;      /* of those */
	int64_t at_s;     /* of the newest part known; now when none is dated */
	bool is_history;  /* nothing in it is of this contact */
	const char *band; /* id; NULL unless complete */
	struct words words; /* of the band */
	struct score_part_result parts[SCORE_PARTS_MAX];
	size_t n_parts;
	struct cond_trace inputs; /* the first of the facts used */
};

/* ERR_INVALID with path and reason. */
NODISCARD int score_set_parse(
    struct score_set **out, const char *json, size_t n);
void score_set_free(struct score_set **set);

size_t score_set_total(const struct score_set *set);
const struct score *score_set_at(const struct score_set *set, size_t i);
/* NULL when there is none. */
const struct score *score_set_find(const struct score_set *set, const char *id);
const char *score_id(const struct score *s);
const struct words *score_title(const struct score *s);
const char *score_source(const struct score *s);
/* What a total means. */
const struct words *score_band(const struct score *s, int total);

void score_run(struct score_result *out, const struct score *s,
    const struct facts *facts, int64_t now_s);

#endif
