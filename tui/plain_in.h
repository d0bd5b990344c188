/*
 * plain_in.h - the inside of the plain mode, shared by plain.c (list, call)
 * and plain_more.c (what goes beside the questions). Nobody else includes it.
 */
#ifndef SUIFANG_TUI_PLAIN_IN_H
#define SUIFANG_TUI_PLAIN_IN_H

#include "core/base.h"
#include "core/worklist.h"

#define PLAIN_ROWS 20
#define PLAIN_LINE 600

struct call;
struct desk;

struct plain {
	const struct plain_world *world;
	struct desk *desk;
	struct worklist *list;
	struct work_row rows[PLAIN_ROWS];
	int count;
	bool is_filtered;
	bool over; /* input ended */
};

void plain_say(const char *text);
void plain_say_error(int rc);
/* "  3  text": one of several to choose from. */
void plain_say_numbered(int i, const char *text);
/* A number alone, 1 to n; 0 for everything else: "3x" is no 3. */
int plain_number(const char *typed, int n);
/* One line typed, cleaned; false at the end of input. A line too long for
 * any answer is refused whole and asked for again. */
bool plain_ask(struct plain *p, const char *prompt, char out[PLAIN_LINE]);

/* ".n" another number, ".d" details of the patient, ".a" advice, ".t" whom
 * the agent told of an alert, ".?" these; false: an answer. */
bool plain_more(struct plain *p, struct call *c, const char *typed);
/* What to read to the patient, and which of it was read. */
void plain_advice(struct plain *p, struct call *c);

#endif
