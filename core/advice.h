/*
 * advice.h - what an agent reads aloud about diet, exercise, mood,
 * rehabilitation and medicines: short texts as versioned data, chosen by the
 * pathway's advice codes and by what was found in this call. Pure; that a
 * text was given is recorded by the contact's entry.
 */
#ifndef SUIFANG_ADVICE_H
#define SUIFANG_ADVICE_H

#include "core/base.h"
#include "core/content.h"
#include "core/facts.h"

#define ADVICE_TAGS_MAX 8
#define ADVICE_PICK_MAX 12 /* more would not be listened to */

enum advice_kind {
#define X(name, code, text) ADVICE_##name,
#include "core/advice_kind.def"
#undef X
	ADVICE_KIND_COUNT
};

struct advice {
	const char *id; /* the code that pathways use */
	int version;
	enum advice_kind kind;
	struct words title;
	struct words text;  /* spoken, at most a few sentences */
	const char *source; /* of the file */
	const char *tags[ADVICE_TAGS_MAX];
	size_t n_tags;
	struct cond *when; /* a finding that calls for it, or NULL */
};

/* A library of any number of files. */
struct advice_library;

struct advice_library *advice_new(void);
void advice_free(struct advice_library **lib);
/* Adds one file. ERR_INVALID: err_detail names the path and the reason; the
 * library is unchanged. Ids are unique over all files. */
NODISCARD int advice_add(
    struct advice_library *lib, const char *json, size_t n);

/* NULL when there is none. */
const struct advice *advice_find(
    const struct advice_library *lib, const char *id);
/* Text for tr(). */
const char *advice_kind_name(enum advice_kind kind);

/* What this call gives cause for comes first, then what the codes name (an
 * id or a tag), in order of the library; each once. Codes in `except` (such
 * as those a conflict dropped) are left out; may be NULL. */
struct advice_wish {
	const char *const *codes;
	size_t n_codes;
	const char *const *except;
	size_t n_except;
};
size_t advice_pick(const struct advice *out[ADVICE_PICK_MAX],
    const struct advice_library *lib, const struct advice_wish *wish,
    const struct facts *facts, int64_t now_s);

#endif
