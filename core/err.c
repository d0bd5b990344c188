/* err.c - error codes to texts, statuses and operator detail. */
#include "core/err.h"

#include "core/tr.h"

#include <stdarg.h>
#include <stdio.h>

struct row {
	int code;
	int status;
	const char *name;
	const char *text;
};

static const struct row rows[] = {
#define X(name, code, status, text) {(code), (status), "ERR_" #name, text},
#include "core/err.def"
#undef X
};

static _Thread_local char detail[256], told[384];
static _Thread_local int detail_code;

static const struct row *row_of(int code)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].code == code)
			return &rows[i];
	return NULL;
}

const char *err_text(int code)
{
	const struct row *r = row_of(code);
	return r ? r->text : N_("An unexpected error. Call your operator.");
}

const char *err_name(int code)
{
	const struct row *r = row_of(code);
	return r ? r->name : (code == 0 ? "OK" : "ERR_UNKNOWN");
}

int err_exit_status(int code)
{
	const struct row *r = row_of(code);
	return r ? r->status : (code == 0 ? 0 : 1);
}

int err_set(int code, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	vsnprintf(detail, sizeof(detail), fmt, ap);
	vsnprintf(told, sizeof(told), tr(fmt), again);
	va_end(again);
	va_end(ap);
	detail_code = code;
	return code;
}

const char *err_detail(void)
{
	return detail;
}

const char *err_detail_of(int code)
{
	return code == detail_code ? detail : "";
}

const char *err_told(void)
{
	return told;
}

const char *err_told_of(int code)
{
	return code == detail_code ? told : "";
}
