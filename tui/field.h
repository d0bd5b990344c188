/*
 * field.h - one line of text under the caret: UTF-8 in, moved over by whole
 * characters. A secret field shows a star for each character and wipes
 * itself.
 */
#ifndef SUIFANG_TUI_FIELD_H
#define SUIFANG_TUI_FIELD_H

#include "core/base.h"
#include "tui/draw.h"
#include "tui/input.h"

#define FIELD_MAX 512

struct field {
	char text[FIELD_MAX];
	size_t len, caret; /* bytes */
	size_t max;        /* bytes allowed; 0: all there are */
	bool secret;
};

void field_set(struct field *f, const char *text);
/* Overwrites the text. */
void field_wipe(struct field *f);
/* False when the key means nothing to a text. A paste goes in as text, line
 * ends as spaces, and what does not fit is dropped. */
bool field_key(struct field *f, const struct key *k);
/* Shows the text around the caret; with focus parks the cursor there. */
void field_draw(
    const struct field *f, struct grid *g, struct spot at, bool focus);

#endif
