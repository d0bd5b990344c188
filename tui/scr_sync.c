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
#include "tui/sync_steps.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define CONFLICT_DAYS 14
#define CONFLICT_MAX 20
#define NEVER_ENDS_S INT64_C(253402300799)
#define EXPIRY_WARN_DAYS 30
#define W_LABEL 12

struct sync_screen {
	struct screen base;
	struct desk *desk;
	struct pager pager;
	struct desk_sync shown;
	struct id conflicts[CONFLICT_MAX];
	int conflict_count;
	bool is_choosing; /* one of them */
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

/* What no step says: why the centre turns this terminal away, or cannot. */
static void fill_trouble(struct sync_screen *y, const struct desk_sync *sync)
{
	if (sync->is_online && sync->is_recovering)
		tell_wrapped(&y->pager, LOOK_LATE,
		    _("The centre was restored from a backup and is being "
		      "completed: it takes what was saved here and gives "
		      "receipts, but no news, keys or alerts until the "
		      "operator closes the recovery. Telephone urgent "
		      "alerts."));
	if (sync->alarm)
		tell_wrapped(
		    &y->pager, LOOK_ALERT, tr(alarm_text(sync->alarm)));
	if (sync->refusal)
		tell_wrapped(
		    &y->pager, LOOK_ALERT, tr(err_text(sync->refusal)));
	if (sync->evidence)
		pager_tell(&y->pager, LOOK_LATE,
		    _("  Refused messages kept as evidence: %d"),
		    (int)sync->evidence);
}

static void fill_centre(struct sync_screen *y)
{
	struct desk_sync sync = {0};

	sync_tell_log(&y->pager, y->desk);
	if (!y->desk->sync_state) {
		pager_tell(
		    &y->pager, LOOK_DIM, "%s", _("No centre: practice."));
		return;
	}
	y->desk->sync_state(y->desk->sync_ctx, &sync);
	sync_tell_waiting(&y->pager, y->desk, &sync);
	fill_trouble(y, &sync);
	sync_tell_steps(&y->pager, y->desk, &sync);
	if (!sync.is_online)
		pager_tell(&y->pager, LOOK_KEY,
		    _("Work goes on offline; the %d records not uploaded are "
		      "encrypted here."),
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
	const struct desk_keys *k = &y->desk->keys;
	char when[60];

	if (!k->found_s)
		return;
	words_time(when, sizeof(when), y->desk, k->found_s);
	if (k->found.fault[0])
		pager_tell(&y->pager, LOOK_ALERT,
		    _("  Verified %s: WRONG: %s. Call your operator."), when,
		    k->found.fault);
	else
		pager_tell(&y->pager, LOOK_DONE,
		    _("  Verified %s: %llu records of %llu seats, every "
		      "signature and chain holds"),
		    when, (unsigned long long)k->found.records,
		    (unsigned long long)k->found.seats);
}

static void fill_order(struct sync_screen *y)
{
	struct stmt *s = store_query(y->desk->store, Q_SYNC_COUNTS);
	long long held = 0;

	stmt_bind_id(s, ":seat", &y->desk->seat);
	if (stmt_step(s) == 1)
		held = stmt_int(s, 3);
	stmt_reset(s);
	pager_head(&y->pager, _("Order of the centre"));
	pager_tell(&y->pager, held ? LOOK_LATE : LOOK_TEXT,
	    _("  Held entries %lld   (kept, without effect until a "
	      "supervisor releases them)"),
	    held);
	fill_checkpoint(y);
	fill_verified(y);
}

/* "valid until 2026-12-31 (39 days)" */
static enum look say_term(
    char *out, size_t size, const struct desk *d, const struct stmt *s)
{
	int64_t until_s = stmt_int(s, 6);
	int64_t days = (until_s - desk_now_s(d)) / DAY_S;
	char until[DAY_TEXT];

	if (!stmt_is_null(s, 7)) {
		text_copy(out, size, _("REVOKED"));
		return LOOK_LATE;
	}
	if (until_s <= 0 || until_s >= NEVER_ENDS_S) {
		text_copy(out, size, _("valid"));
		return LOOK_TEXT;
	}
	day_text(until, day_of(until_s, d->zone_s));
	if (until_s <= desk_now_s(d))
		snprintf(out, size, _("EXPIRED on %s"), until);
	else
		snprintf(
		    out, size, _("valid until %s (%d days)"), until, (int)days);
	return days < EXPIRY_WARN_DAYS ? LOOK_LATE : LOOK_TEXT;
}

static const char *key_label(const struct desk *d, const struct stmt *s)
{
	struct id seat;

	stmt_id(&seat, s, 5);
	if (id_cmp(&seat, &d->seat) == 0)
		return _("my key");
	if (strcmp(stmt_text(s, 3), "supervisor") == 0)
		return _("supervisor's");
	return strcmp(stmt_text(s, 3), "operator") == 0 ? _("operator's")
							: _("a seat's");
}

static void fill_seat(struct sync_screen *y, const struct stmt *s)
{
	const char *key = stmt_text(s, 8), *label = key_label(y->desk, s);
	char term[80];
	enum look look = say_term(term, sizeof(term), y->desk, s);

	if (strlen(key) < 16)
		return;
	pager_tell(&y->pager, look,
	    "  %s%*s %-5s %.4s %.4s %.4s %.4s  %s  %s %s", label,
	    draw_width(label) < W_LABEL ? W_LABEL - draw_width(label) : 0, "",
	    stmt_text(s, 0), key, key + 4, key + 8, key + 12, term,
	    words_name(stmt_text(s, 1), stmt_text(s, 2)), stmt_text(s, 4));
}

/* The roster is the list of what is revoked: how much, and as of when. */
static void fill_revoked(struct sync_screen *y, const struct id *roster)
{
	struct stmt *s = store_query(y->desk->store, Q_SYNC_REVOKED);
	char day[DAY_TEXT];

	stmt_bind_id(s, ":roster", roster);
	if (stmt_step(s) != 1) {
		stmt_reset(s);
		return;
	}
	if (stmt_int(s, 1) > 0) {
		day_text(day, day_of(stmt_int(s, 1), y->desk->zone_s));
		pager_tell(&y->pager, LOOK_TEXT,
		    _("  Revoked keys: %d   newest revocation %s"),
		    (int)stmt_int(s, 0), day);
	} else if (stmt_int(s, 2) > 0) {
		day_text(day, day_of(stmt_int(s, 2), y->desk->zone_s));
		pager_tell(&y->pager, LOOK_TEXT,
		    _("  Revoked keys: none   newest grant %s"), day);
	}
	stmt_reset(s);
}

static void fill_keys(struct sync_screen *y)
{
	struct stmt *s = store_query(y->desk->store, Q_SYNC_SEATS);
	bool has_roster = false;
	struct id roster;

	pager_head(&y->pager,
	    _("Keys (ed25519): this seat, supervisors and operators, revoked "
	      "ones"));
	stmt_bind_id(s, ":seat", &y->desk->seat);
	while (stmt_step(s) == 1) {
		has_roster |= stmt_id(&roster, s, 9);
		fill_seat(y, s);
	}
	stmt_reset(s);
	if (has_roster)
		fill_revoked(y, &roster);
}

/* ---- recorded by two ----------------------------------------------------- */

static void fill_conflict(struct sync_screen *y, const struct stmt *s)
{
	struct catalog *c = y->desk->catalog;
	char when[TIME_TEXT];

	time_text(when, stmt_int(s, 3), y->desk->zone_s);
	pager_add(&y->pager, LOOK_LATE, "  %s  %s  %s %s / %s %s", when,
	    words_name(stmt_text(s, 1), stmt_text(s, 2)), stmt_text(s, 6),
	    catalog_disposition(c, stmt_text(s, 7)), stmt_text(s, 4),
	    catalog_disposition(c, stmt_text(s, 5)));
	if (y->is_choosing)
		pager_pick(&y->pager, y->conflict_count);
	stmt_id(&y->conflicts[y->conflict_count++], s, 0);
}

static void fill_conflicts(struct sync_screen *y)
{
	struct stmt *s = store_query(y->desk->store, Q_SYNC_CONFLICTS);

	y->conflict_count = 0;
	stmt_bind_int(
	    s, ":from_s", desk_now_s(y->desk) - CONFLICT_DAYS * DAY_S);
	while (y->conflict_count < CONFLICT_MAX && stmt_step(s) == 1) {
		if (y->conflict_count == 0)
			pager_head(&y->pager,
			    _("Recorded by two (both are kept; a supervisor "
			      "may correct): Enter"));
		fill_conflict(y, s);
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
	if (y->is_choosing) {
		fill_conflicts(y);
		if (y->conflict_count > 0)
			return;
		y->is_choosing = false;
	}
	fill_centre(y);
	fill_keys(y);
	fill_conflicts(y);
	fill_freshness(y);
	fill_lease(y);
	fill_order(y);
}

/* ---- what a person does ------------------------------------------------- */

static void open_conflict(struct sync_screen *y, int i)
{
	app_push(y->base.app, &patient_screen,
	    &(struct patient_arg){y->conflicts[i], "review", 2});
}

/* One opens at once; of several a person chooses. */
static void view_conflict(struct sync_screen *y)
{
	int picked = pager_picked(&y->pager);

	if (y->is_choosing && picked >= 0) {
		open_conflict(y, picked);
	} else if (y->conflict_count == 1) {
		open_conflict(y, 0);
	} else {
		y->is_choosing = true;
		pager_restart(&y->pager);
		fill(y);
	}
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
	pager_draw(&of(s)->pager, g, spot_rest(g, 1, 1, LOOK_TEXT),
	    screen_bottom(g) - 1);
}

static unsigned sync_refresh(struct screen *s)
{
	fill(of(s));
	return REACT_DRAW;
}

static bool is_same(const struct desk_sync *a, const struct desk_sync *b)
{
	return a->is_online == b->is_online &&
	       a->is_connecting == b->is_connecting &&
	       a->is_current == b->is_current && a->unsent == b->unsent &&
	       a->taken == b->taken && a->in_feed == b->in_feed &&
	       a->heard_s == b->heard_s && a->rtt_ms == b->rtt_ms &&
	       a->alarm == b->alarm && a->refusal == b->refusal &&
	       a->evidence == b->evidence;
}

/* The connection changes without a commit. */
static unsigned sync_tick(struct screen *s)
{
	struct sync_screen *y = of(s);
	struct desk_sync now = {0};

	if (!y->desk->sync_state)
		return REACT_NONE;
	y->desk->sync_state(y->desk->sync_ctx, &now);
	if (is_same(&now, &y->shown))
		return REACT_NONE;
	y->shown = now;
	return sync_refresh(s);
}

static void verify(struct sync_screen *y)
{
	struct desk_keys *k = &y->desk->keys;
	struct desk_verify found = {0};
	int rc = k->verify(k->ctx, &found);

	if (rc < 0 && rc != ERR_CHECK) {
		app_say_error(y->base.app, rc);
		return;
	}
	k->found = found;
	k->found_s = desk_now_s(y->desk);
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
	} else if (op == OP_DETAIL) {
		view_conflict(y);
	} else if (op == OP_BACK && y->is_choosing) {
		y->is_choosing = false;
		fill(y);
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

	if (op == OP_DETAIL && of(s)->conflict_count == 0)
		return _("No patient was recorded by two.");
	return missing ? _("No centre: practice.") : NULL;
}

static const enum op sync_ops[] = {OP_SYNC_NOW, OP_CHECK_LOG, OP_PASSWD,
    OP_REKEY, OP_HELD, OP_DIAGNOSE, OP_DETAIL, OP_BACK, OP_PALETTE, LIST_OPS,
    OP_NONE};

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
