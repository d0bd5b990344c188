/*
 * screens.h - the screens of the product. Each is pushed with the argument
 * named beside it (NULL where none is).
 */
#ifndef SUIFANG_TUI_SCREENS_H
#define SUIFANG_TUI_SCREENS_H

#include "tui/screen.h"

extern const struct screen_ops work_screen;

#endif
