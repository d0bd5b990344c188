/*
 * begin.h - the one way into a call out: what the patient agreed to, quiet
 * hours, the patient's own hours and how often they were called lately come
 * before the number shows.
 */
#ifndef SUIFANG_TUI_BEGIN_H
#define SUIFANG_TUI_BEGIN_H

#include "core/base.h"

struct app;

/* Opens the call screen, or says why not: a refusal and a death stop here,
 * hours and caps ask for a reason that is recorded with the call. A call
 * that was interrupted and an open emergency go on whatever the hour. */
void begin_call(struct app *app, const struct id *patient);

/* The question alone: 1 the call may begin; 0 a reason is needed, *why says
 * for what; or an error. */
struct desk;
NODISCARD int begin_may(
    char *why, size_t size, struct desk *desk, const struct id *patient);

#endif
