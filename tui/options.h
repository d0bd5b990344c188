/*
 * options.h - the command line of suifang.
 */
#ifndef SUIFANG_TUI_OPTIONS_H
#define SUIFANG_TUI_OPTIONS_H

#include "core/base.h"
#include "tui/term.h"

struct secret;

struct options {
	const char *home, *lang, *keys, *report;
	const char *act; /* of --do */
	enum theme theme;
	int passphrase_fd; /* -1: ask on the screen */
	bool plain, fence, practice;
	bool is_done;       /* help or version was asked, and said */
	bool says_language; /* English because the console has no Chinese */
};

/* ERR_USAGE, ERR_LANGUAGE; sets the language of the process. */
NODISCARD int options_read(struct options *out, int argc, char **argv);

/* One line of passphrase_fd, or typed without echo. ERR_PASSPHRASE. */
NODISCARD int options_passphrase(
    struct secret **out, const struct options *opts);

#endif
