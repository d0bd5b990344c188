/*
 * call_view.c - drawing a call.
 */
#include "tui/call_view.h"

#include "core/advice.h"
#include "core/alertq.h"
#include "core/clock.h"
#include "core/decimal.h"
#include "core/history.h"
#include "core/interval.h"
#include "core/target.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/screen.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define ANSWERS_MIN 4 /* fewer lines of answers at the end say nothing */

/* Where the answers stand. */
static int answer_col(const struct grid *g)
{
	return g->cols >= 110 ? 64 : 46;
}

static const struct script_item *item_of(
    const struct call *c, struct script_slot s)
{
	return script_item(c->script, s.item);
}

bool call_is_shown(const struct call *c, uint32_t slot)
{
	struct script_slot s = script_run_slot(c->run, slot);
	const struct script_item *it = item_of(c, s);

	if (it->hidden || strcmp(it->control, "help") == 0)
		return false;
	/* where the next of several scripts begins */
	if (c->asked_count > 1 && it->type == SCRIPT_GROUP && it->depth == 0)
		return true;
	return s.state != SCRIPT_SLOT_TEXT || it->type == SCRIPT_DISPLAY;
}

/* ---- answers as words --------------------------------------------------- */

static const char *option_text(
    const struct script_item *it, const struct script_value *v)
{
	for (uint32_t i = 0; i < it->n_options; i++) {
		const struct script_value *o = &it->options[i].value;
		if (v->code && o->code && strcmp(v->code, o->code) == 0)
			return script_option_text(&it->options[i], tr_lang());
	}
	return v->text ? v->text : v->code ? v->code : "";
}

void call_value_text(char *out, size_t size, const struct script_item *it,
    const struct script_value *v)
{
	char number[DECIMAL_TEXT];

	if (v->type == SCRIPT_BOOLEAN) {
		text_copy(out, size, v->num ? _("yes") : _("no"));
	} else if (v->type == SCRIPT_INTEGER || v->type == SCRIPT_DECIMAL ||
		   v->type == SCRIPT_QUANTITY) {
		decimal_text(number, v->num, v->scale);
		snprintf(out, size, "%s %s", number,
		    v->text && *v->text ? v->text : it->unit);
	} else {
		text_copy(out, size, option_text(it, v));
	}
}

static const char *absent_text(enum script_absent why)
{
	static const char *const texts[] = {
#define X(name, code, text) [SCRIPT_ABSENT_##name] = text,
#include "core/script_absent.def"
#undef X
	};

	return tr(texts[why]);
}

const char *call_absent_text(const char *code)
{
#define X(name, its_code, text)                                                \
	if (strcmp(code, its_code) == 0)                                       \
		return absent_text(SCRIPT_ABSENT_##name);
#include "core/script_absent.def"
#undef X
	return code;
}

void call_run_text(char *out, size_t size, const struct script_run *run,
    struct script_place at)
{
	const struct script_answer *a = script_run_answer(run, at.item, at.occ);
	const struct script_item *it =
	    script_item(script_run_script(run), at.item);
	size_t n = 0;

	out[0] = '\0';
	if (a && a->absent) {
		snprintf(out, size, "(%s)", absent_text(a->absent));
		return;
	}
	for (uint32_t i = 0; a && i < a->n && n + 2 < size; i++) {
		if (i)
			n += (size_t)snprintf(out + n, size - n, "; ");
		call_value_text(out + n, size - n, it, &a->values[i]);
		n += strlen(out + n);
	}
}

void call_answer_text(
    char *out, size_t size, const struct call *c, uint32_t item, uint32_t occ)
{
	call_run_text(
	    out, size, c->run, (struct script_place){item, occ, false});
}

/* ---- banner ------------------------------------------------------------- */

/* Where the alert of this call's first hit stands, and its number. */
static bool alert_state(const struct call *c, struct alert_row *row)
{
	struct alert_row rows[CALL_ALERTS];
	/* One that the doctor closed meanwhile still says where it stands. */
	struct alert_filter f = {
	    .patient = &c->file->patient, .with_closed = true};
	int n = alertq_read(rows, CALL_ALERTS, c->desk->store, &f);

	for (int i = 0; i < n; i++)
		for (int j = 0; j < c->alert_count; j++)
			if (!c->alerts[j].withdrawn &&
			    strcmp(rows[i].ref, c->alerts[j].ref) == 0) {
				*row = rows[i];
				return true;
			}
	return false;
}

static int draw_banner(const struct call *c, struct grid *g, int y)
{
	const struct triage_rule *r;
	struct alert_row row = {.state = ALERT_UNDELIVERED};
	char line[700];
	bool known;
	int x;

	if (c->hit_count == 0)
		return y;
	r = c->hits[0].rule;
	known = alert_state(c, &row);
	draw_fill(g, spot_rest(g, y, 0, LOOK_BANNER), ' ');
	/* where it stands is never cut */
	if (known)
		snprintf(line, sizeof(line), "%s  %s", row.no,
		    words_alert_state(&row));
	else
		line[0] = '\0';
	x = g->cols - draw_width(line) - 1;
	draw_text(g, spot_rest(g, y, x, LOOK_BANNER), line);
	draw_textf(g, (struct spot){y++, 1, x - 3, LOOK_BANNER, false},
	    _("%s %s -> %s (%d min)"), words_level(triage_level_name(r->level)),
	    tr_pick(r->banner.zh, r->banner.en),
	    catalog_queue(c->desk->catalog, r->queue), r->sla_s / 60);
	y += draw_wrap(g, spot_rest(g, y, 1, LOOK_ALERT), 2,
	    tr_pick(r->instruction.zh, r->instruction.en));
	if (!known || row.state != ALERT_UNDELIVERED)
		return y;
	if (row.told_s)
		snprintf(line, sizeof(line), _("Told by telephone: %s"),
		    row.told_who);
	else
		snprintf(line, sizeof(line),
		    _("Not delivered to a doctor yet: telephone %s now, then "
		      "F9"),
		    c->desk->duty_phone);
	draw_text(g, spot_rest(g, y++, 1, LOOK_LATE), line);
	return y;
}

/* Only what the banner of an alert leaves; the message line said it, too. */
static int draw_moved(const struct call *c, struct grid *g, int y)
{
	char line[400];

	if (!c->is_moved)
		return y;
	call_moved_text(line, sizeof(line), c);
	return y + draw_wrap(g, spot_rest(g, y, 1, LOOK_LATE), 2, line);
}

static void draw_progress(const struct call *c, struct grid *g, int y)
{
	struct script_progress p = script_run_progress(c->run);
	uint32_t done = p.answered + p.absent;
	char bar[11];

	for (uint32_t i = 0; i < 10; i++)
		bar[i] = p.total && i < done * 10 / p.total ? '#' : '-';
	bar[10] = '\0';
	if (p.total == 0) /* the openers come first and are no questions */
		draw_textf(g, spot_rest(g, y, 1, LOOK_HEAD),
		    _("%s v%s   opening words"),
		    script_title(c->script, tr_lang()),
		    script_version(c->script));
	else if (c->asked_count > 1)
		draw_textf(g, spot_rest(g, y, 1, LOOK_HEAD),
		    _("%d of %d   skipped %d   [%s]   %d scripts: %s"),
		    (int)done, (int)p.total, (int)p.absent, bar, c->asked_count,
		    script_title(c->script, tr_lang()));
	else
		draw_textf(g, spot_rest(g, y, 1, LOOK_HEAD),
		    _("%s v%s   %d of %d   skipped %d   [%s]"),
		    script_title(c->script, tr_lang()),
		    script_version(c->script), (int)done, (int)p.total,
		    (int)p.absent, bar);
	if (c->plan.n_conflicts)
		draw_textf(g, spot_rest(g, y + 1, 1, LOOK_LATE),
		    _("Advice of two plans contradicts: %s"),
		    tr_pick(c->plan.conflicts[0]->why.zh,
			c->plan.conflicts[0]->why.en));
}

/* ---- questions ---------------------------------------------------------- */

void call_question_text(char *out, size_t size, const struct script *script,
    uint32_t item, const struct script_person *person)
{
	const struct script_item *it = script_item(script, item);
	const char *own = script_text(script, item, tr_lang(), person);

	if (it->parent != SCRIPT_NONE &&
	    script_item(script, it->parent)->is_one_line)
		snprintf(out, size, "%s: %s",
		    script_text(script, it->parent, tr_lang(), person), own);
	else
		text_copy(out, size, own);
}

static void draw_one_line(
    const struct call *c, struct grid *g, int y, uint32_t slot)
{
	struct script_slot s = script_run_slot(c->run, slot);
	const struct script_item *it = item_of(c, s);
	bool open = s.state == SCRIPT_SLOT_OPEN;
	char answer[300], text[400];
	int x = 3 + it->depth;

	call_answer_text(answer, sizeof(answer), c, s.item, s.occ);
	if (s.state == SCRIPT_SLOT_PROXY)
		text_copy(answer, sizeof(answer), _("(only the patient)"));
	if (!answer[0] && it->is_uncomputed && !it->is_computed)
		text_copy(answer, sizeof(answer), _("(not computed)"));
	if (s.state == SCRIPT_SLOT_NOT_HERE)
		text_copy(answer, sizeof(answer), _("(not answerable here)"));
	call_question_text(text, sizeof(text), c->script, s.item, &c->person);
	draw_textf(g,
	    (struct spot){y, x, answer_col(g) - x - 1,
		open ? LOOK_TEXT : LOOK_DIM, false},
	    "%s%s %s", it->prefix, it->required && open ? "*" : "", text);
	draw_text(g,
	    (struct spot){
		y, answer_col(g), g->cols - answer_col(g) - 1, LOOK_DONE, true},
	    answer);
}

char call_option_key(const struct script_item *it, uint32_t option)
{
	static const char keys[] = "1234567890abcdefghijklmnoprtvwxyz";

	for (uint32_t i = 0; i < it->n_options; i++)
		if (strlen(it->options[i].key) != 1)
			return option < sizeof(keys) - 1 ? keys[option] : 0;
	return it->options[option].key[0];
}

static bool is_chosen(const struct field *entry, const char *key)
{
	size_t n = strlen(key);

	for (const char *p = entry->text; (p = strstr(p, key)); p++)
		if ((p == entry->text || p[-1] == ',') &&
		    (p[n] == ',' || !p[n]))
			return true;
	return false;
}

static int draw_options(const struct call_view *v, struct grid *g,
    struct spot at, const struct script_item *it)
{
	int x = at.x, lines = 1;

	for (uint32_t i = 0; i < it->n_options; i++) {
		const struct script_option *o = &it->options[i];
		char text[200];
		int w;
		snprintf(text, sizeof(text), "%c%s %s%s",
		    call_option_key(it, i),
		    it->repeats && is_chosen(v->entry, o->key) ? "[x]" : "",
		    script_option_text(o, tr_lang()), o->is_danger ? " !" : "");
		w = draw_width(text);
		if (x > at.x && x + w > at.x + at.w) {
			x = at.x;
			at.y++;
			lines++;
		}
		draw_text(g,
		    (struct spot){at.y, x, at.x + at.w - x,
			o->is_danger ? LOOK_ALERT : LOOK_MARK, false},
		    text);
		x += w + 3;
	}
	return lines;
}

static int draw_last(
    const struct call *c, struct grid *g, struct spot at, uint32_t item)
{
	const struct script_item *it = script_item(c->script, item);
	struct history_answer last;
	struct script_value v = {.type = SCRIPT_CHOICE};
	char text[300], when[60];

	if (!history_answer(
		&last, c->desk->store, &c->file->patient, call_link(c, item)))
		return 0;
	words_time(when, sizeof(when), c->desk, last.at_s);
	v.code = last.code;
	v.text = last.text;
	v.num = last.value;
	v.scale = last.scale;
	if (last.is_number)
		v.type = it->type;
	call_value_text(text, sizeof(text), it, &v);
	at.look = LOOK_DIM;
	at.secret = true;
	draw_textf(g, at, _("last time %s: %s"), when, text);
	return 1;
}

/* The class of this visit follows from what was measured and told; the
 * agent decides. */
static int draw_class(
    const struct call *c, struct grid *g, struct spot at, uint32_t item)
{
	const struct script_item *it = script_item(c->script, item);
	struct script_value v = {.type = SCRIPT_CHOICE};
	struct target_visit visit;

	if (strcmp(it->code, VISIT_CLASS) != 0)
		return 0;
	target_classify(&visit, catalog_targets(c->desk->catalog), NULL,
	    &c->facts, desk_now_s(c->desk));
	if (!visit.class)
		return 0;
	v.code = visit.class;
	at.look = LOOK_MARK;
	draw_textf(g, at, _("by the figures: %s (%s)"), option_text(it, &v),
	    visit.edition ? visit.edition : "");
	return 1;
}

/* The field to type into; choices of one key need none. */
static int draw_entry(const struct call_view *v, struct grid *g, struct spot at,
    const struct script_item *it)
{
	int w = 0;

	if (it->type == SCRIPT_CHOICE && !it->repeats && !v->entry->text[0]) {
		if (!v->in_note)
			draw_caret(g, at.y - 1, at.x);
		return 0;
	}
	if (it->n_options && !it->repeats && !v->entry->text[0])
		return 0;
	at.look = LOOK_HEAD;
	w = draw_text(g, at, "> ");
	at.x += w;
	at.w = at.w - w > 40 ? 40 : at.w - w;
	at.look = LOOK_TEXT;
	at.secret = true;
	field_draw(v->entry, g, at, !v->in_note);
	at.x += 42;
	draw_text(g, (struct spot){at.y, at.x, 24, LOOK_DIM, false},
	    it->n_options ? _("Enter takes them") : it->unit);
	return 1;
}

/* The question asked now; returns the lines it takes. */
static int draw_current(const struct call_view *v, struct grid *g, int y)
{
	const struct call *c = v->call;
	struct script_slot s = script_run_slot(c->run, v->at);
	const struct script_item *it = item_of(c, s);
	int from = y, x = 3 + it->depth;
	struct spot at = {y, x, g->cols - x - 2, LOOK_TEXT, false};
	char answer[300], text[400];

	draw_text(g, (struct spot){y, 0, 1, LOOK_MARK, false}, ">");
	call_answer_text(answer, sizeof(answer), c, s.item, s.occ);
	call_question_text(text, sizeof(text), c->script, s.item, &c->person);
	draw_textf(g, at, "%s%s %s", it->prefix, it->required ? "*" : "", text);
	draw_look(g, (struct spot){y, 0, g->cols, LOOK_SELECT, false});
	draw_text(g,
	    (struct spot){y++, answer_col(g), g->cols - answer_col(g) - 1,
		LOOK_SELECT, true},
	    answer);
	at = (struct spot){y, x + 2, g->cols - x - 4, LOOK_HEAD, false};
	at.y += draw_wrap(
	    g, at, 3, script_hint(c->script, s.item, tr_lang(), &c->person));
	at.look = LOOK_MARK;
	if (it->n_options)
		at.y += draw_options(v, g, at, it);
	at.y += draw_entry(v, g, at, it);
	if (v->trouble)
		draw_text(g,
		    (struct spot){at.y++, at.x, at.w, LOOK_ALERT, false},
		    v->trouble);
	at.y += draw_class(c, g, at, s.item);
	at.y += draw_last(c, g, at, s.item);
	return at.y - from;
}

static uint32_t shown_before(const struct call *c, uint32_t slot, int n)
{
	while (slot > 0 && n > 0) {
		slot--;
		n -= call_is_shown(c, slot);
	}
	return slot;
}

static void draw_questions(
    const struct call_view *v, struct grid *g, int y, int last)
{
	const struct call *c = v->call;
	uint32_t n = script_run_count(c->run);
	uint32_t at = v->at == SCRIPT_NONE ? n : v->at;
	uint32_t i = shown_before(c, at, v->at == SCRIPT_NONE ? last - y : 3);

	for (; i < n && y < last; i++) {
		if (i == v->at)
			y += draw_current(v, g, y) + 1;
		else if (call_is_shown(c, i))
			draw_one_line(c, g, y++, i);
	}
}

static void draw_foot(const struct call_view *v, struct grid *g, int y)
{
	char line[500];
	int w;

	draw_rule(g, y);
	w = 1 +
	    draw_text(g, spot_rest(g, y + 1, 1, LOOK_HEAD), _("Note (Tab)")) +
	    1;
	field_draw(v->note, g,
	    (struct spot){y + 1, w, g->cols - w - 1, LOOK_TEXT, true},
	    v->in_note);
	if (v->at != SCRIPT_NONE && v->call->run)
		return;
	call_accept_text(line, sizeof(line), v->call);
	draw_text(g, spot_rest(g, y + 2, 1, LOOK_MARK), line);
	if (!v->in_note)
		draw_caret(g, y + 2, 1);
}

void call_view_draw(const struct call_view *v, struct grid *g)
{
	int bottom = screen_bottom(g), y;

	y = draw_moved(v->call, g, draw_banner(v->call, g, 1));
	if (v->call->run) {
		draw_progress(v->call, g, y);
		y += 2;
		if (v->at == SCRIPT_NONE)
			y = call_end_draw(v, g, y - 1, bottom - 3);
		if (v->at != SCRIPT_NONE || y + ANSWERS_MIN < bottom - 3)
			draw_questions(v, g, y, bottom - 3);
	} else {
		draw_wrap(g, spot_rest(g, y + 1, 2, LOOK_DIM), 3,
		    *v->call->script_id
			? _("The script of this step is not on this "
			    "terminal. Talk freely and write a note.")
			: _("Nothing is due. Talk freely and write a note."));
		call_end_draw(v, g, y + 5, bottom - 3);
	}
	draw_foot(v, g, bottom - 3);
}
