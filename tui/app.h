/*
 * app.h - the frame of the terminal: the stack of screens, the one poll
 * loop, the message line with its undo. Screens call down into it; it calls
 * them only through struct screen_ops.
 */
#ifndef SUIFANG_TUI_APP_H
#define SUIFANG_TUI_APP_H

#include "core/base.h"
#include "core/env.h"
#include "core/id.h"
#include "tui/screen.h"
#include "tui/term.h"

#define APP_UNDO_MS 8000

/* What the frame asks of the program around it; any may be NULL. */
struct app_hooks {
	/* Right side of the title bar: the state of the sync, in words. */
	enum look (*status)(void *ctx, char *out, size_t size);
	/* Number of the newest commit in the store. */
	uint64_t (*generation)(void *ctx);
	void (*lock)(void *ctx, struct app *app);
	/* Writes the masked text of the screen; returns an error code and
	 * the path for the message. */
	int (*dump)(void *ctx, const struct grid *g, char *path, size_t size);
	/* Once a turn of the loop, before it draws and waits. */
	void (*turn)(void *ctx, struct app *app);
	void *ctx;
};

struct app_cfg {
	const struct env *env; /* what screens show as time */
	int in_fd, out_fd;
	enum theme theme;
	int idle_lock_s; /* 0: never */
	bool fence;      /* say OSC 7770 when idle, for the tests */
	struct app_hooks hooks;
	void *world; /* whatever the screens work on; borrowed */
};

NODISCARD int app_new(struct app **out, const struct app_cfg *cfg);
/* Closes every screen from the top, then the terminal. */
void app_free(struct app **app);

/* Runs until the last screen is gone (0), or the terminal hung up or the
 * process was told to end (ERR_INTERRUPTED). */
int app_run(struct app *app);

/* Puts a screen on the stack; arg goes to its open(). On error nothing
 * changed and the message line says why. */
int app_push(struct app *app, const struct screen_ops *ops, const void *arg);
/* As if its key had been pressed on the top screen. */
void app_do(struct app *app, enum op op);
/* Why an op of the screen or of the frame is not possible now, translated;
 * NULL: it is. */
const char *app_why_not(struct app *app, struct screen *s, enum op op);
struct screen *app_top(const struct app *app);
/* Closes screens until `below` is the top. */
void app_pop_to(struct app *app, struct screen *below);

const struct env *app_env(const struct app *app);
void *app_world(const struct app *app);
void app_set_world(struct app *app, void *world);

/* The message line, translated text; replaced by the next key's message. */
void app_say(struct app *app, enum look look, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* Says the text of an error code; 0 says nothing. Returns rc. */
int app_say_error(struct app *app, int rc);
/* Offers to reverse the record `ref` for 8 s with the message given. */
struct undo {
	int (*run)(void *ctx, const char *ref);
	void *ctx;
	char ref[REF_TEXT];
};
void app_offer_undo(struct app *app, const struct undo *undo, const char *what);

/* Since the last key. */
uint64_t app_idle_ms(const struct app *a);

/* Other people's descriptors and timers in the same loop. */
typedef void app_ready_fn(void *ctx, short revents);
void app_watch(
    struct app *app, int fd, short events, app_ready_fn *fn, void *ctx);
void app_unwatch(struct app *app, int fd);
/* The loop wakes no later than ms from now and calls fn once. */
void app_timer(struct app *app, uint64_t ms, void (*fn)(void *), void *ctx);
void app_untimer(struct app *app, void (*fn)(void *), void *ctx);
/* Everything is drawn again in the next turn of the loop. */
void app_dirty(struct app *app);
/* Bytes as if typed, before what the person types (--keys). */
void app_type(struct app *app, const void *bytes, size_t n);
/* Drops the top screen's rows and reads again. */
void app_refresh(struct app *app);

#endif
