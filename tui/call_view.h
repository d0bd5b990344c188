/*
 * call_view.h - how a call looks: banner, questions, the one asked now with
 * its options, note, proposal. Draws only.
 */
#ifndef SUIFANG_TUI_CALL_VIEW_H
#define SUIFANG_TUI_CALL_VIEW_H

#include "core/base.h"
#include "tui/call.h"
#include "tui/draw.h"
#include "tui/field.h"

struct call_view {
	struct call *call;
	uint32_t at;               /* slot asked now; SCRIPT_NONE: the end */
	const struct field *entry; /* what is typed for it */
	const struct field *note;
	bool in_note;
	int advice; /* which is read now, from 1; 0: the first unread */
	const char *trouble; /* why the last entry was refused, translated */
};

void call_view_draw(const struct call_view *v, struct grid *g);

/* The answer of a place as words: "139 mmHg", "no pain". */
void call_answer_text(
    char *out, size_t size, const struct call *c, uint32_t item, uint32_t occ);
/* One value given to a question; why there is none, by its code. */
void call_value_text(char *out, size_t size, const struct script_item *it,
    const struct script_value *value);
const char *call_absent_text(const char *code);
/* The same for any run. */
void call_run_text(char *out, size_t size, const struct script_run *run,
    struct script_place at);
/* A question's words; parts of a row such as "exercise: times, minutes" carry
 * its name. */
void call_question_text(char *out, size_t size, const struct script *script,
    uint32_t item, const struct script_person *person);
/* "reached   next 2026-11-25 (reason)". */
void call_proposal_text(
    char *out, size_t size, struct call *c, const struct disposition *how);

/* What Enter takes at the end: "Enter accepts: reached, next 12-15". */
void call_accept_text(char *out, size_t size, struct call *c);
/* The end of a call from row y on, above row last; returns the row below. */
int call_end_draw(const struct call_view *v, struct grid *g, int y, int last);

/* The one key of an option: the script's own where all are of one
 * character, else 1..9, 0, a, b ... */
char call_option_key(const struct script_item *it, uint32_t option);

/* Shown and numbered: not a hidden item and not the hint of another. */
bool call_is_shown(const struct call *c, uint32_t slot);

#endif
