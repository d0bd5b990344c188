/*
 * ctl.h - a request to the process that owns a home, through HOME/ctl.sock.
 * One line of JSON there, text back, then 0x1e and one line of JSON with the
 * result, then the end.
 */
#ifndef SUIFANG_SYNC_CTL_H
#define SUIFANG_SYNC_CTL_H

#include "core/base.h"
#include "core/buf.h"

#define CTL_LINE_MAX 65536
#define CTL_MARK 0x1e

struct ctl_request {
	char lang[3];
	const char *proof;  /* "" where none was sent; borrowed from root */
	const char **words; /* borrowed from root */
	size_t count;
	void *root;
};

/* Reads one line without its LF. ERR_FORMAT. */
NODISCARD int ctl_read(struct ctl_request *out, const char *line, size_t n);
void ctl_request_fini(struct ctl_request *q);

/* What ends the answer. */
void ctl_finish(struct buf *out, int code, const char *detail);

/* The words of a request, made one by one; starts as {0}. */
struct ctl_words {
	const char **items;
	size_t count;
};
void ctl_word(struct ctl_words *w, const char *fmt, ...) PRINTF_LIKE(2, 3);
void ctl_words_fini(struct ctl_words *w);

/* One request to the owner of a home. */
struct ctl_asking {
	const char *dir;
	const char *const *words;
	size_t count;
	const char *proof;  /* NULL: none is needed */
	struct buf *answer; /* NULL: to standard output as it comes */
};

/*
 * Asks and takes what is said. CTL_NOBODY: nobody owns the home now (the
 * caller then opens it itself); else the owner's result, with its detail as
 * ours; ERR_INTERRUPTED when the owner left in the middle. An owner that is
 * still starting is waited for.
 */
#define CTL_NOBODY 1
NODISCARD int ctl_call(const struct ctl_asking *asking);

/* Does a program that has this home open listen now? Asks it nothing. */
bool ctl_is_served(const char *dir);

/* Calls again while the home is neither served nor free: somebody is about
 * to serve it, or about to leave it. run_here opens the home itself. */
NODISCARD int ctl_ask_or_run(const struct ctl_asking *asking,
    int (*run_here)(void *ctx, const struct ctl_asking *asking), void *ctx);

#endif
