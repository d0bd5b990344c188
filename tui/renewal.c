/*
 * renewal.c - a new catalog when content has changed. The catalogs before it
 * live as long as the desk: screens that were open may still show from them,
 * and content changes a few times a year.
 */
#include "tui/renewal.h"

#include "core/content_kind.h"
#include "core/err.h"
#include "core/in_force.h"
#include "core/mem.h"
#include "core/office.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/app.h"
#include "tui/catalog.h"
#include "tui/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTENT_MOST 400

/* A version that was here. */
struct known {
	struct id stream;
	char version[36];
};

struct renewal {
	uint64_t generation; /* of the store, when it was looked at */
	int64_t rows;        /* of content */
	struct known *known;
	int known_count;
	struct catalog **before;
	size_t before_count;
};

static int64_t count_rows(struct store *store)
{
	struct stmt *s = store_query(store, Q_CONTENT_COUNT);
	int64_t n = stmt_step(s) == 1 ? stmt_int(s, 0) : -1;

	stmt_reset(s);
	return n;
}

static bool is_known(const struct renewal *r, const struct office_content *c)
{
	for (int i = 0; i < r->known_count; i++)
		if (memcmp(&r->known[i].stream, &c->stream,
			sizeof(c->stream)) == 0 &&
		    strcmp(r->known[i].version, c->version) == 0)
			return true;
	return false;
}

static void learn(struct renewal *r, const struct office_content *list, int n)
{
	r->known = mem_grow(r->known, (size_t)n + 1, sizeof(*r->known));
	r->known_count = n;
	for (int i = 0; i < n; i++) {
		r->known[i].stream = list[i].stream;
		text_copy(r->known[i].version, sizeof(r->known[i].version),
		    list[i].version);
	}
}

int renewal_new(struct renewal **out, struct desk *d)
{
	struct renewal *r = mem_new(sizeof(*r));
	struct office_content *list = mem_array(CONTENT_MOST, sizeof(*list));
	int n = office_content(list, CONTENT_MOST, d->store);

	if (n >= 0) {
		learn(r, list, n);
		r->generation = store_generation(d->store);
		r->rows = count_rows(d->store);
		*out = r;
	} else {
		renewal_free(&r);
	}
	free(list);
	return n < 0 ? n : 0;
}

void renewal_free(struct renewal **rp)
{
	struct renewal *r = *rp;

	if (!r)
		return;
	for (size_t i = 0; i < r->before_count; i++)
		catalog_free(&r->before[i]);
	free(r->before);
	free(r->known);
	free(r);
	*rp = NULL;
}

static void tell(struct renewal_news *out, const struct office_content *c,
    enum in_force_state state)
{
	const char *title = tr_pick(c->title_zh, c->title_en);

	if (state == IN_FORCE_PASSED && out->passed++ == 0) {
		text_copy(out->passed_title, sizeof(out->passed_title), title);
		text_copy(out->passed_version, sizeof(out->passed_version),
		    c->version);
	} else if (state == IN_FORCE_HOLDS && out->count++ == 0) {
		text_copy(out->title, sizeof(out->title), title);
		text_copy(out->version, sizeof(out->version), c->version);
	}
}

static int read_news(struct renewal_news *out, struct desk *d)
{
	struct office_content *list = mem_array(CONTENT_MOST, sizeof(*list));
	struct in_force_passed *why = mem_new(sizeof(*why));
	int n = office_content(list, CONTENT_MOST, d->store), r = n;

	for (int i = 0; r >= 0 && i < n; i++) {
		enum in_force_state state;
		if (is_known(d->renewal, &list[i]))
			continue;
		r = in_force_look(&state, why, d->store, &list[i]);
		if (r == 0)
			tell(out, &list[i], state);
	}
	if (r >= 0)
		learn(d->renewal, list, n);
	free(why);
	free(list);
	return r < 0 ? r : 0;
}

static int change_catalog(struct desk *d)
{
	struct renewal *r = d->renewal;
	struct catalog *fresh = NULL;
	int rc = catalog_new(&fresh, d->store);

	if (rc < 0)
		return rc;
	r->before =
	    mem_grow(r->before, r->before_count + 1, sizeof(struct catalog *));
	r->before[r->before_count++] = d->catalog;
	d->catalog = fresh;
	return 0;
}

int renewal_check(struct renewal_news *out, struct desk *d)
{
	struct renewal *r = d->renewal;
	int64_t rows;
	int rc;

	*out = (struct renewal_news){.count = 0};
	if (!r || d->calls > 0 || store_generation(d->store) == r->generation)
		return 0;
	r->generation = store_generation(d->store);
	rows = count_rows(d->store);
	if (rows < 0 || rows == r->rows)
		return 0;
	r->rows = rows;
	rc = read_news(out, d);
	if (rc == 0 && out->count)
		rc = change_catalog(d);
	return rc < 0 ? rc : out->count + out->passed > 0;
}

void renewal_text(char *out, size_t size, const struct renewal_news *n)
{
	if (n->passed)
		snprintf(out, size,
		    _("%s v%s arrived and is NOT in force here: see Scripts "
		      "and pathways."),
		    n->passed_title, n->passed_version);
	else if (n->count > 1)
		snprintf(out, size, _("In force from now: %s v%s and %d more."),
		    n->title, n->version, n->count - 1);
	else if (n->count)
		snprintf(out, size, _("In force from now: %s v%s."), n->title,
		    n->version);
	else
		text_copy(out, size, "");
}

void renewal_turn(struct desk *d, struct app *app)
{
	struct renewal_news news;
	char text[300];
	int rc = renewal_check(&news, d);

	if (app_say_error(app, rc) <= 0)
		return;
	renewal_text(text, sizeof(text), &news);
	app_refresh(app);
	app_say(app, news.passed ? LOOK_LATE : LOOK_DONE, "%s", text);
}
