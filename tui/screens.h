/*
 * screens.h - the screens of the product. Each is pushed with the argument
 * named beside it (NULL where none is).
 */
#ifndef SUIFANG_TUI_SCREENS_H
#define SUIFANG_TUI_SCREENS_H

#include "tui/screen.h"

extern const struct screen_ops work_screen;

/* Why it is allowed although the hours say no; "" normally. */
struct call_arg {
	struct id patient;
	const char *override;
};
extern const struct screen_ops call_screen;

#endif
