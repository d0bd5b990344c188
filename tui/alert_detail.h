/*
 * alert_detail.h - one alert below the queue: where it stands in the closed
 * loop, what the patient was told, every step with who and when, and whether
 * it reached the centre; where it did not, or nobody answers in time, whom to
 * call. This product sends no messages to telephones: it says which to ring.
 */
#ifndef SUIFANG_TUI_ALERT_DETAIL_H
#define SUIFANG_TUI_ALERT_DETAIL_H

#include "core/base.h"
#include "tui/draw.h"

struct alert_row;
struct desk;

/* From row y to the bottom of the screen. */
void alert_detail_draw(
    struct desk *d, struct grid *g, int y, const struct alert_row *r);
/* Who is to act: the owner's name, or the department's. */
const char *alert_detail_owner(const struct desk *d, const struct alert_row *r);

#endif
