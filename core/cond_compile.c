/* cond_compile.c - reading conditions from JSON, naming the first fault. */
#include "core/cond.h"
#include "core/cond_tree.h"
#include "core/decimal.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_TEXT 160
#define DAYS_MAX 3660

/* Where the reader is, and how much it may still read. */
struct place {
	char at[AT_TEXT];
	int depth;
	int *left;
};

static const char *const op_names[] = {
    [COND_EXISTS] = "exists",
    [COND_EQ] = "=",
    [COND_NE] = "!=",
    [COND_GT] = ">",
    [COND_LT] = "<",
    [COND_GE] = ">=",
    [COND_LE] = "<=",
    [COND_STARTS] = "starts",
    [COND_IN] = "in",
};

static const char *const of_names[] = {
    [COND_LAST] = "last",
    [COND_PREVIOUS] = "previous",
    [COND_DIFFERENCE] = "difference",
    [COND_RISE] = "rise",
    [COND_COUNT] = "count",
};

static const char *const leaf_keys[] = {
    "code",
    "op",
    "value",
    "values",
    "of",
    "days",
    "ever",
};

static int fault(const struct place *p, const char *key, const char *why)
{
	return err_set(
	    ERR_INVALID, "%s%s%s: %s", p->at, *key ? "." : "", key, why);
}

static int index_of(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return (int)i;
	return -1;
}

static int check_keys(const json_t *j, const struct place *p)
{
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)j, key, value)
		if (index_of(leaf_keys, ARRAY_LEN(leaf_keys), key) < 0)
			return fault(p, key, _("unknown member"));
	return 0;
}

static void take_text(struct cond_leaf *leaf, const char *text)
{
	leaf->texts =
	    mem_grow(leaf->texts, leaf->n_texts + 1, sizeof(*leaf->texts));
	leaf->texts[leaf->n_texts++] = mem_strdup(text);
}

/* An integer, a decimal written as text, an option code or a flag. A text
 * of digits is both: option codes of printed forms are digits. */
static int read_value(
    struct cond_leaf *leaf, const json_t *v, const struct place *p)
{
	leaf->is_number = true;
	if (json_is_integer(v))
		leaf->value = json_integer_value(v);
	else if (json_is_boolean(v))
		leaf->value = json_is_true(v);
	else if (!json_is_string(v))
		return fault(p, "value",
		    _("must be an integer, a decimal as text, a code or a "
		      "flag"));
	if (!json_is_string(v))
		return 0;
	take_text(leaf, json_string_value(v));
	leaf->is_number =
	    decimal_parse(&leaf->value, &leaf->scale, json_string_value(v));
	return 0;
}

static int read_values(
    struct cond_leaf *leaf, const json_t *j, const struct place *p)
{
	const json_t *list = json_list(j, "values");
	size_t i;
	json_t *v;

	if (json_array_size(list) == 0)
		return fault(p, "values", _("must be a list of codes"));
	json_array_foreach (list, i, v) {
		if (!json_is_string(v))
			return fault(p, "values", _("must be codes"));
		take_text(leaf, json_string_value(v));
	}
	return 0;
}

static int check_leaf(
    const struct cond_leaf *leaf, const json_t *j, const struct place *p)
{
	bool ordered = leaf->op >= COND_GT && leaf->op <= COND_LE;

	if (ordered && !leaf->is_number)
		return fault(p, "value", _("a code has no order"));
	if (leaf->op == COND_EXISTS &&
	    !json_is_boolean(json_object_get(j, "value")))
		return fault(p, "value", _("exists needs true or false"));
	if (leaf->of < COND_DIFFERENCE)
		return 0;
	if (!leaf->is_number || leaf->op == COND_EXISTS ||
	    leaf->op == COND_IN || leaf->op == COND_STARTS)
		return fault(p, "of", _("compares numbers only"));
	if (!leaf->days)
		return fault(p, "days", _("is needed here"));
	return 0;
}

static int read_leaf(
    struct cond_leaf *leaf, const json_t *j, const struct place *p)
{
	const char *code = json_str(j, "code", "");
	int op = index_of(op_names, ARRAY_LEN(op_names), json_str(j, "op", ""));
	int of =
	    index_of(of_names, ARRAY_LEN(of_names), json_str(j, "of", "last"));
	int64_t days = json_int(j, "days", 0);
	int r = check_keys(j, p);

	if (r)
		return r;
	if (!*code || strlen(code) >= FACT_CODE)
		return fault(p, "code", _("missing or too long"));
	if (op < 0)
		return fault(p, "op", _("unknown operator"));
	if (of < 0)
		return fault(p, "of", _("unknown selector"));
	if (days < 0 || days > DAYS_MAX)
		return fault(p, "days", _("out of range"));
	text_copy(leaf->code, sizeof(leaf->code), code);
	leaf->op = (enum cond_op)op;
	leaf->of = (enum cond_of)of;
	leaf->days = (int)days;
	leaf->is_ever = json_flag(j, "ever");
	if (leaf->op == COND_IN || leaf->op == COND_STARTS)
		r = read_values(leaf, j, p);
	else
		r = read_value(leaf, json_object_get(j, "value"), p);
	return r ? r : check_leaf(leaf, j, p);
}

static int compile(struct cond **out, const json_t *j, struct place *p);

static int compile_branches(
    struct cond *c, const json_t *list, const char *key, const struct place *p)
{
	size_t i;
	json_t *v;

	if (json_array_size(list) == 0)
		return fault(p, key, _("must be a list that is not empty"));
	json_array_foreach (list, i, v) {
		struct place below = {.depth = p->depth + 1, .left = p->left};
		int r;

		snprintf(below.at, sizeof(below.at), "%.120s.%s[%zu]", p->at,
		    key, i);
		c->of = mem_grow(c->of, c->n + 1, sizeof(struct cond *));
		r = compile(&c->of[c->n], v, &below);
		if (r)
			return r;
		c->n++;
	}
	return 0;
}

static int compile_not(struct cond *c, const json_t *j, const struct place *p)
{
	struct place below = {.depth = p->depth + 1, .left = p->left};
	int r;

	snprintf(below.at, sizeof(below.at), "%.120s.not", p->at);
	c->of = mem_new(sizeof(struct cond *));
	r = compile(c->of, j, &below);
	if (r == 0)
		c->n = 1;
	return r;
}

static int compile_one(struct cond *c, const json_t *j, struct place *p)
{
	static const struct {
		const char *key;
		enum cond_kind kind;
	} groups[] = {{"all", COND_ALL}, {"any", COND_ANY}, {"not", COND_NOT}};

	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		const json_t *v = json_object_get(j, groups[i].key);

		if (!v)
			continue;
		if (json_object_size(j) != 1)
			return fault(p, groups[i].key, _("must stand alone"));
		c->kind = groups[i].kind;
		if (c->kind == COND_NOT)
			return compile_not(c, v, p);
		return compile_branches(
		    c, json_list(j, groups[i].key), groups[i].key, p);
	}
	c->kind = COND_LEAF;
	return read_leaf(&c->leaf, j, p);
}

static int compile(struct cond **out, const json_t *j, struct place *p)
{
	struct cond *c;
	int r;

	if (!json_is_object(j))
		return fault(p, "", _("must be an object"));
	if (p->depth > COND_DEPTH_MAX)
		return fault(p, "", _("nested too deep"));
	if (--*p->left < 0)
		return fault(p, "", _("too many conditions"));
	c = mem_new(sizeof(*c));
	r = compile_one(c, j, p);
	if (r)
		cond_free(&c);
	else
		*out = c;
	return r;
}

int cond_compile(struct cond **out, const json_t *j, const char *at)
{
	int left = COND_NODES_MAX;
	struct place p = {.left = &left};

	text_copy(p.at, sizeof(p.at), at);
	return compile(out, j, &p);
}

void cond_free(struct cond **c)
{
	if (!*c)
		return;
	for (size_t i = 0; i < (*c)->n; i++)
		cond_free(&(*c)->of[i]);
	for (size_t i = 0; i < (*c)->leaf.n_texts; i++)
		free((*c)->leaf.texts[i]);
	free((*c)->leaf.texts);
	free((*c)->of);
	free(*c);
	*c = NULL;
}
