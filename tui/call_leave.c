/* call_leave.c - unfinished calls of patients who are withdrawn. */
#include "tui/call_leave.h"

#include "core/cadence.h"
#include "core/err.h"
#include "core/id.h"
#include "core/shelf.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/call.h"
#include "tui/catalog.h"
#include "tui/desk.h"

#include <stdio.h>
#include <string.h>

#define UNFINISHED_MAX 64

/* Cut in the middle: neither side says so any more. */
#define CUT "hung-up"

static int found(void *ctx, const char *name, const char *value, int64_t at_s)
{
	(void)name;
	(void)value;
	(void)at_s;
	*(bool *)ctx = true;
	return 1;
}

static bool is_withdrawn(struct desk *d, const struct id *patient)
{
	char slot[16 + ID_HEX] = "withdraw/";
	bool is_there = false;

	id_hex(slot + strlen(slot), patient);
	return shelf_slots(d->store, slot, found, &is_there) >= 0 && is_there;
}

/* The note says why nobody ended the call. */
static void say_why(struct call *c)
{
	size_t n = strlen(c->note);

	text_copy(c->note + n, sizeof(c->note) - n, n ? "\n" : "");
	n = strlen(c->note);
	text_copy(c->note + n, sizeof(c->note) - n,
	    _("(Ended by the terminal: the patient was given to somebody "
	      "else.)"));
}

/* 1: it became a record. */
static int leave(struct desk *d, const struct id *patient)
{
	/* As if they called: whatever was agreed since. */
	const struct call_opening how = {
	    .override = "", .incoming = true, .number = -1, .resumes = true};
	const struct disposition *cut =
	    cadence_find(catalog_cadence(d->catalog), CUT);
	struct call *c = NULL;
	char ref[REF_TEXT], slot[16 + ID_HEX] = "call/";
	int rc = call_begin_as(&c, d, patient, &how);

	id_hex(slot + strlen(slot), patient);
	if (rc < 0)
		return rc == ERR_NOT_FOUND ? shelf_clear(d->store, slot) : rc;
	if (!cut || !call_has_answers(c)) {
		rc = shelf_clear(d->store, slot);
	} else {
		say_why(c);
		rc = call_finish(ref, c, cut, NULL);
		rc = rc < 0 ? rc : 1;
	}
	call_free(&c);
	return rc;
}

int call_leave_withdrawn(struct desk *d)
{
	struct id open[UNFINISHED_MAX];
	int n = call_unfinished(open, UNFINISHED_MAX, d), done = 0, rc = 0;

	for (int i = 0; rc >= 0 && i < n; i++) {
		if (!is_withdrawn(d, &open[i]))
			continue;
		rc = leave(d, &open[i]);
		done += rc == 1;
	}
	return rc < 0 ? rc : done;
}
