/* in_force.c - published content before the program's own. */
#include "core/in_force.h"

#include "core/asset.h"
#include "core/content.h"
#include "core/content_kind.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/office.h"
#include "core/text.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUBLISHED_MAX 400
#define VERSIONS_MAX 12 /* of one id that are tried, the newest first */

typedef int use_fn(void *ctx, const char *path, const char *text, size_t n);

/* ---- one published text -------------------------------------------------- */

static int pass_over(
    struct in_force_passed *why, enum in_force_why what, const char *path)
{
	if (!why)
		return ERR_INVALID;
	why->why = what;
	text_copy(why->path, sizeof(why->path), path);
	return ERR_INVALID;
}

/* The strict check of publishing, again. */
static int check(
    struct in_force_passed *why, const char *path, const struct buf *text)
{
	struct content_report *report = mem_new(sizeof(*report));
	const struct content_file file = {path, buf_text(text), text->len};
	int r = 0;

	content_check_file(report, &file);
	if (report->n) {
		r = pass_over(why, IN_FORCE_REFUSED, report->at[0].path);
		if (why)
			text_copy(why->detail, sizeof(why->detail),
			    report->at[0].why);
	}
	free(report);
	return r;
}

/* Is it what its record says it is? */
static bool is_itself(
    const struct content_card *card, const struct office_content *c)
{
	return strcmp(card->kind, c->kind) == 0 &&
	       strcmp(card->id, c->id) == 0 &&
	       strcmp(card->version, c->version) == 0;
}

/* Appends the text and its place. ERR_INVALID: why says what is wrong. */
static int weigh(struct buf *out, char path[CONTENT_PATH],
    struct in_force_passed *why, struct store *store,
    const struct office_content *c)
{
	struct content_card card = {.root = NULL};
	struct buf text = {0};
	int r = office_content_text(&text, store, c);

	if (r == ERR_TRUNCATED) {
		r = pass_over(why, IN_FORCE_NOT_WHOLE, "");
	} else if (r == 0) {
		r = content_describe(&card, buf_text(&text), text.len);
		if (r < 0 || !is_itself(&card, c))
			r = pass_over(why, IN_FORCE_UNKNOWN, "");
		else
			r = check(why, card.path, &text);
	}
	if (r == 0) {
		text_copy(path, CONTENT_PATH, card.path);
		buf_add(out, text.data, text.len);
	}
	content_card_fini(&card);
	buf_fini(&text);
	return r;
}

/* ---- which version ------------------------------------------------------- */

static int own_version(char out[33], const struct asset *a)
{
	struct content_card card;
	int r = content_describe(&card, a->data, a->len);

	if (r == 0)
		text_copy(out, 33, card.version);
	content_card_fini(&card);
	return r;
}

/* Versions of this file in the log, the highest first. */
static int versions_of(
    struct office_content *list, struct store *store, const char *path)
{
	char id[CONTENT_PATH];
	const char *kind = content_kind_of(id, path);
	int n = office_content_versions(list, VERSIONS_MAX, store, kind, id);

	for (int i = 1; i < n; i++)
		for (int k = i; k > 0 && content_version_cmp(list[k].version,
					     list[k - 1].version) > 0;
		     k--) {
			struct office_content one = list[k];
			list[k] = list[k - 1];
			list[k - 1] = one;
		}
	return n;
}

/* Appends the newest version above `own` that passes; 1 when there is one. */
static int published_text(
    struct buf *out, struct store *store, const char *path, const char *own)
{
	struct office_content *list;
	char at[CONTENT_PATH];
	int n, r = ERR_INVALID;

	if (!store)
		return 0;
	list = mem_array(VERSIONS_MAX, sizeof(*list));
	n = versions_of(list, store, path);
	for (int i = 0; i < n && r == ERR_INVALID; i++) {
		if (content_version_cmp(list[i].version, own) <= 0)
			break;
		r = weigh(out, at, NULL, store, &list[i]);
		if (r == 0 && strcmp(at, path) != 0) {
			buf_clear(out);
			r = ERR_INVALID;
		}
	}
	free(list);
	if (n < 0)
		return n;
	return r == 0 ? 1 : r == ERR_INVALID ? 0 : r;
}

int in_force_text(struct buf *out, struct store *store, const char *path)
{
	const struct asset *a = asset_find(path);
	char own[33] = "";
	struct buf text = {0};
	int r = a ? own_version(own, a) : 0;

	if (r == 0)
		r = published_text(&text, store, path, own);
	if (r > 0)
		buf_add(out, text.data, text.len);
	else if (r == 0 && a)
		buf_add(out, a->data, a->len);
	else if (r == 0)
		r = err_set(ERR_NOT_FOUND, "%s", path);
	buf_fini(&text);
	return r < 0 ? r : 0;
}

int in_force_read(void *out, struct store *store, const char *path,
    int (*parse)(void *out, const char *text, size_t n))
{
	struct buf text = {0};
	int r = in_force_text(&text, store, path);

	if (r == 0)
		r = parse(out, buf_text(&text), text.len);
	buf_fini(&text);
	return r;
}

int in_force_version(
    struct buf *out, struct store *store, const char *path, const char *version)
{
	const struct asset *a = asset_find(path);
	struct office_content *list;
	char own[33] = "", at[CONTENT_PATH];
	int n, r = ERR_NOT_FOUND;

	if (a && own_version(own, a) == 0 && strcmp(own, version) == 0) {
		buf_add(out, a->data, a->len);
		return 0;
	}
	list = mem_array(VERSIONS_MAX, sizeof(*list));
	n = store ? versions_of(list, store, path) : 0;
	for (int i = 0; i < n && r == ERR_NOT_FOUND; i++)
		if (strcmp(list[i].version, version) == 0)
			r = weigh(out, at, NULL, store, &list[i]);
	free(list);
	return r == 0 ? 0 : n < 0 ? n : ERR_NOT_FOUND;
}

/* ---- all of a folder ----------------------------------------------------- */

struct walk {
	struct store *store;
	const char *prefix;
	use_fn *use;
	void *ctx;
};

static int use_newest(void *ctx, const char *path, const char *text, size_t n)
{
	const struct walk *w = ctx;
	struct buf newer = {0};
	char own[33] = "";
	int r = own_version(own, &(struct asset){path, text, n});

	if (r == 0)
		r = published_text(&newer, w->store, path, own);
	if (r > 0)
		r = w->use(w->ctx, path, buf_text(&newer), newer.len) < 0;
	else if (r == 0)
		r = 1;
	if (r > 0)
		r = w->use(w->ctx, path, text, n);
	buf_fini(&newer);
	return r;
}

/* What the program has nothing of, where it belongs below this prefix. */
static int use_besides(const struct walk *w, const struct office_content *c)
{
	char id[CONTENT_PATH], path[CONTENT_PATH];
	struct buf text = {0};
	int r;

	snprintf(path, sizeof(path), "%s%.60s.json", w->prefix, c->id);
	if (strcmp(content_kind_of(id, path), c->kind) != 0 || asset_find(path))
		return 0;
	r = published_text(&text, w->store, path, "");
	if (r > 0)
		(void)!w->use(w->ctx, path, buf_text(&text), text.len);
	buf_fini(&text);
	return r < 0 ? r : 0;
}

int in_force_each(
    struct store *store, const char *prefix, use_fn *use, void *ctx)
{
	struct walk w = {store, prefix, use, ctx};
	struct office_content *list;
	int n, r = content_each(prefix, use_newest, &w);

	if (r < 0 || !store)
		return r;
	list = mem_array(PUBLISHED_MAX, sizeof(*list));
	n = r = office_content(list, PUBLISHED_MAX, store);
	for (int i = 0; r >= 0 && i < n; i++)
		r = use_besides(&w, &list[i]);
	free(list);
	return r < 0 ? r : 0;
}

/* ---- everything ---------------------------------------------------------- */

void in_force_put(
    struct in_force_folder *f, const char *path, const char *text, size_t n)
{
	struct content_files *all = &f->files;
	struct content_file one = {
	    .path = mem_strdup(path), .text = mem_dup(text, n + 1), .n = n};

	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->at[i].path, path) == 0) {
			free((void *)(uintptr_t)all->at[i].path);
			free((void *)(uintptr_t)all->at[i].text);
			all->at[i] = one;
			return;
		}
	all->at = mem_grow(all->at, all->n + 1, sizeof(*all->at));
	all->at[all->n++] = one;
}

static int put(void *ctx, const char *path, const char *text, size_t n)
{
	in_force_put(ctx, path, text, n);
	return 0;
}

int in_force_folder(struct in_force_folder *out, struct store *store)
{
	static const char *const folders[] = {"rules/", "pathways/", "advice/",
	    "tables/", "settings/", "scripts/", "valuesets/"};
	int r = 0;

	*out = (struct in_force_folder){.files = {.n = 0}};
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(folders); i++)
		r = strcmp(folders[i], "valuesets/") == 0
			? content_each(folders[i], put, out)
			: in_force_each(store, folders[i], put, out);
	if (r < 0)
		in_force_folder_fini(out);
	return r;
}

void in_force_folder_fini(struct in_force_folder *f)
{
	for (size_t i = 0; i < f->files.n; i++) {
		free((void *)(uintptr_t)f->files.at[i].path);
		free((void *)(uintptr_t)f->files.at[i].text);
	}
	free(f->files.at);
	*f = (struct in_force_folder){.files = {.n = 0}};
}

/* ---- what is passed over ------------------------------------------------- */

/* Words of two texts, their layout apart. */
static bool has_same_words(const struct buf *a, const struct asset *b)
{
	json_t *x = NULL, *y = NULL;
	bool same = json_load(&x, buf_text(a), a->len, CONTENT_TEXT_MAX) == 0 &&
		    json_load(&y, b->data, b->len, CONTENT_TEXT_MAX) == 0 &&
		    json_equal(x, y);

	json_decref(x);
	json_decref(y);
	return same;
}

/* A sound text beside the program's own. */
static enum in_force_state beside_own(struct in_force_passed *why,
    const struct buf *text, const struct asset *a, const char *version)
{
	char own[33];
	int d;

	if (!a || own_version(own, a) < 0)
		return IN_FORCE_HOLDS;
	d = content_version_cmp(own, version);
	if (d != 0)
		return d > 0 ? IN_FORCE_OLDER : IN_FORCE_HOLDS;
	if (has_same_words(text, a))
		return IN_FORCE_SAME;
	why->why = IN_FORCE_OTHER_WORDS;
	return IN_FORCE_PASSED;
}

int in_force_look(enum in_force_state *out, struct in_force_passed *why,
    struct store *store, const struct office_content *c)
{
	struct buf text = {0};
	char path[CONTENT_PATH];
	int r;

	*why = (struct in_force_passed){
	    .kind = c->kind, .id = c->id, .version = c->version};
	r = weigh(&text, path, why, store, c);
	if (r == 0)
		*out = beside_own(why, &text, asset_find(path), c->version);
	else if (r == ERR_INVALID)
		*out = IN_FORCE_PASSED;
	buf_fini(&text);
	return r == ERR_INVALID ? 0 : r;
}

int in_force_passed(struct store *store,
    void (*tell)(void *ctx, const struct in_force_passed *p), void *ctx)
{
	struct office_content *list = mem_array(PUBLISHED_MAX, sizeof(*list));
	struct in_force_passed *why = mem_new(sizeof(*why));
	int n = office_content(list, PUBLISHED_MAX, store), total = 0, r = n;

	for (int i = 0; r >= 0 && i < n; i++) {
		enum in_force_state state = IN_FORCE_HOLDS;
		r = in_force_look(&state, why, store, &list[i]);
		if (r < 0 || state != IN_FORCE_PASSED)
			continue;
		total++;
		if (tell)
			tell(ctx, why);
	}
	free(why);
	free(list);
	return r < 0 ? r : total;
}

const char *in_force_why_text(enum in_force_why why)
{
	static const char *const texts[] = {
	    [IN_FORCE_NOT_WHOLE] = N_("a part of it is not here yet"),
	    [IN_FORCE_UNKNOWN] = N_("this program does not know its kind"),
	    [IN_FORCE_REFUSED] = N_("it does not pass the check"),
	    [IN_FORCE_OTHER_WORDS] =
		N_("the program's own of this version has other words"),
	};

	return texts[why];
}
