/*
 * import_pinyin.c - names in Latin letters by ICU's Han-Latin/Names, with the
 * second readings that people type: a surname with two sounds, and v for the
 * u with two dots.
 */
#include "sync/import_pinyin.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define UNITS 256 /* UTF-16 units of a name while it is being read */

struct pinyin_engine {
	UTransliterator *han;   /* to letters with tone marks */
	UTransliterator *ascii; /* to letters alone */
};

/* Surnames that a person may also read so. */
static const struct {
	const char *surname;
	const char *other; /* one syllable a character */
} second_readings[] = {
    {"单于", "chan yu"},
    {"覃", "qin"},
    {"郇", "xun"},
    {"祭", "zhai"},
    {"朴", "piao"},
    {"盖", "gai"},
    {"乐", "le"},
    {"员", "yuan"},
    {"繁", "fan"},
    {"召", "zhao"},
    {"缪", "miao"},
    {"翟", "di"},
    {"折", "she"},
    {"洗", "xian"},
};

/* Surnames of two characters, written together. */
static const char *const double_surnames[] = {"欧阳", "司马", "上官", "诸葛",
    "尉迟", "皇甫", "令狐", "慕容", "长孙", "宇文", "司徒", "夏侯", "东方",
    "南宫", "西门", "公孙", "轩辕", "端木", "百里", "呼延", "独孤", "单于",
    "万俟", "太史", "申屠", "钟离", "澹台", "闻人", "赫连", "濮阳", "淳于",
    "宗政", "公冶", "仲孙", "东郭", "拓跋", "司空", "鲜于"};

static UTransliterator *open_rule(const char *rule)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar id[64];

	u_uastrncpy(id, rule, (int32_t)ARRAY_LEN(id));
	return utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
}

int pinyin_engine_new(struct pinyin_engine **out)
{
	struct pinyin_engine *engine = mem_new(sizeof(*engine));

	engine->han = open_rule("Han-Latin/Names");
	engine->ascii = open_rule("Latin-ASCII");
	if (!engine->han || !engine->ascii) {
		pinyin_engine_free(&engine);
		return err_set(ERR_NOT_FOUND, "ICU has no Han-Latin/Names");
	}
	*out = engine;
	return 0;
}

void pinyin_engine_free(struct pinyin_engine **engine)
{
	if (!*engine)
		return;
	if ((*engine)->han)
		utrans_close((*engine)->han);
	if ((*engine)->ascii)
		utrans_close((*engine)->ascii);
	free(*engine);
	*engine = NULL;
}

static int apply(const UTransliterator *rule, UChar *text)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t n = u_strlen(text), limit = n;

	utrans_transUChars(rule, text, &n, UNITS, 0, &limit, &e);
	if (U_FAILURE(e) || n >= UNITS)
		return err_set(ERR_INVALID, "a name is too long to be read");
	text[n] = 0;
	return 0;
}

/* u with two dots under any tone becomes v, as keyboards have it. */
static bool type_v(UChar *text)
{
	static const UChar dotted[] = {0xfc, 0x1d6, 0x1d8, 0x1da, 0x1dc, 0};
	bool found = false;

	for (; *text; text++) {
		if (u_strchr(dotted, *text)) {
			*text = 'v';
			found = true;
		}
	}
	return found;
}

/* Lower-case syllables with one space between them; second stays empty where
 * nothing has two dots. */
static int syllables(char *first, char *second,
    const struct pinyin_engine *engine, const char *name)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar plain[UNITS], dotted[UNITS];
	int r;

	u_strFromUTF8(plain, UNITS, NULL, name, -1, &e);
	if (U_FAILURE(e) || u_strlen(plain) >= UNITS / 8)
		return err_set(ERR_INVALID, "a name is too long to be read");
	r = apply(engine->han, plain);
	u_strcpy(dotted, plain);
	*second = '\0';
	if (r == 0 && type_v(dotted)) {
		r = apply(engine->ascii, dotted);
		u_strToUTF8(second, PINYIN_TEXT, NULL, dotted, -1, &e);
	}
	if (r == 0)
		r = apply(engine->ascii, plain);
	u_strToUTF8(first, PINYIN_TEXT, NULL, plain, -1, &e);
	if (r == 0 && (U_FAILURE(e) || e == U_STRING_NOT_TERMINATED_WARNING))
		r = err_set(ERR_INVALID, "a name is too long to be read");
	return r;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

/* "ou yang jian guo" as "ouyangjianguo" and "oyjg". */
static void join(char *full, char *initials, const char *spaced)
{
	bool is_start = true;

	for (; *spaced; spaced++) {
		bool is_sound =
		    is_letter(*spaced) || (*spaced >= '0' && *spaced <= '9');
		if (is_sound)
			*full++ = lower(*spaced);
		if (is_sound && is_start)
			*initials++ = lower(*spaced);
		is_start = !is_sound;
	}
	*full = *initials = '\0';
}

/* Syllables of the surname that this name begins with. */
static size_t surname_length(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(double_surnames); i++)
		if (strncmp(name, double_surnames[i],
			strlen(double_surnames[i])) == 0 &&
		    utf8_count(name) > 2)
			return 2;
	return 1;
}

static bool is_han(const char *name)
{
	uint32_t c = 0;

	return utf8_decode(&c, name, strlen(name)) >= 3 && c >= 0x2e80;
}

/* "ou yang jian guo" as "Ouyang Jianguo"; Latin names as they came. */
static void spell(char *out, const char *spaced, const char *name)
{
	size_t word = 0, surname = surname_length(name);
	bool is_start = true;

	if (!is_han(name)) {
		text_copy(out, PINYIN_TEXT, spaced);
		return;
	}
	for (; *spaced; spaced++) {
		if (*spaced == ' ') {
			if (++word == surname) {
				*out++ = ' ';
				is_start = true;
			}
			continue;
		}
		*out++ = is_start && is_letter(*spaced)
			     ? (char)(lower(*spaced) - 32)
			     : *spaced;
		is_start = false;
	}
	*out = '\0';
}

/* The other reading of the surname, with the given name as it was. */
static void read_second(char *out, const char *spaced, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(second_readings); i++) {
		const char *surname = second_readings[i].surname;
		const char *rest = spaced;
		struct buf text = {0};

		if (strncmp(name, surname, strlen(surname)) != 0)
			continue;
		for (size_t n = utf8_count(surname); n > 0; n--) {
			rest += strcspn(rest, " ");
			rest += *rest == ' ';
		}
		buf_printf(&text, "%s %s", second_readings[i].other, rest);
		text_copy(out, PINYIN_TEXT, buf_text(&text));
		buf_fini(&text);
		return;
	}
}

int pinyin_read(
    struct pinyin *out, const struct pinyin_engine *engine, const char *name)
{
	char first[PINYIN_TEXT], second[PINYIN_TEXT];
	int r = syllables(first, second, engine, name);

	if (r)
		return r;
	if (!*second)
		read_second(second, first, name);
	*out = (struct pinyin){0};
	spell(out->spelled, first, name);
	join(out->full, out->initials, first);
	join(out->second_full, out->second_initials, second);
	if (strcmp(out->full, out->second_full) == 0)
		out->second_full[0] = out->second_initials[0] = '\0';
	return 0;
}
