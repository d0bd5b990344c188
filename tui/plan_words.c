/* plan_words.c - the words of a reassignment. */
#include "tui/plan_words.h"

#include "core/tr.h"

#include <string.h>

static const char *const rule_words[BOARD_BY_COUNT] = {
    [BOARD_BY_LOAD] = N_("even load"),
    [BOARD_BY_DISEASE] = N_("same disease team"),
    [BOARD_BY_DIALECT] = N_("same dialect"),
    [BOARD_BY_HAND] = N_("by hand"),
};

static const char *const left_words[] = {
    [BOARD_MOVES] = "",
    [BOARD_NOBODY] = N_("nobody is chosen"),
    [BOARD_SCRIPT] = N_("nobody chosen is certified for the script"),
    [BOARD_DISEASE] = N_("nobody chosen follows this disease"),
    [BOARD_DIALECT] = N_("nobody chosen speaks the dialect"),
    [BOARD_PROMISED] = N_("promised: stays"),
    [BOARD_FINISHED] = N_("finished today: stays"),
    [BOARD_HAND] = N_("not decided: stays"),
};

const char *plan_rule_word(enum board_by by)
{
	return tr(rule_words[by]);
}

const char *plan_left_word(enum board_left left)
{
	return left == BOARD_MOVES ? "" : tr(left_words[left]);
}

const char *plan_reason_word(const char *reason)
{
	static const struct {
		const char *reason, *text;
	} words[] = {
	    {"load", N_("load")},
	    {"sick_leave", N_("sick leave")},
	    {"leave", N_("leave")},
	    {"skill", N_("skill")},
	    {"request", N_("patient's wish")},
	    {"left", N_("left the team")},
	    {"other", N_("other")},
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].reason, reason) == 0)
			return tr(words[i].text);
	return reason;
}
