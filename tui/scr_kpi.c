/*
 * scr_kpi.c - indicators of a period beside their definitions and targets,
 * split by person, pathway, department or doctor; the same figures as a
 * report in a file. Everybody sees how he or she is judged.
 */
#include "core/cadence.h"
#include "core/err.h"
#include "core/kpi.h"
#include "core/mem.h"
#include "core/report.h"
#include "core/text.h"
#include "core/tr.h"
#include "sync/program.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/rows.h"
#include "tui/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS_MAX 400
#define NAME_W 30

struct kpi_screen {
	struct screen base;
	struct desk *desk;
	struct kpi_set *set;
	struct report_period period;
	struct kpi_row now[KPI_MAX], before[KPI_MAX];
	struct rows list, split; /* indicators; groups of one */
	bool is_split;           /* the groups of one indicator are shown */
	enum kpi_by by;          /* how it is split */
	struct kpi_row *groups;
};

static struct kpi_screen *of(struct screen *s)
{
	return (struct kpi_screen *)s;
}

static bool is_agent(const struct kpi_screen *k)
{
	return k->desk->role == 'A';
}

static const char *span_word(enum report_span span)
{
	static const char *const words[REPORT_SPAN_COUNT] = {
	    N_("day"), N_("week"), N_("month"), N_("quarter"), N_("year")};

	return tr(words[span]);
}

static const char *by_word(enum kpi_by by)
{
	static const char *const words[KPI_BY_COUNT] = {N_("everybody"),
	    N_("person"), N_("pathway"), N_("department"), N_("doctor")};

	return tr(words[by]);
}

static const char *dimension_word(const char *dimension)
{
	static const struct {
		const char *id, *text;
	} words[] = {
	    {"service", N_("process")},
	    {"clinical", N_("clinical")},
	    {"behaviour", N_("behaviour")},
	    {"satisfaction", N_("satisfaction")},
	    {"use", N_("use")},
	    {"outcome", N_("outcome")},
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].id, dimension) == 0)
			return tr(words[i].text);
	return dimension;
}

/* ---- figures ------------------------------------------------------------- */

static struct report_ask ask_of(const struct kpi_screen *k)
{
	return (struct report_ask){.period = k->period,
	    .now_s = desk_now_s(k->desk),
	    .zone_s = k->desk->zone_s,
	    .set = k->set,
	    .cadence = catalog_cadence(k->desk->catalog),
	    .member = is_agent(k) ? k->desk->member : NULL};
}

/* The row that this person may see: an agent's own, else everybody's. */
static void pick_row(struct kpi_row *out, const struct kpi_screen *k,
    const struct kpi_row *rows, int n)
{
	*out = (struct kpi_row){.num = 0};
	for (int i = 0; i < n; i++)
		if (!is_agent(k) || strcmp(rows[i].group, k->desk->member) == 0)
			*out = rows[i];
}

static int read_period(
    struct kpi_screen *k, struct kpi_row *out, const struct report_ask *ask)
{
	enum kpi_by by = is_agent(k) ? KPI_BY_MEMBER : KPI_BY_ALL;
	struct kpi_ask how = report_kpi_ask(ask, by);
	struct kpi_count *c;
	int rc = kpi_count_open(&c, k->desk->store, &how);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < kpi_total(k->set) && rc >= 0; i++) {
		rc =
		    kpi_count_rows(k->groups, GROUPS_MAX, c, kpi_at(k->set, i));
		pick_row(&out[i], k, k->groups, rc);
	}
	kpi_count_free(&c);
	return rc < 0 ? rc : 0;
}

static int read_groups(struct kpi_screen *k)
{
	struct report_ask ask = ask_of(k);
	struct kpi_ask how = report_kpi_ask(&ask, k->by);
	struct kpi_count *c;
	int rc = kpi_count_open(&c, k->desk->store, &how);

	if (rc < 0)
		return rc;
	rc = kpi_count_rows(
	    k->groups, GROUPS_MAX, c, kpi_at(k->set, (size_t)k->list.current));
	kpi_count_free(&c);
	rows_set(&k->split, rc < 0 ? 0 : rc);
	return rc < 0 ? rc : 0;
}

static int read_all(struct kpi_screen *k)
{
	struct report_ask ask = ask_of(k);
	int rc = read_period(k, k->now, &ask);

	ask.period = report_period_move(&k->period, -1);
	if (rc == 0)
		rc = read_period(k, k->before, &ask);
	return rc == 0 && k->is_split ? read_groups(k) : rc;
}

static int kpi_open(struct screen *s, const void *arg)
{
	struct kpi_screen *k = of(s);
	int rc = catalog_kpis(&k->set, desk_of(s->app)->catalog);

	(void)arg;
	if (rc < 0)
		return rc;
	k->desk = desk_of(s->app);
	k->period = report_period_of(REPORT_MONTH, desk_today(k->desk));
	k->by = KPI_BY_MEMBER;
	rows_restart(&k->list, (int)kpi_total(k->set));
	k->groups = mem_array(GROUPS_MAX, sizeof(*k->groups));
	rc = read_all(k);
	if (rc < 0) {
		kpi_set_free(&k->set);
		free(k->groups);
	}
	return rc;
}

static void kpi_close(struct screen *s)
{
	kpi_set_free(&of(s)->set);
	free(of(s)->groups);
}

static unsigned kpi_refresh(struct screen *s)
{
	app_say_error(s->app, read_all(of(s)));
	return REACT_DRAW;
}

/* ---- drawing ------------------------------------------------------------- */

static enum look meets_look(int meets, bool here)
{
	if (here || meets == 0)
		return here ? LOOK_SELECT : LOOK_TEXT;
	return meets > 0 ? LOOK_DONE : LOOK_LATE;
}

static const char *meets_word(int meets)
{
	return meets == 0 ? "" : meets > 0 ? _("met") : _("missed");
}

static void draw_right_at(
    struct grid *g, struct spot at, int x, int w, const char *text)
{
	at.x = x;
	at.w = w;
	draw_right(g, at, text);
}

static void figure_text(
    char *out, size_t size, const struct kpi *k, const struct kpi_row *row)
{
	char value[24];

	kpi_value_text(value, sizeof(value), k, row);
	if (k->unit == KPI_MINUTES && row->den > 0)
		snprintf(out, size, _("%s min"), value);
	else
		text_copy(out, size, value);
}

/* Value, target, met, counts: from column x on. */
static void draw_figures(struct grid *g, struct spot at, const struct kpi *k,
    const struct kpi_row *row)
{
	char text[40];
	int meets = kpi_meets(k, row), x = at.x;
	bool here = at.look == LOOK_SELECT;

	figure_text(text, sizeof(text), k, row);
	at.look = meets_look(meets, here);
	draw_right_at(g, at, x, 7, text);
	at.x = x + 9;
	at.w = 7;
	draw_text(g, at, meets_word(meets));
	at.look = here ? LOOK_SELECT : LOOK_TEXT;
	snprintf(text, sizeof(text), "%lld/%lld",
	    k->unit == KPI_MINUTES ? (long long)row->num / 60
				   : (long long)row->num,
	    (long long)row->den);
	draw_right_at(g, at, x + 17, 11, text);
	snprintf(text, sizeof(text), "%lld", (long long)row->excluded);
	draw_right_at(g, at, x + 29, 6, text);
}

static void draw_indicator(struct kpi_screen *s, struct grid *g, int y, int i)
{
	const struct kpi *k = kpi_at(s->set, (size_t)i);
	struct spot at = rows_bar(&s->list, g, y, i);
	char text[24] = "-";

	at.x = 2;
	at.w = NAME_W;
	draw_text(g, at, tr_pick(k->name.zh, k->name.en));
	at.x = NAME_W + 3;
	at.w = 35;
	draw_figures(g, at, k, &s->now[i]);
	if (k->target >= 0)
		snprintf(text, sizeof(text), "%s%d",
		    k->better == KPI_LOW ? "<=" : ">=", k->target);
	draw_right_at(g, at, NAME_W + 39, 6, text);
	figure_text(text, sizeof(text), k, &s->before[i]);
	if (g->cols > 90) {
		draw_right_at(g, at, NAME_W + 46, 9, text);
		at.x = NAME_W + 58;
		at.w = g->cols - at.x;
		draw_text(g, at, dimension_word(k->dimension));
	}
}

static void draw_heads(struct kpi_screen *s, struct grid *g)
{
	struct spot at = {2, 2, NAME_W, LOOK_HEAD, false};

	draw_text(g, at, s->is_split ? by_word(s->by) : _("Indicator"));
	draw_right_at(g, at, NAME_W + 3, 7, _("Value"));
	draw_right_at(g, at, NAME_W + 20, 11, _("Count"));
	draw_right_at(g, at, NAME_W + 32, 6, _("Excl."));
	if (s->is_split)
		return;
	draw_right_at(g, at, NAME_W + 39, 6, _("Target"));
	if (g->cols > 90) {
		draw_right_at(g, at, NAME_W + 46, 9, _("Before"));
		at.x = NAME_W + 58;
		at.w = g->cols - at.x;
		draw_text(g, at, _("Dimension"));
	}
}

static void draw_group(struct kpi_screen *s, struct grid *g, int y, int i)
{
	const struct kpi_row *row = &s->groups[i];
	struct spot at = rows_bar(&s->split, g, y, i);
	char name[200];

	if (!*row->group)
		text_copy(name, sizeof(name),
		    s->by == KPI_BY_ALL ? _("everybody") : _("not known"));
	else if (s->by == KPI_BY_PATHWAY)
		text_copy(name, sizeof(name),
		    catalog_pathway_title(s->desk->catalog, row->group));
	else
		text_copy(name, sizeof(name), row->group);
	if (s->by == KPI_BY_MEMBER && *row->group) {
		char who[96];
		desk_member_name(who, sizeof(who), s->desk, row->group);
		snprintf(name, sizeof(name), "%s %s", row->group, who);
	}
	at.x = 2;
	at.w = NAME_W;
	draw_text(g, at, name);
	at.x = NAME_W + 3;
	at.w = 35;
	draw_figures(g, at, kpi_at(s->set, (size_t)s->list.current), row);
}

/* English takes two lines of a narrow screen for some of them. */
static int definition_rows(const struct grid *g)
{
	return tr_lang() == LANG_EN && g->cols < 100 ? 7 : 5;
}

static void draw_definition(struct kpi_screen *s, struct grid *g, int y)
{
	const struct kpi *k = kpi_at(s->set, (size_t)s->list.current);
	const struct {
		const char *label;
		const struct words *words;
	} rows[] = {
	    {_("Numerator"), &k->numerator},
	    {_("Denominator"), &k->denominator},
	    {_("Not counted"), &k->excluded},
	};

	draw_rule(g, y++);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct spot at = {y, 15, g->cols - 16, LOOK_TEXT, false};
		draw_text(g, spot_rest(g, y, 2, LOOK_HEAD), rows[i].label);
		y += draw_wrap(
		    g, at, 2, tr_pick(rows[i].words->zh, rows[i].words->en));
	}
	draw_text(g, spot_rest(g, y, 2, LOOK_DIM),
	    is_agent(s) ? _("Your own calls, from the patients on this "
			    "terminal.")
			: _("From the signed log: anybody who has it comes to "
			    "the same figures."));
}

static void kpi_draw(struct screen *s, struct grid *g)
{
	struct kpi_screen *k = of(s);
	struct rows *r = k->is_split ? &k->split : &k->list;
	const struct kpi *kpi = kpi_at(k->set, (size_t)k->list.current);

	rows_fit(r, screen_bottom(g) - 3 - definition_rows(g));
	if (k->is_split)
		draw_textf(g, spot_rest(g, 1, 2, LOOK_MARK),
		    _("%s, by %s (b changes)"),
		    tr_pick(kpi->name.zh, kpi->name.en), by_word(k->by));
	draw_heads(k, g);
	for (int i = 0; i < r->height && r->top + i < r->count; i++) {
		if (k->is_split)
			draw_group(k, g, 3 + i, r->top + i);
		else
			draw_indicator(k, g, 3 + i, r->top + i);
	}
	if (r->count == 0)
		draw_text(g, spot_rest(g, 3, 2, LOOK_DIM),
		    _("Nothing to count in this period."));
	draw_definition(k, g, screen_bottom(g) - definition_rows(g));
}

static void kpi_subtitle(struct screen *s, char *out, size_t size)
{
	struct kpi_screen *k = of(s);
	char text[REPORT_TEXT];

	report_period_text(text, &k->period);
	snprintf(out, size, "%s %s   %s", span_word(k->period.span), text,
	    is_agent(k) ? desk_own_name(k->desk) : by_word(KPI_BY_ALL));
}

/* ---- acts ---------------------------------------------------------------- */

static void write_report(struct kpi_screen *k)
{
	struct report_ask ask = ask_of(k);
	char name[REPORT_TEXT], path[500];
	struct buf csv = {0};
	int rc = report_csv(&csv, k->desk->store, &ask);

	report_period_text(name, &k->period);
	snprintf(
	    path, sizeof(path), "%.400s/report-%s.csv", k->desk->home, name);
	if (rc == 0)
		rc = program_write(path, &csv, 0600);
	if (app_say_error(k->base.app, rc) == 0)
		app_say(k->base.app, LOOK_DONE,
		    _("Report with definitions written to %s"), path);
	buf_fini(&csv);
}

static void change_period(struct kpi_screen *k, enum op op)
{
	int64_t day = k->period.from_day;

	if (op == OP_SPAN)
		k->period =
		    report_period_of((enum report_span)((k->period.span + 1) %
							REPORT_SPAN_COUNT),
			k->period.until_day > desk_today(k->desk)
			    ? desk_today(k->desk)
			    : day);
	else
		k->period =
		    report_period_move(&k->period, op == OP_LATER ? 1 : -1);
	app_say_error(k->base.app, read_all(k));
}

static unsigned split(struct kpi_screen *k, bool on)
{
	k->is_split = on;
	rows_restart(&k->split, 0);
	if (on)
		app_say_error(k->base.app, read_groups(k));
	return REACT_DRAW;
}

static const char *kpi_why_not(struct screen *s, enum op op)
{
	struct kpi_screen *k = of(s);

	if (op == OP_LATER && k->period.until_day > desk_today(k->desk))
		return _("This period is not over yet.");
	if (op == OP_SPLIT && is_agent(k))
		return _("Only your own figures are on this terminal.");
	if (op == OP_BY && !k->is_split)
		return _("Enter splits an indicator first.");
	return NULL;
}

static unsigned kpi_op(struct screen *s, enum op op)
{
	struct kpi_screen *k = of(s);

	if (rows_op(k->is_split ? &k->split : &k->list, op))
		return REACT_DRAW;
	if (op == OP_SPLIT)
		return split(k, !k->is_split);
	if (op == OP_BACK && k->is_split)
		return split(k, false);
	if (op == OP_SPAN || op == OP_EARLIER || op == OP_LATER)
		change_period(k, op);
	else if (op == OP_REPORT)
		write_report(k);
	else if (op == OP_BY) {
		k->by = (enum kpi_by)((k->by + 1) % KPI_BY_COUNT);
		return split(k, true);
	} else
		return REACT_PASS;
	return REACT_DRAW;
}

static const enum op kpi_ops[] = {OP_SPLIT, OP_BY, OP_SPAN, OP_EARLIER,
    OP_LATER, OP_REPORT, OP_BACK, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops kpi_screen = {
    .name = "kpi",
    .title = N_("Indicators"),
    .size = sizeof(struct kpi_screen),
    .ops = kpi_ops,
    .open = kpi_open,
    .close = kpi_close,
    .draw = kpi_draw,
    .op = kpi_op,
    .refresh = kpi_refresh,
    .why_not = kpi_why_not,
    .subtitle = kpi_subtitle,
};
