/*
 * script_run_int.h - the state of a run, for the files of the script engine
 * only. Every item has one node for each place it may be asked at.
 */
#ifndef SUIFANG_SCRIPT_RUN_INT_H
#define SUIFANG_SCRIPT_RUN_INT_H

#include "core/script_int.h"
#include "core/script_run.h"

struct node {
	uint32_t occ;
	uint32_t instances; /* of a repeating group */
	bool enabled;
	bool is_proxy;   /* would be asked, but not of this respondent */
	bool is_touched; /* since it is asked, its initial value was offered */
	struct script_answer answer; /* owns its values */
};

struct node_list {
	struct node *at; /* in order of occ */
	uint32_t n;
};

struct script_run {
	const struct script *s;
	const struct script_person *person;
	int32_t zone_s;
	enum script_status status;
	struct node_list *items; /* one list an item */
	uint32_t n_nodes;
	struct script_slot *slots;
	uint32_t n_slots, cap_slots;
};

static inline bool answer_is_given(const struct script_answer *a)
{
	return a->n > 0 || a->absent != SCRIPT_ABSENT_NONE;
}

/* The occurrence of the ancestor that is `up` levels above. */
static inline uint32_t occ_above(uint32_t occ, unsigned up)
{
	return up * 6 < 32 ? occ >> (up * 6) : 0;
}

struct node *run_node(
    const struct script_run *run, uint32_t item, uint32_t occ);
/* Decides every place anew and rebuilds the slots. */
void run_settle(struct script_run *run);
/* Puts an answer (copied) or, with NULL, nothing into a node. */
void run_put(struct node *node, const struct script_answer *answer);
/* Does the answer of item's place satisfy this condition's place? */
bool run_is_enabled(const struct script_run *run, uint32_t item, uint32_t occ);
/* The option with this value, or NULL. */
const struct script_option *run_option(
    const struct script_item *it, const struct script_value *v);
/* A score sum at a place; false while no part has a weight. */
bool run_sum(struct script_value *out, const struct script_run *run,
    uint32_t item, uint32_t occ);

/* script_answer.c: hard and soft checks; replaces values by the option's own.
 * values are writable copies of answer->values. */
int run_check(const struct script_run *run, const struct script_answer *answer,
    struct script_value *values, bool confirmed, struct script_verdict *v);

#endif
