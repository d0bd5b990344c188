/*
 * in_force.h - the content that holds: of everything the program carries the
 * newest version that was published in the log, where that is newer than the
 * program's own; and what was published besides. Every published text passes
 * the same strict check as before it was published, because a program of
 * another age may have published it; what does not pass is passed over and
 * can be listed. Reads the store; must not know what content means.
 */
#ifndef SUIFANG_IN_FORCE_H
#define SUIFANG_IN_FORCE_H

#include "core/base.h"
#include "core/buf.h"
#include "core/content_pack.h"

struct store;

/* As content_each (core/content.h) of "rules/", "advice/" ... "settings/".
 * store NULL: only what came with the program. What is
 * refused by use is passed over for the program's own. Errors of use, the
 * store and json_load. */
NODISCARD int in_force_each(struct store *store, const char *prefix,
    int (*use)(void *ctx, const char *path, const char *text, size_t n),
    void *ctx);

/* Appends the text in force of one file, such as "settings/hours.json" or
 * "scripts/ours.json". ERR_NOT_FOUND when there is none. */
NODISCARD int in_force_text(
    struct buf *out, struct store *store, const char *path);

/* The same, given to a parser. */
NODISCARD int in_force_read(void *out, struct store *store, const char *path,
    int (*parse)(void *out, const char *text, size_t n));

/* Appends the text of that very version, whether it is in force or not;
 * ERR_NOT_FOUND where it is neither published nor the program's own. */
NODISCARD int in_force_version(struct buf *out, struct store *store,
    const char *path, const char *version);

/* All that is in force, with the value sets of the program, as one folder of
 * content. */
struct in_force_folder {
	struct content_files files;
};
NODISCARD int in_force_folder(struct in_force_folder *out, struct store *store);
/* Puts a text in the place of what is at path, or beside the others. Copies. */
void in_force_put(
    struct in_force_folder *f, const char *path, const char *text, size_t n);
void in_force_folder_fini(struct in_force_folder *f);

enum in_force_why {
	IN_FORCE_NOT_WHOLE,   /* a part of it is not here yet */
	IN_FORCE_UNKNOWN,     /* a kind that this program does not know */
	IN_FORCE_REFUSED,     /* the strict check names the place */
	IN_FORCE_OTHER_WORDS, /* the program's own of that version differs */
};

/* Of one published version. */
enum in_force_state {
	IN_FORCE_HOLDS,
	IN_FORCE_SAME,  /* in the words of the program's own */
	IN_FORCE_OLDER, /* the program's own is newer */
	IN_FORCE_PASSED /* passed over */
};

/* Published, the newest of its id, and not in force here. */
struct in_force_passed {
	const char *kind, *id, *version;
	enum in_force_why why;
	char path[SCHEMA_PATH], detail[240]; /* of the first fault; or "" */
};

/* *why is filled when it is passed over. Errors of the store. */
struct office_content;
NODISCARD int in_force_look(enum in_force_state *out,
    struct in_force_passed *why, struct store *store,
    const struct office_content *c);

/* Tells of each; returns how many there are, or an error of the store. tell
 * may be NULL. */
int in_force_passed(struct store *store,
    void (*tell)(void *ctx, const struct in_force_passed *p), void *ctx);

/* Text for tr(). */
const char *in_force_why_text(enum in_force_why why);

#endif
