/*
 * practice.h - the terminal with invented patients, for learning: the same
 * screens on a store of its own that is encrypted with a key nobody keeps
 * and thrown away at the end. Nothing is signed, nothing leaves, no log and
 * no real patient is touched.
 */
#ifndef SUIFANG_TUI_PRACTICE_H
#define SUIFANG_TUI_PRACTICE_H

#include "core/base.h"
#include "tui/app.h"

struct practice;

/* Makes the folder, the store and the patients. */
NODISCARD int practice_open(struct practice **out, const struct env *env);
void practice_close(struct practice **practice);
struct desk *practice_desk(struct practice *practice);

/* Runs the screens until the person leaves; hooks and world of the
 * configuration are replaced. */
NODISCARD int practice_run(const struct app_cfg *cfg);

#endif
