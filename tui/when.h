/*
 * when.h - a moment as an agent types it: "15:30", "11-25 15:30",
 * "2026-11-25 15:30", "+2h", "+30m", "+3d".
 */
#ifndef SUIFANG_TUI_WHEN_H
#define SUIFANG_TUI_WHEN_H

#include "core/base.h"

/* A time of day that is past means tomorrow, a month and day that is past
 * next year. False when the text is no moment, or more than two years off. */
bool when_parse(int64_t *at_s, const char *text, int64_t now_s, int32_t zone_s);
/* A day that is past: "2026-11-20", or "11-20" of the last half year. */
bool when_parse_day(int64_t *day, const char *text, int64_t today);
/* "11-25 15:30"; when_parse reads it back. */
void when_text(char *out, size_t size, int64_t at_s, int32_t zone_s);

#endif
