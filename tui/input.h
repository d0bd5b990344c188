/*
 * input.h - bytes of a terminal to keys. Pure: bytes and milliseconds in,
 * keys out, so that a table can test it. Knows UTF-8 split over reads, CSI
 * and SS3 sequences, bracketed paste, and an ESC that stands alone after
 * 25 ms. Knows no screen and no curses.
 */
#ifndef SUIFANG_TUI_INPUT_H
#define SUIFANG_TUI_INPUT_H

#include "core/base.h"
#include "core/buf.h"

#define INPUT_ESC_MS 25
/* A character that came in parts over a slow line is given up after this. */
#define INPUT_CHAR_MS 1000

/* A key is a code point, or one of these above all code points. */
enum key_code {
	K_ENTER = 13,
	K_TAB = 9,
	K_ESC = 27,
	K_SPACE = 32,
	K_BACKSPACE = 127,
	K_UP = 0x110000,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PGUP,
	K_PGDN,
	K_INSERT,
	K_DELETE,
	K_BACKTAB,
	K_PASTE_END, /* a bracketed paste is over */
	K_F0,        /* K_F0 + n is Fn, n in 1..12 */
	K_F12 = K_F0 + 12,
	K_UNKNOWN /* a well-formed sequence that means nothing here */
};

#define K_CTRL(c) ((uint32_t)(c)&0x1f)

struct key {
	uint32_t code;
	bool pasted; /* inside a bracketed paste: text, never a command */
};

struct input {
	struct buf raw; /* bytes not yet decoded */
	size_t at;      /* how far raw was consumed */
	bool pasting;
	uint64_t fed_ms; /* when the last byte came */
	uint64_t taken;  /* bytes decoded since the start */
	bool is_asking;  /* a cursor report is awaited */
	int report_col;  /* of the report that came; 0: none */
};

void input_fini(struct input *in);

/* Appends n bytes that arrived at now_ms (any monotonic clock). */
void input_feed(struct input *in, const void *bytes, size_t n, uint64_t now_ms);

/* The next whole key, or false when more bytes (or time) are needed. Bad
 * UTF-8 comes as U+FFFD, once a byte. */
bool input_next(struct input *in, struct key *out, uint64_t now_ms);

/* Milliseconds until a pending ESC or part of a character is decided; -1
 * when none is pending. */
int input_wait_ms(const struct input *in, uint64_t now_ms);

/* Bytes fed but not yet decoded. */
size_t input_left(const struct input *in);

#endif
