/*
 * scr_content.c - the content in force: version, hash, since when; what was
 * published and is not in force here, and why; Enter shows the words.
 */
#include "core/clock.h"
#include "core/content.h"
#include "core/content_kind.h"
#include "core/in_force.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/office.h"
#include "core/pathway.h"
#include "core/script.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/pager.h"
#include "tui/rows.h"
#include "tui/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTENT_ROWS_MAX 400

/* One id: what of it is in force, or why what was published is not. */
struct row {
	struct office_content o;
	char path[CONTENT_PATH]; /* "" where its place is not known */
	bool is_passed;
	enum in_force_why why;
	char fault[320]; /* place and reason of the check */
};

struct content {
	struct screen base;
	struct desk *desk;
	struct row *own; /* what came with the program, read once */
	int own_count;
	struct row *all;
	int passed_count;
	struct rows rows;
	struct pager pager; /* the words of the current one */
	bool is_open;
};

static struct content *of(struct screen *s)
{
	return (struct content *)s;
}

static const struct {
	const char *folder, *word;
} kinds[] = {
    {"pathways/", N_("pathway")},
    {"scripts/", N_("script")},
    {"rules/", N_("rules")},
    {"advice/", N_("advice")},
    {"tables/", N_("table")},
    {"settings/", N_("settings")},
};

static const char *kind_word(const struct row *r)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strncmp(
			r->path, kinds[i].folder, strlen(kinds[i].folder)) == 0)
			return tr(kinds[i].word);
	return strcmp(r->o.kind, "script") == 0    ? _("script")
	       : strcmp(r->o.kind, "pathway") == 0 ? _("pathway")
						   : _("rules");
}

/* ---- what there is ------------------------------------------------------- */

static int add_own(void *ctx, const char *path, const char *text, size_t n)
{
	struct content *c = ctx;
	struct row *r = &c->own[c->own_count];
	struct content_card card;
	int rc = content_describe(&card, text, n);

	if (rc == 0 && c->own_count < CONTENT_ROWS_MAX) {
		text_copy(r->path, sizeof(r->path), path);
		text_copy(r->o.kind, sizeof(r->o.kind), card.kind);
		text_copy(r->o.id, sizeof(r->o.id), card.id);
		text_copy(r->o.version, sizeof(r->o.version), card.version);
		text_copy(r->o.title_zh, sizeof(r->o.title_zh), card.title_zh);
		text_copy(r->o.title_en, sizeof(r->o.title_en), card.title_en);
		catalog_hash(r->o.hash, text, n);
		c->own_count++;
	}
	content_card_fini(&card);
	return rc;
}

static int read_own(struct content *c)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(kinds); i++)
		rc = content_each(kinds[i].folder, add_own, c);
	return rc;
}

static struct row *row_of(
    struct content *c, int n, const char *kind, const char *id)
{
	for (int i = 0; i < n; i++)
		if (strcmp(c->all[i].o.kind, kind) == 0 &&
		    strcmp(c->all[i].o.id, id) == 0)
			return &c->all[i];
	return NULL;
}

/* What was published stands in the place of the program's own, unless that
 * is newer. */
static int put_published(
    struct content *c, int n, const struct office_content *o)
{
	struct row *r = row_of(c, n, o->kind, o->id);

	if (!r && n < CONTENT_ROWS_MAX) {
		r = &c->all[n++];
		*r = (struct row){.path = ""};
		if (strcmp(o->kind, "rules") != 0)
			snprintf(r->path, sizeof(r->path), "%ss/%.60s.json",
			    o->kind, o->id);
		r->o = *o;
	} else if (r && content_version_cmp(o->version, r->o.version) >= 0) {
		r->o = *o;
	}
	return n;
}

static void take_passed(void *ctx, const struct in_force_passed *p)
{
	struct content *c = ctx;
	struct row *r = row_of(c, c->rows.count, p->kind, p->id);

	c->passed_count++;
	if (!r)
		return;
	r->is_passed = true;
	r->why = p->why;
	text_copy(r->o.version, sizeof(r->o.version), p->version);
	snprintf(
	    r->fault, sizeof(r->fault), "%.100s %.200s", p->path, p->detail);
}

static int read_all(struct content *c)
{
	struct office_content *list =
	    mem_array(CONTENT_ROWS_MAX, sizeof(*list));
	int n = c->own_count, rc;
	int total = office_content(list, CONTENT_ROWS_MAX, c->desk->store);

	memcpy(c->all, c->own, (size_t)n * sizeof(*c->all));
	for (int i = 0; i < total; i++)
		n = put_published(c, n, &list[i]);
	free(list);
	if (total < 0)
		return total;
	rows_set(&c->rows, n);
	c->passed_count = 0;
	rc = in_force_passed(c->desk->store, take_passed, c);
	return rc < 0 ? rc : 0;
}

static void content_close(struct screen *s)
{
	pager_fini(&of(s)->pager);
	free(of(s)->own);
	free(of(s)->all);
}

static int content_open(struct screen *s, const void *arg)
{
	struct content *c = of(s);
	int rc;

	(void)arg;
	c->desk = desk_of(s->app);
	c->own = mem_array(CONTENT_ROWS_MAX, sizeof(*c->own));
	c->all = mem_array(CONTENT_ROWS_MAX, sizeof(*c->all));
	rc = read_own(c);
	if (rc == 0)
		rc = read_all(c);
	if (rc < 0)
		content_close(s);
	return rc;
}

static unsigned content_refresh(struct screen *s)
{
	app_say_error(s->app, read_all(of(s)));
	return REACT_DRAW;
}

/* ---- the words ----------------------------------------------------------- */

static void show_script(struct pager *p, const struct script *s)
{
	pager_head(p, script_title(s, tr_lang()));
	for (uint32_t i = 0; i < script_count(s); i++) {
		const struct script_item *it = script_item(s, i);
		const char *text = script_text(s, i, tr_lang(), NULL);
		if (!*text)
			continue;
		pager_add(p, it->type == SCRIPT_GROUP ? LOOK_HEAD : LOOK_TEXT,
		    "  %s%s %s %s", it->prefix, it->required ? "*" : "", text,
		    it->unit);
		for (uint32_t k = 0; k < it->n_options; k++)
			pager_add(p,
			    it->options[k].is_danger ? LOOK_ALERT : LOOK_DIM,
			    "      %s  %s%s", it->options[k].key,
			    script_option_text(&it->options[k], tr_lang()),
			    it->options[k].is_danger ? " !" : "");
	}
}

static void show_step(struct pager *p, const struct pathway_step *s)
{
	pager_add(p, LOOK_TEXT, _("  day %+d (%+d .. %+d)  %s   %s   %d min"),
	    s->offset_days, s->open_days, s->close_days,
	    tr_pick(s->title.zh, s->title.en), s->script, s->minutes);
}

static void show_pathway(struct pager *p, const struct pathway *w)
{
	pager_head(p, tr_pick(w->head.title.zh, w->head.title.en));
	pager_add(p, LOOK_DIM, _("  From %s; source:"),
	    pathway_anchor_name(w->anchor));
	pager_wrap(p, LOOK_DIM, 74, w->head.source);
	for (size_t i = 0; i < w->n_steps; i++)
		show_step(p, &w->steps[i]);
	if (w->repeat.id) {
		pager_head(p, _("Then again and again"));
		show_step(p, &w->repeat);
	}
}

/* As it stands in the log, or in the program. */
static void show_text(struct content *c, const struct row *r)
{
	struct buf text = {0};
	json_t *root = NULL;
	char *lines = NULL;
	int rc = r->o.at_s ? office_content_text(&text, c->desk->store, &r->o)
			   : in_force_text(&text, c->desk->store, r->path);

	if (rc == 0 &&
	    json_load(&root, buf_text(&text), text.len, CONTENT_TEXT_MAX) == 0)
		lines = json_dumps(root, JSON_INDENT(1));
	for (char *line = lines; line && *line;) {
		char *end = strchr(line, '\n');
		if (end)
			*end = '\0';
		pager_add(&c->pager, LOOK_TEXT, "%s", line);
		line = end ? end + 1 : NULL;
	}
	free(lines);
	json_decref(root);
	buf_fini(&text);
}

static void show_passed(struct pager *p, const struct row *r)
{
	pager_tell(p, LOOK_ALERT, _("  Version %s is not in force here: %s."),
	    r->o.version, tr(in_force_why_text(r->why)));
	if (*r->fault)
		pager_tell(p, LOOK_ALERT, "  %s", r->fault);
	pager_tell(p, LOOK_DIM, "%s",
	    _("  What was in force before goes on; tell your operator."));
}

static void open_words(struct content *c)
{
	const struct row *r = &c->all[c->rows.current];
	const struct script *s = NULL;
	const struct pathway *p = NULL;

	pager_fini(&c->pager);
	if (r->is_passed)
		show_passed(&c->pager, r);
	if (strcmp(r->o.kind, "script") == 0)
		s = catalog_script(c->desk->catalog, r->o.id);
	else if (strcmp(r->o.kind, "pathway") == 0)
		p = catalog_pathway(c->desk->catalog, r->o.id);
	if (s)
		show_script(&c->pager, s);
	else if (p)
		show_pathway(&c->pager, p);
	else
		show_text(c, r);
	c->is_open = true;
}

/* ---- drawing ------------------------------------------------------------- */

static void draw_one(struct content *c, struct grid *g, int y, int i)
{
	const struct office_content *o = &c->all[i].o;
	struct spot at = rows_bar(&c->rows, g, y, i);
	char day[DAY_TEXT];

	draw_text(
	    g, (struct spot){y, 2, 8, at.look, false}, kind_word(&c->all[i]));
	draw_text(g, (struct spot){y, 11, 28, at.look, false},
	    tr_pick(o->title_zh, o->title_en));
	draw_textf(
	    g, (struct spot){y, 40, 6, at.look, false}, "v%s", o->version);
	draw_textf(
	    g, (struct spot){y, 47, 13, at.look, false}, "%.12s", o->hash);
	if (c->all[i].is_passed) {
		draw_text(g,
		    (struct spot){y, 61, g->cols - 61, LOOK_ALERT, false},
		    _("NOT in force"));
		return;
	}
	if (o->at_s) {
		day_text(day, day_of(o->at_s, c->desk->zone_s));
		draw_textf(g,
		    (struct spot){y, 61, g->cols - 61, at.look, false},
		    _("since %s"), day);
		return;
	}
	draw_text(g, (struct spot){y, 61, g->cols - 61, at.look, false},
	    _("with the program"));
}

static void content_draw(struct screen *s, struct grid *g)
{
	struct content *c = of(s);
	struct rows *r = &c->rows;
	static const struct {
		int x;
		const char *text;
	} heads[] = {{2, N_("Kind")}, {11, N_("Title")}, {40, N_("Vers.")},
	    {47, N_("Hash")}, {61, N_("In force")}};

	if (c->is_open) {
		pager_draw(&c->pager, g, spot_rest(g, 1, 1, LOOK_TEXT),
		    screen_bottom(g) - 1);
		return;
	}
	rows_fit(r, screen_bottom(g) - 2);
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		draw_text(g, spot_rest(g, 1, heads[i].x, LOOK_HEAD),
		    tr(heads[i].text));
	for (int i = 0; i < r->height && r->top + i < r->count; i++)
		draw_one(c, g, 2 + i, r->top + i);
}

static void content_subtitle(struct screen *s, char *out, size_t size)
{
	struct content *c = of(s);

	if (c->is_open)
		snprintf(out, size, "%s v%s", c->all[c->rows.current].o.id,
		    c->all[c->rows.current].o.version);
	else if (c->passed_count)
		snprintf(out, size, _("%d in force, %d NOT in force"),
		    c->rows.count - c->passed_count, c->passed_count);
	else
		snprintf(out, size, _("%d in force"), c->rows.count);
}

static const char *content_why_not(struct screen *s, enum op op)
{
	return op == OP_VIEW && of(s)->rows.count == 0
		   ? _("Nothing is in force.")
		   : NULL;
}

static unsigned content_op(struct screen *s, enum op op)
{
	struct content *c = of(s);

	if (op == OP_BACK && c->is_open)
		c->is_open = false;
	else if (c->is_open)
		return pager_op(&c->pager, op) ? REACT_DRAW : REACT_PASS;
	else if (op == OP_VIEW)
		open_words(c);
	else
		return rows_op(&c->rows, op) ? REACT_DRAW : REACT_PASS;
	return REACT_DRAW;
}

static const enum op content_ops[] = {
    OP_VIEW, OP_BACK, OP_PALETTE, LIST_OPS, OP_NONE};

const struct screen_ops content_screen = {
    .name = "content",
    .title = N_("Scripts and pathways"),
    .size = sizeof(struct content),
    .ops = content_ops,
    .open = content_open,
    .close = content_close,
    .draw = content_draw,
    .op = content_op,
    .refresh = content_refresh,
    .why_not = content_why_not,
    .subtitle = content_subtitle,
};
