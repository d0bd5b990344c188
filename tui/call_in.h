/*
 * call_in.h - the inside of a call, shared by call.c (what happens) and
 * call_keep.c (what is durable). Nobody else includes this.
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
/* Runs the rules over the facts; raises and withdraws alerts. */
NODISCARD int call_judge(struct call *c);

#endif
