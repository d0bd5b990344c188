/* fold.c - entries into view tables (an SQLite file). */
#include "core/fold.h"

#include "core/asset.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/store_impl.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a parameter is bound to. */
enum source {
	OWN_STREAM,
	OWN_REF,
	OWN_SEAT,
	OWN_SEQ,
	OWN_LAMPORT,
	OWN_POS,
	OWN_AT,
	OWN_LATE,
	OWN_N,
	OWN_COUNT,
	FROM_BODY,
	FROM_ITEM
};

struct binding {
	enum source source;
	const char *field; /* within the statement's own SQL name */
	bool is_id;
};

struct step {
	struct stmt stmt;
	struct binding *bindings; /* one a parameter, from index 1 */
	int count;
};

enum when {
	ONCE,
	BEFORE,
	EACH
};

struct section {
	enum when when;
	char list[32]; /* the body's list, for BEFORE and EACH */
	struct step *steps;
	size_t count;
};

struct recipe {
	struct section *sections;
	size_t count;
	bool is_ready;
};

struct fold {
	struct store *store;
	const struct entry_book *book;
	struct recipe recipes[KIND_COUNT];
	struct stmt **forget; /* one a view table that has streams */
	size_t forget_count;
};

static const char *const own_names[OWN_COUNT] = {[OWN_STREAM] = "stream",
    [OWN_REF] = "ref",
    [OWN_SEAT] = "seat",
    [OWN_SEQ] = "seq",
    [OWN_LAMPORT] = "lamport",
    [OWN_POS] = "pos",
    [OWN_AT] = "at_s",
    [OWN_LATE] = "late",
    [OWN_N] = "n"};

struct fold *fold_new(struct store *store, const struct entry_book *book)
{
	struct fold *fold = mem_new(sizeof(*fold));

	fold->store = store;
	fold->book = book;
	return fold;
}

static void free_recipe(struct recipe *recipe)
{
	for (size_t i = 0; i < recipe->count; i++) {
		struct section *sec = &recipe->sections[i];
		for (size_t k = 0; k < sec->count; k++) {
			sqlite3_finalize(sec->steps[k].stmt.handle);
			free(sec->steps[k].bindings);
		}
		free(sec->steps);
	}
	free(recipe->sections);
}

void fold_free(struct fold **fold)
{
	if (!*fold)
		return;
	for (int i = 0; i < KIND_COUNT; i++)
		free_recipe(&(*fold)->recipes[i]);
	for (size_t i = 0; i < (*fold)->forget_count; i++)
		stmt_free(&(*fold)->forget[i]);
	free((*fold)->forget);
	free(*fold);
	*fold = NULL;
}

/* The schema of a body's field or of an item's; it must exist, so that a
 * misspelt parameter is found by the first test that runs. */
static const json_t *field_schema(const json_t *object, const char *field)
{
	const json_t *f =
	    json_object_get(json_object_get(object, "properties"), field);

	assert(f);
	return f;
}

static struct binding bind_to(const struct fold *fold, enum kind kind,
    const struct section *sec, const char *name)
{
	const json_t *schema = entry_schema(fold->book, kind);
	struct binding b = {FROM_BODY, name, false};

	for (int i = 0; i < OWN_COUNT; i++)
		if (strcmp(own_names[i], name) == 0)
			return (struct binding){(enum source)i, NULL, false};
	if (strncmp(name, "b_", 2) == 0) {
		b.field = name + 2;
	} else if (strncmp(name, "i_", 2) == 0) {
		assert(sec->when == EACH);
		b.source = FROM_ITEM;
		b.field = name + 2;
		schema =
		    json_object_get(field_schema(schema, sec->list), "items");
	}
	b.is_id = entry_is_id(field_schema(schema, b.field));
	return b;
}

static void add_step(const struct fold *fold, enum kind kind,
    struct section *sec, const struct stmt *stmt)
{
	struct step step = {*stmt, NULL, 0};

	step.count = sqlite3_bind_parameter_count(stmt->handle);
	step.bindings = mem_array((size_t)step.count, sizeof(struct binding));
	for (int i = 0; i < step.count; i++)
		step.bindings[i] = bind_to(fold, kind, sec,
		    sqlite3_bind_parameter_name(stmt->handle, i + 1) + 1);
	sec->steps = mem_grow(sec->steps, sec->count + 1, sizeof(step));
	sec->steps[sec->count++] = step;
}

static int add_steps(const struct fold *fold, enum kind kind,
    struct section *sec, const char *sql)
{
	int r = 0;

	while (r == 0 && *sql) {
		struct stmt stmt = {0};
		r = stmt_prepare(fold->store, &stmt, sql, &sql);
		if (r == 0 && stmt.handle)
			add_step(fold, kind, sec, &stmt);
	}
	return r;
}

/* A line that begins a section, or ONCE for any other. */
static enum when section_of(char list[32], const char *line)
{
	if (sscanf(line, "-- each %31[a-z_]", list) == 1)
		return EACH;
	if (sscanf(line, "-- before %31[a-z_]", list) == 1)
		return BEFORE;
	return ONCE;
}

static int end_section(const struct fold *fold, enum kind kind,
    struct section *sec, struct buf *sql)
{
	struct recipe *recipe =
	    (struct recipe *)(uintptr_t)&fold->recipes[kind];
	int r = add_steps(fold, kind, sec, buf_text(sql));

	recipe->sections =
	    mem_grow(recipe->sections, recipe->count + 1, sizeof(*sec));
	recipe->sections[recipe->count++] = *sec;
	*sec = (struct section){0};
	buf_clear(sql);
	return r;
}

static int prepare_recipe(struct fold *fold, enum kind kind)
{
	struct section sec = {0};
	struct buf path = {0}, sql = {0};
	char list[32];
	int r = 0;

	buf_printf(&path, "fold/%s.sql", kind_info(kind)->name);
	const struct asset *a = asset_find(buf_text(&path));
	assert(a);
	fold->store->gate_is_open = true;
	for (const char *p = a->data; r == 0 && *p;) {
		size_t n = strcspn(p, "\n") + 1;
		enum when when = section_of(list, p);
		if (when != ONCE) {
			r = end_section(fold, kind, &sec, &sql);
			sec.when = when;
			memcpy(sec.list, list, sizeof(list));
		} else {
			buf_add(&sql, p, n);
		}
		p += n;
	}
	if (r == 0)
		r = end_section(fold, kind, &sec, &sql);
	fold->store->gate_is_open = false;
	fold->recipes[kind].is_ready = r == 0;
	buf_fini(&path);
	buf_fini(&sql);
	return r;
}

static void bind_own(struct stmt *s, int i, enum source source,
    const struct fold_entry *e, int n)
{
	sqlite3_stmt *h = s->handle;
	char text[REF_TEXT];

	switch ((int)source) {
	case OWN_STREAM:
		sqlite3_bind_blob(h, i, e->stream.b, 16, SQLITE_STATIC);
		break;
	case OWN_REF:
		ref_text(text, &e->ref);
		stmt_copy(s, i, text);
		break;
	case OWN_SEAT:
		sqlite3_bind_blob(h, i, e->ref.seat.b, 16, SQLITE_STATIC);
		break;
	case OWN_SEQ:
		sqlite3_bind_int64(h, i, (int64_t)e->ref.seq);
		break;
	case OWN_LAMPORT:
		sqlite3_bind_int64(h, i, (int64_t)e->lamport);
		break;
	case OWN_POS:
		if (e->pos >= 0)
			sqlite3_bind_int64(h, i, e->pos);
		break;
	case OWN_AT:
		sqlite3_bind_int64(h, i, e->at_s);
		break;
	case OWN_LATE:
		sqlite3_bind_int(h, i, e->is_late);
		break;
	default:
		sqlite3_bind_int(h, i, n);
	}
}

static void bind_value(struct stmt *stmt, int i, const json_t *v, bool is_id)
{
	sqlite3_stmt *h = stmt->handle;
	struct id id;

	if (json_is_string(v)) {
		const char *s = json_string_value(v);
		if (is_id && id_parse(&id, s))
			stmt_copy_bytes(stmt, i, id.b, sizeof(id.b));
		else
			sqlite3_bind_text(h, i, s, -1, SQLITE_STATIC);
	} else if (json_is_integer(v)) {
		sqlite3_bind_int64(h, i, json_integer_value(v));
	} else if (json_is_boolean(v)) {
		sqlite3_bind_int(h, i, json_is_true(v));
	}
}

static int run_step(
    struct step *step, const struct fold_entry *e, const json_t *item, int n)
{
	struct stmt *s = &step->stmt;

	for (int i = 0; i < step->count; i++) {
		const struct binding *b = &step->bindings[i];
		if (b->source < OWN_COUNT)
			bind_own(s, i + 1, b->source, e, n);
		else
			bind_value(s, i + 1,
			    json_object_get(
				b->source == FROM_ITEM ? item : e->body,
				b->field),
			    b->is_id);
	}
	return stmt_run(s);
}

static int run_steps(
    struct section *sec, const struct fold_entry *e, const json_t *item, int n)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < sec->count; i++)
		r = run_step(&sec->steps[i], e, item, n);
	return r;
}

static int run_section(struct section *sec, const struct fold_entry *e)
{
	const json_t *list =
	    sec->when == ONCE ? NULL : json_list(e->body, sec->list);
	size_t i;
	json_t *item;
	int r = 0;

	if (sec->when == ONCE || (sec->when == BEFORE && list))
		return run_steps(sec, e, NULL, 0);
	if (sec->when == EACH)
		json_array_foreach (list, i, item)
			if (r == 0)
				r = run_steps(sec, e, item, (int)i + 1);
	return r;
}

int fold_apply(struct fold *fold, const struct fold_entry *entry)
{
	struct recipe *recipe = &fold->recipes[entry->kind];
	int r = recipe->is_ready ? 0 : prepare_recipe(fold, entry->kind);

	for (size_t i = 0; r == 0 && i < recipe->count; i++)
		r = run_section(&recipe->sections[i], entry);
	return r;
}

static int prepare_forget(struct fold *fold)
{
	struct stmt *tables = store_query(fold->store, Q_VIEW_TABLES);
	struct stmt *s;
	int r, got;

	fold->store->gate_is_open = true;
	while ((r = stmt_step(tables)) == 1) {
		got = store_view_prepare(
		    &s, fold->store, "txn/forget.sql", stmt_text(tables, 0));
		if (got < 0) {
			r = got;
			stmt_reset(tables);
			break;
		}
		fold->forget =
		    mem_grow(fold->forget, fold->forget_count + 1, sizeof(s));
		fold->forget[fold->forget_count++] = s;
	}
	fold->store->gate_is_open = false;
	return r;
}

int fold_forget(struct fold *fold, const struct id *stream)
{
	int r = fold->forget_count ? 0 : prepare_forget(fold);

	for (size_t i = 0; r == 0 && i < fold->forget_count; i++) {
		stmt_bind_id(fold->forget[i], ":stream", stream);
		r = stmt_run(fold->forget[i]);
	}
	return r;
}
