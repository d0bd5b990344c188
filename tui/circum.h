/*
 * circum.h - a patient's circumstances changed with one key while the call
 * goes on: numbers, best time, hearing, dialect, language, address, what was
 * agreed to; and a complaint or an appointment taken down. Each is signed by
 * itself, so that a crash of the call takes none of it along.
 */
#ifndef SUIFANG_TUI_CIRCUM_H
#define SUIFANG_TUI_CIRCUM_H

#include "core/base.h"

struct app;

/* The choices over the screen that is shown. */
void circum_edit(struct app *app, const struct id *patient);

/* Relations as keys of one digit; for other choices of a relation. */
struct dialog_choice;
int circum_relations(struct dialog_choice *out, int max);
const char *circum_relation(int index);

#endif
