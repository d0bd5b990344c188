/*
 * call_moved.c - a patient who is given to another list while the agent
 * talks: the agent is told at once, and what becomes of the call.
 */
#include "core/clock.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/worklist.h"
#include "tui/call.h"
#include "tui/desk.h"

#include <stdio.h>
#include <string.h>

/* 1 when this person covers today for whose list the patient is on. */
static int is_covered(const struct call *c)
{
	struct stmt *s = store_query(c->desk->store, Q_COVER_NOW);

	stmt_bind_id(s, ":patient", &c->file->patient);
	stmt_bind_text(s, ":member", c->desk->member);
	stmt_bind_int(s, ":day", desk_today(c->desk));
	return stmt_has_row(s);
}

int call_see_owner(struct call *c)
{
	struct work_row row = {.member = ""};
	bool was_moved = c->is_moved;
	int rc = worklist_row(&row, c->desk->store, &c->file->patient);

	if (rc == 0)
		rc = is_covered(c);
	if (rc < 0)
		return rc;
	rc = rc == 1 || strcmp(row.member, c->desk->member) == 0;
	/* Who takes a colleague's caller never had the patient. */
	c->was_mine |= rc == 1 || (c->resumed && !c->incoming);
	c->is_moved = !rc && c->was_mine && c->desk->role == 'A';
	text_copy(c->owner, sizeof(c->owner), row.member);
	return c->is_moved && !was_moved;
}

/* "A012 Zhao Min", or that nobody has the patient yet. */
static void owner_text(char *out, size_t size, const struct call *c)
{
	char name[96];

	if (!*c->owner) {
		text_copy(out, size, _("nobody's list yet"));
		return;
	}
	desk_member_name(name, sizeof(name), c->desk, c->owner);
	snprintf(out, size, "%s %s", c->owner, name);
}

void call_moved_text(char *out, size_t size, const struct call *c)
{
	char who[130];

	owner_text(who, sizeof(who), c);
	snprintf(out, size,
	    _("The patient was moved to %s. Finish the call: it is kept, "
	      "counts as late, and they see it as recorded by %s."),
	    who, c->desk->member);
}

void call_moved_saved(char *out, size_t size, const struct call *c)
{
	char who[130];

	owner_text(who, sizeof(who), c);
	snprintf(out, size,
	    _("now with %s; it counts as late, recorded by you. If the centre "
	      "holds it back, you are told."),
	    who);
}
