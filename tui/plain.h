/*
 * plain.h - the terminal as numbered prompts, one line after another, with no
 * cursor addressing: for screen readers, braille lines and dumb terminals.
 * The same calls, answers and records as on the screens.
 */
#ifndef SUIFANG_TUI_PLAIN_H
#define SUIFANG_TUI_PLAIN_H

#include "core/base.h"

struct shift;

/* Until the person quits or input ends. */
NODISCARD int plain_run(struct shift *shift);

#endif
