/*
 * board.c - team numbers and reassignment plans.
 */
#include "core/board.h"

#include "core/json.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#define COPY(to, s, col) text_copy(to, sizeof(to), stmt_text(s, col))

static void read_member(struct board_member *m, const struct stmt *s)
{
	*m = (struct board_member){
	    .capacity = (int)stmt_int(s, 3),
	    .is_active = stmt_int(s, 4) != 0,
	    .queue = (int)stmt_int(s, 6),
	    .overdue = (int)stmt_int(s, 7),
	    .high = (int)stmt_int(s, 8),
	    .done = (int)stmt_int(s, 9),
	    .last_s = stmt_int(s, 10),
	    .promised = (int)stmt_int(s, 11),
	};
	COPY(m->member, s, 0);
	COPY(m->name, s, 1);
	COPY(m->name_en, s, 2);
	COPY(m->covered_by, s, 12);
	stmt_id(&m->team, s, 5);
}

int board_read(struct board_member *out, int max, struct store *store,
    const struct board_ask *ask)
{
	struct stmt *s = store_query(store, Q_BOARD_MEMBERS);
	int n = 0, rc;

	stmt_bind_id(s, ":team", &ask->team);
	stmt_bind_int(s, ":today", ask->today);
	stmt_bind_int(s, ":from_s", ask->from_s);
	while ((rc = stmt_step(s)) == 1 && n < max)
		read_member(&out[n++], s);
	stmt_reset(s);
	return rc < 0 ? rc : n;
}

void board_plan_fini(struct board_plan *plan)
{
	free(plan->moves);
	*plan = (struct board_plan){0};
}

static int read_moves(struct board_plan *plan, struct stmt *s)
{
	int rc;

	while ((rc = stmt_step(s)) == 1) {
		struct board_move *m;
		plan->moves = mem_grow(
		    plan->moves, plan->count + 1, sizeof(*plan->moves));
		m = &plan->moves[plan->count++];
		*m = (struct board_move){
		    .is_high = stmt_int(s, 4) != 0,
		    .is_overdue = stmt_int(s, 5) != 0,
		    .promised_s = stmt_int(s, 6),
		};
		stmt_id(&m->patient, s, 0);
		stmt_id(&m->team, s, 1);
		COPY(m->from, s, 2);
		COPY(m->prior, s, 3);
	}
	return rc;
}

int board_plan_member(struct board_plan *plan, struct store *store,
    const char *member, int64_t today)
{
	struct stmt *s = store_query(store, Q_BOARD_PATIENTS);

	stmt_bind_text(s, ":member", member);
	stmt_bind_int(s, ":today", today);
	return read_moves(plan, s);
}

int board_plan_patient(struct board_plan *plan, struct store *store,
    const struct id *patient, int64_t today)
{
	struct stmt *s = store_query(store, Q_BOARD_ASSIGNED);

	stmt_bind_id(s, ":patient", patient);
	stmt_bind_int(s, ":today", today);
	return read_moves(plan, s);
}

static int by_risk(const void *a, const void *b)
{
	const struct board_move *x = a, *y = b;

	if (x->is_high != y->is_high)
		return x->is_high ? -1 : 1;
	if (x->is_overdue != y->is_overdue)
		return x->is_overdue ? -1 : 1;
	return id_cmp(&x->patient, &y->patient);
}

/* Is a's share of its capacity in use smaller than b's? */
static bool is_freer(const struct board_target *a, const struct board_target *b)
{
	int64_t ca = a->who->capacity > 0 ? a->who->capacity : 1;
	int64_t cb = b->who->capacity > 0 ? b->who->capacity : 1;

	return (a->who->queue + a->gets) * cb < (b->who->queue + b->gets) * ca;
}

static struct board_target *freest(
    struct board_target *targets, int n, const char *from)
{
	struct board_target *best = NULL;

	for (int i = 0; i < n; i++) {
		struct board_target *t = &targets[i];
		if (!t->is_chosen || strcmp(t->who->member, from) == 0)
			continue;
		if (!best || is_freer(t, best))
			best = t;
	}
	return best;
}

void board_plan_even(
    struct board_plan *plan, struct board_target *targets, int n)
{
	for (int i = 0; i < n; i++)
		targets[i].gets = targets[i].high = targets[i].overdue = 0;
	if (plan->count)
		qsort(plan->moves, plan->count, sizeof(*plan->moves), by_risk);
	for (size_t i = 0; i < plan->count; i++) {
		struct board_move *m = &plan->moves[i];
		struct board_target *t = freest(targets, n, m->from);
		m->to[0] = '\0';
		if (!t)
			continue;
		text_copy(m->to, sizeof(m->to), t->who->member);
		t->gets++;
		t->high += m->is_high;
		t->overdue += m->is_overdue;
	}
}

size_t board_plan_draft(struct draft *draft, const struct board_plan *plan,
    size_t from, const struct id *batch)
{
	for (; from < plan->count && draft->count < DRAFT_ENTRIES_MAX; from++) {
		const struct board_move *m = &plan->moves[from];
		json_t *body;
		if (!m->to[0])
			continue;
		body = json_object();
		draft_put_id(body, "patient", &m->patient);
		json_put_str(body, "member", m->to);
		json_put_str(body, "prior", m->prior);
		json_put_str(body, "reason", "load");
		draft_put_id(body, "batch", batch);
		draft_add(draft, KIND_ASSIGNED, &m->team, body);
	}
	return from;
}
