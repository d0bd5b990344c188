/*
 * import_pinyin.h - how a name is spelled in Latin letters, so that terminals
 * can list and search it without knowing how. The only user of ICU; linked
 * into the node and the tests, never into a terminal.
 */
#ifndef SUIFANG_IMPORT_PINYIN_H
#define SUIFANG_IMPORT_PINYIN_H

#include "core/base.h"

#define PINYIN_TEXT 128

/* Every text is ASCII; the second reading is empty when there is none. */
struct pinyin {
	char spelled[PINYIN_TEXT];  /* "Ouyang Jianguo" */
	char full[PINYIN_TEXT];     /* "ouyangjianguo" */
	char initials[PINYIN_TEXT]; /* "oyjg" */
	char second_full[PINYIN_TEXT];
	char second_initials[PINYIN_TEXT];
};

struct pinyin_engine;

/* ERR_NOT_FOUND when ICU lacks its data; free with pinyin_engine_free. */
NODISCARD int pinyin_engine_new(struct pinyin_engine **out);
void pinyin_engine_free(struct pinyin_engine **engine);

/* Reads a name; what is not Han stays as it is, without accents. Surnames
 * are read as surnames. ERR_INVALID when the name is too long.
 * Source: CLDR Han-Latin/Names, and a list of second readings here. */
NODISCARD int pinyin_read(
    struct pinyin *out, const struct pinyin_engine *engine, const char *name);

#endif
