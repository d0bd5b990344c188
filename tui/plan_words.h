/*
 * plan_words.h - the words of a reassignment: its rules, why a patient stays,
 * and its reasons, translated and borrowed; what clashes, and a move.
 */
#ifndef SUIFANG_TUI_PLAN_WORDS_H
#define SUIFANG_TUI_PLAN_WORDS_H

#include "core/board.h"

struct desk;

const char *plan_rule_word(enum board_by by);
const char *plan_left_word(enum board_left left);
/* The reason itself where it has no word. */
const char *plan_reason_word(const char *reason);

/* What an agent who gets patients gets with them: calls under way, and the
 * first promise that clashes. "" for none. */
struct plan_conflict {
	const struct desk *desk;
	const struct board_plan *plan;
	const struct board_target *to;
	bool is_wide; /* there are more than 44 columns, not 20 */
};
void plan_conflicts(char *out, size_t size, const struct plan_conflict *c);

/* From whom to whom, and what is with it. */
void plan_move_text(char *out, size_t size, const struct desk *desk,
    const struct board_move *m);

#endif
