/*
 * scr_call_in.h - the inside of the call screen, shared by scr_call.c (keys
 * and answers) and scr_call_ask.c (its questions to the agent).
 */
#ifndef SUIFANG_TUI_SCR_CALL_IN_H
#define SUIFANG_TUI_SCR_CALL_IN_H

#include "core/cadence.h"
#include "tui/call.h"
#include "tui/field.h"
#include "tui/screen.h"

#define LISTED_MAX 40

struct call_screen {
	struct screen base;
	struct call *call;
	uint32_t item, occ; /* asked now; item SCRIPT_NONE: the end */
	struct field entry, note;
	bool in_note, confirming;
	bool note_typed;   /* the note has keys that are not durable yet */
	char trouble[240]; /* why the last entry was refused */
	const struct disposition *ending; /* waits for its details */
	size_t need;                      /* which of them is asked */
	int advice;                       /* read now; 0: the first unread */
	struct call_tag tag;              /* the agent is asked about it */
	/* What F7 offers: numbers, then other patients of the number. */
	struct id others[CASE_PHONES];
	int number_count;
	const struct disposition *listed[LISTED_MAX];
};

struct promise;

/* The slot asked now, or SCRIPT_NONE at the end. */
uint32_t call_slot_of(const struct call_screen *cs);
void call_go_to(struct call_screen *cs, uint32_t slot);
/* The next open question from a slot on; SCRIPT_NONE when there is none. */
uint32_t call_open_after(const struct call_screen *cs, uint32_t slot);
void call_trouble(struct call_screen *cs, const struct script_verdict *v);
/* Records the end; on success the screen goes. */
unsigned call_end(struct call_screen *cs, const struct disposition *how,
    const struct promise *promise);

void call_ask_skip(struct call_screen *cs);
void call_ask_callback(struct call_screen *cs, const struct disposition *how);
void call_ask_outcome(struct call_screen *cs);
void call_ask_told(struct call_screen *cs);
void call_ask_number(struct call_screen *cs);
void call_ask_recording(struct call_screen *cs);
/* Asks about the first word of the note that was not asked about yet. */
void call_ask_tags(struct call_screen *cs);
/* Says who else has the number on the line. */
void call_say_shared(struct call_screen *cs);
/* A digit at the end of a call: that advice was read, or was not. */
bool call_take_advice(struct call_screen *cs, uint32_t code);

#endif
