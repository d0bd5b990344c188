/*
 * fuzz_pathway.c - a pathway file from a stranger: it is refused with a
 * reason, or every contact it plans lies after the one before, in a window.
 */
#include "tests/fuzz/fuzz.h"

#include "core/err.h"
#include "core/pathway_set.h"

#define DAY INT64_C(20779)

static void check_due(const struct pathway_due *due, int64_t earliest)
{
	FUZZ_HOLDS(due->rule && due->why.zh && due->why.en);
	if (due->is_over)
		return;
	FUZZ_HOLDS(due->open_day >= earliest);
	FUZZ_HOLDS(due->open_day <= due->due_day);
	FUZZ_HOLDS(due->due_day <= due->close_day);
}

/* A patient goes along the pathway for a while. */
static void follow(const struct pathway *p, const char *class)
{
	struct facts f = {0};
	struct pathway_due due;

	pathway_first_due(&due, p, DAY, DAY);
	check_due(&due, DAY);
	facts_add_coded(&f, VISIT_CLASS, class, DAY * 86400);
	for (int i = 0; i < 20 && !due.is_over; i++) {
		struct pathway_visit v = {
		    due.step, DAY, due.due_day, due.due_day * 86400, &f};

		pathway_next(&due, p, &v);
		check_due(&due, v.day + 1);
	}
	facts_fini(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pathway *p = NULL;
	struct facts person = {0};
	struct pathway_enrol e;

	if (pathway_parse(&p, (const char *)data, n)) {
		FUZZ_HOLDS(!p && *err_detail());
		return 0;
	}
	facts_add_coded(&person, "condition", "I10", DAY * 86400);
	facts_add_number(&person, "age", 60, 0, DAY * 86400);
	if (pathway_should_enrol(&e, p, &person, DAY * 86400, 28800))
		FUZZ_HOLDS(e.pathway == p);
	follow(p, VISIT_SATISFIED);
	follow(p, VISIT_UNSATISFIED);
	facts_fini(&person);
	pathway_free(&p);
	return 0;
}
