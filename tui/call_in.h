/*
 * call_in.h - the inside of a call, shared by call.c (what happens),
 * call_keep.c (what is durable), call_line.c (the telephone) and
 * call_scripts.c (what is asked). Nobody else includes this.
 */
#ifndef SUIFANG_TUI_CALL_IN_H
#define SUIFANG_TUI_CALL_IN_H

#include "core/worklist.h"
#include "tui/call.h"

/* call_scripts.c: what is due now, or what a call that was interrupted asks. */
NODISCARD int call_choose_scripts(struct call *c);
/* Ids with a space between. */
void call_asked_text(char *out, size_t size, const struct call *c);
/* Puts back what the shelf has; resumed tells whether there was anything. */
NODISCARD int call_restore(struct call *c);
NODISCARD int call_keep_start(struct call *c);
NODISCARD int call_keep(struct call *c, const char *name, const char *value);
/* A row of the shelf that the line made; false: not one of them. */
bool call_restore_line(struct call *c, const char *name, const char *value);
/* The number whose turn it is. */
int call_first_number(const struct call *c);
/* Records the start and dials. */
NODISCARD int call_start(struct call *c, const struct call_opening *how);
/* Facts that the note said and the agent confirmed. */
void call_tag_facts(struct call *c);
/* What the end of a call changes besides the contact: the number that is no
 * longer used, the death, the tags of the note. */
struct disposition;
struct draft;
void call_draft_rest(
    struct draft *draft, struct call *c, const struct disposition *how);
/* Takes the recording's path and hash from the line. */
void call_end_line(struct call *c);
/* Runs the rules over the facts; raises and withdraws alerts. */
NODISCARD int call_judge(struct call *c);

#endif
