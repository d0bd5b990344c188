/*
 * node_publish.c - scripts, pathways and rules go into the log, where every
 * terminal finds them. What is there already in the same version and words
 * is left alone; the same version with other words is refused, because a
 * call that cites it must always find the same text.
 */
#define _GNU_SOURCE
#include "core/asset.h"
#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
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

#define FILE_MAX (1u << 20)
#define PART_BYTES 30000 /* so that the body's JSON stays below 64 KiB */
#define PARTS_MAX 64

/* One file of content. */
struct content {
	enum kind kind;
	const char *what; /* "script", "pathway", "rules" */
	const char *id;
	char version[33];
	const char *title_zh, *title_en;
	json_t *root;
	struct buf text; /* canonical */
};

static void content_fini(struct content *c)
{
	json_decref(c->root);
	buf_fini(&c->text);
}

static const char *title_in(const json_t *root, const char *lang)
{
	return json_str(json_object_get(root, "title"), lang, NULL);
}

/* The translation extension of a Questionnaire's title. */
static const char *translated_title(const json_t *root)
{
	const json_t *list =
	    json_list(json_object_get(root, "_title"), "extension");
	size_t i, k;
	json_t *e, *part;

	json_array_foreach((json_t *)(uintptr_t)list, i, e)
	    json_array_foreach(json_object_get(e, "extension"), k,
		part) if (strcmp(json_str(part, "url", ""), "content") ==
			  0) return json_str(part, "valueString", NULL);
	return NULL;
}

static void describe_script(struct content *c)
{
	const char *title = json_str(c->root, "title", NULL);
	const char *other = translated_title(c->root);
	bool is_zh = title && (unsigned char)title[0] >= 0x80;

	c->kind = KIND_SCRIPT_PUBLISHED;
	c->what = "script";
	c->id = json_str(c->root, "id", json_str(c->root, "url", NULL));
	c->title_zh = is_zh ? title : other ? other : title;
	c->title_en = is_zh ? (other ? other : title) : title;
	snprintf(c->version, sizeof(c->version), "%.32s",
	    json_str(c->root, "version", ""));
}

static void describe_other(struct content *c)
{
	bool is_pathway = json_list(c->root, "steps") != NULL;

	c->kind = is_pathway ? KIND_PATHWAY_PUBLISHED : KIND_RULES_PUBLISHED;
	c->what = is_pathway ? "pathway" : "rules";
	c->id = json_str(c->root, "id", NULL);
	c->title_zh = title_in(c->root, "zh");
	c->title_en = title_in(c->root, "en");
	snprintf(c->version, sizeof(c->version), "%lld",
	    (long long)json_int(c->root, "version", 0));
}

static int read_content(
    struct content *c, const char *path, const char *text, size_t n)
{
	int r = json_load(&c->root, text, n, FILE_MAX);

	if (r < 0)
		return r;
	if (strcmp(json_str(c->root, "resourceType", ""), "Questionnaire") == 0)
		describe_script(c);
	else
		describe_other(c);
	if (!c->id || !*c->version || strcmp(c->version, "0") == 0 ||
	    !c->title_zh || !c->title_en)
		return err_set(
		    ERR_FORMAT, "%s: id, version or title is missing", path);
	json_canonical(&c->text, c->root);
	return 0;
}

static void stream_of(struct id *out, const struct content *c)
{
	struct buf b = {0};

	buf_block(&b, c->what, strlen(c->what));
	buf_str(&b, c->id);
	hash_prefixed_id(
	    out, PREFIX_CONTENT, (const struct part[]){{b.data, b.len}}, 1);
	buf_fini(&b);
}

/* 1 = there in the same words, 0 = not there; ERR_STALE in other words. */
static int is_there(const struct request *q, const struct id *stream,
    const struct content *c, const char *hash)
{
	struct stmt *s = store_query(home_store(q->home), Q_CONTENT_HASH);
	int r;

	stmt_bind_id(s, ":stream", stream);
	stmt_bind_text(s, ":version", c->version);
	r = stmt_step(s);
	if (r == 1 && strcmp(stmt_text(s, 0), hash) != 0)
		r = err_set(ERR_STALE, "%s %s was published in other words",
		    c->id, c->version);
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

static void draft_part(struct draft *draft, const struct id *stream,
    const struct content *c, json_t *part_body)
{
	json_put_str(part_body, "id", c->id);
	json_put_str(part_body, "version", c->version);
	json_put_str(part_body, "title_zh", c->title_zh);
	json_put_str(part_body, "title_en", c->title_en);
	draft_add(draft, c->kind, stream, part_body);
}

static int record(const struct request *q, const struct content *c,
    const struct id *stream, const char *hash)
{
	struct draft draft = {0};
	int total = part_total(&c->text), n = 0, r;

	if (total > PARTS_MAX)
		return err_set(ERR_TOO_LARGE, "%s", c->id);
	for (size_t at = 0; at < c->text.len;) {
		size_t len = part_size(&c->text, at);
		json_t *body = json_object();
		json_put_int(body, "part", ++n);
		json_put_int(body, "parts", total);
		json_put_str(body, "hash", hash);
		json_put(body, "text",
		    json_stringn((const char *)c->text.data + at, len));
		draft_part(&draft, stream, c, body);
		at += len;
	}
	r = ledger_record(home_ledger(q->home), &draft, NULL);
	draft_fini(&draft);
	return r;
}

static int publish_text(
    const struct request *q, const char *path, const char *text, size_t n)
{
	struct content c = {0};
	struct id stream;
	struct hash h;
	char hex[HASH_HEX];
	int r = read_content(&c, path, text, n);

	if (r == 0) {
		stream_of(&stream, &c);
		hash_blake2b256(&h, c.text.data, c.text.len);
		hash_hex(hex, &h);
		r = is_there(q, &stream, &c, hex);
	}
	if (r == 0)
		r = record(q, &c, &stream, hex);
	else if (r > 0)
		r = 0;
	if (r == 0)
		buf_printf(q->out, "%s %s %s\n", c.what, c.id, c.version);
	content_fini(&c);
	return r;
}

static int publish_file(const struct request *q, const char *path)
{
	struct buf text = {0};
	int r = program_read(&text, path, FILE_MAX);

	if (r == 0)
		r = publish_text(q, path, buf_text(&text), text.len);
	buf_fini(&text);
	return r;
}

static int is_json(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && strcmp(dot, ".json") == 0;
}

static int publish_path(const struct request *q, const char *path)
{
	struct dirent **names;
	struct stat st;
	int n, r = 0;

	if (stat(path, &st) < 0)
		return err_set(ERR_NOT_FOUND, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return publish_file(q, path);
	n = scandir(path, &names, is_json, alphasort);
	if (n < 0)
		return err_set(ERR_IO, "%s: %s", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		struct buf full = {0};
		buf_printf(&full, "%s/%s", path, names[i]->d_name);
		if (r == 0)
			r = publish_file(q, buf_text(&full));
		buf_fini(&full);
		free(names[i]);
	}
	free(names);
	return r;
}

static int publish_own(const struct request *q)
{
	static const char *const folders[] = {
	    "scripts/", "pathways/", "rules/"};
	int r = 0;

	for (size_t i = 0; r == 0 && i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		for (size_t k = 0; k < ARRAY_LEN(folders); k++)
			if (strncmp(a->path, folders[k], strlen(folders[k])) ==
				0 &&
			    !strchr(a->path + strlen(folders[k]), '/'))
				r = publish_text(q, a->path, a->data, a->len);
	}
	return r;
}

int verb_publish(const struct request *q, bool *stop)
{
	int r = 0;

	(void)stop;
	if (q->count == 1)
		return publish_own(q);
	for (size_t i = 1; r == 0 && i < q->count; i++)
		r = publish_path(q, q->words[i]);
	return r;
}
