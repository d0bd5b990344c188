/*
 * ops.h - the ops of ops.def as an enum and as rows. An op is what a person
 * wants; keys are only one way to say it.
 */
#ifndef SUIFANG_TUI_OPS_H
#define SUIFANG_TUI_OPS_H

#include "core/base.h"

enum op {
	OP_NONE,
#define X(name, key1, key2, label, title, pinyin) OP_##name,
#include "tui/ops.def"
#undef X
	OP_COUNT
};

struct op_row {
	const char *name;        /* as in ops.def, for the palette */
	const char *key1, *key2; /* as written in ops.def; "" for none */
	const char *label;       /* key bar; for tr() */
	const char *title;       /* help and palette; for tr() */
	const char *pinyin;      /* initials of the Chinese title */
};

/* The ops of anything that scrolls, for a screen's table. */
#define LIST_OPS OP_UP, OP_DOWN, OP_PAGE_UP, OP_PAGE_DOWN, OP_FIRST, OP_LAST

/* OP_NONE has empty texts. */
const struct op_row *op_row_of(enum op op);

#endif
