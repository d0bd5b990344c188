/*
 * scr_content.c - the scripts, pathways and rules in force: version, hash,
 * since when; Enter shows the words themselves.
 */
#include "core/asset.h"
#include "core/clock.h"
#include "core/content.h"
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

struct content {
	struct screen base;
	struct desk *desk;
	struct office_content *all;
	struct rows rows;
	struct pager pager; /* the words of the current one */
	bool is_open;
};

static struct content *of(struct screen *s)
{
	return (struct content *)s;
}

static const char *kind_word(const char *kind)
{
	if (strcmp(kind, "script") == 0)
		return _("script");
	return strcmp(kind, "pathway") == 0 ? _("pathway") : _("rules");
}

/* ---- what there is ------------------------------------------------------- */

static bool is_listed(
    const struct content *c, int n, const char *kind, const char *id)
{
	for (int i = 0; i < n; i++)
		if (strcmp(c->all[i].kind, kind) == 0 &&
		    strcmp(c->all[i].id, id) == 0)
			return true;
	return false;
}

static void describe(struct content *c, struct office_content *o)
{
	const struct script *s;
	const struct pathway *p;

	if (strcmp(o->kind, "script") == 0 &&
	    (s = catalog_script(c->desk->catalog, o->id))) {
		text_copy(o->version, sizeof(o->version), script_version(s));
		text_copy(
		    o->title_zh, sizeof(o->title_zh), script_title(s, LANG_ZH));
		text_copy(
		    o->title_en, sizeof(o->title_en), script_title(s, LANG_EN));
		text_copy(o->hash, sizeof(o->hash),
		    catalog_script_hash(c->desk->catalog, o->id));
	} else if (strcmp(o->kind, "pathway") == 0 &&
		   (p = catalog_pathway(c->desk->catalog, o->id))) {
		snprintf(o->version, sizeof(o->version), "%d", p->head.version);
		text_copy(o->title_zh, sizeof(o->title_zh), p->head.title.zh);
		text_copy(o->title_en, sizeof(o->title_en), p->head.title.en);
	}
}

/* What came with the program and was never published. */
static int add_builtin(struct content *c, int n, const char *folder)
{
	const char *kind =
	    strcmp(folder, "scripts/") == 0 ? "script" : "pathway";
	size_t len = strlen(folder);

	for (size_t i = 0; i < asset_total() && n < CONTENT_ROWS_MAX; i++) {
		const struct asset *a = asset_at(i);
		struct office_content o = {.at_s = 0};
		size_t tail = strlen(a->path);
		if (strncmp(a->path, folder, len) != 0 || tail < len + 6)
			continue;
		snprintf(o.id, sizeof(o.id), "%.*s", (int)(tail - len - 5),
		    a->path + len);
		snprintf(o.kind, sizeof(o.kind), "%s", kind);
		if (is_listed(c, n, kind, o.id))
			continue;
		describe(c, &o);
		c->all[n++] = o;
	}
	return n;
}

static int read_all(struct content *c)
{
	int n = office_content(c->all, CONTENT_ROWS_MAX, c->desk->store);

	if (n < 0)
		return n;
	n = add_builtin(c, n, "pathways/");
	n = add_builtin(c, n, "scripts/");
	rows_set(&c->rows, n);
	return 0;
}

static int content_open(struct screen *s, const void *arg)
{
	struct content *c = of(s);
	int rc;

	(void)arg;
	c->desk = desk_of(s->app);
	c->all = mem_array(CONTENT_ROWS_MAX, sizeof(*c->all));
	rc = read_all(c);
	if (rc < 0)
		free(c->all);
	return rc;
}

static void content_close(struct screen *s)
{
	pager_fini(&of(s)->pager);
	free(of(s)->all);
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
	pager_add(p, LOOK_DIM, _("  From %s; source: %s"),
	    pathway_anchor_name(w->anchor), w->head.source);
	for (size_t i = 0; i < w->n_steps; i++)
		show_step(p, &w->steps[i]);
	if (w->repeat.id) {
		pager_head(p, _("Then again and again"));
		show_step(p, &w->repeat);
	}
}

static void show_text(struct content *c, const struct office_content *o)
{
	struct buf text = {0};
	json_t *root = NULL;
	char *lines = NULL;

	if (office_content_text(&text, c->desk->store, o) == 0 &&
	    json_load(&root, buf_text(&text), text.len, CONTENT_MAX) == 0)
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

static void open_words(struct content *c)
{
	const struct office_content *o = &c->all[c->rows.current];
	const struct script *s = NULL;
	const struct pathway *p = NULL;

	pager_fini(&c->pager);
	if (strcmp(o->kind, "script") == 0)
		s = catalog_script(c->desk->catalog, o->id);
	else if (strcmp(o->kind, "pathway") == 0)
		p = catalog_pathway(c->desk->catalog, o->id);
	if (s)
		show_script(&c->pager, s);
	else if (p)
		show_pathway(&c->pager, p);
	else
		show_text(c, o);
	c->is_open = true;
}

/* ---- drawing ------------------------------------------------------------- */

static void draw_one(struct content *c, struct grid *g, int y, int i)
{
	const struct office_content *o = &c->all[i];
	struct spot at = rows_bar(&c->rows, g, y, i);
	char day[DAY_TEXT];

	draw_text(
	    g, (struct spot){y, 2, 8, at.look, false}, kind_word(o->kind));
	draw_text(g, (struct spot){y, 11, 28, at.look, false},
	    tr_pick(o->title_zh, o->title_en));
	draw_textf(
	    g, (struct spot){y, 40, 6, at.look, false}, "v%s", o->version);
	draw_textf(
	    g, (struct spot){y, 47, 13, at.look, false}, "%.12s", o->hash);
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
	    {47, N_("SHA-256")}, {61, N_("In force")}};

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
		snprintf(out, size, "%s v%s", c->all[c->rows.current].id,
		    c->all[c->rows.current].version);
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
