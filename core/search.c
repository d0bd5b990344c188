/*
 * search.c - the packed text: for each patient fields of one letter and a
 * value, ended by US; ASCII in lower case.
 */
#define _GNU_SOURCE
#include "core/search.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/store.h"

#include <stdlib.h>
#include <string.h>

#define US '\x1f'

struct entry {
	struct id patient;
	size_t from; /* of its first field */
};

struct search {
	struct store *store;
	int64_t today;
	struct id last; /* patient read so far */
	bool is_whole;
	struct buf text;
	struct entry *entries;
	size_t count, cap;
	uint64_t generation;
};

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Pinyin is typed without the spaces between its syllables. */
static void add_field(struct search *x, char type, const char *value)
{
	size_t n = strlen(value);
	uint8_t *to;

	if (n == 0)
		return;
	to = buf_reserve(&x->text, n + 2);
	*to++ = (uint8_t)type;
	for (; *value; value++)
		if (type != 'y' || *value != ' ')
			*to++ = lower((uint8_t)*value);
	*to++ = US;
	x->text.len = (size_t)(to - x->text.data);
}

static void add_patient(struct search *x, const struct id *patient)
{
	if (x->count == x->cap) {
		x->cap = x->cap ? 2 * x->cap : 256;
		x->entries = mem_grow(x->entries, x->cap, sizeof(*x->entries));
	}
	x->entries[x->count++] = (struct entry){*patient, x->text.len};
}

/* Telephones or tags, walked beside the patients in the same order. */
struct side {
	struct stmt *s;
	struct id of;
	char type;
	int rc; /* of the last step */
};

static void side_step(struct side *d)
{
	d->rc = stmt_step(d->s);
	if (d->rc == 1 && !stmt_id(&d->of, d->s, 0))
		d->rc = ERR_DAMAGED;
}

static struct stmt *after_last(struct search *x, enum query_id id)
{
	struct stmt *s = store_query(x->store, id);

	stmt_bind_blob(
	    s, ":after", x->last.b, x->count ? sizeof(x->last.b) : 0);
	if (id == Q_SEARCH_TAGS)
		stmt_bind_int(s, ":today", x->today);
	return s;
}

static struct side side_open(struct search *x, enum query_id id, char type)
{
	struct side d = {.s = after_last(x, id), .type = type};

	side_step(&d);
	return d;
}

static void add_side(struct search *x, struct side *d)
{
	int c = -1;

	while (d->rc == 1 && (c = id_cmp(&d->of, &x->last)) <= 0) {
		if (c == 0)
			add_field(x, d->type, stmt_text(d->s, 1));
		side_step(d);
	}
}

static int read_patients(struct search *x, struct stmt *s, struct side *sides)
{
	static const char types[] = " nnyyt";
	int rc, got = 0;

	while ((rc = stmt_step(s)) == 1) {
		got++;
		if (!stmt_id(&x->last, s, 0))
			return ERR_DAMAGED;
		add_patient(x, &x->last);
		for (int i = 1; i <= 5; i++)
			add_field(x, types[i], stmt_text(s, i));
		for (int i = 0; i < 2; i++) {
			add_side(x, &sides[i]);
			if (sides[i].rc < 0)
				return sides[i].rc;
		}
	}
	return rc < 0 ? rc : got;
}

int search_more(struct search *x, int max)
{
	struct side sides[2];
	struct stmt *s;
	int got;

	if (x->is_whole)
		return 0;
	sides[0] = side_open(x, Q_SEARCH_PHONES, 't');
	sides[1] = side_open(x, Q_SEARCH_TAGS, 'n');
	s = after_last(x, Q_SEARCH_FIELDS);
	stmt_bind_int(s, ":max", max);
	got = read_patients(x, s, sides);
	stmt_reset(s);
	stmt_reset(sides[0].s);
	stmt_reset(sides[1].s);
	x->is_whole = got >= 0 && got < max;
	return got < 0 ? got : !x->is_whole;
}

struct search *search_begin(struct store *store, int64_t today)
{
	struct search *x = mem_new(sizeof(*x));

	x->store = store;
	x->today = today;
	x->generation = store_generation(store);
	return x;
}

int search_open(struct search **out, struct store *store, int64_t today)
{
	struct search *x = search_begin(store, today);
	int rc = search_more(x, INT32_MAX);

	if (rc < 0) {
		search_free(&x);
		return rc;
	}
	*out = x;
	return 0;
}

void search_free(struct search **search)
{
	struct search *x = *search;

	if (!x)
		return;
	buf_fini(&x->text);
	free(x->entries);
	free(x);
	*search = NULL;
}

size_t search_count(const struct search *x)
{
	return x->count;
}

uint64_t search_generation(const struct search *x)
{
	return x->generation;
}

/* Does the text at `at`, n bytes long, count in the field it lies in? */
static bool counts(const struct search *x, size_t at, size_t n)
{
	const uint8_t *text = x->text.data;
	size_t from = at;

	while (from > 0 && text[from - 1] != US)
		from--;
	if (at == from)
		return false; /* the letter of the field itself */
	switch (text[from]) {
	case 'n': /* name, tag */
		return true;
	case 'y': /* pinyin, initials */
		return at == from + 1;
	default: /* ID number, telephone */
		return text[at + n] == US;
	}
}

static size_t owner_of(const struct search *x, size_t at)
{
	size_t lo = 0, hi = x->count;

	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;
		if (x->entries[mid].from <= at)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

static size_t end_of(const struct search *x, size_t entry)
{
	return entry + 1 < x->count ? x->entries[entry + 1].from : x->text.len;
}

int search_find(
    struct id *out, int max, const struct search *x, const char *typed)
{
	uint8_t needle[128];
	size_t n = strlen(typed), at = 0;
	int found = 0;

	if (n == 0 || n >= sizeof(needle))
		return 0;
	for (size_t i = 0; i < n; i++)
		needle[i] = lower((uint8_t)typed[i]);
	while (found < max && at < x->text.len) {
		const uint8_t *hit =
		    memmem(x->text.data + at, x->text.len - at, needle, n);
		if (!hit)
			break;
		at = (size_t)(hit - x->text.data);
		if (!counts(x, at, n)) {
			at++;
			continue;
		}
		size_t who = owner_of(x, at);
		out[found++] = x->entries[who].patient;
		at = end_of(x, who); /* one hit a patient is enough */
	}
	return found;
}
