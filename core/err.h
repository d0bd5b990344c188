/*
 * err.h - the one error vocabulary. Functions return 0 or a negative code;
 * the text for people comes from the code. Detail for the operator is kept
 * beside it, bounded, and never carries patient data.
 */
#ifndef SUIFANG_ERR_H
#define SUIFANG_ERR_H

#include "core/base.h"

enum err {
#define X(name, code, status, text) ERR_##name = (code),
#include "core/err.def"
#undef X
	ERR_NONE = 0
};

/* Message key (English) of a code, for tr(). Unknown codes: a general text. */
const char *err_text(int code);

/* Symbolic name such as "ERR_IO", for the operator's log and for tests. */
const char *err_name(int code);

/* Process exit status of a code; 0 for 0. Source: docs/OPERATIONS.md. */
int err_exit_status(int code);

/* Records detail and returns code, so that one may write
 * `return err_set(ERR_IO, "fsync: %s", ...)`. fmt is a key for tr(), taken
 * into the catalogue as it stands. No patient data. */
int err_set(int code, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Detail of the last err_set on this thread, English, for the operator's log;
 * "" when there is none. */
const char *err_detail(void);

/* The same where it was recorded for this code, else "": a code that came
 * without detail is never explained by the failure before it. */
const char *err_detail_of(int code);

/* Both in the language that was the person's when it was recorded. */
const char *err_told(void);
const char *err_told_of(int code);

#endif
