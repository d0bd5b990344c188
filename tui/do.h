/*
 * do.h - an act of a person without a screen, for scripts: suifang --do
 * 'release A017.2-118-1'. The words are those of suifang-key and do the same,
 * also while the terminal runs.
 */
#ifndef SUIFANG_TUI_DO_H
#define SUIFANG_TUI_DO_H

#include "core/base.h"

struct options;

/* The exit status. */
int do_act(const struct options *opts);

#endif
