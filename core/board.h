/*
 * board.h - the supervisor's numbers and the plan of a bulk reassignment:
 * who has how much, who would get whom and why not. Reads and plans; writes
 * nothing.
 */
#ifndef SUIFANG_BOARD_H
#define SUIFANG_BOARD_H

#include "core/base.h"
#include "core/draft.h"
#include "core/id.h"

struct store;

struct board_member {
	char member[24], name[96], name_en[96], covered_by[24];
	char skills[204], dialects[104]; /* lists with ; skills may be "*" */
	struct id team;
	int capacity, queue, overdue, high, done, promised;
	int64_t last_s;  /* of the last contact; 0: none */
	int64_t first_s; /* of the day's first call; 0: none */
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

/* Whose a seat is. */
struct board_seat {
	struct id seat;
	char member[24];
};
int board_seats(struct board_seat *out, int max, struct store *store,
    const struct id *team);

/* Why a patient stays where it is. */
enum board_left {
	BOARD_MOVES,
	BOARD_NOBODY,   /* nobody is chosen */
	BOARD_SCRIPT,   /* nobody chosen may use the script that is due */
	BOARD_DISEASE,  /* nobody chosen follows this pathway */
	BOARD_DIALECT,  /* nobody chosen speaks it */
	BOARD_PROMISED, /* promises stay with who made them */
	BOARD_FINISHED, /* called today already */
	BOARD_HAND      /* by hand: not decided yet */
};

/* One patient who is to move. */
struct board_move {
	struct id patient, team;
	char from[24], to[24]; /* to "": stays */
	char prior[REF_TEXT];
	char name[96], name_en[96], dialect[64], pathway[64], script[64];
	bool is_high, is_overdue, is_done;
	bool in_call;       /* one of today, begun and not ended */
	bool is_fixed;      /* `to` was chosen by hand; "": stays */
	bool clashes;       /* the new agent has a promise at that time */
	int64_t free_s;     /* then: the next time that is free there */
	int64_t promised_s; /* a callback that keeps its time; 0: none */
	enum board_left left;
};

struct board_slot {
	char member[24];
	int64_t due_s;
};
struct board_path {
	char member[24], pathway[64];
};

struct board_plan {
	struct board_move *moves;
	size_t count;
	/* What the team has already; read by board_plan_team. */
	struct board_slot *slots;
	size_t slot_count;
	struct board_path *paths;
	size_t path_count;
};
void board_plan_fini(struct board_plan *plan);
/* Adds everybody on a member's list, or one patient. */
NODISCARD int board_plan_member(struct board_plan *plan, struct store *store,
    const char *member, const struct board_ask *ask);
NODISCARD int board_plan_patient(struct board_plan *plan, struct store *store,
    const struct id *patient, const struct board_ask *ask);
NODISCARD int board_plan_team(
    struct board_plan *plan, struct store *store, const struct id *team);

/* Who may get patients, and what they would get. */
struct board_target {
	const struct board_member *who;
	bool is_chosen;
	int gets, high, overdue, clashes, calls;
};

enum board_by {
	BOARD_BY_LOAD,    /* the smallest share of its capacity in use */
	BOARD_BY_DISEASE, /* the same among those who follow that pathway */
	BOARD_BY_DIALECT, /* among those who speak the patient's dialect */
	BOARD_BY_HAND,
	BOARD_BY_COUNT
};
struct board_rule {
	enum board_by by;
	bool keep_promises; /* promised callbacks move and keep their time */
	bool high_first;
	bool with_done; /* those finished today move too */
};

/* Decides every move that is not fixed; ties go by order. An agent without
 * a promise within 15 minutes is taken before one with. Nobody gets an own
 * patient back, and nobody a script that the skills do not name. Pure. */
void board_plan_make(struct board_plan *plan, struct board_target *targets,
    int n, const struct board_rule *rule);

/* When nobody of the targets is overdue any more, if each goes on as today:
 * patients finished since the day's first call, by the hour, the overdue ones
 * first; who has finished nobody yet goes as fast as the others do on
 * average. Pure. */
struct board_forecast {
	int overdue;     /* of all, after the plan */
	int an_hour;     /* what all finish together */
	int64_t clear_s; /* 0: nobody has finished anything yet */
};
void board_forecast_make(struct board_forecast *out,
    const struct board_plan *plan, const struct board_target *targets, int n,
    int64_t now_s);

/* Reasons that an assignment may give, ending with NULL. */
extern const char *const board_reasons[];
/* The entries of a plan from move `from` on, at most DRAFT_ENTRIES_MAX;
 * returns the index after the last move taken. */
struct board_sign {
	const struct id *batch;
	const char *reason;
};
size_t board_plan_draft(struct draft *draft, const struct board_plan *plan,
    size_t from, const struct board_sign *sign);

#endif
