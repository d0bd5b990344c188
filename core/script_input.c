/*
 * script_input.c - what an agent types, as an answer: option keys, numbers
 * with or without unit, dates of eight digits, plain text. Full-width forms
 * from a Chinese input method count as ASCII.
 */
#include "core/script_run_int.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input {
	const struct script_run *run;
	const struct script_item *it;
	char *text;      /* what was typed, cleaned; cut in place */
	struct buf made; /* texts built here; offsets fixed up at the end */
	struct script_value values[SCRIPT_REPEAT_MAX];
	uint32_t n;
};

static bool is_choice(const struct script_item *it)
{
	return it->type == SCRIPT_CHOICE || it->type == SCRIPT_OPEN_CHOICE;
}

static bool is_free(const struct script_item *it)
{
	return it->type == SCRIPT_STRING || it->type == SCRIPT_TEXT ||
	       it->type == SCRIPT_URL;
}

/* Half-width, without controls and outer blanks; a fresh string. */
static char *clean(const char *typed, bool is_text)
{
	struct buf half = {0}, out = {0};
	size_t n = strlen(typed), len;
	char enc[4];
	char *s;

	for (size_t i = 0; i < n && i < 4 * SCRIPT_TEXT_MAX; i += len) {
		uint32_t c;
		len = utf8_decode(&c, typed + i, n - i);
		if (len == 0) {
			len = 1;
			continue;
		}
		buf_add(&half, enc,
		    utf8_encode(enc, is_text ? c : text_halfwidth(c)));
	}
	text_clean(&out, buf_text(&half), half.len);
	s = mem_strdup(buf_text(&out));
	buf_fini(&half);
	buf_fini(&out);
	return s;
}

static struct script_value *add_value(
    struct input *in, const struct script_value *v)
{
	if (in->n == SCRIPT_REPEAT_MAX)
		return NULL;
	in->values[in->n] = *v;
	return &in->values[in->n++];
}

/* ---- options ------------------------------------------------------------- */

static const struct script_option *option_by_key(
    const struct script_item *it, const char *key, size_t n)
{
	for (uint32_t o = 0; o < it->n_options; o++)
		if (strlen(it->options[o].key) == n &&
		    strncmp(it->options[o].key, key, n) == 0)
			return &it->options[o];
	return NULL;
}

static bool are_keys_single(const struct script_item *it)
{
	for (uint32_t o = 0; o < it->n_options; o++)
		if (strlen(it->options[o].key) != 1)
			return false;
	return true;
}

static bool take_keys(struct input *in, const char *s)
{
	bool single = are_keys_single(in->it) && in->it->repeats;

	while (*s) {
		size_t n = strcspn(s, ", ;/");
		const struct script_option *o;
		if (single && n > 1)
			n = 1;
		if (n > 0) {
			o = option_by_key(in->it, s, n);
			if (!o || !add_value(in, &o->value))
				return false;
		}
		s += n;
		s += strspn(s, ", ;/");
	}
	return in->n > 0;
}

static bool is_digits(const char *s)
{
	return s[strspn(s, "0123456789,; /")] == '\0';
}

static void read_choice(struct input *in)
{
	struct script_value v = {.type = SCRIPT_STRING, .text = in->text};

	if (take_keys(in, in->text))
		return;
	in->n = 0;
	if (in->it->type == SCRIPT_OPEN_CHOICE &&
	    (in->it->n_options == 0 || !is_digits(in->text)))
		add_value(in, &v);
}

/* ---- numbers ------------------------------------------------------------- */

static void read_number(struct input *in, char *s)
{
	struct script_value v = {.type = in->it->type};
	size_t used;

	if (!script_number_parse(&v.num, &v.scale, s, &used))
		return;
	s += used;
	s += strspn(s, " ");
	if (in->it->type == SCRIPT_QUANTITY && *s)
		v.text = s;
	else if (*s && strcmp(s, in->it->unit) != 0)
		return;
	while (
	    in->it->type == SCRIPT_INTEGER && v.scale > 0 && v.num % 10 == 0) {
		v.num /= 10;
		v.scale--;
	}
	if (in->it->type == SCRIPT_INTEGER && v.scale > 0)
		return;
	add_value(in, &v);
}

static void read_boolean(struct input *in)
{
	static const struct {
		const char *word;
		int64_t num;
	} words[] = {{"1", 1}, {"2", 0}, {"0", 0}, {"y", 1}, {"n", 0}, {"Y", 1},
	    {"N", 0}, {"yes", 1}, {"no", 0}, {"true", 1}, {"false", 0},
	    {"是", 1}, {"否", 0}, {"有", 1}, {"无", 0}};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct script_value v = {
		    .type = SCRIPT_BOOLEAN, .num = words[i].num};
		if (strcmp(words[i].word, in->text) == 0) {
			add_value(in, &v);
			return;
		}
	}
}

/* ---- dates --------------------------------------------------------------- */

/* Digits of s, at most max of them; other than separators spoils it. */
static size_t gather(char *out, size_t max, const char *s)
{
	size_t n = 0;

	for (; *s; s++) {
		if (isdigit((unsigned char)*s)) {
			if (n == max)
				return 0;
			out[n++] = *s;
		} else if (!strchr("-/.: T", *s)) {
			return 0;
		}
	}
	out[n] = '\0';
	return n;
}

/* "2026-1-5" has its parts told by separators: give each two digits. */
static void pad_parts(char *out, size_t size, const char *s)
{
	size_t n = 0;

	while (*s && n + 6 < size) {
		size_t len = strspn(s, "0123456789");
		if (len == 1)
			out[n++] = '0';
		for (size_t i = 0; i < len && n + 2 < size; i++)
			out[n++] = s[i];
		s += len;
		if (*s)
			out[n++] = *s++;
	}
	out[n] = '\0';
}

static void add_made(struct input *in, enum script_type type, const char *s)
{
	struct script_value v = {.type = type};

	buf_clear(&in->made);
	buf_str(&in->made, s);
	v.text = buf_text(&in->made);
	add_value(in, &v);
}

static void read_date(struct input *in)
{
	char part[40], d[20], text[48];
	int32_t z = in->run->zone_s;
	uint32_t za = (uint32_t)(z < 0 ? -z : z);

	pad_parts(part, sizeof(part), in->text);
	if (in->it->type == SCRIPT_TIME) {
		if (gather(d, 6, part) < 4)
			return;
		snprintf(text, sizeof(text), "%.2s:%.2s:%.2s", d, d + 2,
		    strlen(d) == 6 ? d + 4 : "00");
	} else if (in->it->type == SCRIPT_DATE) {
		if (gather(d, 8, part) != 8)
			return;
		snprintf(text, sizeof(text), "%.4s-%.2s-%.2s", d, d + 4, d + 6);
	} else {
		if (gather(d, 12, part) != 12)
			return;
		snprintf(text, sizeof(text),
		    "%.4s-%.2s-%.2sT%.2s:%.2s:00%c%02u:%02u", d, d + 4, d + 6,
		    d + 8, d + 10, z < 0 ? '-' : '+', za / 3600 % 24,
		    za / 60 % 60);
	}
	add_made(in, in->it->type, text);
}

/* ---- the whole ----------------------------------------------------------- */

static void read_free(struct input *in)
{
	struct script_value v = {
	    .type = in->it->type == SCRIPT_URL ? SCRIPT_URL : SCRIPT_STRING};
	char *s = in->text;

	while (s) {
		char *end = in->it->repeats ? strchr(s, ';') : NULL;
		if (end)
			*end++ = '\0';
		v.text = s;
		if (*s)
			add_value(in, &v);
		s = end;
	}
}

static void read_input(struct input *in)
{
	if (is_choice(in->it))
		read_choice(in);
	else if (is_free(in->it))
		read_free(in);
	else if (in->it->type == SCRIPT_BOOLEAN)
		read_boolean(in);
	else if (in->it->type == SCRIPT_DATE ||
		 in->it->type == SCRIPT_DATETIME || in->it->type == SCRIPT_TIME)
		read_date(in);
	else if (in->it->type == SCRIPT_INTEGER ||
		 in->it->type == SCRIPT_DECIMAL ||
		 in->it->type == SCRIPT_QUANTITY)
		read_number(in, in->text);
}

int script_run_type(struct script_run *run, struct script_place at,
    const char *typed, const struct script_answer *how,
    struct script_verdict *verdict)
{
	struct script_verdict local;
	struct input in = {.run = run};
	struct script_answer a = {.item = at.item, .occ = at.occ};
	int r;

	if (at.item >= run->s->n)
		return ERR_STALE;
	in.it = &run->s->items[at.item];
	in.text = clean(typed, is_free(in.it));
	read_input(&in);
	a.n = in.n;
	a.values = in.values;
	if (how) {
		a.origin = how->origin;
		a.at_s = how->at_s;
	}
	r = script_run_set(run, &a, at.confirmed, verdict ? verdict : &local);
	if (r == ERR_INVALID && verdict && in.n == 0 && *in.text &&
	    in.it->rules->is_question_here)
		verdict->text =
		    is_choice(in.it)
			? N_("There is no such option.")
			: N_("This answer does not fit the question.");
	free(in.text);
	buf_fini(&in.made);
	return r;
}
