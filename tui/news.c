/*
 * news.c - telling what the centre holds back.
 */
#include "tui/news.h"

#include "core/store.h"
#include "core/tr.h"
#include "tui/desk.h"

#include <stdio.h>

static int count(struct desk *d, int *out)
{
	struct stmt *s = store_query(d->store, Q_HELD_OWN);
	int rc;

	stmt_bind_id(s, ":seat", &d->seat);
	rc = stmt_step(s);
	if (rc == 1)
		*out = (int)stmt_int(s, 0);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

int news_held(char *out, size_t size, struct desk *d)
{
	int was = d->held_told, rc = count(d, &d->held_told);

	if (rc < 0 || d->held_told <= was)
		return rc;
	snprintf(out, size,
	    _("The centre holds back %d of your entries: kept, without effect. "
	      "The day's history shows which; a supervisor releases them."),
	    d->held_told);
	return 1;
}
