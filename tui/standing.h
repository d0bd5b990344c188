/*
 * standing.h - how a patient stands: level of risk and why, tags with their
 * expiry, scores with source and inputs; and the level that a person sets
 * against the rules, with the reason. Decides nothing itself: what is shown
 * as recorded is recorded, the rest follows from core/profile.h today.
 */
#ifndef SUIFANG_TUI_STANDING_H
#define SUIFANG_TUI_STANDING_H

#include "core/base.h"

struct app;
struct casefile;
struct desk;
struct patient_tabs;

/* Adds the lines to the overview. */
void standing_show(struct patient_tabs *t);

/* "why: tag, tag" in one line for a preview; "" when nothing is recorded. */
void standing_text(
    char *out, size_t size, const struct casefile *file, int64_t today);

/* Asks for level and reason, then signs. */
void standing_ask(struct app *app, const struct id *patient);
/* NULL, or why this person may not, translated. */
const char *standing_why_not(const struct desk *desk);

#endif
