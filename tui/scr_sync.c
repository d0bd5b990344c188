/*
 * scr_sync.c - the state of the sync and of the keys, in plain words: what is
 * safe where.
 */
#include "core/id.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "sync/alarm.h"
#include "sync/anchor.h"
#include "tui/app.h"
#include "tui/desk.h"
#include "tui/pager.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

struct sync_screen {
	struct screen base;
	struct desk *desk;
	struct pager pager;
};

static struct sync_screen *of(struct screen *s)
{
	return (struct sync_screen *)s;
}

static void read_counts(struct desk *d, int64_t out[4])
{
	struct stmt *s = store_query(d->store, Q_SYNC_COUNTS);

	stmt_bind_id(s, ":seat", &d->seat);
	if (stmt_step(s) == 1)
		for (int i = 0; i < 4; i++)
			out[i] = stmt_int(s, i);
	stmt_reset(s);
}

static void fill_centre(struct sync_screen *y)
{
	struct desk_sync sync = {0};
	char when[60] = "-";

	pager_head(&y->pager, _("Centre"));
	if (!y->desk->sync_state) {
		pager_add(
		    &y->pager, LOOK_DIM, "  %s", _("No centre: practice."));
		return;
	}
	y->desk->sync_state(y->desk->sync_ctx, &sync);
	if (sync.heard_s)
		words_time(when, sizeof(when), y->desk, sync.heard_s);
	pager_add(&y->pager, sync.is_online ? LOOK_DONE : LOOK_LATE,
	    "  %s   %s %s", sync.is_online ? _("connected") : _("offline"),
	    sync.is_online ? _("last exchange") : _("since"), when);
	if (sync.alarm)
		pager_add(
		    &y->pager, LOOK_ALERT, "  %s", tr(alarm_text(sync.alarm)));
	if (sync.evidence)
		pager_add(&y->pager, LOOK_LATE,
		    _("  Refused messages kept as evidence: %d"),
		    (int)sync.evidence);
	pager_add(&y->pager, LOOK_TEXT,
	    _("  To send: %d   (saved and encrypted here; safe when the "
	      "centre has given its receipt)"),
	    (int)sync.unsent);
}

static void add_wrapped(struct pager *p, const char *text)
{
	while (*text) {
		size_t n = draw_wrap_fit(text, 74);

		pager_add(p, LOOK_LATE, "  %.*s",
		    (int)(n - (text[n - 1] == '\n')), text);
		text += n;
		text += strspn(text, " \n");
	}
}

/* The same words as at the start, for as long as they are true. */
static void fill_freshness(struct sync_screen *y)
{
	struct freshness f = {0};
	struct buf text = {0};

	if (!y->desk->freshness)
		return;
	y->desk->freshness(y->desk->sync_ctx, &f);
	freshness_text(&text, &f);
	if (text.len > 0) {
		pager_head(&y->pager, _("Is everything here?"));
		add_wrapped(&y->pager, buf_text(&text));
	}
	buf_fini(&text);
}

static void fill(struct sync_screen *y)
{
	int64_t n[4] = {0};
	char hex[ID_HEX];

	pager_clear(&y->pager);
	fill_centre(y);
	fill_freshness(y);
	read_counts(y->desk, n);
	pager_head(&y->pager, _("Log on this terminal"));
	pager_add(&y->pager, LOOK_TEXT,
	    _("  Records %lld   own %lld   own without receipt %lld"),
	    (long long)n[0], (long long)n[1], (long long)n[2]);
	pager_add(&y->pager, n[3] ? LOOK_LATE : LOOK_TEXT,
	    _("  Held entries %lld   (kept, without effect until a "
	      "supervisor releases them)"),
	    (long long)n[3]);
	pager_head(&y->pager, _("This seat"));
	id_hex(hex, &y->desk->seat);
	pager_add(&y->pager, LOOK_TEXT, "  %s %s   %s   %s", y->desk->member,
	    desk_own_name(y->desk), y->desk->terminal, hex);
}

static int sync_open(struct screen *s, const void *arg)
{
	(void)arg;
	of(s)->desk = desk_of(s->app);
	fill(of(s));
	return 0;
}

static void sync_close(struct screen *s)
{
	pager_fini(&of(s)->pager);
}

static void sync_draw(struct screen *s, struct grid *g)
{
	pager_draw(&of(s)->pager, g, spot_rest(g, 2, 1, LOOK_TEXT),
	    screen_bottom(g) - 2);
}

static unsigned sync_tick(struct screen *s)
{
	fill(of(s));
	return REACT_DRAW;
}

static unsigned sync_op(struct screen *s, enum op op)
{
	struct sync_screen *y = of(s);

	if (op != OP_SYNC_NOW)
		return pager_op(&y->pager, op) ? REACT_DRAW : REACT_PASS;
	y->desk->sync_now(y->desk->sync_ctx);
	app_say(s->app, LOOK_DIM, "%s", _("Trying to reach the centre now."));
	return REACT_DRAW;
}

static const char *sync_why_not(struct screen *s, enum op op)
{
	return op == OP_SYNC_NOW && !of(s)->desk->sync_now
		   ? _("No centre: practice.")
		   : NULL;
}

static const enum op sync_ops[] = {
    OP_SYNC_NOW, OP_BACK, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops sync_screen = {
    .name = "sync",
    .title = N_("Sync and keys"),
    .size = sizeof(struct sync_screen),
    .ops = sync_ops,
    .open = sync_open,
    .close = sync_close,
    .draw = sync_draw,
    .op = sync_op,
    .tick = sync_tick,
    .refresh = sync_tick,
    .why_not = sync_why_not,
};
