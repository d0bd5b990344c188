/*
 * script_value.c - typed values: scaled numbers, codings, dates as text; from
 * JSON, to JSON, compared. No floating point but where JSON has it.
 */
#include "core/script_int.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 15
#define SCALE_MAX 9

/* value[x] suffixes and the type each is read as. */
static const struct {
	const char *suffix;
	enum script_type type;
} kinds[] = {
    {"Boolean", SCRIPT_BOOLEAN},
    {"Integer", SCRIPT_INTEGER},
    {"Decimal", SCRIPT_DECIMAL},
    {"Quantity", SCRIPT_QUANTITY},
    {"Coding", SCRIPT_CHOICE},
    {"String", SCRIPT_STRING},
    {"Date", SCRIPT_DATE},
    {"DateTime", SCRIPT_DATETIME},
    {"Time", SCRIPT_TIME},
    {"Uri", SCRIPT_URL},
    {"Url", SCRIPT_URL},
    {"Code", SCRIPT_STRING},
};

static int64_t pow10_of(int n)
{
	int64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* Digits with at most one point into *num; *scale = digits after it. */
static bool take_mantissa(int64_t *num, int *scale, const char **s)
{
	int digits = 0, seen = 0;
	bool point = false;

	*num = 0;
	*scale = 0;
	for (;; (*s)++) {
		if (**s == '.' && !point && (*s)[1] >= '0' && (*s)[1] <= '9') {
			point = true;
			continue;
		}
		if (**s < '0' || **s > '9')
			return seen > 0;
		seen++;
		digits += digits > 0 || **s != '0';
		*scale += point;
		if (digits > DIGITS_MAX || *scale > 2 * SCALE_MAX)
			return false;
		*num = *num * 10 + (**s - '0');
	}
}

/* Moves the point by an exponent; false when it no longer fits. */
static bool shift(int64_t *num, int *scale, int exponent)
{
	*scale -= exponent;
	while (*scale > SCALE_MAX && *num % 10 == 0) {
		*num /= 10;
		(*scale)--;
	}
	while (*scale < 0 && *num < pow10_of(DIGITS_MAX - 1)) {
		*num *= 10;
		(*scale)++;
	}
	if (*num == 0 && (*scale < 0 || *scale > SCALE_MAX))
		*scale = 0;
	return *scale >= 0 && *scale <= SCALE_MAX;
}

/* "e-3" into *exponent, and past it; anything else is no exponent. */
static bool take_exponent(int *exponent, const char **p)
{
	char *end;
	long e;

	*exponent = 0;
	if ((**p != 'e' && **p != 'E') || !strspn(*p + 1, "+-0123456789"))
		return true;
	e = strtol(*p + 1, &end, 10);
	if (end == *p + 1)
		return true;
	*p = end;
	*exponent = (int)e;
	return e >= -40 && e <= 40;
}

bool script_number_parse(int64_t *num, int *scale, const char *s, size_t *used)
{
	const char *p = s;
	bool minus = *p == '-';
	int exponent;

	p += *p == '-' || *p == '+';
	if (!take_mantissa(num, scale, &p) || !take_exponent(&exponent, &p) ||
	    !shift(num, scale, exponent))
		return false;
	if (minus)
		*num = -*num;
	*used = (size_t)(p - s);
	return true;
}

void script_number_text(char out[24], int64_t num, int scale)
{
	int64_t p = pow10_of(scale);
	int64_t a = num < 0 ? -num : num;

	if (scale == 0)
		snprintf(out, 24, "%lld", (long long)num);
	else
		snprintf(out, 24, "%s%lld.%0*lld", num < 0 ? "-" : "",
		    (long long)(a / p), scale, (long long)(a % p));
}

int script_number_cmp(int64_t a, int a_scale, int64_t b, int b_scale)
{
	int64_t pa = pow10_of(a_scale), pb = pow10_of(b_scale);
	int64_t fa = a % pa * pow10_of(SCALE_MAX - a_scale);
	int64_t fb = b % pb * pow10_of(SCALE_MAX - b_scale);

	if (a / pa != b / pb)
		return a / pa < b / pb ? -1 : 1;
	return fa < fb ? -1 : fa > fb;
}

bool script_number_read(
    int64_t *num, int *scale, const json_t *v, bool *is_dirty)
{
	const char *s = json_string_value(v);
	char text[40];
	size_t used;

	if (json_is_integer(v))
		snprintf(text, sizeof(text), "%lld",
		    (long long)json_integer_value(v));
	else if (json_is_real(v))
		snprintf(text, sizeof(text), "%.15g", json_real_value(v));
	else if (!s)
		return false;
	if (s)
		*is_dirty = true;
	else
		s = text;
	return script_number_parse(num, scale, s, &used) && !s[used];
}

static bool read_coding(struct script_value *out, const json_t *v)
{
	out->code = json_str(v, "code", NULL);
	out->system = json_str(v, "system", NULL);
	out->text = json_str(v, "display", NULL);
	return out->code || out->text;
}

static bool read_quantity(
    struct script_value *out, const json_t *v, bool *is_dirty)
{
	out->code = json_str(v, "code", NULL);
	out->system = json_str(v, "system", NULL);
	out->text = json_str(v, "unit", out->code);
	return script_number_read(
	    &out->num, &out->scale, json_object_get(v, "value"), is_dirty);
}

static bool read_boolean(
    struct script_value *out, const json_t *v, bool *is_dirty)
{
	const char *s = json_string_value(v);

	out->num = json_is_true(v) || (s && strcmp(s, "true") == 0);
	if (s)
		*is_dirty = true;
	return json_is_boolean(v) ||
	       (s && (out->num || strcmp(s, "false") == 0));
}

static bool read_as(struct script_value *out, enum script_type type,
    const json_t *v, bool *is_dirty)
{
	*out = (struct script_value){.type = type};
	if (type == SCRIPT_BOOLEAN)
		return read_boolean(out, v, is_dirty);
	if (type == SCRIPT_CHOICE)
		return read_coding(out, v);
	if (type == SCRIPT_QUANTITY)
		return read_quantity(out, v, is_dirty);
	if (type == SCRIPT_INTEGER || type == SCRIPT_DECIMAL) {
		if (!script_number_read(&out->num, &out->scale, v, is_dirty))
			return false;
		return type == SCRIPT_DECIMAL || out->scale == 0;
	}
	out->text = json_string_value(v);
	return out->text && *out->text && script_value_is_valid(out);
}

bool script_value_read(struct script_value *out, const json_t *object,
    const char *prefix, bool *is_dirty)
{
	char key[32];

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const json_t *v;
		snprintf(key, sizeof(key), "%s%s", prefix, kinds[i].suffix);
		v = json_object_get(object, key);
		if (v)
			return read_as(out, kinds[i].type, v, is_dirty);
	}
	return false;
}

static json_t *number_json(const struct script_value *v)
{
	if (v->scale == 0)
		return json_integer(v->num);
	return json_real((double)v->num / (double)pow10_of(v->scale));
}

static json_t *coding_json(const struct script_value *v)
{
	json_t *o = json_object();

	json_put_str(o, "system", v->system);
	json_put_str(o, "code", v->code);
	json_put_str(o, "display", v->text);
	return o;
}

static json_t *quantity_json(const struct script_value *v)
{
	json_t *o = json_object();

	json_put(o, "value", number_json(v));
	json_put_str(o, "unit", v->text);
	json_put_str(o, "system", v->system);
	json_put_str(o, "code", v->code);
	return o;
}

static const char *suffix_of(enum script_type type)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].type == type && type != SCRIPT_URL)
			return kinds[i].suffix;
	return type == SCRIPT_URL ? "Uri" : "String";
}

void script_value_write(json_t *object, const struct script_value *v)
{
	char key[32];
	json_t *value;

	snprintf(key, sizeof(key), "value%s", suffix_of(v->type));
	if (v->type == SCRIPT_BOOLEAN)
		value = json_boolean(v->num);
	else if (v->type == SCRIPT_INTEGER || v->type == SCRIPT_DECIMAL)
		value = number_json(v);
	else if (v->type == SCRIPT_CHOICE)
		value = coding_json(v);
	else if (v->type == SCRIPT_QUANTITY)
		value = quantity_json(v);
	else
		value = json_string(v->text);
	json_put(object, key, value);
}

static bool is_number(const struct script_value *v)
{
	return v->type == SCRIPT_INTEGER || v->type == SCRIPT_DECIMAL ||
	       v->type == SCRIPT_QUANTITY || v->type == SCRIPT_BOOLEAN;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || strcmp(a ? a : "", b ? b : "") == 0;
}

/* A system that one of the two leaves out is no difference. */
static bool is_same_coding(
    const struct script_value *a, const struct script_value *b)
{
	if (a->system && b->system && strcmp(a->system, b->system) != 0)
		return false;
	if (a->code || b->code)
		return is_same(a->code, b->code);
	return is_same(a->text, b->text);
}

static bool is_same_unit(
    const struct script_value *a, const struct script_value *b)
{
	const char *ua = a->code ? a->code : a->text;
	const char *ub = b->code ? b->code : b->text;

	return a->type != SCRIPT_QUANTITY || b->type != SCRIPT_QUANTITY ||
	       !ua || !ub || strcmp(ua, ub) == 0 || is_same(a->text, b->text);
}

static bool date_cmp(int *out, const char *a, const char *b)
{
	int64_t ta, tb;

	if (!time_parse_fhir(&ta, a, 0) || !time_parse_fhir(&tb, b, 0))
		return false;
	*out = ta < tb ? -1 : ta > tb;
	return true;
}

static bool is_date(enum script_type t)
{
	return t == SCRIPT_DATE || t == SCRIPT_DATETIME;
}

bool script_value_cmp(
    int *out, const struct script_value *a, const struct script_value *b)
{
	if (is_number(a) && is_number(b)) {
		*out = script_number_cmp(a->num, a->scale, b->num, b->scale);
		return (a->type == SCRIPT_BOOLEAN) ==
			   (b->type == SCRIPT_BOOLEAN) &&
		       is_same_unit(a, b);
	}
	if (a->type == SCRIPT_CHOICE && b->type == SCRIPT_CHOICE) {
		*out = is_same_coding(a, b) ? 0
					    : strcmp(a->code ? a->code : "",
						  b->code ? b->code : "");
		if (*out == 0 && !is_same_coding(a, b))
			*out = 1;
		return true;
	}
	if (is_number(a) || is_number(b) || a->type == SCRIPT_CHOICE ||
	    b->type == SCRIPT_CHOICE || !a->text || !b->text)
		return false;
	if (is_date(a->type) && is_date(b->type))
		return date_cmp(out, a->text, b->text);
	*out = strcmp(a->text, b->text);
	return is_date(a->type) == is_date(b->type);
}

bool script_value_is_equal(
    const struct script_value *a, const struct script_value *b)
{
	int c;

	return script_value_cmp(&c, a, b) && c == 0;
}

/* "hh:mm:ss", seconds and fraction as FHIR has them. */
static bool is_time(const char *s)
{
	char full[40];
	int64_t t;

	if (strlen(s) > 24)
		return false;
	snprintf(full, sizeof(full), "2000-01-01T%s", s);
	return time_parse_fhir(&t, full, 0) && !strpbrk(s, "Z+-");
}

bool script_value_is_valid(const struct script_value *v)
{
	int64_t t;

	if (v->type == SCRIPT_DATE)
		return time_parse_fhir(&t, v->text, 0) && strlen(v->text) <= 10;
	if (v->type == SCRIPT_DATETIME)
		return time_parse_fhir(&t, v->text, 0);
	if (v->type == SCRIPT_TIME)
		return is_time(v->text);
	return true;
}

static const char *dup_text(const char *s)
{
	return s ? mem_strdup(s) : NULL;
}

struct script_value script_value_dup(const struct script_value *v)
{
	struct script_value d = *v;

	d.text = dup_text(v->text);
	d.code = dup_text(v->code);
	d.system = dup_text(v->system);
	return d;
}

static void free_text(const char *s)
{
	union {
		const char *c;
		void *p;
	} u = {s};

	free(u.p);
}

void script_value_fini(struct script_value *v)
{
	free_text(v->text);
	free_text(v->code);
	free_text(v->system);
	*v = (struct script_value){0};
}
