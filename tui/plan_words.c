/* plan_words.c - the words of a reassignment. */
#include "tui/plan_words.h"

#include "core/tr.h"
#include "tui/desk.h"
#include "tui/words.h"

#include <stdio.h>
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

static const struct board_move *first_clash(const struct plan_conflict *c)
{
	for (size_t i = 0; i < c->plan->count; i++) {
		const struct board_move *m = &c->plan->moves[i];
		if (m->clashes && strcmp(m->to, c->to->who->member) == 0)
			return m;
	}
	return NULL;
}

/* "2: 09:40 booked -> proposed 09:55": the first of them. */
static void clash_text(char *out, size_t size, const struct plan_conflict *c)
{
	const struct board_move *m = first_clash(c);
	char when[60], then[60] = "-";

	if (!m)
		return;
	words_time(when, sizeof(when), c->desk, m->promised_s);
	if (m->free_s)
		words_time(then, sizeof(then), c->desk, m->free_s);
	if (c->is_wide)
		snprintf(out, size, _("%d: %s already booked -> proposed %s"),
		    c->to->clashes, when, then);
	else
		snprintf(
		    out, size, _("%d: %s -> %s"), c->to->clashes, when, then);
}

void plan_conflicts(char *out, size_t size, const struct plan_conflict *c)
{
	int n = 0, calls = c->to->calls;

	out[0] = '\0';
	if (calls && c->to->clashes && !c->is_wide) {
		snprintf(out, size, _("%d in a call, %d clash"), calls,
		    c->to->clashes);
		return;
	}
	if (calls)
		n = snprintf(out, size, _("%d: call under way"), calls);
	if (calls && c->to->clashes && n > 0 && (size_t)n < size)
		n += snprintf(out + n, size - (size_t)n, "; ");
	if (n >= 0 && (size_t)n < size)
		clash_text(out + n, size - (size_t)n, c);
}

void plan_move_text(
    char *out, size_t size, const struct desk *desk, const struct board_move *m)
{
	char then[60];
	size_t n = (size_t)snprintf(out, size, "%s -> %s%s%s%s", m->from, m->to,
	    m->in_call ? _(" in a call") : "",
	    m->is_fixed ? _(" (by hand)") : "",
	    m->clashes ? _(" clashes") : "");

	if (!m->clashes || !m->free_s || n >= size)
		return;
	words_time(then, sizeof(then), desk, m->free_s);
	snprintf(out + n, size - n, _(", free %s"), then);
}
