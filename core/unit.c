/*
 * unit.c - the analytes we know and the linear conversions between their
 * units. Factors are exact fractions of integers.
 */
#include "core/unit.h"

#include "core/decimal.h"
#include "core/err.h"
#include "core/text.h"

#include <math.h>
#include <string.h>

struct analyte {
	const char *code; /* LOINC */
	const char *unit; /* canonical */
	int scale;
};

/* canonical = foreign * mul / div + add / 10; every term an integer. */
struct conversion {
	const char *from;
	const char *to;
	const char *code; /* NULL: any code */
	int64_t mul;
	int64_t div;
	int64_t add_tenths;
};

static const struct analyte analytes[] = {
    {"8480-6", "mm[Hg]", 0},            /* systolic pressure */
    {"8462-4", "mm[Hg]", 0},            /* diastolic pressure */
    {"8867-4", "/min", 0},              /* heart rate */
    {"9279-1", "/min", 0},              /* respiratory rate */
    {"59408-5", "%", 0},                /* oxygen saturation by oximeter */
    {"2708-6", "%", 0},                 /* oxygen saturation */
    {"8310-5", "Cel", 1},               /* body temperature */
    {"8331-1", "Cel", 1},               /* oral temperature */
    {"29463-7", "kg", 1},               /* body weight */
    {"8302-2", "cm", 1},                /* body height */
    {"39156-5", "kg/m2", 1},            /* body mass index */
    {"8280-0", "cm", 1},                /* waist at the umbilicus */
    {"2339-0", "mmol/L", 1},            /* glucose in blood */
    {"2345-7", "mmol/L", 1},            /* glucose in serum */
    {"1558-6", "mmol/L", 1},            /* fasting glucose */
    {"1521-4", "mmol/L", 1},            /* glucose 2 hours after a meal */
    {"4548-4", "%", 1},                 /* glycated haemoglobin */
    {"2093-3", "mmol/L", 2},            /* cholesterol */
    {"2571-8", "mmol/L", 2},            /* triglycerides */
    {"18262-6", "mmol/L", 2},           /* LDL cholesterol, measured */
    {"13457-7", "mmol/L", 2},           /* LDL cholesterol, calculated */
    {"2085-9", "mmol/L", 2},            /* HDL cholesterol */
    {"38483-4", "umol/L", 0},           /* creatinine in blood */
    {"2160-0", "umol/L", 0},            /* creatinine in serum */
    {"3084-1", "umol/L", 0},            /* urate */
    {"33914-3", "mL/min/{1.73_m2}", 0}, /* estimated filtration rate */
    {"9318-7", "mg/g", 0},              /* albumin to creatinine ratio */
    {"14959-1", "mg/g", 0},             /* the same, micro-albumin */
};

static const struct conversion conversions[] = {
    {"mg/dL", "mmol/L", "2339-0", 1000, 18016, 0},
    {"mg/dL", "mmol/L", "2345-7", 1000, 18016, 0},
    {"mg/dL", "mmol/L", "1558-6", 1000, 18016, 0},
    {"mg/dL", "mmol/L", "1521-4", 1000, 18016, 0},
    {"mg/dL", "mmol/L", "2093-3", 100, 3867, 0},
    {"mg/dL", "mmol/L", "18262-6", 100, 3867, 0},
    {"mg/dL", "mmol/L", "13457-7", 100, 3867, 0},
    {"mg/dL", "mmol/L", "2085-9", 100, 3867, 0},
    {"mg/dL", "mmol/L", "2571-8", 100, 8857, 0},
    {"mg/dL", "umol/L", "38483-4", 884, 10, 0},
    {"mg/dL", "umol/L", "2160-0", 884, 10, 0},
    {"mg/dL", "umol/L", "3084-1", 5948, 100, 0},
    {"mmol/L", "umol/L", NULL, 1000, 1, 0},
    {"mmol/mol", "%", "4548-4", 9148, 100000, 22},
    {"kPa", "mm[Hg]", NULL, 750062, 100000, 0},
    {"[lb_av]", "kg", NULL, 45359237, 100000000, 0},
    {"{jin}", "kg", NULL, 1, 2, 0},
    {"g", "kg", NULL, 1, 1000, 0},
    {"[in_i]", "cm", NULL, 254, 100, 0},
    {"m", "cm", NULL, 100, 1, 0},
    {"[degF]", "Cel", NULL, 5, 9, -178},
    {"mg/mmol", "mg/g", NULL, 884, 100, 0},
};

/* The same unit as people and machines write it. */
static const char *const aliases[][2] = {
    {"mmHg", "mm[Hg]"},
    {"mm Hg", "mm[Hg]"},
    {"°C", "Cel"},
    {"℃", "Cel"},
    {"degC", "Cel"},
    {"degF", "[degF]"},
    {"μmol/L", "umol/L"},
    {"µmol/L", "umol/L"},
    {"lb", "[lb_av]"},
    {"in", "[in_i]"},
    {"斤", "{jin}"},
    {"{beats}/min", "/min"},
    {"{beats}/minute", "/min"},
    {"bpm", "/min"},
    {"1/min", "/min"},
    {"kg/m²", "kg/m2"},
    {"mL/min/1.73m2", "mL/min/{1.73_m2}"},
    {"mg/dl", "mg/dL"},
    {"mmol/l", "mmol/L"},
};

static const struct analyte *analyte_of(const char *code)
{
	for (size_t i = 0; i < ARRAY_LEN(analytes); i++)
		if (!strcmp(analytes[i].code, code))
			return analytes + i;
	return NULL;
}

const char *unit_canonical(int *scale, const char *code)
{
	const struct analyte *a = analyte_of(code);

	if (!a)
		return NULL;
	*scale = a->scale;
	return a->unit;
}

static const char *plain_unit(const char *unit)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (!strcmp(aliases[i][0], unit))
			return aliases[i][1];
	return unit;
}

static const struct conversion *conversion_of(
    const char *from, const struct analyte *a)
{
	for (size_t i = 0; i < ARRAY_LEN(conversions); i++) {
		const struct conversion *c = conversions + i;

		if (!strcmp(c->from, from) && !strcmp(c->to, a->unit) &&
		    (!c->code || !strcmp(c->code, a->code)))
			return c;
	}
	return NULL;
}

/* value * mul / div at `to` decimals. The working precision is the largest
 * of four more decimals at which the product still fits. */
static int convert(
    int64_t *out, const struct quantity *in, const struct conversion *c, int to)
{
	int work = to + 4;
	int64_t v = decimal_rescale(in->value, in->scale, work);

	if (v > INT64_MAX / c->mul || v < INT64_MIN / c->mul)
		return err_set(ERR_INVALID, "value too large to convert");
	v = decimal_divide(v * c->mul, c->div) +
	    c->add_tenths * decimal_pow10(work - 1);
	*out = decimal_rescale(v, work, to);
	return 0;
}

int unit_convert(
    struct quantity *out, const struct quantity *in, const char *code)
{
	const struct analyte *a = analyte_of(code);
	const char *from = plain_unit(in->unit);
	const struct conversion *c;
	struct quantity q = *in;
	int r = 0;

	if (!a) {
		*out = *in;
		return 0;
	}
	c = conversion_of(from, a);
	if (!strcmp(from, a->unit))
		q.value = decimal_rescale(in->value, in->scale, a->scale);
	else if (c)
		r = convert(&q.value, in, c, a->scale);
	else
		r = err_set(
		    ERR_INVALID, "%s has no conversion for its unit", code);
	if (r)
		return r;
	q.scale = a->scale;
	text_copy(q.unit, sizeof(q.unit), a->unit);
	*out = q;
	return 0;
}

bool unit_round(int64_t *out, double number, int scale)
{
	double v = number * (double)decimal_pow10(scale);

	if (!(fabs(v) < 9e15))
		return false;
	*out = (int64_t)llround(v);
	return true;
}
