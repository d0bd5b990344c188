/*
 * palette.h - the command palette: finds an op of the screen below, or of
 * every screen, by Chinese, pinyin initials or English.
 */
#ifndef SUIFANG_TUI_PALETTE_H
#define SUIFANG_TUI_PALETTE_H

struct screen_ops;
extern const struct screen_ops palette_screen;

#endif
