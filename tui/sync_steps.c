/*
 * sync_steps.c - the lines about the log, what waits, and the five steps. A
 * figure stands only where it is known: what is to come is known when the
 * centre has said how much, or when nothing is under way.
 */
#include "tui/sync_steps.h"

#include "core/buf.h"
#include "core/id.h"
#include "core/store.h"
#include "core/tr.h"
#include "tui/desk.h"
#include "tui/pager.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define W_STEP 24 /* cells of the step's name */
#define W_STATE 12
#define BAR 10

/* ---- the log ------------------------------------------------------------- */

static int64_t unproved(const struct desk *d)
{
	struct stmt *s = store_query(d->store, Q_UNPROVED_COUNT);
	int64_t n = 0;

	if (stmt_step(s) == 1)
		n = stmt_int(s, 0);
	stmt_reset(s);
	return n;
}

static void own_head(char out[8], const struct desk *d)
{
	struct stmt *s = store_query(d->store, Q_RECORD_HEAD);
	char hex[HASH_HEX];
	struct hash head;

	snprintf(out, 8, "-");
	stmt_bind_id(s, ":seat", &d->seat);
	if (stmt_step(s) == 1 && stmt_hash(&head, s, 1)) {
		hash_hex(hex, &head);
		snprintf(out, 8, "%.7s", hex);
	}
	stmt_reset(s);
}

/* "holds (2 min ago)": what the last doubting of the whole log found. */
static enum look tell_chain(char *out, size_t size, const struct desk *d)
{
	long long min = (desk_now_s(d) - d->keys.found_s) / 60;

	if (!d->keys.found_s) {
		snprintf(out, size, "%s", _("not checked since the start"));
		return LOOK_TEXT;
	}
	if (d->keys.found.fault[0]) {
		snprintf(out, size, _("WRONG (%lld min ago)"), min);
		return LOOK_ALERT;
	}
	snprintf(out, size, _("holds (%lld min ago)"), min);
	return LOOK_DONE;
}

void sync_tell_log(struct pager *p, const struct desk *d)
{
	struct stmt *s = store_query(d->store, Q_SYNC_COUNTS);
	const char *is_signed = unproved(d) ? _("being checked") : "100 %";
	char head[8], chain[80];
	long long all = 0, own = 0;
	enum look look = tell_chain(chain, sizeof(chain), d);

	stmt_bind_id(s, ":seat", &d->seat);
	if (stmt_step(s) == 1) {
		all = stmt_int(s, 0);
		own = stmt_int(s, 1);
	}
	stmt_reset(s);
	own_head(head, d);
	pager_tell(p, LOOK_TEXT,
	    _("Log here   own head %s   records %lld (own %lld)   signed %s"),
	    head, all, own, is_signed);
	pager_tell(p, look, _("           chain %s"), chain);
}

/* ---- what waits ---------------------------------------------------------- */

static void size_text(char *out, size_t size, int64_t bytes)
{
	if (bytes < 1000)
		snprintf(out, size, "%d B", (int)bytes);
	else if (bytes < 1000000)
		snprintf(out, size, "%.1f kB", (double)bytes / 1e3);
	else
		snprintf(out, size, "%.1f MB", (double)bytes / 1e6);
}

static bool is_stopped(const struct desk_sync *sync)
{
	return sync->refusal || sync->alarm || sync->is_recovering;
}

void sync_tell_waiting(
    struct pager *p, const struct desk *d, const struct desk_sync *sync)
{
	struct stmt *s = store_query(d->store, Q_SYNC_WAITING);
	char size[20] = "", come[24] = "-", heard[60] = "-";

	stmt_bind_id(s, ":seat", &d->seat);
	if (stmt_step(s) == 1 && sync->unsent > 0 && stmt_int(s, 0) > 0)
		size_text(size, sizeof(size), stmt_int(s, 1));
	stmt_reset(s);
	if (sync->heard_s)
		words_time(heard, sizeof(heard), d, sync->heard_s);
	if (sync->in_feed > 0 || (sync->is_current && !is_stopped(sync)))
		snprintf(come, sizeof(come), "%llu",
		    (unsigned long long)sync->in_feed);
	pager_tell(p, sync->unsent ? LOOK_KEY : LOOK_TEXT,
	    _("Waiting    to upload %d  %s   to download %s   %s %s"),
	    (int)sync->unsent, size, come,
	    sync->is_online ? _("last exchange") : _("offline since"), heard);
}

/* ---- the steps ----------------------------------------------------------- */

struct step {
	enum look look;
	const char *name, *state;
	char about[120];
};

static void put_cell(struct buf *out, const char *text, int w)
{
	buf_str(out, text);
	for (int n = draw_width(text); n < w; n++)
		buf_str(out, " ");
}

static void tell_step(struct pager *p, const struct step *s)
{
	struct buf line = {0};

	put_cell(&line, s->name, W_STEP);
	put_cell(&line, s->state, W_STATE);
	buf_str(&line, s->about);
	pager_tell(p, s->look, "%s", buf_text(&line));
	buf_fini(&line);
}

static void say_progress(struct step *s, uint64_t done, uint64_t all)
{
	char bar[BAR + 1];

	for (uint64_t i = 0; i < BAR; i++)
		bar[i] = i < done * BAR / all ? '#' : '-';
	bar[BAR] = '\0';
	snprintf(s->about, sizeof(s->about), "[%s] %3d%%  %llu/%llu  %s", bar,
	    (int)(done * 100 / all), (unsigned long long)done,
	    (unsigned long long)all, _("Esc: goes on behind"));
}

static void step_connect(struct step *s, const struct desk_sync *sync)
{
	s->name = _("1 connect to the centre");
	s->look = sync->is_online ? LOOK_DONE : LOOK_LATE;
	s->state = sync->is_online       ? _("in order")
		   : sync->is_connecting ? _("under way")
					 : _("offline");
	if (sync->is_online && sync->rtt_ms >= 0)
		snprintf(s->about, sizeof(s->about), "%s  RTT %d ms",
		    sync->address, sync->rtt_ms);
	else
		snprintf(s->about, sizeof(s->about), "%s", sync->address);
}

/* The channel opens with no other key than the one in the site file. */
static void step_key(struct step *s, const struct desk_sync *sync)
{
	s->name = _("2 check its key");
	s->look = sync->is_online ? LOOK_DONE : LOOK_TEXT;
	s->state = sync->is_online ? _("in order") : _("waits");
	snprintf(s->about, sizeof(s->about), _("key %s (pinned)"), sync->key);
}

static void step_upload(struct step *s, const struct desk_sync *sync)
{
	s->name = _("3 upload");
	s->look = LOOK_TEXT;
	if (sync->is_online && sync->unsent > 0) {
		s->state = _("under way");
		say_progress(s, sync->given, sync->given + sync->unsent);
	} else if (sync->is_online) {
		s->look = LOOK_DONE;
		s->state = _("in order");
		snprintf(s->about, sizeof(s->about), "%s",
		    _("the centre has given a receipt for all"));
	} else {
		s->state = _("waits");
		snprintf(s->about, sizeof(s->about), _("%d records"),
		    (int)sync->unsent);
	}
}

static void step_download(struct step *s, const struct desk_sync *sync)
{
	s->name = _("4 download");
	s->look = LOOK_TEXT;
	if (is_stopped(sync)) {
		s->look = LOOK_LATE;
		s->state = _("stopped");
	} else if (sync->is_online && sync->in_feed > 0) {
		s->state = _("under way");
		say_progress(s, sync->taken, sync->taken + sync->in_feed);
	} else if (sync->is_online && sync->is_current) {
		s->look = LOOK_DONE;
		s->state = _("in order");
		snprintf(s->about, sizeof(s->about), "%s",
		    _("nothing is left to come"));
	} else {
		s->state = _("waits");
	}
}

static void step_apply(
    struct step *s, const struct desk *d, const struct desk_sync *sync)
{
	int64_t left = unproved(d);

	s->name = _("5 verify and apply");
	s->look = LOOK_TEXT;
	if (left > 0) {
		s->state = _("under way");
		snprintf(s->about, sizeof(s->about),
		    _("signatures of %d patients to check"), (int)left);
	} else if (sync->is_online && sync->is_current) {
		s->look = LOOK_DONE;
		s->state = _("in order");
		snprintf(s->about, sizeof(s->about), "%s",
		    _("every signature here was checked"));
	} else {
		s->state = _("waits");
	}
}

void sync_tell_steps(
    struct pager *p, const struct desk *d, const struct desk_sync *sync)
{
	struct step steps[5] = {0};
	struct buf line = {0};

	put_cell(&line, _("Step of a sync"), W_STEP);
	put_cell(&line, _("State"), W_STATE);
	buf_str(&line, _("Details"));
	pager_head(p, buf_text(&line));
	buf_fini(&line);
	step_connect(&steps[0], sync);
	step_key(&steps[1], sync);
	step_upload(&steps[2], sync);
	step_download(&steps[3], sync);
	step_apply(&steps[4], d, sync);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		tell_step(p, &steps[i]);
}
