/*
 * plan_words.h - the words of a reassignment: its rules, why a patient stays,
 * and its reasons. Translated; borrowed.
 */
#ifndef SUIFANG_TUI_PLAN_WORDS_H
#define SUIFANG_TUI_PLAN_WORDS_H

#include "core/board.h"

const char *plan_rule_word(enum board_by by);
const char *plan_left_word(enum board_left left);
/* The reason itself where it has no word. */
const char *plan_reason_word(const char *reason);

#endif
