/*
 * bars.h - the three lines every full screen shares: title bar, message
 * line, key bar.
 */
#ifndef SUIFANG_TUI_BARS_H
#define SUIFANG_TUI_BARS_H

#include "core/base.h"
#include "tui/screen.h"

struct message {
	char text[256];
	enum look look;
	bool undo; /* the undo key works now */
};

/* Row 0: title and subtitle at the left, status at the right. */
void bars_title(
    struct grid *g, struct screen *s, const char *status, enum look look);
/* The last row but one; empty text draws nothing. */
void bars_message(struct grid *g, const struct message *m);
/* The last row: keys of the screen's ops, as many as fit. An op that is not
 * possible now is dimmed. */
void bars_keys(struct grid *g, struct screen *s);
/* Key of an op as people read it ("Enter", "F5", "/"). "" when none. */
/* Of two ops with one key the one that is possible now. */
enum op bars_holder(const struct screen *s, enum op op);
const char *bars_key_name(enum op op);

#endif
