/*
 * past_trail.c - telling the corrections of a call.
 */
#include "tui/past_trail.h"

#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/call_view.h"
#include "tui/desk.h"
#include "tui/pager.h"
#include "tui/past.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define QUESTION_W 30

/* One place of the script in one correction: what it was, what it became. */
struct change {
	char ref[REF_TEXT], link[100], script[96];
	uint32_t item;
	char text[2][300];
};

/* Says the change that was gathered, and forgets it. */
static void tell_change(
    struct pager *out, const struct past *p, struct change *c)
{
	char question[400];

	if (c->item != SCRIPT_NONE) {
		call_question_text(
		    question, sizeof(question), p->script, c->item, &p->person);
		question[draw_fit(question, QUESTION_W)] = '\0';
		for (int i = 0; i < 2; i++)
			if (!c->text[i][0])
				text_copy(c->text[i], sizeof(c->text[i]),
				    _("no answer given"));
		pager_add(out, LOOK_TEXT, "    %s  %s -> %s", question,
		    c->text[0], c->text[1]);
	}
	c->text[0][0] = c->text[1][0] = '\0';
	c->item = SCRIPT_NONE;
}

static void tell_head(
    struct pager *out, const struct past *p, const struct stmt *s)
{
	char when[60];

	words_time(when, sizeof(when), p->desk, stmt_int(s, 10));
	pager_add(out, LOOK_MARK, "  %s  %s  %s", when, stmt_text(s, 11),
	    stmt_text(s, 12));
}

/* Several values of one place stand side by side. */
static void gather(const struct past *p, struct change *c, const struct stmt *s)
{
	char *out = c->text[stmt_int(s, 8) != 0];
	size_t n = strlen(out), size = sizeof(c->text[0]);
	const struct script_item *it;

	if (c->item == SCRIPT_NONE || n + 4 > size)
		return;
	if (n)
		n += (size_t)snprintf(out + n, size - n, "; ");
	it = script_item(p->script, c->item);
	if (strcmp(stmt_text(s, 1), "absent") == 0) {
		text_copy(out + n, size - n, call_absent_text(stmt_text(s, 2)));
		return;
	}
	struct script_value v = {.type = it->type,
	    .scale = (int)stmt_int(s, 5),
	    .num = stmt_int(s, 4),
	    .text = *stmt_text(s, 6) ? stmt_text(s, 6) : stmt_text(s, 3),
	    .code = stmt_text(s, 2)};
	call_value_text(out + n, size - n, it, &v);
}

static void take_row(struct pager *out, const struct past *p, struct change *c,
    const struct stmt *s)
{
	bool is_other = strcmp(c->ref, stmt_text(s, 9)) != 0;

	if (is_other || strcmp(c->link, stmt_text(s, 0)) != 0 ||
	    strcmp(c->script, stmt_text(s, 7)) != 0) {
		tell_change(out, p, c);
		STMT_COPY(c->link, s, 0);
		STMT_COPY(c->script, s, 7);
		c->item = p->run && c->link[0]
			      ? past_item(p, c->script, c->link)
			      : SCRIPT_NONE;
	}
	if (is_other) {
		tell_head(out, p, s);
		STMT_COPY(c->ref, s, 9);
	}
	gather(p, c, s);
}

void past_trail_tell(struct pager *out, const struct past *past)
{
	struct stmt *s = store_query(past->desk->store, Q_PAST_TRAIL);
	struct change c = {.item = SCRIPT_NONE};
	bool first = true;

	stmt_bind_id(s, ":stream", &past->file->patient);
	stmt_bind_text(s, ":ref", past->ref);
	for (; stmt_step(s) == 1; first = false) {
		if (first)
			pager_head(out, _("Corrections"));
		take_row(out, past, &c, s);
	}
	tell_change(out, past, &c);
	stmt_reset(s);
}
