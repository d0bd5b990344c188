/*
 * desk.c - the person's desk: identity, log door, sync state in words.
 */
#include "tui/desk.h"

#include "core/lease.h"
#include "core/casefile.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/history.h"
#include "core/json.h"
#include "core/profile.h"
#include "core/script_run.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/dialer.h"
#include "tui/dump.h"
#include "tui/renewal.h"

#include <stdio.h>
#include <string.h>

#define ZONE_DEFAULT_S 28800

static int read_settings(struct desk *d)
{
	struct stmt *s = store_query(d->store, Q_DESK_SETTING);
	int rc = stmt_step(s);

	if (rc == 1) {
		d->zone_s = (int32_t)stmt_int(s, 0);
		text_copy(
		    d->duty_phone, sizeof(d->duty_phone), stmt_text(s, 1));
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static void read_own_name(struct desk *d)
{
	struct stmt *s = store_query(d->store, Q_DESK_MEMBER);

	stmt_bind_text(s, ":member", d->member);
	if (stmt_step(s) == 1) {
		text_copy(d->name, sizeof(d->name), stmt_text(s, 0));
		text_copy(d->name_en, sizeof(d->name_en), stmt_text(s, 1));
	}
	stmt_reset(s);
}

const char *desk_own_name(const struct desk *d)
{
	return tr_pick(d->name, d->name_en);
}

int desk_init(struct desk *d)
{
	int rc;

	if (!d->zone_s)
		d->zone_s = ZONE_DEFAULT_S;
	rc = read_settings(d);
	if (rc == 0 && !d->catalog)
		rc = catalog_new(&d->catalog, d->store);
	if (rc == 0 && !d->renewal)
		rc = renewal_new(&d->renewal, d);
	if (rc == 0)
		read_own_name(d);
	return rc;
}

void desk_person(
    struct script_person *out, const struct desk *d, const struct casefile *f)
{
	*out = (struct script_person){
	    .age =
		f->has_birth ? day_age_years(f->birth_day, desk_today(d)) : -1,
	    .sex = f->sex,
	    .education = f->education,
	    .occupation = f->occupation,
	    .department = f->department,
	};
}

int desk_profile(
    struct profile **out, struct desk *d, const struct casefile *file)
{
	const struct history_codes codes = {
	    .code = catalog_fact_code, .ctx = d->catalog};
	int64_t now_s = desk_now_s(d);
	struct facts facts = {0};
	int rc = history_facts(&facts, d->store, &file->patient, &codes);

	if (rc >= 0) {
		history_person(&facts, file, now_s, d->zone_s);
		*out = profile_new(catalog_profile(d->catalog), &facts, now_s);
	}
	facts_fini(&facts);
	return rc < 0 ? rc : 0;
}

void desk_fini(struct desk *d)
{
	renewal_free(&d->renewal);
	catalog_free(&d->catalog);
	dialer_free(&d->dialer);
}

struct desk *desk_of(const struct app *app)
{
	return app_world(app);
}

int64_t desk_now_s(const struct desk *d)
{
	return env_now_s(d->env);
}

int64_t desk_today(const struct desk *d)
{
	return day_of(desk_now_s(d), d->zone_s);
}

int desk_record(char ref[REF_TEXT], struct desk *d, struct draft *draft)
{
	struct ref r = {.seat = d->seat, .index = 1};
	int rc = d->log.record(d->log.ctx, draft, &r.seq);

	draft_fini(draft);
	if (rc < 0)
		return rc;
	ref_text(ref, &r);
	return 0;
}

int desk_undo(void *desk, const char *text)
{
	struct desk *d = desk;
	struct ref ref;

	if (!ref_parse(&ref, text))
		return ERR_INVALID;
	return d->log.undo(d->log.ctx, &ref.seat, ref.seq);
}

static bool may_be_undone(const struct draft *draft)
{
	for (size_t i = 0; i < draft->count; i++)
		if (!kind_info(draft->entries[i].kind)->may_be_undone)
			return false;
	return true;
}

int desk_save(struct app *app, struct draft *draft, const char *what)
{
	struct desk *d = desk_of(app);
	struct undo undo = {desk_undo, d, ""};
	bool offer = may_be_undone(draft);
	int rc = desk_record(undo.ref, d, draft);

	if (rc < 0)
		return app_say_error(app, rc);
	if (offer)
		app_offer_undo(app, &undo, what);
	else
		app_say(app, LOOK_DONE, "%s", what);
	app_refresh(app);
	return 0;
}

void desk_member_name(
    char *out, size_t size, struct desk *d, const char *member)
{
	struct stmt *s = store_query(d->store, Q_DESK_MEMBER);
	const char *name = "";

	stmt_bind_text(s, ":member", member);
	if (stmt_step(s) == 1)
		name = tr_pick(stmt_text(s, 0), stmt_text(s, 1));
	text_copy(out, size, *name ? name : member);
	stmt_reset(s);
}

/* "12 min", "19 h", "3 d": a clock of seconds would keep an idle line busy. */
static void age_text(char *out, size_t size, int64_t s)
{
	if (s < 60)
		text_copy(out, size, _("<1 min"));
	else if (s < 5400)
		snprintf(out, size, _("%d min"), (int)(s / 60));
	else if (s < 172800)
		snprintf(out, size, _("%d h"), (int)(s / 3600));
	else
		snprintf(out, size, _("%d d"), (int)(s / DAY_S));
}

/* What a person must hear first; false: nothing is wrong. */
static bool say_trouble(
    enum look *look, char *out, size_t size, const struct desk_sync *sync)
{
	if (sync->alarm) {
		snprintf(out, size, _("centre REFUSED: F7   saved here %d"),
		    (int)sync->unsent);
		*look = LOOK_ALERT;
		return true;
	}
	if (sync->refusal) {
		snprintf(out, size, _("sync stopped: F7   saved here %d"),
		    (int)sync->unsent);
		*look = LOOK_ALERT;
		return true;
	}
	if (sync->clock_is_back) {
		snprintf(out, size, _("clock set back: F7   saved here %d"),
		    (int)sync->unsent);
		*look = LOOK_ALERT;
		return true;
	}
	if (sync->has_lease && sync->lease_left_s == 0) {
		snprintf(out, size, _("lease over: F7   saved here %d"),
		    (int)sync->unsent);
		*look = LOOK_ALERT;
		return true;
	}
	if (sync->has_lease && sync->lease_left_s <= LEASE_WARN_S) {
		snprintf(out, size, _("lease ends in %d h   saved here %d"),
		    (int)(sync->lease_left_s / 3600), (int)sync->unsent);
		*look = LOOK_LATE;
		return true;
	}
	if (sync->is_online && sync->is_recovering) {
		snprintf(out, size, _("centre restored: F7   to send %d"),
		    (int)sync->unsent);
		*look = LOOK_LATE;
		return true;
	}
	return false;
}

enum look desk_status(void *desk, char *out, size_t size)
{
	struct desk *d = desk;
	struct desk_sync sync = {0};
	char age[32] = "";
	enum look look;

	if (d && d->is_practice) {
		text_copy(out, size, _("PRACTICE"));
		return LOOK_KEY;
	}
	if (!d || !d->sync_state) {
		text_copy(out, size, "");
		return LOOK_BAR;
	}
	d->sync_state(d->sync_ctx, &sync);
	if (sync.heard_s)
		age_text(age, sizeof(age), desk_now_s(d) - sync.heard_s);
	if (say_trouble(&look, out, size, &sync))
		return look;
	if (sync.is_online && sync.in_feed > 0) {
		snprintf(out, size, _("centre: receiving %d of %d"),
		    (int)sync.taken, (int)(sync.taken + sync.in_feed));
		return LOOK_BAR;
	}
	if (sync.is_online && sync.unsent == 0)
		snprintf(out, size, "%s", _("all received"));
	else if (sync.is_online)
		snprintf(out, size, _("centre: sending %d"), (int)sync.unsent);
	else if (sync.heard_s)
		snprintf(out, size, _("offline for %s   saved here %d"), age,
		    (int)sync.unsent);
	else
		snprintf(
		    out, size, _("offline   saved here %d"), (int)sync.unsent);
	return sync.is_online ? LOOK_BAR : LOOK_KEY;
}

void desk_key_words(char out[KEY_WORDS], const uint8_t *key)
{
	char hex[17];

	hex_encode(hex, key, 8);
	snprintf(out, KEY_WORDS, "%.4s %.4s %.4s %.4s", hex, hex + 4, hex + 8,
	    hex + 12);
}

uint64_t desk_generation(void *desk)
{
	struct desk *d = desk;

	return d && d->store ? store_generation(d->store) : 0;
}

int desk_dump(void *desk, const struct grid *g, char *path, size_t size)
{
	struct desk *d = desk;

	return dump_write(path, size, g, d->home, desk_now_s(d));
}
