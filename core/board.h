/*
 * board.h - the supervisor's numbers and the plan of a bulk reassignment:
 * who has how much, who would get whom. Reads and plans; writes nothing.
 */
#ifndef SUIFANG_BOARD_H
#define SUIFANG_BOARD_H

#include "core/base.h"
#include "core/draft.h"
#include "core/id.h"

struct store;

struct board_member {
	char member[24], name[96], name_en[96], covered_by[24];
	struct id team;
	int capacity, queue, overdue, high, done, promised;
	int64_t last_s; /* of the last contact; 0: none */
	bool is_active;
};

/* The agents of a team; from_s is the midnight that "done" counts from.
 * Returns how many, or an error. */
struct board_ask {
	struct id team;
	int64_t today, from_s;
};
int board_read(struct board_member *out, int max, struct store *store,
    const struct board_ask *ask);

/* One patient who is to move. */
struct board_move {
	struct id patient, team;
	char from[24], to[24]; /* to "": not decided, stays */
	char prior[REF_TEXT];
	bool is_high, is_overdue;
	int64_t promised_s; /* a callback that keeps its time; 0: none */
};

struct board_plan {
	struct board_move *moves;
	size_t count;
};
void board_plan_fini(struct board_plan *plan);
/* Adds everybody on a member's list, or one patient. */
NODISCARD int board_plan_member(struct board_plan *plan, struct store *store,
    const char *member, int64_t today);
NODISCARD int board_plan_patient(struct board_plan *plan, struct store *store,
    const struct id *patient, int64_t today);

/* Who may get patients, and what they would get. */
struct board_target {
	const struct board_member *who;
	bool is_chosen;
	int gets, high, overdue;
};
/* Even load: high risk first, each to the chosen target with the smallest
 * share of its capacity in use; ties by order. Nobody gets an own patient
 * back. Pure. */
void board_plan_even(
    struct board_plan *plan, struct board_target *targets, int n);

/* The entries of a plan from move `from` on, at most DRAFT_ENTRIES_MAX;
 * returns the index after the last move taken. */
size_t board_plan_draft(struct draft *draft, const struct board_plan *plan,
    size_t from, const struct id *batch);

#endif
