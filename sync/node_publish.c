/*
 * node_publish.c - content goes into the log, where every terminal finds it.
 * Every file of a call passes the strict check of suifang-content first, with
 * all it names in other files, and then all of them are published in one
 * commit, or none. What is there already in the same version and words is
 * left alone; the same version with other words is refused, because a call
 * that cites it must always find the same text.
 */
#define _GNU_SOURCE
#include "core/asset.h"
#include "core/content_kind.h"
#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/in_force.h"
#include "core/mem.h"
#include "core/note.h"
#include "core/office.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "keys/hash.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/node_verbs.h"
#include "sync/program.h"
#include "sync/request.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (1u << 20)
#define FILES_MAX 400
#define PART_BYTES 30000 /* so that the body's JSON stays below 64 KiB */
#define PARTS_MAX 64

/* One file of content. */
struct content {
	char *source; /* as the caller named it */
	struct buf raw;
	struct content_card card;
	struct buf text; /* canonical */
	struct id stream;
	char hash[HASH_HEX];
	bool is_there; /* in the log, in these words */
};

/* One call. */
struct publishing {
	const struct request *q;
	struct content *at;
	size_t n;
	struct content_report *report;
};

static const char *const folders[] = {"scripts", "pathways", "rules", "advice",
    "tables", "settings", "valuesets"};

/* The last one is not published. */
static void publishing_drop(struct publishing *p)
{
	struct content *c = &p->at[--p->n];

	free(c->source);
	buf_fini(&c->raw);
	content_card_fini(&c->card);
	buf_fini(&c->text);
}

static void publishing_fini(struct publishing *p)
{
	while (p->n > 0)
		publishing_drop(p);
	free(p->at);
	free(p->report);
}

/* ---- what is to be published --------------------------------------------- */

static void name_stream(struct content *c)
{
	struct buf b = {0};
	struct hash h;

	buf_block(&b, c->card.kind, strlen(c->card.kind));
	buf_str(&b, c->card.id);
	hash_prefixed_id(&c->stream, PREFIX_CONTENT,
	    (const struct part[]){{b.data, b.len}}, 1);
	buf_fini(&b);
	json_canonical(&c->text, c->card.root);
	hash_blake2b256(&h, c->text.data, c->text.len);
	hash_hex(c->hash, &h);
}

/* 1 = there in the same words, 0 = not there; ERR_STALE in other words. */
static int is_there(struct store *store, const struct content *c)
{
	struct stmt *s = store_query(store, Q_CONTENT_HASH);
	int r;

	stmt_bind_id(s, ":stream", &c->stream);
	stmt_bind_text(s, ":version", c->card.version);
	r = stmt_step(s);
	if (r == 1 && strcmp(stmt_text(s, 0), c->hash) != 0)
		r = ERR_STALE;
	stmt_reset(s);
	return r;
}

/* Bytes of the next part: at most PART_BYTES, never half a character. */
static size_t part_size(const struct buf *text, size_t at)
{
	size_t n = text->len - at;

	if (n <= PART_BYTES)
		return n;
	n = PART_BYTES;
	while ((text->data[at + n] & 0xc0) == 0x80)
		n--;
	return n;
}

static int part_total(const struct buf *text)
{
	int n = 0;

	for (size_t at = 0; at < text->len; at += part_size(text, at))
		n++;
	return n;
}

static enum kind kind_of(const struct content *c)
{
	if (strcmp(c->card.kind, "script") == 0)
		return KIND_SCRIPT_PUBLISHED;
	return strcmp(c->card.kind, "pathway") == 0 ? KIND_PATHWAY_PUBLISHED
						    : KIND_RULES_PUBLISHED;
}

static void draft_part(
    struct draft *draft, const struct content *c, json_t *part_body)
{
	json_put_str(part_body, "id", c->card.id);
	json_put_str(part_body, "version", c->card.version);
	json_put_str(part_body, "title_zh", c->card.title_zh);
	json_put_str(part_body, "title_en", c->card.title_en);
	draft_add(draft, kind_of(c), &c->stream, part_body);
}

/* ---- recording ----------------------------------------------------------- */

static int record(const struct request *q, const struct content *c)
{
	struct draft draft = {0};
	int total = part_total(&c->text), n = 0, r;

	for (size_t at = 0; at < c->text.len;) {
		size_t len = part_size(&c->text, at);
		json_t *body = json_object();
		json_put_int(body, "part", ++n);
		json_put_int(body, "parts", total);
		json_put_str(body, "hash", c->hash);
		json_put(body, "text",
		    json_stringn((const char *)c->text.data + at, len));
		draft_part(&draft, c, body);
		at += len;
	}
	r = ledger_add(home_ledger(q->home), &draft, NULL);
	draft_fini(&draft);
	return r;
}

/* One commit for all of a call. */
static int record_all(const struct publishing *p)
{
	struct ledger *ledger = home_ledger(p->q->home);
	size_t n = 0;
	int r = ledger_begin(ledger);

	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < p->n; i++)
		if (!p->at[i].is_there) {
			r = record(p->q, &p->at[i]);
			n++;
		}
	if (r == 0)
		r = ledger_commit(ledger);
	if (r < 0) {
		ledger_rollback(ledger);
		return r;
	}
	for (size_t i = 0; i < p->n; i++)
		if (!p->at[i].is_there)
			buf_printf(p->q->out, "%s %s %s\n", p->at[i].card.path,
			    p->at[i].card.id, p->at[i].card.version);
	buf_printf(
	    p->q->out, _("%zu published, %zu were there already"), n, p->n - n);
	buf_str(p->q->out, "\n");
	return 0;
}

/* ---- the check ----------------------------------------------------------- */

static void refuse(const struct publishing *p, const struct content *c,
    const char *path, const char *why)
{
	const struct content_file file = {
	    c->source, buf_text(&c->raw), c->raw.len};

	content_fault(p->report, &file, path, why);
}

/* Faults of this file from `first` on, under the name the caller knows. */
static void name_source(
    const struct publishing *p, const struct content *c, size_t first)
{
	struct content_report *r = p->report;

	for (size_t i = first; i < r->n && i < CONTENT_FAULTS_MAX; i++)
		if (strcmp(r->at[i].file, c->card.path) == 0)
			text_copy(
			    r->at[i].file, sizeof(r->at[i].file), c->source);
}

/* Against what came with the program. */
static void check_own(const struct publishing *p, const struct content *c)
{
	const struct asset *a = asset_find(c->card.path);
	struct content_card own = {.root = NULL};
	int d;

	if (!a || content_describe(&own, a->data, a->len) < 0) {
		content_card_fini(&own);
		return;
	}
	d = content_version_cmp(c->card.version, own.version);
	if (d < 0)
		refuse(p, c, "$.version",
		    _("the program's own is newer; raise the version"));
	else if (d == 0 && !json_equal(c->card.root, own.root))
		refuse(p, c, "$.version",
		    _("the program's own of this version has other words; "
		      "raise the version"));
	content_card_fini(&own);
}

/* Against what was published. */
static int check_version(const struct publishing *p, struct content *c)
{
	struct store *store = home_store(p->q->home);
	struct office_content *newest = mem_new(sizeof(*newest));
	int r = is_there(store, c);

	c->is_there = r == 1;
	if (r == ERR_STALE) {
		refuse(p, c, "$.version",
		    _("this version was published in other words; raise the "
		      "version"));
		r = 0;
	} else if (r == 0) {
		r = office_content_versions(
		    newest, 1, store, c->card.kind, c->card.id);
		if (r == 1 &&
		    content_version_cmp(c->card.version, newest->version) < 0)
			refuse(p, c, "$.version",
			    _("a higher version is published; raise the "
			      "version"));
		check_own(p, c);
	}
	free(newest);
	return r < 0 ? r : 0;
}

static int check_one(const struct publishing *p, struct content *c)
{
	const struct content_file file = {
	    c->card.path, buf_text(&c->raw), c->raw.len};
	size_t first = p->report->n;

	content_check_file(p->report, &file);
	name_source(p, c, first);
	if (part_total(&c->text) > PARTS_MAX)
		refuse(p, c, "", _("too large to be published"));
	for (const struct content *o = p->at; o < c; o++)
		if (strcmp(o->card.path, c->card.path) == 0)
			refuse(p, c, "$.id", _("is there twice in this call"));
	return check_version(p, c);
}

/* Each for itself, then all together with what is in force. */
static int check_all(const struct publishing *p)
{
	struct in_force_folder all;
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->n; i++)
		r = check_one(p, &p->at[i]);
	if (r < 0 || p->report->n)
		return r;
	r = in_force_folder(&all, home_store(p->q->home));
	if (r < 0)
		return r;
	for (size_t i = 0; i < p->n; i++)
		in_force_put(&all, p->at[i].card.path, buf_text(&p->at[i].raw),
		    p->at[i].raw.len);
	content_check_references(p->report, &all.files);
	for (size_t i = 0; i < p->n; i++)
		name_source(p, &p->at[i], 0);
	in_force_folder_fini(&all);
	return 0;
}

/* ---- gathering ----------------------------------------------------------- */

/* Value sets travel inside the script that uses them; those of the program
 * are everywhere. */
static bool is_own_value_set(const struct content *c)
{
	char path[CONTENT_PATH];
	const struct asset *a;
	json_t *own = NULL;
	bool same;

	snprintf(path, sizeof(path), "valuesets/%.60s.json",
	    json_str(c->card.root, "id", ""));
	a = asset_find(path);
	same = a && json_load(&own, a->data, a->len, FILE_MAX) == 0 &&
	       json_equal(own, c->card.root);
	json_decref(own);
	return same;
}

static bool is_value_set(const struct content *c)
{
	return strcmp(json_str(c->card.root, "resourceType", ""), "ValueSet") ==
	       0;
}

/* What cannot be told apart is a fault at once. */
static void take(struct publishing *p, struct content *c)
{
	const struct content_file file = {
	    c->source, buf_text(&c->raw), c->raw.len};

	if (content_describe(&c->card, file.text, file.n) == 0) {
		name_stream(c);
		p->n++;
		return;
	}
	if (is_value_set(c) && !is_own_value_set(c))
		refuse(p, c, "$",
		    _("a value set is published inside the script that "
		      "uses it (contained)"));
	else if (!is_value_set(c))
		content_fault_detail(p->report, &file);
	p->n++;
	publishing_drop(p);
}

static int take_text(struct publishing *p, const char *source, struct buf *raw)
{
	struct content *c;

	if (p->n == FILES_MAX)
		return err_set(
		    ERR_TOO_LARGE, "%s: more than %d files", source, FILES_MAX);
	p->at = mem_grow(p->at, p->n + 1, sizeof(*p->at));
	c = &p->at[p->n];
	*c = (struct content){.source = mem_strdup(source), .raw = *raw};
	*raw = (struct buf){0};
	take(p, c);
	return 0;
}

static int take_file(struct publishing *p, const char *path)
{
	struct buf raw = {0};
	int r = program_read(&raw, path, FILE_MAX);

	if (r == 0)
		r = take_text(p, path, &raw);
	buf_fini(&raw);
	return r;
}

static int is_json(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && strcmp(dot, ".json") == 0;
}

static int take_folder(struct publishing *p, const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, is_json, alphasort), r = 0;

	if (n < 0)
		return program_file_error(path);
	for (int i = 0; i < n; i++) {
		struct buf full = {0};
		buf_printf(&full, "%s/%s", path, names[i]->d_name);
		if (r == 0)
			r = take_file(p, buf_text(&full));
		buf_fini(&full);
		free(names[i]);
	}
	free(names);
	return r;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A file; the files of a folder; the folders of content in a folder. */
static int take_path(struct publishing *p, const char *path)
{
	size_t before = p->n, faults = p->report->n;
	int r;

	if (access(path, F_OK) < 0)
		return err_set(ERR_NOT_FOUND, "%s", path);
	if (!is_folder(path))
		return take_file(p, path);
	r = take_folder(p, path);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(folders); i++) {
		struct buf below = {0};
		buf_printf(&below, "%s/%s", path, folders[i]);
		if (is_folder(buf_text(&below)))
			r = take_folder(p, buf_text(&below));
		buf_fini(&below);
	}
	if (r == 0 && p->n == before && p->report->n == faults)
		r = err_set(ERR_NOT_FOUND, "no content below %s", path);
	return r;
}

static int take_own(struct publishing *p)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		const struct content_file file = {a->path, a->data, a->len};
		for (size_t k = 0; k < ARRAY_LEN(folders); k++) {
			struct buf raw = {0};
			char folder[20];
			snprintf(folder, sizeof(folder), "%s/", folders[k]);
			if (!content_is_in(&file, folder))
				continue;
			buf_add(&raw, a->data, a->len);
			r = take_text(p, a->path, &raw);
			buf_fini(&raw);
		}
	}
	return r;
}

static int take_all(struct publishing *p)
{
	int r = 0;

	if (p->q->count == 1)
		return take_own(p);
	for (size_t i = 1; r == 0 && i < p->q->count; i++)
		r = take_path(p, p->q->words[i]);
	return r;
}

/* ---- the verb ------------------------------------------------------------ */

int verb_publish(const struct request *q, bool *stop)
{
	struct publishing p = {
	    .q = q, .report = mem_new(sizeof(struct content_report))};
	int r = take_all(&p);

	(void)stop;
	if (r == 0)
		r = check_all(&p);
	if (r == 0 && p.report->n) {
		content_report_print(q->out, p.report);
		buf_printf(q->out, _("%zu faults; nothing was published"),
		    p.report->n);
		buf_str(q->out, "\n");
		r = ERR_CHECK;
	} else if (r == 0) {
		r = record_all(&p);
	}
	publishing_fini(&p);
	if (r == 0)
		publish_note_passed(home_store(q->home));
	return r;
}

static void note_one(void *ctx, const struct in_force_passed *p)
{
	static const char *const names[] = {
	    [IN_FORCE_NOT_WHOLE] = "not-whole",
	    [IN_FORCE_UNKNOWN] = "unknown",
	    [IN_FORCE_REFUSED] = "refused",
	    [IN_FORCE_OTHER_WORDS] = "other-words",
	};

	(void)ctx;
	note_event("content.passed", "kind=%s id=%s version=%s why=%s path=%s",
	    p->kind, p->id, p->version, names[p->why],
	    *p->path ? p->path : "-");
}

void publish_note_passed(struct store *store)
{
	(void)!in_force_passed(store, note_one, NULL);
}
