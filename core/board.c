/*
 * board.c - reading team numbers and who would move.
 */
#include "core/board.h"

#include "core/mem.h"
#include "core/store.h"

#include <stdlib.h>
#include <string.h>

static void read_member(void *row, const struct stmt *s)
{
	struct board_member *m = row;

	*m = (struct board_member){
	    .capacity = (int)stmt_int(s, 3),
	    .is_active = stmt_int(s, 4) != 0,
	    .queue = (int)stmt_int(s, 6),
	    .overdue = (int)stmt_int(s, 7),
	    .high = (int)stmt_int(s, 8),
	    .done = (int)stmt_int(s, 9),
	    .last_s = stmt_int(s, 10),
	    .promised = (int)stmt_int(s, 11),
	    .first_s = stmt_int(s, 15),
	};
	STMT_COPY(m->member, s, 0);
	STMT_COPY(m->name, s, 1);
	STMT_COPY(m->name_en, s, 2);
	STMT_COPY(m->covered_by, s, 12);
	STMT_COPY(m->skills, s, 13);
	STMT_COPY(m->dialects, s, 14);
	stmt_id(&m->team, s, 5);
}

int board_read(struct board_member *out, int max, struct store *store,
    const struct board_ask *ask)
{
	struct stmt *s = store_query(store, Q_BOARD_MEMBERS);

	stmt_bind_id(s, ":team", &ask->team);
	stmt_bind_int(s, ":today", ask->today);
	stmt_bind_int(s, ":from_s", ask->from_s);
	return stmt_rows(out, sizeof(*out), max, s, read_member);
}

static void read_seat(void *row, const struct stmt *s)
{
	struct board_seat *b = row;

	stmt_id(&b->seat, s, 0);
	STMT_COPY(b->member, s, 1);
}

int board_seats(
    struct board_seat *out, int max, struct store *store, const struct id *team)
{
	struct stmt *s = store_query(store, Q_BOARD_SEATS);

	stmt_bind_id(s, ":team", team);
	return stmt_rows(out, sizeof(*out), max, s, read_seat);
}

void board_plan_fini(struct board_plan *plan)
{
	free(plan->moves);
	free(plan->slots);
	free(plan->paths);
	*plan = (struct board_plan){0};
}

static void read_move(struct board_move *m, const struct stmt *s)
{
	*m = (struct board_move){
	    .is_high = stmt_int(s, 4) != 0,
	    .is_overdue = stmt_int(s, 5) != 0,
	    .promised_s = stmt_int(s, 6),
	    .is_done = stmt_int(s, 12) != 0,
	    .in_call = stmt_int(s, 13) != 0,
	};
	stmt_id(&m->patient, s, 0);
	stmt_id(&m->team, s, 1);
	STMT_COPY(m->from, s, 2);
	STMT_COPY(m->prior, s, 3);
	STMT_COPY(m->name, s, 7);
	STMT_COPY(m->name_en, s, 8);
	STMT_COPY(m->dialect, s, 9);
	STMT_COPY(m->pathway, s, 10);
	STMT_COPY(m->script, s, 11);
}

/* Of one patient, or of one member; the other is NULL. */
static int read_moves(struct board_plan *plan, struct store *store,
    const struct id *patient, const char *member, const struct board_ask *ask)
{
	struct stmt *s = store_query(store, Q_BOARD_MOVES);
	int rc;

	if (patient)
		stmt_bind_id(s, ":patient", patient);
	else
		stmt_bind_null(s, ":patient");
	stmt_bind_text(s, ":member", member);
	stmt_bind_int(s, ":today", ask->today);
	stmt_bind_int(s, ":from_s", ask->from_s);
	while ((rc = stmt_step(s)) == 1) {
		plan->moves = mem_grow(
		    plan->moves, plan->count + 1, sizeof(*plan->moves));
		read_move(&plan->moves[plan->count++], s);
	}
	return rc;
}

int board_plan_member(struct board_plan *plan, struct store *store,
    const char *member, const struct board_ask *ask)
{
	return read_moves(plan, store, NULL, member, ask);
}

int board_plan_patient(struct board_plan *plan, struct store *store,
    const struct id *patient, const struct board_ask *ask)
{
	return read_moves(plan, store, patient, NULL, ask);
}

static bool is_moving(const struct board_plan *plan, const char *member)
{
	for (size_t i = 0; i < plan->count; i++)
		if (strcmp(plan->moves[i].from, member) == 0)
			return true;
	return false;
}

static int read_slots(
    struct board_plan *plan, struct store *store, const struct id *team)
{
	struct stmt *s = store_query(store, Q_BOARD_SLOTS);
	int rc;

	stmt_bind_id(s, ":team", team);
	while ((rc = stmt_step(s)) == 1) {
		struct board_slot *at;
		if (is_moving(plan, stmt_text(s, 0)))
			continue;
		plan->slots = mem_grow(
		    plan->slots, plan->slot_count + 1, sizeof(*plan->slots));
		at = &plan->slots[plan->slot_count++];
		STMT_COPY(at->member, s, 0);
		at->due_s = stmt_int(s, 1);
	}
	return rc;
}

int board_plan_team(
    struct board_plan *plan, struct store *store, const struct id *team)
{
	int rc = read_slots(plan, store, team);
	struct stmt *s;

	if (rc < 0)
		return rc;
	s = store_query(store, Q_BOARD_PATHWAYS);
	stmt_bind_id(s, ":team", team);
	while ((rc = stmt_step(s)) == 1) {
		struct board_path *at;
		plan->paths = mem_grow(
		    plan->paths, plan->path_count + 1, sizeof(*plan->paths));
		at = &plan->paths[plan->path_count++];
		STMT_COPY(at->member, s, 0);
		STMT_COPY(at->pathway, s, 1);
	}
	return rc;
}
