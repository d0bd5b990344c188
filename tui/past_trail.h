/*
 * past_trail.h - the corrections of a call that is over, each with who, when,
 * why, and every answer as it was and as it became. Reads only.
 */
#ifndef SUIFANG_TUI_PAST_TRAIL_H
#define SUIFANG_TUI_PAST_TRAIL_H

struct pager;
struct past;

/* Tells all of them, the first one first; nothing where there is none. */
void past_trail_tell(struct pager *out, const struct past *past);

#endif
