/*
 * stage.h - one screen of the product on a pseudo terminal: the desk of the
 * mock-ups (tests/desk_maker.h), a role, a language, a size.
 */
#ifndef SUIFANG_TESTS_STAGE_H
#define SUIFANG_TESTS_STAGE_H

#include "core/tr.h"
#include "tests/screen.h"
#include "tui/term.h"

struct desk_maker;
struct screen_ops;

struct stage {
	char role; /* 'A', 'S' or 'D' */
	enum lang lang;
	const struct screen_ops *screen;
	int many;        /* patients more than the six */
	const char *dir; /* NULL: a folder of its own */
	/* What else the desk has; may be NULL. */
	void (*fill)(struct desk_maker *m);
	const void *arg; /* of the screen's open() */
};

/* What is below and around it. */
struct stage_ground {
	const char *term; /* TERM; NULL: xterm-256color */
	enum theme theme;
	/* While this file exists every access to the disk fails with the
	 * SQLite code; seen at the turn of the loop after a key. */
	const char *fault_file;
	int fault_rc;
};

/* Starts it and waits for the first frame. */
struct vscreen *stage_start(const struct stage *st, int rows, int cols);
struct vscreen *stage_start_on(
    const struct stage *st, const struct stage_ground *ground);

#endif
