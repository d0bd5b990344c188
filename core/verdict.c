/* verdict.c - texts of verdicts. */
#include "core/verdict.h"

#include "core/tr.h"

static const struct row {
	int number;
	const char *name, *text;
} rows[] = {
#define X(name, number, text) {(number), #name, text},
#include "core/verdict.def"
#undef X
};

static const struct row *find(int verdict)
{
	static const struct row none = {0, "", ""};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].number == verdict)
			return &rows[i];
	return &none;
}

const char *verdict_text(int verdict)
{
	return find(verdict)->text;
}

const char *verdict_name(int verdict)
{
	return find(verdict)->name;
}
