/* verdict.c - texts of verdicts. */
#include "core/verdict.h"

#include "core/tr.h"

const char *verdict_text(int verdict)
{
	static const struct {
		int number;
		const char *text;
	} rows[] = {
#define X(name, number, text) {(number), text},
#include "core/verdict.def"
#undef X
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].number == verdict)
			return rows[i].text;
	return "";
}
