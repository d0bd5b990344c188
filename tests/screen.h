/*
 * screen.h - a terminal for tests: a program on a pseudo terminal, its
 * output read by libvterm, its display compared with a file. No sleeps: the
 * program says a fence (OSC 7770) when it has taken every byte and drawn
 * the frame, and screen_keys waits for it.
 */
#ifndef SUIFANG_TESTS_SCREEN_H
#define SUIFANG_TESTS_SCREEN_H

#include "core/base.h"

struct vscreen;

struct vscreen_size {
	int rows, cols;
};

/* Starts a program that was told to say fences (suifang --fence), TERM and
 * the rest of the environment fixed; waits for its first frame. */
struct vscreen *screen_start(char *const argv[], struct vscreen_size size);
/* The same for a function in a child process; its result is the exit
 * status. The function opens an app on fds 0 and 1 with cfg.fence. */
struct vscreen *screen_fork(
    int (*fn)(void *ctx), void *ctx, struct vscreen_size size);
/* Ends the child when it still runs. */
void screen_free(struct vscreen **vs);

/* Types bytes ("\033OP" is F1) and waits until they show. */
void screen_keys(struct vscreen *vs, const char *bytes);
void screen_bytes(struct vscreen *vs, const void *bytes, size_t n);
/* Types a few bytes and waits for nothing: before a kill. */
void screen_post(struct vscreen *vs, const char *bytes);
void screen_resize(struct vscreen *vs, struct vscreen_size size);
/* So many at once, as of a window that is dragged; what was on the display
 * is lost with each. Reads until the display says this; false after 90 s. */
bool screen_drag(struct vscreen *vs, const struct vscreen_size *sizes, size_t n,
    const char *text);
/* Reads until the text is on the screen; fails the test after 10 s. */
void screen_wait(struct vscreen *vs, const char *text);
bool screen_has(const struct vscreen *vs, const char *text);
/* The display as lines of text, trailing spaces dropped; caller frees. */
char *screen_text(const struct vscreen *vs);

/* Compares characters, attributes and cursor with tests/screens/NAME.txt;
 * REGOLD=1 in the environment writes the file instead. */
void screen_expect(struct vscreen *vs, const char *name);

/* Bytes typed and bytes drawn since the last call (fences not counted). */
size_t screen_typed(struct vscreen *vs);
size_t screen_drawn(struct vscreen *vs);

/* When the last bytes came, in milliseconds of the monotonic clock. */
double screen_heard_ms(const struct vscreen *vs);
/* Takes what comes for so long, without a key. */
void screen_rest(struct vscreen *vs, int ms);
/* For a program that says no fences: types, and reads until the text shows.
 * false after 20 s. */
bool screen_keys_until(struct vscreen *vs, const char *bytes, const char *text);
/* Starts such a program. */
struct vscreen *screen_start_plain(
    char *const argv[], struct vscreen_size size, const char *text);

int screen_pid(const struct vscreen *vs);
/* Closes the terminal as a lost line does. */
void screen_hang_up(struct vscreen *vs);
/* Waits for the child's end: exit status, or 128 + signal. */
int screen_wait_exit(struct vscreen *vs);

#endif
