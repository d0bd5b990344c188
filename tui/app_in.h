/*
 * app_in.h - the inside of the frame, shared by app.c (screens, keys,
 * frames) and loop.c (waiting). Only fuzz_screens.c includes it besides, to
 * press keys without waiting.
 */
#ifndef SUIFANG_TUI_APP_IN_H
#define SUIFANG_TUI_APP_IN_H

#include "tui/app.h"
#include "tui/bars.h"
#include "tui/keymap.h"

struct watch {
	int fd;
	short events;
	app_ready_fn *fn;
	void *ctx;
};

struct timer {
	uint64_t due_ms;
	void (*fn)(void *);
	void *ctx;
};

struct app {
	struct app_cfg cfg;
	struct term *term;
	enum theme theme;
	struct screen *top;
	struct grid grid;
	struct input in;
	struct keymap keymap;
	struct message message;
	bool said; /* this key put something on the message line */
	struct undo undo;
	bool dirty, quit, hung_up;
	uint64_t generation;
	/* What came from elsewhere: since when it is not shown, when such was
	 * shown last and how long that took. */
	uint64_t changed_ms, refreshed_ms, refresh_cost_ms;
	uint64_t touched_ms; /* last key, for the idle lock */
	uint64_t read_bytes; /* from the terminal, for the fence */
	unsigned resizes;
	char status[120]; /* as drawn last */
	char fenced[64];  /* the last fence said */
	struct watch *watches;
	size_t watch_count;
	struct timer *timers;
	size_t timer_count;
};

void app_key(struct app *a, struct key *k);
/* Draws the stack into a->grid. */
void app_draw(struct app *a);

#endif
