/*
 * scr_sync.c - the state of the sync and of the keys, in plain words: what is
 * safe where, whose keys count, where two people recorded the same patient.
 */
#include "core/buf.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/id.h"
#include "core/lease.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "sync/alarm.h"
#include "sync/anchor.h"
#include "sync/program.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/pager.h"
#include "tui/passphrase.h"
#include "tui/screens.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define CONFLICT_DAYS 14

struct sync_screen {
	struct screen base;
	struct desk *desk;
	struct pager pager;
	struct desk_sync shown;
	struct desk_verify verified;
	int64_t verified_s; /* 0: not since this screen is open */
};

static struct sync_screen *of(struct screen *s)
{
	return (struct sync_screen *)s;
}

/* ---- sections ------------------------------------------------------------ */

static void tell_wrapped(struct pager *p, enum look look, const char *text)
{
	while (*text) {
		size_t n = draw_wrap_fit(text, 74);

		pager_tell(
		    p, look, "  %.*s", (int)(n - (text[n - 1] == '\n')), text);
		text += n;
		text += strspn(text, " \n");
	}
}

static void fill_centre(struct sync_screen *y)
{
	struct desk_sync sync = {0};
	char when[60] = "-";

	pager_head(&y->pager, _("Centre"));
	if (!y->desk->sync_state) {
		pager_tell(
		    &y->pager, LOOK_DIM, "  %s", _("No centre: practice."));
		return;
	}
	y->desk->sync_state(y->desk->sync_ctx, &sync);
	if (sync.heard_s)
		words_time(when, sizeof(when), y->desk, sync.heard_s);
	pager_tell(&y->pager, sync.is_online ? LOOK_DONE : LOOK_LATE,
	    "  %s   %s %s", sync.is_online ? _("connected") : _("offline"),
	    sync.is_online ? _("last exchange") : _("since"), when);
	if (sync.is_online && sync.is_recovering)
		tell_wrapped(&y->pager, LOOK_LATE,
		    _("The centre was restored from a backup and is being "
		      "completed: it takes what was saved here and gives "
		      "receipts, but no news, keys or alerts until the "
		      "operator closes the recovery. Telephone urgent "
		      "alerts."));
	if (sync.alarm)
		tell_wrapped(&y->pager, LOOK_ALERT, tr(alarm_text(sync.alarm)));
	if (sync.refusal)
		tell_wrapped(&y->pager, LOOK_ALERT, tr(err_text(sync.refusal)));
	if (sync.evidence)
		pager_tell(&y->pager, LOOK_LATE,
		    _("  Refused messages kept as evidence: %d"),
		    (int)sync.evidence);
	pager_tell(&y->pager, LOOK_TEXT,
	    _("  To send: %d   (encrypted here; safe with the centre's "
	      "receipt)"),
	    (int)sync.unsent);
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
		tell_wrapped(&y->pager, LOOK_LATE, buf_text(&text));
	}
	buf_fini(&text);
}

static void fill_checkpoint(struct sync_screen *y)
{
	struct stmt *s = store_query(y->desk->store, Q_CHECKPOINT_LAST);
	char hex[HASH_HEX], when[TIME_TEXT];
	struct hash root;

	if (stmt_step(s) == 1 && stmt_hash(&root, s, 2)) {
		hash_hex(hex, &root);
		time_text(when, stmt_int(s, 4), y->desk->zone_s);
		pager_tell(&y->pager, LOOK_TEXT,
		    _("  Signed order of the centre: %lld places at %s, root "
		      "%.12s"),
		    (long long)stmt_int(s, 0), when, hex);
	}
	stmt_reset(s);
}

static void fill_verified(struct sync_screen *y)
{
	char when[60];

	if (!y->verified_s)
		return;
	words_time(when, sizeof(when), y->desk, y->verified_s);
	if (y->verified.fault[0])
		pager_tell(&y->pager, LOOK_ALERT,
		    _("  Verified %s: WRONG: %s. Call your operator."), when,
		    y->verified.fault);
	else
		pager_tell(&y->pager, LOOK_DONE,
		    _("  Verified %s: %llu records of %llu seats, every "
		      "signature and chain holds"),
		    when, (unsigned long long)y->verified.records,
		    (unsigned long long)y->verified.seats);
}

static void fill_log(struct sync_screen *y)
{
	struct stmt *s = store_query(y->desk->store, Q_SYNC_COUNTS);
	long long n[4] = {0};

	stmt_bind_id(s, ":seat", &y->desk->seat);
	if (stmt_step(s) == 1)
		for (int i = 0; i < 4; i++)
			n[i] = stmt_int(s, i);
	stmt_reset(s);
	pager_head(&y->pager, _("Log on this terminal"));
	pager_tell(&y->pager, LOOK_TEXT,
	    _("  Records %lld   own %lld   own without receipt %lld"), n[0],
	    n[1], n[2]);
	pager_tell(&y->pager, n[3] ? LOOK_LATE : LOOK_TEXT,
	    _("  Held entries %lld   (kept, without effect until a "
	      "supervisor releases them)"),
	    n[3]);
	fill_checkpoint(y);
	fill_verified(y);
}

static void fill_seat(struct sync_screen *y, const struct stmt *s)
{
	bool is_revoked = !stmt_is_null(s, 7);
	char hex[ID_HEX], until[DAY_TEXT] = "";
	int64_t until_s = stmt_int(s, 6);
	struct id seat;

	stmt_id(&seat, s, 5);
	id_hex(hex, &seat);
	if (until_s > 0 && until_s < INT64_C(253402300799))
		day_text(until, day_of(until_s, y->desk->zone_s));
	pager_tell(&y->pager, is_revoked ? LOOK_LATE : LOOK_TEXT,
	    "  %-6s %-6s  %.4s %.4s %.4s %.4s  %s%s%s  %s", stmt_text(s, 0),
	    stmt_text(s, 4), hex, hex + 4, hex + 8, hex + 12,
	    is_revoked ? _("REVOKED") : _("valid"), *until ? _(", until ") : "",
	    until, words_name(stmt_text(s, 1), stmt_text(s, 2)));
}

static void fill_keys(struct sync_screen *y)
{
	struct stmt *s = store_query(y->desk->store, Q_SYNC_SEATS);

	pager_head(&y->pager,
	    _("Keys: this seat, supervisors and operators, revoked ones"));
	stmt_bind_id(s, ":seat", &y->desk->seat);
	while (stmt_step(s) == 1)
		fill_seat(y, s);
	stmt_reset(s);
}

static void fill_conflicts(struct sync_screen *y)
{
	struct stmt *s = store_query(y->desk->store, Q_SYNC_CONFLICTS);
	struct catalog *c = y->desk->catalog;
	int n = 0;

	stmt_bind_int(
	    s, ":from_s", desk_now_s(y->desk) - CONFLICT_DAYS * DAY_S);
	while (stmt_step(s) == 1) {
		char when[TIME_TEXT];
		if (n++ == 0)
			pager_head(&y->pager,
			    _("Recorded by two (both are kept; a supervisor "
			      "may correct)"));
		time_text(when, stmt_int(s, 3), y->desk->zone_s);
		pager_add(&y->pager, LOOK_LATE, "  %s  %s  %s %s / %s %s", when,
		    words_name(stmt_text(s, 1), stmt_text(s, 2)),
		    stmt_text(s, 6), catalog_disposition(c, stmt_text(s, 7)),
		    stmt_text(s, 4), catalog_disposition(c, stmt_text(s, 5)));
	}
	stmt_reset(s);
}

static int64_t number_of(struct desk *d, enum query_id id)
{
	struct stmt *s = store_query(d->store, id);
	int64_t n = 0;

	if (stmt_step(s) == 1)
		n = stmt_int(s, 0);
	stmt_reset(s);
	return n;
}

/* What was lent, for how long, and what a first sync left to be checked. */
static void fill_lease(struct sync_screen *y)
{
	struct desk_sync sync = {0};
	int64_t waiting = number_of(y->desk, Q_UNPROVED_COUNT);

	if (y->desk->sync_state)
		y->desk->sync_state(y->desk->sync_ctx, &sync);
	if (sync.has_lease || sync.clock_is_back || waiting)
		pager_head(&y->pager, _("Patients lent to this terminal"));
	if (sync.clock_is_back)
		pager_add(&y->pager, LOOK_ALERT, "  %s",
		    _("This machine's clock was set back: have it put right, "
		      "then connect to the centre. Dates on the screens are "
		      "wrong until then; nothing saved is lost."));
	if (sync.has_lease && sync.lease_left_s == 0) {
		pager_add(&y->pager, LOOK_ALERT, "  %s",
		    _("The lease has run out: connect to the centre."));
		pager_add(&y->pager, LOOK_TEXT, "  %s",
		    _("No record opens and no call starts until then."));
		pager_add(&y->pager, LOOK_TEXT, "  %s",
		    _("Contacts, callbacks, notes and alerts can be noted."));
	} else if (sync.has_lease) {
		pager_add(&y->pager,
		    sync.lease_left_s <= LEASE_WARN_S ? LOOK_LATE : LOOK_TEXT,
		    _("  Patients %d   lease for another %d h %d min"),
		    (int)number_of(y->desk, Q_LEASE_COUNT),
		    (int)(sync.lease_left_s / 3600),
		    (int)(sync.lease_left_s / 60 % 60));
	}
	if (waiting)
		pager_add(&y->pager, LOOK_LATE,
		    _("  Signatures of %d patients are still being checked; "
		      "each before it opens"),
		    (int)waiting);
}

static void fill(struct sync_screen *y)
{
	pager_clear(&y->pager);
	fill_centre(y);
	fill_freshness(y);
	fill_lease(y);
	fill_log(y);
	fill_keys(y);
	fill_conflicts(y);
}

/* ---- the screen ---------------------------------------------------------- */

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

static unsigned sync_refresh(struct screen *s)
{
	fill(of(s));
	return REACT_DRAW;
}

/* The connection changes without a commit. */
static unsigned sync_tick(struct screen *s)
{
	struct sync_screen *y = of(s);
	struct desk_sync now = {0};

	if (!y->desk->sync_state)
		return REACT_NONE;
	y->desk->sync_state(y->desk->sync_ctx, &now);
	if (now.is_online == y->shown.is_online &&
	    now.unsent == y->shown.unsent && now.heard_s == y->shown.heard_s &&
	    now.alarm == y->shown.alarm && now.refusal == y->shown.refusal &&
	    now.evidence == y->shown.evidence)
		return REACT_NONE;
	y->shown = now;
	return sync_refresh(s);
}

static void verify(struct sync_screen *y)
{
	int rc = y->desk->keys.verify(y->desk->keys.ctx, &y->verified);

	if (rc < 0 && rc != ERR_CHECK) {
		app_say_error(y->base.app, rc);
		return;
	}
	y->verified_s = desk_now_s(y->desk);
	fill(y);
}

/* The lines of this screen that name no patient. */
static void write_diagnostics(struct sync_screen *y)
{
	struct buf text = {0};
	char path[500];
	int rc;

	buf_printf(&text, "suifang %s\n", SUIFANG_VERSION);
	for (int i = 0; i < y->pager.count; i++)
		if (!y->pager.lines[i].secret)
			buf_printf(&text, "%s\n", y->pager.lines[i].text);
	snprintf(path, sizeof(path), "%.400s/diagnostics.txt", y->desk->home);
	rc = program_write(path, &text, 0600);
	if (app_say_error(y->base.app, rc) == 0)
		app_say(y->base.app, LOOK_DONE, _("Written to %s"), path);
	buf_fini(&text);
}

static unsigned sync_op(struct screen *s, enum op op)
{
	struct sync_screen *y = of(s);

	if (op == OP_SYNC_NOW) {
		y->desk->sync_now(y->desk->sync_ctx);
		app_say(s->app, LOOK_DIM, "%s",
		    _("Trying to reach the centre now."));
	} else if (op == OP_CHECK_LOG) {
		verify(y);
	} else if (op == OP_PASSWD) {
		passphrase_change(s->app);
	} else if (op == OP_REKEY) {
		passphrase_rekey(s->app);
	} else if (op == OP_DIAGNOSE) {
		write_diagnostics(y);
	} else if (op == OP_HELD) {
		app_push(s->app, &held_screen, NULL);
	} else {
		return pager_op(&y->pager, op) ? REACT_DRAW : REACT_PASS;
	}
	return REACT_DRAW;
}

static const char *sync_why_not(struct screen *s, enum op op)
{
	const struct desk *d = of(s)->desk;
	bool missing = (op == OP_SYNC_NOW && !d->sync_now) ||
		       (op == OP_CHECK_LOG && !d->keys.verify) ||
		       (op == OP_PASSWD && !d->keys.passwd) ||
		       (op == OP_REKEY && !d->keys.rekey);

	return missing ? _("No centre: practice.") : NULL;
}

static const enum op sync_ops[] = {OP_SYNC_NOW, OP_CHECK_LOG, OP_PASSWD,
    OP_REKEY, OP_HELD, OP_DIAGNOSE, OP_BACK, OP_PALETTE, LIST_OPS, OP_NONE};

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
    .refresh = sync_refresh,
    .why_not = sync_why_not,
};
