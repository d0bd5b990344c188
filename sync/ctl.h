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
	const char **words; /* borrowed from root */
	size_t count;
	void *root;
};

/* Reads one line without its LF. ERR_FORMAT. */
NODISCARD int ctl_read(struct ctl_request *out, const char *line, size_t n);
void ctl_request_fini(struct ctl_request *q);

/* What ends the answer. */
void ctl_finish(struct buf *out, int code, const char *detail);

/*
 * Asks the owner of the home and prints what it says. ERR_UNREACHABLE: nobody
 * owns it now (the caller then opens it itself); else the owner's result,
 * with its detail as ours.
 */
NODISCARD int ctl_ask(const char *dir, const char *const *words, size_t count);

#endif
