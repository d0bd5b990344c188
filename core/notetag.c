/* notetag.c - dictionary words in a note, and what stands before them. */
#include "core/notetag.h"

#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TERMS_MAX 600
#define CUES_MAX 200
#define TERM_MAX 48

struct term {
	const char *text;
	size_t len;
	const json_t *entry;
};

enum cue_kind {
	CUE_BEFORE, /* negates what follows: 无, denies */
	CUE_AFTER,  /* negates what stands before: 已消失 */
	CUE_NO_CUE, /* looks like one and is none: 无诱因 */
	CUE_DOUBT,  /* 如出现, if */
	CUE_PERSON, /* 父亲, his mother */
	CUE_BREAK,  /* ends the reach of a cue: 。 but */
	CUE_KINDS
};

struct cue {
	const char *text;
	size_t len;
	enum cue_kind kind;
};

struct notetag {
	json_t *root;
	struct content_head head;
	struct term *terms;
	size_t n_terms;
	struct cue *cues;
	size_t n_cues;
};

/* A note in lower case, and where it is being read. */
struct note {
	const char *text;
	size_t n;
};

static const char *const cue_keys[CUE_KINDS] = {
    [CUE_BEFORE] = "negates_after",
    [CUE_AFTER] = "negates_before",
    [CUE_NO_CUE] = "not_negation",
    [CUE_DOUBT] = "doubt",
    [CUE_PERSON] = "other_person",
    [CUE_BREAK] = "breaks",
};

static const char *const sense_names[] = {
    [NOTETAG_SAID] = "said",
    [NOTETAG_NEGATED] = "negated",
    [NOTETAG_DOUBTFUL] = "doubtful",
    [NOTETAG_OTHER_PERSON] = "other-person",
};

const char *notetag_sense_name(enum notetag_sense sense)
{
	return sense_names[sense];
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Lower-case words only: the dictionary is compared with a lowered note. */
static bool is_word(const json_t *v)
{
	const char *s = json_is_string(v) ? json_string_value(v) : "";

	if (!*s || strlen(s) > TERM_MAX)
		return false;
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			return false;
	return true;
}

static int read_terms(
    struct notetag *t, const json_t *entry, const char *key, const char *at)
{
	const json_t *list = json_list(entry, key);
	size_t i;
	json_t *v;

	json_array_foreach (list, i, v) {
		if (!is_word(v) || t->n_terms == TERMS_MAX)
			return err_set(ERR_INVALID,
			    _("%s.%s[%zu]: no lower-case word, or too many"),
			    at, key, i);
		t->terms[t->n_terms++] = (struct term){
		    json_string_value(v), json_string_length(v), entry};
	}
	return 0;
}

static int read_entry(struct notetag *t, const json_t *j, const char *at)
{
	static const char *const names[] = {
	    "id", "name", "code", "text", "zh", "en", NULL};
	size_t before = t->n_terms;
	struct words words;
	const char *id;
	int r = content_members(j, at, names);

	if (!r)
		r = content_id(&id, j, "id", at);
	if (!r)
		r = content_words(&words, j, "name", at);
	if (!r)
		r = read_terms(t, j, "zh", at);
	if (!r)
		r = read_terms(t, j, "en", at);
	if (!r && (t->n_terms == before || !*json_str(j, "code", "")))
		r = err_set(ERR_INVALID, _("%s: no words or no code"), at);
	return r;
}

static int read_cues(struct notetag *t, enum cue_kind kind)
{
	const json_t *list =
	    json_list(json_object_get(t->root, "cues"), cue_keys[kind]);
	size_t i;
	json_t *v;

	json_array_foreach (list, i, v) {
		if (!is_word(v) || t->n_cues == CUES_MAX)
			return err_set(ERR_INVALID,
			    _("$.cues.%s[%zu]: no lower-case word, or too "
			      "many"),
			    cue_keys[kind], i);
		t->cues[t->n_cues++] = (struct cue){
		    json_string_value(v), json_string_length(v), kind};
	}
	return 0;
}

static int read_dictionary(struct notetag *t)
{
	const json_t *list = json_list(t->root, "entries");
	size_t total = json_array_size(list);
	int r = 0;

	if (total == 0)
		return err_set(ERR_INVALID, _("$.entries: none"));
	t->terms = mem_array(TERMS_MAX, sizeof(*t->terms));
	t->cues = mem_array(CUES_MAX, sizeof(*t->cues));
	for (size_t i = 0; i < total && !r; i++) {
		char at[40];

		snprintf(at, sizeof(at), "$.entries[%zu]", i);
		r = read_entry(t, json_array_get(list, i), at);
	}
	for (int k = 0; k < CUE_KINDS && !r; k++)
		r = read_cues(t, (enum cue_kind)k);
	return r;
}

int notetag_parse(struct notetag **out, const char *json, size_t n)
{
	struct notetag *t = mem_new(sizeof(*t));
	int r = content_parse(&t->root, &t->head, json, n);

	if (!r)
		r = read_dictionary(t);
	if (r)
		notetag_free(&t);
	else
		*out = t;
	return r;
}

void notetag_free(struct notetag **t)
{
	if (!*t)
		return;
	free((*t)->terms);
	free((*t)->cues);
	json_decref((*t)->root);
	free(*t);
	*t = NULL;
}

const struct content_head *notetag_head(const struct notetag *t)
{
	return &t->head;
}

/* Words of letters must stand alone; Chinese words need not. */
static bool is_at(
    const struct note *note, size_t i, const char *text, size_t len)
{
	if (i + len > note->n || memcmp(note->text + i, text, len))
		return false;
	if (is_letter(text[0]) && i > 0 && is_letter(note->text[i - 1]))
		return false;
	return !is_letter(text[len - 1]) || i + len == note->n ||
	       !is_letter(note->text[i + len]);
}

/* The longest cue that begins at i; NULL when there is none. */
static const struct cue *cue_at(
    const struct notetag *t, const struct note *note, size_t i)
{
	const struct cue *best = NULL;

	for (size_t k = 0; k < t->n_cues; k++)
		if ((!best || t->cues[k].len > best->len) &&
		    is_at(note, i, t->cues[k].text, t->cues[k].len))
			best = t->cues + k;
	return best;
}

static const struct term *term_at(
    const struct notetag *t, const struct note *note, size_t i)
{
	const struct term *best = NULL;

	for (size_t k = 0; k < t->n_terms; k++)
		if ((!best || t->terms[k].len > best->len) &&
		    is_at(note, i, t->terms[k].text, t->terms[k].len))
			best = t->terms + k;
	return best;
}

/* A cue after the word counts up to the next break or word. */
static bool is_negated_after(
    const struct notetag *t, const struct note *note, size_t from)
{
	for (size_t i = from; i < note->n; i++) {
		const struct cue *c = cue_at(t, note, i);

		if (c && c->kind != CUE_NO_CUE)
			return c->kind == CUE_AFTER;
		if (c)
			i += c->len - 1;
		else if (term_at(t, note, i))
			return false;
	}
	return false;
}

static enum notetag_sense sense_of(enum cue_kind before)
{
	switch (before) {
	case CUE_BEFORE:
		return NOTETAG_NEGATED;
	case CUE_DOUBT:
		return NOTETAG_DOUBTFUL;
	case CUE_PERSON:
		return NOTETAG_OTHER_PERSON;
	case CUE_AFTER:
	case CUE_NO_CUE:
	case CUE_BREAK:
	case CUE_KINDS:
		break;
	}
	return NOTETAG_SAID;
}

static void take(struct notetag_hit *hit, const struct term *term,
    enum notetag_sense sense, size_t at)
{
	const json_t *name = json_object_get(term->entry, "name");

	*hit = (struct notetag_hit){
	    .id = json_str(term->entry, "id", ""),
	    .name = {json_str(name, "zh", ""), json_str(name, "en", "")},
	    .code = json_str(term->entry, "code", ""),
	    .text = json_str(term->entry, "text", ""),
	    .sense = sense,
	    .at = at,
	    .len = term->len,
	};
}

/* One pass: the cue in force, until something breaks it. */
static size_t scan(struct notetag_hit *hits, size_t max,
    const struct notetag *t, const struct note *note)
{
	enum cue_kind before = CUE_BREAK;
	size_t n = 0;
	size_t i = 0;

	while (i < note->n) {
		const struct term *term = term_at(t, note, i);
		const struct cue *cue = cue_at(t, note, i);

		if (term && (!cue || cue->len <= term->len)) {
			enum notetag_sense sense = sense_of(before);

			if (sense == NOTETAG_SAID &&
			    is_negated_after(t, note, i + term->len))
				sense = NOTETAG_NEGATED;
			if (n < max)
				take(hits + n, term, sense, i);
			n++;
			i += term->len;
		} else if (cue) {
			if (cue->kind != CUE_NO_CUE && cue->kind != CUE_AFTER)
				before = cue->kind;
			i += cue->len;
		} else {
			i++;
		}
	}
	return n;
}

static char *lowered(const char *note, size_t n)
{
	char *text = mem_new(n + 1);

	for (size_t i = 0; i < n; i++)
		text[i] = note[i] >= 'A' && note[i] <= 'Z'
			      ? (char)(note[i] + 32)
			      : note[i];
	return text;
}

size_t notetag_run(struct notetag_hit *hits, size_t max,
    const struct notetag *t, const char *note, size_t n)
{
	size_t len = n > NOTETAG_TEXT_MAX ? NOTETAG_TEXT_MAX : n;
	char *text = lowered(note, len);
	struct note lower = {text, len};
	size_t found = scan(hits, max, t, &lower);

	free(text);
	return found;
}

static bool is_listed(const struct notetag_hit *hits, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(hits[i].id, id))
			return true;
	return false;
}

size_t notetag_suggest(struct notetag_hit *hits, size_t max,
    const struct notetag *t, const char *note, size_t n)
{
	struct notetag_hit all[128];
	size_t total = notetag_run(all, ARRAY_LEN(all), t, note, n);
	size_t kept = 0;

	for (size_t i = 0; i < total && i < ARRAY_LEN(all); i++)
		if (all[i].sense == NOTETAG_SAID && kept < max &&
		    !is_listed(hits, kept, all[i].id))
			hits[kept++] = all[i];
	return kept;
}
