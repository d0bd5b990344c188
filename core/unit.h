/*
 * unit.h - units of measurements, in integers. Every code that rules and
 * trends know has one canonical unit and one count of decimals; values that
 * arrive in another unit are converted once, at the door.
 */
#ifndef SUIFANG_UNIT_H
#define SUIFANG_UNIT_H

#include "core/base.h"

#define UNIT_TEXT 24

struct quantity {
	int64_t value;        /* at scale */
	int scale;            /* decimals, 0..9 */
	char unit[UNIT_TEXT]; /* UCUM, such as "mmol/L" */
};

/* Canonical unit and decimals of a LOINC code; NULL for a code without. */
const char *unit_canonical(int *scale, const char *code);

/*
 * in as the canonical unit of code, rounded half away from zero at its
 * decimals: glucose 126 mg/dL is 7.0 mmol/L. A code without a canonical unit
 * is copied as it is. ERR_INVALID when the unit does not convert.
 * Molar masses: glucose 18.016, cholesterol 38.67, triglycerides 88.57 mg/dL
 * for 1 mmol/L; creatinine 88.4 umol/L, urate 59.48 umol/L for 1 mg/dL.
 */
NODISCARD int unit_convert(
    struct quantity *out, const struct quantity *in, const char *code);

/* A binary floating-point number from a foreign file, rounded to `scale`
 * decimals; false when it is no number or too large. */
bool unit_round(int64_t *out, double number, int scale);

#endif
