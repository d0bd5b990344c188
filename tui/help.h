/*
 * help.h - the keys of the screen below and of every screen, made from
 * ops.def. Nothing is listed that the screen does not offer.
 */
#ifndef SUIFANG_TUI_HELP_H
#define SUIFANG_TUI_HELP_H

struct screen_ops;
extern const struct screen_ops help_screen;

#endif
