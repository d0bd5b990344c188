/*
 * branch.h - a branch that contradicted a seat's log and was kept as evidence
 * (ledger_keep_branch), after a supervisor has released it to the person's
 * new seat: the centre hands its records over, and the new seat says them
 * again as its own, marked with where they come from. What was signed stays
 * what it was. Must not know sockets or screens. All in a transaction.
 */
#ifndef SUIFANG_SYNC_BRANCH_H
#define SUIFANG_SYNC_BRANCH_H

#include "core/base.h"
#include "core/json.h"

struct ledger;
struct record;
struct session;

#define BRANCH_MOST 4096 /* records of one branch */

/* One record of a branch. */
struct branch_part {
	struct hash name, prev;
	uint64_t seq;
};

/* The branch of a seat that ends with tip, oldest first; freed with free().
 * How many, or ERR_NOT_FOUND where the centre has no such record. */
NODISCARD int branch_walk(struct branch_part **out, struct ledger *ledger,
    const struct id *seat, const struct hash *tip);

/* The verdict of a release, and of what was said again; 1, 0 or an error. */
NODISCARD int branch_may_go(struct ledger *ledger, const json_t *body);
NODISCARD int branch_may_take(
    struct ledger *ledger, const struct record *r, const json_t *body);

/* Was a branch of that seat released to the other one? */
NODISCARD int branch_is_for(
    struct ledger *ledger, const struct id *seat, const struct id *to);

/* Node: a record with a release was entered: keys that came beside released
 * records are kept, their seals dropped. */
bool branch_is_released(const struct record *record);
NODISCARD int branch_follow(struct ledger *ledger);

/* Node: hands over what was released to the peer and not taken yet. */
NODISCARD int branch_give(struct session *s);
/* Terminal: says it again. */
NODISCARD int branch_take(struct session *s, const void *data, size_t n);

#endif
