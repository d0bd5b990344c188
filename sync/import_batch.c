/*
 * import_batch.c - the batch that importers fill: texts kept once, people
 * found by any of their names, items tied to people at the end.
 */
#include "sync/import_rows.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK (64u << 10)
#define ORIGINAL_MAX (64u << 10) /* bytes kept of what is refused */
#define NOBODY UINT32_MAX        /* no such name */
#define SEVERAL (UINT32_MAX - 1) /* a name that two people claim */

struct slot {
	const char *key; /* NULL in a free slot */
	uint32_t value;
};

/* Text to number, open addressing. */
struct table {
	struct slot *slots;
	size_t cap; /* a power of two, or 0 */
	size_t n;
};

struct chunk {
	struct chunk *next;
	size_t used;
	size_t cap;
	char text[];
};

struct pending {
	struct import_item item;
	struct import_place at;
	const char *subject;
};

struct import_batch {
	int32_t zone_s;
	struct chunk *chunks;
	struct table texts;
	struct table names; /* of people, to their index */
	struct table keys;  /* of items seen */
	struct import_patient **people;
	size_t people_count;
	struct pending *pending;
	size_t pending_count;
	size_t pending_cap;
	struct import_problem *problems;
	size_t problem_count;
	struct import_count *types;
	size_t type_count;
	const json_t *held; /* the reader's, while it reads it */
};

static uint64_t hash_of(const char *s, size_t n)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)s[i]) * UINT64_C(1099511628211);
	return h ^ (h >> 29);
}

/* Slot of a key, or the free one where it would go. */
static struct slot *slot_of(const struct table *t, const char *s, size_t n)
{
	size_t i = (size_t)hash_of(s, n) & (t->cap - 1);

	while (t->slots[i].key &&
	       (strncmp(t->slots[i].key, s, n) != 0 || t->slots[i].key[n]))
		i = (i + 1) & (t->cap - 1);
	return &t->slots[i];
}

static void table_grow(struct table *t)
{
	struct table bigger = {.cap = t->cap ? t->cap * 2 : 256, .n = t->n};

	bigger.slots = mem_array(bigger.cap, sizeof(*bigger.slots));
	for (size_t i = 0; i < t->cap; i++)
		if (t->slots[i].key)
			*slot_of(&bigger, t->slots[i].key,
			    strlen(t->slots[i].key)) = t->slots[i];
	free(t->slots);
	*t = bigger;
}

static uint32_t table_get(const struct table *t, const char *key)
{
	const struct slot *s;

	if (t->cap == 0)
		return NOBODY;
	s = slot_of(t, key, strlen(key));
	return s->key ? s->value : NOBODY;
}

/* key must live as long as the table. */
static void table_set(struct table *t, const char *key, uint32_t value)
{
	struct slot *s;

	if ((t->n + 1) * 2 > t->cap)
		table_grow(t);
	s = slot_of(t, key, strlen(key));
	t->n += !s->key;
	*s = (struct slot){key, value};
}

static char *chunk_take(struct import_batch *b, size_t n)
{
	struct chunk *c = b->chunks;

	if (!c || c->cap - c->used < n) {
		size_t cap = n > CHUNK ? n : CHUNK;
		c = mem_new(sizeof(*c) + cap);
		c->cap = cap;
		c->next = b->chunks;
		b->chunks = c;
	}
	c->used += n;
	return c->text + c->used - n;
}

const char *import_keep_n(struct import_batch *b, const char *s, size_t n)
{
	struct slot *slot;
	char *copy;

	if ((b->texts.n + 1) * 2 > b->texts.cap)
		table_grow(&b->texts);
	slot = slot_of(&b->texts, s, n);
	if (slot->key)
		return slot->key;
	copy = chunk_take(b, n + 1);
	memcpy(copy, s, n);
	copy[n] = '\0';
	*slot = (struct slot){copy, 0};
	b->texts.n++;
	return copy;
}

const char *import_keep(struct import_batch *b, const char *s)
{
	return import_keep_n(b, s ? s : "", s ? strlen(s) : 0);
}

const char *import_clean(struct import_batch *b, const char *s, size_t max)
{
	struct buf text = {0};
	const char *kept;

	text_clean(&text, s ? s : "", s ? strlen(s) : 0);
	if (text.len > max) {
		while (max > 0 && (text.data[max] & 0xc0) == 0x80)
			max--;
		text.len = max;
	}
	kept = import_keep_n(b, buf_text(&text), text.len);
	buf_fini(&text);
	return kept;
}

struct import_batch *import_new(int32_t zone_s)
{
	struct import_batch *b = mem_new(sizeof(*b));

	b->zone_s = zone_s;
	return b;
}

void import_free(struct import_batch **bp)
{
	struct import_batch *b = *bp;

	if (!b)
		return;
	for (size_t i = 0; i < b->people_count; i++) {
		free(b->people[i]->ids);
		free(b->people[i]->phones);
		free(b->people[i]->items);
		free(b->people[i]);
	}
	for (struct chunk *c = b->chunks, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	free(b->texts.slots);
	free(b->names.slots);
	free(b->keys.slots);
	free(b->people);
	free(b->pending);
	free(b->problems);
	free(b->types);
	free(b);
	*bp = NULL;
}

int32_t import_zone(const struct import_batch *b)
{
	return b->zone_s;
}

void import_hold(struct import_batch *b, const json_t *resource)
{
	b->held = resource;
}

static const char *original(struct import_batch *b)
{
	char *text = b->held ? json_dumps(b->held, JSON_COMPACT) : NULL;
	const char *kept =
	    import_keep(b, text && strlen(text) <= ORIGINAL_MAX ? text : "");

	free(text);
	return kept;
}

int import_refuse(struct import_batch *b, const struct import_place *at,
    const char *field, const char *why, const char *detail)
{
	struct buf where = {0};

	buf_str(&where, at->path);
	if (*field)
		buf_printf(&where, "%s%s", *at->path ? "." : "", field);
	b->problems =
	    mem_grow(b->problems, b->problem_count + 1, sizeof(*b->problems));
	b->problems[b->problem_count++] = (struct import_problem){
	    .file = import_keep(b, at->file),
	    .where = import_keep(b, buf_text(&where)),
	    .why = why,
	    .detail = import_clean(b, detail, 160),
	    .original = original(b),
	};
	buf_fini(&where);
	return ERR_QUARANTINED;
}

struct import_count *import_type(struct import_batch *b, const char *type)
{
	size_t at = 0;

	/* As it is kept, or what is not found again would be added again. */
	type = import_clean(b, type, 64);
	while (at < b->type_count && strcmp(b->types[at].type, type) < 0)
		at++;
	if (at < b->type_count && strcmp(b->types[at].type, type) == 0)
		return &b->types[at];
	b->types = mem_grow(b->types, b->type_count + 1, sizeof(*b->types));
	memmove(b->types + at + 1, b->types + at,
	    (b->type_count - at) * sizeof(*b->types));
	b->type_count++;
	b->types[at] = (struct import_count){
	    .type = type,
	    .is_known = strcmp(type, "Patient") == 0 || import_is_item(type),
	};
	return &b->types[at];
}

struct import_patient *import_person(struct import_batch *b, const char *key)
{
	uint32_t i = table_get(&b->names, key);
	struct import_patient *p;

	if (i < SEVERAL)
		return b->people[i];
	p = mem_new(sizeof(*p));
	p->key = import_keep(b, key);
	p->name = p->spelled = p->sex = p->language = p->address =
	    import_keep(b, "");
	b->people = mem_grow(
	    b->people, b->people_count + 1, sizeof(struct import_patient *));
	b->people[b->people_count] = p;
	table_set(&b->names, p->key, (uint32_t)b->people_count++);
	return p;
}

const struct import_patient *import_known_person(
    const struct import_batch *b, const char *name)
{
	uint32_t i = table_get(&b->names, name);

	return i < SEVERAL ? b->people[i] : NULL;
}

void import_name_person(
    struct import_batch *b, const char *name, const char *key)
{
	uint32_t i = table_get(&b->names, key);
	uint32_t held = table_get(&b->names, name);

	table_set(&b->names, import_keep(b, name),
	    held == NOBODY || held == i ? i : SEVERAL);
}

void import_add_identifier(struct import_batch *b, struct import_patient *p,
    const struct import_identifier *id)
{
	struct buf name = {0};

	buf_printf(&name, "%s|%s", id->system, id->value);
	import_name_person(b, buf_text(&name), p->key);
	buf_fini(&name);
	for (size_t i = 0; i < p->id_count; i++)
		if (p->ids[i].system == id->system &&
		    p->ids[i].value == id->value)
			return;
	p->ids = mem_grow(p->ids, p->id_count + 1, sizeof(*p->ids));
	p->ids[p->id_count++] = *id;
}

void import_add_phone(struct import_batch *b, struct import_patient *p,
    const struct import_phone *phone)
{
	(void)b;
	for (size_t i = 0; i < p->phone_count; i++)
		if (p->phones[i].number == phone->number &&
		    p->phones[i].relation == phone->relation)
			return;
	p->phones = mem_grow(p->phones, p->phone_count + 1, sizeof(*p->phones));
	p->phones[p->phone_count++] = *phone;
}

bool import_add_item(struct import_batch *b, const struct import_place *at,
    const char *subject, const struct import_item *item)
{
	if (*item->key) {
		if (table_get(&b->keys, item->key) != NOBODY)
			return false;
		table_set(&b->keys, item->key, 0);
	}
	if (b->pending_count == b->pending_cap) {
		b->pending_cap = b->pending_cap ? b->pending_cap * 2 : 256;
		b->pending =
		    mem_grow(b->pending, b->pending_cap, sizeof(*b->pending));
	}
	b->pending[b->pending_count++] = (struct pending){
	    .item = *item,
	    .at = {import_keep(b, at->file), import_keep(b, at->path),
		import_keep(b, at->type)},
	    .subject = import_keep(b, subject),
	};
	return true;
}

/* "https://host/fhir/Patient/7" also answers to "Patient/7". */
static const char *tail_of(const char *url)
{
	const char *tail = url;

	for (const char *at = url; (at = strstr(at, "Patient/")) != NULL; at++)
		tail = at;
	return tail;
}

void import_scope(
    struct buf *out, const char *file, int depth, const char *name)
{
	const char *slash = strrchr(file, '/');
	size_t n = depth == 0 ? strlen(file)
		   : slash    ? (size_t)(slash - file)
			      : 0;

	buf_clear(out);
	buf_add(out, file, n);
	buf_printf(out, "\n%d\n%s", depth, name);
}

/* "system|value" of somebody who is in no file may be registered. */
static uint32_t whom_registered(struct import_batch *b, const char *subject)
{
	const char *bar = strrchr(subject, '|');
	struct import_patient *p;

	if (!bar || !bar[1])
		return NOBODY;
	p = import_person(b, subject);
	p->is_reference = true;
	import_add_identifier(b, p,
	    &(struct import_identifier){
		import_keep_n(b, subject, (size_t)(bar - subject)),
		import_keep(b, bar + 1), import_keep(b, "")});
	return table_get(&b->names, subject);
}

/* People of the same file come first, then those of the same folder. */
static uint32_t whom(struct import_batch *b, const struct pending *p)
{
	struct buf local = {0};
	uint32_t i = NOBODY;

	for (int depth = 0; depth < 2 && i == NOBODY; depth++) {
		import_scope(&local, p->at.file, depth, p->subject);
		i = table_get(&b->names, buf_text(&local));
	}
	buf_fini(&local);
	if (i == NOBODY)
		i = table_get(&b->names, p->subject);
	if (i == NOBODY)
		i = table_get(&b->names, tail_of(p->subject));
	return i == NOBODY ? whom_registered(b, p->subject) : i;
}

static int by_kind_and_time(const void *left, const void *right)
{
	const struct import_item *a = left, *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->at_s != b->at_s)
		return a->at_s < b->at_s ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static int refuse_pending(
    struct import_batch *b, const struct pending *p, uint32_t i)
{
	struct import_count *t = import_type(b, p->at.type);

	t->taken--;
	t->broken++;
	return import_refuse(b, &p->at, "subject",
	    i == SEVERAL ? N_("Two patients answer to this reference.")
			 : N_("The patient it refers to is in no file."),
	    p->subject);
}

int import_finish(struct import_batch *b)
{
	int r = 0;

	for (size_t k = 0; k < b->pending_count; k++) {
		uint32_t i = whom(b, &b->pending[k]);
		if (i >= SEVERAL) {
			r = refuse_pending(b, &b->pending[k], i);
			continue;
		}
		struct import_patient *p = b->people[i];
		p->items =
		    mem_grow(p->items, p->item_count + 1, sizeof(*p->items));
		p->items[p->item_count] = b->pending[k].item;
		p->items[p->item_count++].order = k;
	}
	b->pending_count = 0;
	for (size_t i = 0; i < b->people_count; i++)
		if (b->people[i]->item_count)
			qsort(b->people[i]->items, b->people[i]->item_count,
			    sizeof(struct import_item), by_kind_and_time);
	return r;
}

size_t import_patient_count(const struct import_batch *b)
{
	return b->people_count;
}

const struct import_patient *import_patient_at(
    const struct import_batch *b, size_t i)
{
	return b->people[i];
}

size_t import_problem_count(const struct import_batch *b)
{
	return b->problem_count;
}

const struct import_problem *import_problem_at(
    const struct import_batch *b, size_t i)
{
	return &b->problems[i];
}

size_t import_type_count(const struct import_batch *b)
{
	return b->type_count;
}

const struct import_count *import_type_at(
    const struct import_batch *b, size_t i)
{
	return &b->types[i];
}
