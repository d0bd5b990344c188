/*
 * dialog.h - small questions over a screen: yes or no, one of a few, one
 * line of text. The answer comes by callback after the dialog is gone; Esc
 * asks for nothing and changes nothing.
 */
#ifndef SUIFANG_TUI_DIALOG_H
#define SUIFANG_TUI_DIALOG_H

#include "core/base.h"
#include "tui/screen.h"

struct dialog_choice {
	char key;         /* one key chooses it at once; 0: digits 1.. */
	const char *text; /* translated */
	const char *off;  /* reason why it cannot be chosen, or NULL */
};

struct dialog {
	const char *title; /* translated */
	const char *text;  /* translated; wrapped; may be NULL */
	/* one of a few */
	const struct dialog_choice *choices;
	int choice_count;
	/* one line of text */
	const char *initial; /* not NULL: asks for text */
	bool required;       /* empty text is refused */
	bool secret;         /* shown as stars, wiped afterwards */
	/* index of the choice (yes: 1, no: 0), text of the line or NULL */
	void (*done)(void *ctx, int index, const char *text);
	/* Instead of done where it is closed without an answer; may be NULL. */
	void (*gone)(void *ctx);
	void *ctx;
};

/* Copies everything but ctx and the reasons of choices. */
int dialog_confirm(struct app *app, const struct dialog *d);
int dialog_pick(struct app *app, const struct dialog *d);
int dialog_prompt(struct app *app, const struct dialog *d);

#endif
