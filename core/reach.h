/*
 * reach.h - what the log says about calling one patient now: refused or not,
 * the hours asked for, how often dialled today, how often reached lately.
 * Reads only; core/hours.h decides with it.
 */
#ifndef SUIFANG_REACH_H
#define SUIFANG_REACH_H

#include "core/base.h"
#include "core/hours.h"
#include "core/id.h"

struct store;

/* A callback that is promised for this moment is kept whatever the caps
 * say: the patient asked for it. */
#define REACH_PROMISED_S 900

/* Counts by the settings of h. Calls out of any terminal count, those of the
 * patient do not. ERR_NOT_FOUND. */
NODISCARD int reach_read(struct hours_person *out, struct store *store,
    const struct id *patient, const struct hours *h, int64_t now_s);

/* Spans such as "09:00-11:30, 18:00-20:00"; other words say nothing. Returns
 * how many. */
size_t reach_spans(struct span out[HOURS_SPANS_MAX], const char *text);

#endif
