/*
 * plain.h - the terminal as numbered prompts, one line after another, with no
 * cursor addressing: for screen readers, braille lines and dumb terminals.
 * The same calls, answers and records as on the screens.
 */
#ifndef SUIFANG_TUI_PLAIN_H
#define SUIFANG_TUI_PLAIN_H

#include "core/base.h"

struct desk;

/* What goes on while a line is awaited: returns when fd can be read. A NULL
 * function: nothing does. */
struct plain_world {
	void (*wait)(void *ctx, int fd);
	void *ctx;
};

/* On standard input and output, until the person quits or input ends. */
NODISCARD int plain_run(struct desk *desk, const struct plain_world *world);

#endif
