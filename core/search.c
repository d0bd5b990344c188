/*
 * search.c - the packed text: for each patient fields of one letter and a
 * value, ended by US; ASCII in lower case.
 */
#define _GNU_SOURCE
#include "core/search.h"

#include "core/buf.h"
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
	if (!*value)
		return;
	buf_u8(&x->text, (uint8_t)type);
	for (; *value; value++)
		if (type != 'y' || *value != ' ')
			buf_u8(&x->text, lower((uint8_t)*value));
	buf_u8(&x->text, US);
}

static void add_patient(struct search *x, const struct id *patient)
{
	if (x->count == x->cap) {
		x->cap = x->cap ? 2 * x->cap : 256;
		x->entries = mem_grow(x->entries, x->cap, sizeof(*x->entries));
	}
	x->entries[x->count++] = (struct entry){*patient, x->text.len};
}

/* Several numbers come with spaces between them. */
static void add_numbers(struct search *x, const char *list)
{
	char one[64];

	while (*list) {
		size_t n = strcspn(list, " ");
		if (n < sizeof(one)) {
			memcpy(one, list, n);
			one[n] = '\0';
			add_field(x, 't', one);
		}
		list += n + (list[n] == ' ');
	}
}

static int read_all(struct search *x, struct stmt *s)
{
	static const char types[] = " nnyyt";
	struct id patient;
	int rc;

	while ((rc = stmt_step(s)) == 1) {
		if (!stmt_id(&patient, s, 0))
			continue;
		add_patient(x, &patient);
		for (int i = 1; i <= 5; i++)
			add_field(x, types[i], stmt_text(s, i));
		add_numbers(x, stmt_text(s, 6));
		add_field(x, 'n', stmt_text(s, 7));
	}
	return rc;
}

int search_open(struct search **out, struct store *store)
{
	struct search *x = mem_new(sizeof(*x));
	int rc;

	x->generation = store_generation(store);
	rc = read_all(x, store_query(store, Q_SEARCH_FIELDS));
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
