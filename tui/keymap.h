/*
 * keymap.h - from keys to ops. Folds what an input method or a poor
 * keyboard sends: full-width digits and punctuation count as ASCII, `;` then
 * a digit counts as a function key. Inside text fields neither happens.
 */
#ifndef SUIFANG_TUI_KEYMAP_H
#define SUIFANG_TUI_KEYMAP_H

#include "core/base.h"
#include "tui/input.h"
#include "tui/ops.h"

struct keymap {
	bool semicolon; /* `;` came, its digit has not */
};

/* Folds one key outside text fields. False: the key was swallowed as the
 * first half of a twin. Pasted keys are never folded. */
bool keymap_fold(struct keymap *m, struct key *k);

/* The op of `ops` (ends with OP_NONE) or of the ops offered everywhere that
 * has this key; OP_NONE when there is none. In text mode (a field has the
 * caret) printable keys are never ops. */
enum op keymap_find(const enum op *ops, const struct key *k, bool text);

/* Code of a key as ops.def writes it; 0 for "" and for an unknown name. */
uint32_t keymap_parse(const char *name);

/* True when op is offered on every screen. */
/* The op of a screen that has this op's first key now: the first with that
 * key which is_off() does not refuse, else the op itself. */
enum op keymap_holder(const enum op *ops, enum op op,
    bool (*is_off)(const void *ctx, enum op op), const void *ctx);
/* What is typed is part of its name or title in English, or the head of its
 * pinyin initials; callers look at the title in their language. */
bool keymap_matches(enum op op, const char *typed);
bool keymap_is_global(enum op op);

#endif
