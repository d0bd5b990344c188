/*
 * verdict.h - the centre's decision about an entry (verdict.def).
 */
#ifndef SUIFANG_VERDICT_H
#define SUIFANG_VERDICT_H

#include "core/base.h"

enum verdict {
#define X(name, number, text) VERDICT_##name = (number),
#include "core/verdict.def"
#undef X
	VERDICT_FIRST_HELD = 3
};

/* Message key; "" for a number this program does not know. */
const char *verdict_text(int verdict);

/* Symbolic name such as "HELD_ROLE", for the operator's log; "". */
const char *verdict_name(int verdict);

static inline bool verdict_is_held(int verdict)
{
	return verdict >= VERDICT_FIRST_HELD;
}

/* Takes effect at once: admitted or late. */
static inline bool verdict_has_effect(int verdict)
{
	return verdict == VERDICT_ADMITTED || verdict == VERDICT_LATE;
}

#endif
