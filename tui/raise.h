/*
 * raise.h - an alert that a person raises, not a rule: level, then what is
 * the matter.
 */
#ifndef SUIFANG_TUI_RAISE_H
#define SUIFANG_TUI_RAISE_H

#include "core/base.h"

struct app;

/* Asks level and text, then signs. */
void raise_alert(struct app *app, const struct id *patient);

#endif
