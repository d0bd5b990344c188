/*
 * script_score.c - score sums, recognised exactly or not at all. Two forms of
 * calculatedExpression are sums of option weights:
 *   %resource.item[.where(linkId OP 'x' [and|or ...])].answer.weight().sum()
 *     (also .descendants(), .answer.value.ordinal(), .answer.ordinal())
 *   iif(%any, iif(%a.exists(), %a, 0) + iif(%b.exists(), %b, 0) ..., {})
 *     where each variable is the ordinalValue of one question.
 * Every other expression stays "not computed".
 */
#include "core/script_int.h"

#include "core/json.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

#define TERMS_MAX 64
#define SCORES_MAX 64 /* of one script */

struct sum {
	struct script *s;
	uint32_t *parts;
	uint32_t n;
};

/* Without blanks outside of quotes. */
static char *squeeze(const char *text)
{
	char *out = mem_new(strlen(text) + 1);
	size_t n = 0;
	bool in_quote = false;

	for (; *text; text++) {
		in_quote ^= *text == '\'';
		if (in_quote || !strchr(" \t\r\n", *text))
			out[n++] = *text;
	}
	return out;
}

static bool skip(const char **p, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*p, word, n) != 0)
		return false;
	*p += n;
	return true;
}

/* 'text' into a fresh string, or NULL. */
static char *take_quoted(const char **p)
{
	const char *end;
	char *s;

	if (**p != '\'' || !(end = strchr(*p + 1, '\'')))
		return NULL;
	s = mem_new((size_t)(end - *p));
	memcpy(s, *p + 1, (size_t)(end - *p - 1));
	*p = end + 1;
	return s;
}

static bool has_weights(const struct script_item *it)
{
	for (uint32_t o = 0; o < it->n_options; o++)
		if (it->options[o].has_weight)
			return true;
	return false;
}

static void add_part(struct sum *sum, uint32_t i)
{
	for (uint32_t k = 0; k < sum->n; k++)
		if (sum->parts[k] == i)
			return;
	if (has_weights(&sum->s->items[i]))
		sum->parts[sum->n++] = i;
}

/* linkId='a'orlinkId='b' names items; linkId!='a'andlinkId!='b' leaves some
 * out. names are fresh strings. */
struct filter {
	char *names[TERMS_MAX];
	uint32_t n;
	bool is_not;
};

static bool take_filter(struct filter *f, const char **p)
{
	do {
		bool is_not;
		if (!skip(p, "linkId"))
			return false;
		is_not = skip(p, "!=");
		if ((!is_not && !skip(p, "=")) || f->n == TERMS_MAX ||
		    (f->n > 0 && is_not != f->is_not))
			return false;
		f->is_not = is_not;
		if (!(f->names[f->n] = take_quoted(p)))
			return false;
		f->n++;
	} while (skip(p, f->is_not ? "and" : "or"));
	return skip(p, ")");
}

static bool is_named(const struct filter *f, const char *link)
{
	for (uint32_t i = 0; i < f->n; i++)
		if (strcmp(f->names[i], link) == 0)
			return true;
	return false;
}

static bool take_tail(const char *p)
{
	static const char *const tails[] = {".answer.weight().sum()",
	    ".answer.value.weight().sum()", ".answer.ordinal().sum()",
	    ".answer.value.ordinal().sum()"};

	for (size_t i = 0; i < ARRAY_LEN(tails); i++)
		if (strcmp(p, tails[i]) == 0)
			return true;
	return false;
}

static bool read_weight_sum(struct sum *sum, const char *p)
{
	struct filter f = {0};
	bool ok = false;
	bool is_deep;

	if (!skip(&p, "%resource."))
		return false;
	is_deep = skip(&p, "descendants()");
	if (!is_deep && !skip(&p, "item"))
		return false;
	if (skip(&p, ".where(") && !take_filter(&f, &p))
		goto out;
	ok = take_tail(p);
	for (uint32_t i = 0; ok && i < sum->s->n; i++) {
		const struct script_item *it = &sum->s->items[i];
		bool is_in = f.n == 0 || is_named(&f, it->link) != f.is_not;
		if (is_in && (is_deep || it->parent == SCRIPT_NONE))
			add_part(sum, i);
	}
out:
	for (uint32_t i = 0; i < f.n; i++)
		free(f.names[i]);
	return ok;
}

/* ---- the iif form -------------------------------------------------------- */

static const char *variable(const json_t *src, const char *name, size_t n)
{
	size_t cursor = 0;
	const json_t *e;

	while ((e = script_ext_next(src, EXT_HL7 "variable", &cursor))) {
		const json_t *x = json_object_get(e, "valueExpression");
		const char *have = json_str(x, "name", "");
		if (strlen(have) == n && memcmp(have, name, n) == 0)
			return json_str(x, "expression", NULL);
	}
	return NULL;
}

static bool is_weight_url(const json_t *src, const char *p)
{
	const char *text;
	char *bare;
	bool is;

	if (!skip(&p, "%"))
		return false;
	text = variable(src, p, strcspn(p, ")"));
	bare = squeeze(text ? text : "");
	is = strcmp(bare, "'" EXT_HL7 "ordinalValue'") == 0 ||
	     strcmp(bare, "'" EXT_HL7 "itemWeight'") == 0;
	free(bare);
	return is && strcmp(p + strcspn(p, ")"), ").valueDecimal") == 0;
}

/* %questionnaire.item.where(linkId='x').answerOption.where(valueCoding.code=
 * %resource.item.where(linkId='x').answer.valueCoding.code).extension.where(
 * url=%u).valueDecimal */
static bool read_variable(
    struct sum *sum, const json_t *src, const char *name, size_t n)
{
	const char *text = variable(src, name, n);
	char *bare = squeeze(text ? text : "");
	const char *p = bare;
	char *a = NULL, *b = NULL;
	bool ok = skip(&p, "%questionnaire.item.where(linkId=") &&
		  (a = take_quoted(&p)) &&
		  skip(&p, ").answerOption.where(valueCoding.code="
			   "%resource.item.where(linkId=") &&
		  (b = take_quoted(&p)) && strcmp(a, b) == 0 &&
		  skip(&p, ").answer.valueCoding.code).extension.where(url=") &&
		  is_weight_url(src, p);
	uint32_t i = ok ? script_find(sum->s, a) : SCRIPT_NONE;

	if (i != SCRIPT_NONE)
		add_part(sum, i);
	free(a);
	free(b);
	free(bare);
	return i != SCRIPT_NONE;
}

static bool read_iif_sum(struct sum *sum, const json_t *src, const char *p)
{
	int terms = 0;

	if (!skip(&p, "iif(%"))
		return false;
	p += strcspn(p, ",");
	if (!skip(&p, ","))
		return false;
	do {
		const char *name;
		size_t n;
		if (!skip(&p, "iif(%"))
			return false;
		name = p;
		n = strcspn(p, ".");
		p += n;
		if (!skip(&p, ".exists(),%") || strncmp(p, name, n) != 0)
			return false;
		p += n;
		if (!skip(&p, ",0)") || !read_variable(sum, src, name, n))
			return false;
	} while (skip(&p, "+") && ++terms < TERMS_MAX);
	return strcmp(p, ",{})") == 0;
}

/* A score may not sum what hangs below itself. */
static bool is_apart(const struct sum *sum, uint32_t i)
{
	for (uint32_t k = 0; k < sum->n; k++)
		if (sum->parts[k] >= i && sum->parts[k] < sum->s->items[i].end)
			return false;
	return sum->n > 0;
}

static bool is_number(enum script_type t)
{
	return t == SCRIPT_INTEGER || t == SCRIPT_DECIMAL ||
	       t == SCRIPT_QUANTITY;
}

void script_score_read(struct loader *ld, uint32_t i)
{
	struct script_item *it = &ld->s->items[i];
	const json_t *x =
	    json_object_get(script_ext(it->src, EXT_SDC
				"sdc-questionnaire-calculatedExpression"),
		"valueExpression");
	struct sum sum = {.s = ld->s};
	char *bare;

	if (!x || !is_number(it->type) || it->repeats ||
	    ++ld->s->n_scores > SCORES_MAX)
		return;
	bare = squeeze(json_str(x, "expression", ""));
	sum.parts =
	    script_keep(ld->s, mem_array(ld->s->n + 1, sizeof(*sum.parts)));
	if ((read_weight_sum(&sum, bare) ||
		(sum.n = 0, read_iif_sum(&sum, it->src, bare))) &&
	    is_apart(&sum, i)) {
		it->is_computed = true;
		it->rules->parts = sum.parts;
		it->rules->n_parts = sum.n;
	}
	free(bare);
}
