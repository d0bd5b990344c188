/*
 * dialer.h - who dials: a program of the hospital started with the number as
 * one of its words (never through a shell), a fake for practice and tests, or
 * nobody (the agent dials by hand). The dialling program may say lines on its
 * standard output: "ringing", "talking", "ended", "recording PATH".
 */
#ifndef SUIFANG_TUI_DIALER_H
#define SUIFANG_TUI_DIALER_H

#include "core/base.h"
#include "core/id.h"

enum dialer_state {
	DIALER_IDLE,
	DIALER_RINGING,
	DIALER_TALKING,
	DIALER_ENDED,
	DIALER_FAILED
};

struct dialer;

/* What a backend does. */
struct dialer_ops {
	const char *name;
	int (*dial)(struct dialer *d, const char *number);
	/* Reads what there is; never waits. */
	void (*poll)(struct dialer *d);
	void (*hang_up)(struct dialer *d);
};

/*
 * "fake", or a command: words split at blanks, "..." keeps blanks, {number}
 * stands for the number wherever it occurs in a word. ERR_INVALID: no word,
 * no {number}, an open quote, or too many words.
 */
NODISCARD int dialer_new(struct dialer **out, const char *spec);
/* The same from a file's text: its first line that is not empty and no #
 * comment. ERR_NOT_FOUND: there is none. */
NODISCARD int dialer_new_line(struct dialer **out, const char *text);
/* Hangs up. */
void dialer_free(struct dialer **dialer);

/* Ends a call that is on the line, then dials. The number may hold digits,
 * '+', '*' and '#': anything else is dropped. ERR_NOT_FOUND: the program
 * cannot be started; ERR_INVALID: nothing to dial. */
NODISCARD int dialer_dial(struct dialer *d, const char *number);
enum dialer_state dialer_poll(struct dialer *d);
void dialer_hang_up(struct dialer *d);
/* As it was handed to the backend; for the tests. */
const char *dialer_number(const struct dialer *d);
/* Path that the program named for the call on the line or the last one. */
const char *dialer_recording(const struct dialer *d);

/* Hex of the SHA-256 of a file's bytes; false when it cannot be read. */
bool dialer_hash(char out[HASH_HEX], const char *path);

#endif
