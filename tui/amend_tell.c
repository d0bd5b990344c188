/*
 * amend_tell.c - all that a correction would bring, in words, before it is
 * signed. It reads the draft itself: what is not told is not signed.
 */
#include "core/json.h"
#include "core/script_merge.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/amend.h"
#include "tui/call_view.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/pager.h"
#include "tui/past.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 76

/* ---- answers ------------------------------------------------------------ */

static uint32_t item_of(const struct amend *a, const json_t *place)
{
	return past_item(a->past, json_str(place, "script", ""),
	    json_str(place, "link", ""));
}

static void add_value(
    char *out, size_t size, const struct script_item *it, const json_t *o)
{
	size_t n = strlen(out);
	struct script_value v = {.type = it->type,
	    .scale = (int)json_int(o, "scale", 0),
	    .num = json_int(o, "int", 0),
	    .text = json_str(o, "text", json_str(o, "code", "")),
	    .code = json_str(o, "code", "")};

	if (n + 4 > size)
		return;
	if (n)
		n += (size_t)snprintf(out + n, size - n, "; ");
	if (strcmp(json_str(o, "type", ""), "absent") == 0)
		text_copy(out + n, size - n, call_absent_text(v.code));
	else
		call_value_text(out + n, size - n, it, &v);
}

/* The answers of one place as words. */
static void values_text(char *out, size_t size, const struct amend *a,
    const json_t *answers, const json_t *place)
{
	uint32_t item = item_of(a, place);
	json_t *list = amend_of_place(answers, place);

	out[0] = '\0';
	for (size_t i = 0; item != SCRIPT_NONE && i < json_array_size(list);
	     i++)
		add_value(out, size, script_item(a->past->script, item),
		    json_array_get(list, i));
	if (!out[0])
		text_copy(out, size, _("no answer given"));
	json_decref(list);
}

static const char *label_of(const struct amend *a, const json_t *place)
{
	uint32_t item = item_of(a, place);

	return item == SCRIPT_NONE ? json_str(place, "link", "")
				   : past_label(a->past, item);
}

/* Is its question no longer asked? */
static bool is_gone(const struct amend *a, const json_t *place)
{
	const char *at = strchr(json_str(place, "link", ""), '@');
	uint32_t occ = at ? (uint32_t)strtoul(at + 1, NULL, 10) : 0;
	uint32_t item = item_of(a, place);

	return item == SCRIPT_NONE ||
	       script_run_find(a->past->run, item, occ) == SCRIPT_NONE;
}

void amend_change_text(
    char *out, size_t size, const struct amend *a, const json_t *changes)
{
	char was[300], now[300], line[1100];
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < json_array_size(changes); i++) {
		const json_t *at = json_array_get(changes, i);
		if (!amend_is_first(changes, i))
			continue;
		values_text(was, sizeof(was), a, a->before, at);
		values_text(now, sizeof(now), a, changes, at);
		snprintf(line, sizeof(line), "%s%s: %s -> %s", n ? "; " : "",
		    label_of(a, at), was, now);
		text_copy(out + n, size - n, line);
		n = strlen(out);
	}
}

static void tell_answers(
    struct pager *out, const struct amend *a, const json_t *changes, bool gone)
{
	char was[300], now[300], line[1100];
	bool first = true;

	for (size_t i = 0; i < json_array_size(changes); i++) {
		const json_t *at = json_array_get(changes, i);
		if (!amend_is_first(changes, i) || is_gone(a, at) != gone)
			continue;
		if (first)
			pager_head(
			    out, gone ? _("No longer asked: these answers go")
				      : _("Corrected answers"));
		first = false;
		values_text(was, sizeof(was), a, a->before, at);
		values_text(now, sizeof(now), a, changes, at);
		snprintf(line, sizeof(line), gone ? "%s: %s" : "%s: %s -> %s",
		    label_of(a, at), was, now);
		pager_wrap(out, gone ? LOOK_LATE : LOOK_MARK, WIDTH, line);
	}
}

/* Questions that the new answers ask, and that nobody has asked. */
static void tell_open(struct pager *out, const struct amend *a)
{
	struct past *p = a->past;
	bool first = true;

	for (uint32_t i = 0; i < script_run_count(p->run); i++) {
		struct script_slot s = script_run_slot(p->run, i);
		if (s.state != SCRIPT_SLOT_OPEN || a->was_open[s.item])
			continue;
		if (first)
			pager_head(out,
			    _("Asked by the new answers, and not answered"));
		first = false;
		pager_add(out, LOOK_LATE, "  %s", past_label(p, s.item));
	}
}

/* ---- alerts ------------------------------------------------------------- */

static const char *fate_text(const struct amend_alert *alert)
{
	static const char *const texts[] = {
	    [AMEND_WITHDRAWN] = N_("is taken back; the clinician sees the "
				   "correction and closes it"),
	    [AMEND_KEPT] = N_("is acknowledged: it stays, and the clinician "
			      "sees the correction"),
	    [AMEND_CLOSED] = N_("is closed already: it stays as it is"),
	};

	return tr(texts[alert->fate]);
}

static void tell_raised(
    struct pager *out, const struct amend *a, const json_t *body)
{
	char line[600];

	snprintf(line, sizeof(line), _("NEW %s  %s  %s: goes to %s"),
	    json_str(body, "no", ""), words_level(json_str(body, "level", "")),
	    tr_pick(
		json_str(body, "text_zh", ""), json_str(body, "text_en", "")),
	    catalog_queue(a->desk->catalog, json_str(body, "queue", "")));
	pager_wrap(out, LOOK_ALERT, WIDTH, line);
}

static void tell_alerts(
    struct pager *out, const struct amend *a, const struct amend_made *made)
{
	char line[700];

	pager_head(out, _("Alerts"));
	for (int i = 0; i < made->alert_count; i++) {
		const struct alert_row *r = &made->alerts[i].row;
		snprintf(line, sizeof(line), "%s  %s  %s: %s", r->no,
		    words_level(r->level), tr_pick(r->text_zh, r->text_en),
		    fate_text(&made->alerts[i]));
		pager_wrap(out, LOOK_ALERT, WIDTH, line);
	}
	for (size_t i = 0; i < made->draft.count; i++)
		if (made->draft.entries[i].kind == KIND_ALERT_RAISED)
			tell_raised(out, a, made->draft.entries[i].body);
	if (made->alert_count + made->effect.raised == 0)
		pager_tell(out, LOOK_DIM, "  %s", _("none comes, none goes"));
}

/* ---- what is due, risk, tags -------------------------------------------- */

static const struct case_due *decided_anew(
    int64_t *was_day, const struct amend_made *made, const char *pathway)
{
	for (int i = 0; i < made->next_count; i++)
		if (strcmp(made->next[i].pathway, pathway) == 0) {
			*was_day = made->was_day[i];
			return &made->next[i];
		}
	return NULL;
}

static void tell_due(struct pager *out, const struct amend *a,
    const struct amend_made *made, const struct case_due *due)
{
	char name[200], was[40], day[40], line[700];
	int64_t was_day = due->due_day, today = desk_today(a->desk);
	const struct case_due *next =
	    decided_anew(&was_day, made, due->pathway);

	words_pathway(name, sizeof(name),
	    catalog_pathway_title(a->desk->catalog, due->pathway));
	words_day(was, sizeof(was), was_day, today);
	if (!next) {
		pager_add(out, LOOK_DIM, _("  %s: stays on %s"), name, was);
		return;
	}
	words_day(day, sizeof(day), next->due_day, today);
	snprintf(line, sizeof(line), "%s: %s -> %s  %s", name, was, day,
	    tr_pick(next->why_zh, next->why_en));
	pager_wrap(out, LOOK_MARK, WIDTH, line);
}

static void tell_next(
    struct pager *out, const struct amend *a, const struct amend_made *made)
{
	const struct casefile *file = a->past->file;

	pager_head(out, _("Next contact"));
	for (int i = 0; i < file->due_count; i++)
		tell_due(out, a, made, &file->dues[i]);
	if (file->due_count == 0)
		pager_tell(out, LOOK_DIM, "  %s", _("nothing due"));
}

static void tell_risk(
    struct pager *out, const struct amend *a, const json_t *body)
{
	const char *was = a->past->file->risk.level;
	char line[700];

	snprintf(line, sizeof(line), _("Risk: %s -> %s  %s"),
	    *was ? words_risk(was) : "-",
	    words_risk(json_str(body, "level", "")),
	    tr_pick(
		json_str(body, "why_zh", ""), json_str(body, "why_en", "")));
	pager_wrap(out, LOOK_MARK, WIDTH, line);
}

static const char *tag_name(const struct amend *a, const json_t *body)
{
	const struct casefile *file = a->past->file;
	const char *id = json_str(body, "tag", "");
	const char *name = tr_pick(
	    json_str(body, "name_zh", ""), json_str(body, "name_en", ""));

	for (int i = 0; !*name && i < file->tag_count; i++)
		if (strcmp(file->tags[i].tag, id) == 0)
			name = tr_pick(
			    file->tags[i].name_zh, file->tags[i].name_en);
	return *name ? name : id;
}

static void tell_standing(
    struct pager *out, const struct amend *a, const struct amend_made *made)
{
	int told = made->keeps_level;

	pager_head(out, _("Risk and tags"));
	if (made->keeps_level)
		pager_tell(out, LOOK_DIM,
		    _("  Risk stays %s: a call that was cut short lowers none"),
		    words_risk(a->past->file->risk.level));
	for (size_t i = 0; i < made->draft.count; i++) {
		const struct draft_entry *e = &made->draft.entries[i];
		if (e->kind == KIND_RISK_SET)
			tell_risk(out, a, e->body);
		else if (e->kind == KIND_TAG_SET)
			pager_add(out, LOOK_MARK,
			    json_is_true(json_object_get(e->body, "on"))
				? _("  Tag set: %s")
				: _("  Tag taken away: %s"),
			    tag_name(a, e->body));
		else
			continue;
		told++;
	}
	if (told == 0)
		pager_tell(out, LOOK_DIM, "  %s",
		    made->is_last
			? _("stay as they are")
			: _("stay as they are: a later call says how the "
			    "patient stands"));
}

void amend_tell(
    struct pager *out, const struct amend *a, const struct amend_made *made)
{
	pager_clear(out);
	tell_answers(out, a, made->changes, false);
	tell_answers(out, a, made->changes, true);
	tell_open(out, a);
	tell_alerts(out, a, made);
	tell_next(out, a, made);
	tell_standing(out, a, made);
}
