/*
 * tr.h - user text in the person's language. Keys are English; zh_CN comes
 * from the catalogue beside the program; the language changes at run time.
 */
#ifndef SUIFANG_TR_H
#define SUIFANG_TR_H

#include "core/base.h"

enum lang {
	LANG_ZH,
	LANG_EN
};

#define _(s) tr(s)
/* Marks a text in a table for the catalogue without translating it yet. */
#define N_(s) s

/* dir holds zh_CN/LC_MESSAGES/suifang.mo. Sets the process's locale. */
void tr_init(const char *dir, enum lang lang);
/* On the thread that spoke to the person; others may call tr() meanwhile. */
void tr_use(enum lang lang);
enum lang tr_lang(void);
/* "zh" or "en"; ERR_LANGUAGE for anything else. */
NODISCARD int tr_parse(enum lang *out, const char *name);

const char *tr(const char *key) __attribute__((format_arg(1)));
/* One of two texts that data (a script, a rule) carries itself; falls back
 * to the other where one is NULL or empty. */
const char *tr_pick(const char *zh, const char *en);

#endif
