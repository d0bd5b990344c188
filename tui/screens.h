/*
 * screens.h - the screens of the product. Each is pushed with the argument
 * named beside it (NULL where none is).
 */
#ifndef SUIFANG_TUI_SCREENS_H
#define SUIFANG_TUI_SCREENS_H

#include "core/id.h"
#include "core/signed.h"
#include "tui/screen.h"

struct secret;

/* On success unlock() may have closed the screen. */
struct unlock_arg {
	const char *dir;     /* of the seat */
	bool is_locked;      /* the seat is in use behind the lock */
	const char *warning; /* of this computer, translated; NULL: none */
	int (*unlock)(void *ctx, const char *dir, struct secret *passphrase);
	void *ctx;
};
extern const struct screen_ops unlock_screen;

/* const char *: whose list; NULL: one's own */
extern const struct screen_ops work_screen;

/* Why it is allowed although the hours say no; "" normally. */
struct call_arg {
	struct id patient;
	const char *override;
	bool incoming;
	bool shares;      /* goes on on the line of the call below */
	int line;         /* 1 ..: that number; 0: the one whose turn it is */
	const char *from; /* number of who calls us; may be NULL */
};
extern const struct screen_ops call_screen;
/* const struct id *: the patient */
extern const struct screen_ops visits_screen;
extern const struct screen_ops handover_screen;
/* Which call is corrected, by its reference; NULL: the last one. */
struct amend_arg {
	struct id patient;
	const char *contact;
};
extern const struct screen_ops amend_screen;
/* arg: the struct amend of the screen below, borrowed. */
extern const struct screen_ops amend_check_screen;

struct patient_arg {
	struct id patient;
	const char *why; /* as patient.opened has it: "review", "alert" ... */
	int tab;         /* 0 overview .. 6 audit */
};
extern const struct screen_ops patient_screen;

/* A call that is over: struct past_arg *, copied. */
struct past_arg {
	struct id patient;
	char ref[REF_TEXT];
};
extern const struct screen_ops past_screen;
/* One signed entry and what proves it: struct proof_arg *, copied. */
struct proof_arg {
	struct signed_entry entry;
};
extern const struct screen_ops proof_screen;

extern const struct screen_ops alerts_screen;
extern const struct screen_ops day_screen;
extern const struct screen_ops calendar_screen;
extern const struct screen_ops sync_screen;
extern const struct screen_ops board_screen;

extern const struct screen_ops kpi_screen;
extern const struct screen_ops review_screen;
/* const struct review_call *; copied */
extern const struct screen_ops score_screen;
extern const struct screen_ops roster_screen;
extern const struct screen_ops content_screen;
extern const struct screen_ops complaints_screen;
extern const struct screen_ops held_screen;

struct board_plan;
/* const struct board_plan *: who is to move; copied */
extern const struct screen_ops plan_screen;

#endif
