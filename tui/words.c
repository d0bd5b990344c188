/*
 * words.c - codes as words.
 */
#include "tui/words.h"

#include "core/alertq.h"
#include "core/asset.h"
#include "core/clock.h"
#include "core/held.h"
#include "core/json.h"
#include "core/signed.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/trend.h"
#include "core/verdict.h"
#include "core/worklist.h"
#include "tui/desk.h"
#include "tui/dialer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
	const char *code, *text;
	enum look look;
};

static const struct word *find(
    const struct word *words, size_t n, const char *code)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i].code, code) == 0)
			return &words[i];
	return NULL;
}

static const struct word risks[] = {
    {"high", N_("HIGH!"), LOOK_ALERT},
    {"mid", N_("mid"), LOOK_LATE},
    {"low", N_("low"), LOOK_DIM},
};

const char *words_risk(const char *level)
{
	const struct word *w = find(risks, ARRAY_LEN(risks), level);

	return w ? tr(w->text) : "";
}

enum look words_risk_look(const char *level)
{
	const struct word *w = find(risks, ARRAY_LEN(risks), level);

	return w ? w->look : LOOK_TEXT;
}

void words_day(char *out, size_t size, int64_t day, int64_t today)
{
	char text[DAY_TEXT];

	if (day >= today - 1 && day <= today + 1) {
		text_copy(out, size,
		    day < today    ? _("yesterday")
		    : day == today ? _("today")
				   : _("tomorrow"));
		return;
	}
	day_text(text, day);
	text_copy(out, size, llabs(day - today) < 180 ? text + 5 : text);
}

void words_time(char *out, size_t size, const struct desk *d, int64_t at_s)
{
	char day[40], clock[TIME_TEXT];

	time_text(clock, at_s, d->zone_s);
	if (day_of(at_s, d->zone_s) == desk_today(d)) {
		text_copy(out, size, clock + 11);
		return;
	}
	words_day(day, sizeof(day), day_of(at_s, d->zone_s), desk_today(d));
	snprintf(out, size, "%s %s", day, clock + 11);
}

static enum look due_state(
    char *out, size_t size, struct desk *d, const struct work_row *row)
{
	int64_t late = desk_today(d) - row->due_day;
	char when[60];

	if (row->not_before_s > desk_now_s(d)) {
		words_time(when, sizeof(when), d, row->not_before_s);
		snprintf(out, size, _("%s (tried %d)"), when, row->attempts);
		return LOOK_DIM;
	}
	if (late > 0) {
		snprintf(out, size, _("%d d overdue"), (int)late);
		return LOOK_LATE;
	}
	if (row->attempts > 0)
		snprintf(out, size, _("no answer x%d"), row->attempts);
	else if (row->close_day <= desk_today(d) + 1)
		text_copy(out, size, _("window closes"));
	else if (row->due_count > 1)
		snprintf(out, size, _("%d due together"), row->due_count);
	else
		text_copy(out, size, tr_pick(row->why_zh, row->why_en));
	return row->attempts > 0 ? LOOK_LATE : LOOK_TEXT;
}

enum look words_state(
    char *out, size_t size, struct desk *d, const struct work_row *row)
{
	char when[60];

	if (row->is_dead) {
		text_copy(out, size, _("deceased"));
		return LOOK_DIM;
	}
	if (row->is_refused) {
		text_copy(out, size, _("do not call"));
		return LOOK_ALERT;
	}
	if (row->to_verify > 0) {
		text_copy(out, size, _("alert handled: verify"));
		return LOOK_ALERT;
	}
	if (row->has_callback) {
		words_time(when, sizeof(when), d, row->callback_s);
		snprintf(out, size, _("callback %s"), when);
		return row->callback_s < desk_now_s(d) ? LOOK_LATE : LOOK_MARK;
	}
	if (row->snoozed_s > desk_now_s(d)) {
		words_time(when, sizeof(when), d, row->snoozed_s);
		snprintf(out, size, _("snoozed until %s"), when);
		return LOOK_DIM;
	}
	if (!row->has_due) {
		text_copy(out, size, _("nothing due"));
		return LOOK_DIM;
	}
	return due_state(out, size, d, row);
}

void words_person(char *out, size_t size, char sex, int age)
{
	const char *word = sex == 'm' ? _("M") : sex == 'f' ? _("F") : "";

	if (age >= 0)
		snprintf(out, size, "%s %d", word, age);
	else
		text_copy(out, size, word);
}

void words_short(char *out, size_t size, const char *title)
{
	static const char *const ends[] = {"（", "(", "，", ", ", ":", "："};
	size_t n;

	text_copy(out, size, title);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		char *end = strstr(out, ends[i]);
		if (end && end != out)
			*end = '\0';
	}
	for (n = strlen(out); n > 0 && out[n - 1] == ' ';)
		out[--n] = '\0';
}

void words_pathway(char *out, size_t size, const char *title)
{
	static const char *const ends[] = {
	    N_("follow-up"), N_("health management"), N_("of patients")};
	size_t n;

	words_short(out, size, title);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		const char *end = tr(ends[i]);
		size_t tail = strlen(end);
		n = strlen(out);
		if (n > tail && strcmp(out + n - tail, end) == 0)
			out[n - tail] = '\0';
	}
}

void words_measure(char *out, size_t size, const char *name)
{
	static const char *const units[] = {"mmHg", "kg", "cm", "C", "\u2103"};
	char *last;
	bool is_unit;

	text_copy(out, size, name);
	last = strrchr(out, ' ');
	if (!last)
		return;
	is_unit = strpbrk(last, "/%") != NULL;
	for (size_t i = 0; i < ARRAY_LEN(units) && !is_unit; i++)
		is_unit = strcmp(last + 1, units[i]) == 0;
	if (is_unit)
		*last = '\0';
}

const char *words_name(const char *zh, const char *en)
{
	return tr_pick(zh, en);
}

/* What a hospital's own system writes of a contact, in either language; its
 * own words where they are none of these. */
static const char *kin(const char *said)
{
	static const char *const words[] = {N_("self"), N_("son"),
	    N_("daughter"), N_("child"), N_("husband"), N_("wife"),
	    N_("spouse"), N_("father"), N_("mother"), N_("parent"),
	    N_("grandson"), N_("granddaughter"), N_("daughter-in-law"),
	    N_("son-in-law"), N_("brother"), N_("sister"), N_("carer"),
	    N_("other"), N_("contact")};
	const struct asset *a = asset_find("words/relations.json");
	json_t *table = NULL;
	const char *en, *out = said;

	if (!a || json_load(&table, a->data, a->len, a->len))
		return said;
	en = json_str(table, said, said);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i], en) == 0)
			out = tr(words[i]);
	json_decref(table);
	return out;
}

const char *words_relation(const char *code)
{
	static const struct word words[] = {
	    {"self", N_("self"), 0},
	    {"spouse", N_("spouse"), 0},
	    {"child", N_("child"), 0},
	    {"parent", N_("parent"), 0},
	    {"carer", N_("carer"), 0},
	    {"other", N_("other"), 0},
	    {"none", N_("nobody"), 0},
	};
	const struct word *w = find(words, ARRAY_LEN(words), code);

	return w ? tr(w->text) : kin(code);
}

const char *words_line(int state)
{
	static const char *const texts[] = {
	    [DIALER_IDLE] = "",
	    [DIALER_RINGING] = N_(" ringing"),
	    [DIALER_TALKING] = N_(" talking"),
	    [DIALER_ENDED] = N_(" hung up"),
	    [DIALER_FAILED] = N_(" dial by hand"),
	};

	return state == DIALER_IDLE ? "" : tr(texts[state]);
}

const char *words_hearing(const char *code)
{
	static const struct word words[] = {
	    {"good", N_("hears well"), 0},
	    {"hard", N_("hard of hearing: speak slowly and loud"), 0},
	    {"deaf", N_("does not hear: call the family"), 0},
	};
	const struct word *w = find(words, ARRAY_LEN(words), code);

	return w ? tr(w->text) : code;
}

static const struct word levels[] = {
    {"emergency", N_("!! emergency"), LOOK_ALERT},
    {"red", N_("!! red"), LOOK_ALERT},
    {"orange", N_("! orange"), LOOK_LATE},
    {"yellow", N_("yellow"), LOOK_MARK},
};

const char *words_level(const char *level)
{
	const struct word *w = find(levels, ARRAY_LEN(levels), level);

	return w ? tr(w->text) : level;
}

enum look words_level_look(const char *level)
{
	const struct word *w = find(levels, ARRAY_LEN(levels), level);

	return w ? w->look : LOOK_TEXT;
}

const char *words_alert_state(const struct alert_row *a)
{
	static const char *const texts[] = {
	    [ALERT_UNDELIVERED] = N_("not delivered"),
	    [ALERT_OPEN] = N_("1 unacknowledged"),
	    [ALERT_ACKED] = N_("2 acknowledged"),
	    [ALERT_HANDLED] = N_("3 handled, verify"),
	    [ALERT_VERIFIED] = N_("4 verified"),
	    [ALERT_CLOSED] = N_("closed"),
	    [ALERT_WITHDRAWN] = N_("withdrawn (corrected)"),
	};

	if (a->corrected_s && a->state < ALERT_CLOSED)
		return _("corrected, close it");
	if (a->forwarded_s && a->state == ALERT_OPEN)
		return _("1 forwarded");
	return tr(texts[a->state]);
}

const char *words_step(const char *what)
{
	static const struct word words[] = {
	    {"raised", N_("raised"), 0},
	    {"told", N_("told by telephone"), 0},
	    {"acknowledged", N_("acknowledged"), 0},
	    {"handled", N_("handled"), 0},
	    {"verified", N_("verified"), 0},
	    {"closed", N_("closed"), 0},
	    {"withdrawn", N_("withdrawn"), 0},
	    {"escalated", N_("escalated"), 0},
	    {"forwarded", N_("forwarded"), 0},
	};
	const struct word *w = find(words, ARRAY_LEN(words), what);

	return w ? tr(w->text) : what;
}

void words_remaining(char *out, size_t size, int64_t seconds)
{
	int64_t minutes = llabs(seconds) / 60;

	snprintf(out, size, "%s%02lld:%02lld", seconds < 0 ? "-" : "",
	    (long long)(minutes / 60), (long long)(minutes % 60));
}

void words_took(char *out, size_t size, int64_t seconds)
{
	long long minutes = (seconds + 59) / 60, hours = minutes / 60;

	if (minutes < 120)
		snprintf(out, size, _("%lld min"), minutes);
	else if (hours < 48)
		snprintf(out, size, _("%lld h %lld min"), hours, minutes % 60);
	else
		snprintf(out, size, _("%lld d %lld h"), hours / 24, hours % 24);
}

const char *words_course(int course)
{
	static const char *const texts[] = {
	    [TREND_UNKNOWN] = N_("unknown"),
	    [TREND_STEADY] = N_("steady"),
	    [TREND_CHANGING] = N_("changing"),
	    [TREND_FLUCTUATING] = N_("fluctuating"),
	};

	return tr(texts[course]);
}

enum look words_verdict(char *out, size_t size, const struct desk *desk,
    const struct signed_entry *e)
{
	const struct ref ref = {e->seat, e->seq, (unsigned)e->index};
	struct held_release by;
	char when[60];

	text_copy(out, size, tr(verdict_text(e->verdict)));
	if (!verdict_is_held(e->verdict))
		return e->verdict == VERDICT_LATE ? LOOK_LATE : LOOK_DONE;
	if (held_released(&by, desk->store, &e->stream, &ref) != 1)
		return LOOK_ALERT;
	words_time(when, sizeof(when), desk, by.at_s);
	snprintf(out, size, _("%s; released by %s %s%s%s"),
	    tr(verdict_text(e->verdict)), by.member, when,
	    *by.reason ? ": " : "", tr(held_reason_text(by.reason)));
	return LOOK_LATE;
}
