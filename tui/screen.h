/*
 * screen.h - what a screen is: a const table of functions over a state of
 * its own. Screens never draw by themselves and never block: they answer a
 * key or a tick with reaction flags, and the loop in app.c does the rest.
 */
#ifndef SUIFANG_TUI_SCREEN_H
#define SUIFANG_TUI_SCREEN_H

#include "core/base.h"
#include "tui/draw.h"
#include "tui/input.h"
#include "tui/ops.h"

struct app;
struct screen;

/* Reaction flags, or-ed. */
enum react {
	REACT_NONE = 0,
	REACT_DRAW = 1 << 0, /* something visible changed */
	REACT_POP = 1 << 1,  /* this screen is done */
	REACT_QUIT = 1 << 2, /* leave the program in order */
	REACT_BELL = 1 << 3,
	REACT_PASS = 1 << 4 /* not mine: let the frame handle it */
};

struct screen_ops {
	const char *name;  /* stable, for tests and the dump: "worklist" */
	const char *title; /* for tr() */
	size_t size;       /* of the state, which begins with struct screen */
	bool overlay;      /* drawn over the screen below */
	/* Ops in the order of the key bar; ends with OP_NONE. */
	const enum op *ops;
	/* Called after push with the argument given; an error undoes the
	 * push and is said on the message line. May be NULL, as may all. */
	int (*open)(struct screen *s, const void *arg);
	void (*close)(struct screen *s);
	void (*draw)(struct screen *s, struct grid *g);
	/* An op of `ops`, by key or by palette. */
	unsigned (*op)(struct screen *s, enum op op);
	/* A key that is no op. */
	unsigned (*key)(struct screen *s, const struct key *k);
	/* Called when the loop wakes: at least once a second. */
	unsigned (*tick)(struct screen *s);
	/* The data below has a newer generation: read again. */
	unsigned (*refresh)(struct screen *s);
	/* NULL when op is possible now; else the reason, translated. */
	const char *(*why_not)(struct screen *s, enum op op);
	/* True while a text field has the caret. */
	bool (*is_text)(struct screen *s);
	/* Title bar text beside the title; "" by default. */
	void (*subtitle)(struct screen *s, char *out, size_t size);
};

/* Every state begins with this. */
struct screen {
	const struct screen_ops *ops;
	struct app *app;
	struct screen *below;
};

/* Rows that belong to a full screen: row 0 is the title bar, the last two
 * are the message line and the key bar. */
static inline int screen_top(void)
{
	return 1;
}

static inline int screen_bottom(const struct grid *g) /* first row not its */
{
	return g->rows - 2;
}

#endif
