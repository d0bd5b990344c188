/* tr.c - gettext with the language chosen by us, not by the environment. */
#include "core/tr.h"

#include "core/err.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* glibc keeps translations until this number changes (libintl manual,
 * "Being a gettext grok"). */
extern int _nl_msg_cat_cntr;

static enum lang current = LANG_ZH;

void tr_init(const char *dir, enum lang lang)
{
	if (!setlocale(LC_ALL, "C.UTF-8"))
		setlocale(LC_ALL, "");
	bindtextdomain("suifang", dir);
	bind_textdomain_codeset("suifang", "UTF-8");
	textdomain("suifang");
	tr_use(lang);
}

void tr_use(enum lang lang)
{
	current = lang;
	setenv("LANGUAGE", lang == LANG_ZH ? "zh_CN" : "en", 1);
	_nl_msg_cat_cntr++;
}

enum lang tr_lang(void)
{
	return current;
}

int tr_parse(enum lang *out, const char *name)
{
	if (strcmp(name, "zh") == 0)
		*out = LANG_ZH;
	else if (strcmp(name, "en") == 0)
		*out = LANG_EN;
	else
		return ERR_LANGUAGE;
	return 0;
}

const char *tr(const char *key)
{
	return gettext(key);
}

const char *tr_pick(const char *zh, const char *en)
{
	const char *first = current == LANG_ZH ? zh : en;
	const char *second = current == LANG_ZH ? en : zh;

	if (first && *first)
		return first;
	return second ? second : "";
}
