/*
 * renewal.h - content that arrives while the terminal is open takes effect
 * between calls: a call, or the correction of one, goes on with what it
 * began with, and the next one has what is new. Must not know what content
 * means.
 */
#ifndef SUIFANG_TUI_RENEWAL_H
#define SUIFANG_TUI_RENEWAL_H

#include "core/base.h"

struct app;
struct desk;
struct renewal;

/* What came into force, or did not. */
struct renewal_news {
	int count, passed; /* new in force; published and not in force here */
	char title[104], version[36]; /* of the first of those in force */
	char passed_title[104], passed_version[36];
};

/* What is in the store now is old news. */
NODISCARD int renewal_new(struct renewal **out, struct desk *desk);
void renewal_free(struct renewal **r);

/* 1 and *out when content changed and the desk has a new catalog; 0 when
 * nothing did, or while a call is open (desk->calls): then the next time. */
int renewal_check(struct renewal_news *out, struct desk *desk);

/* The same once a turn of the loop, and says it on the message line. */
void renewal_turn(struct desk *desk, struct app *app);
/* One line for people; "" when there is no news. */
void renewal_text(char *out, size_t size, const struct renewal_news *news);

#endif
