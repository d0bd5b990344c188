/*
 * shift.h - one unlocked seat at the terminal: its home, its connection to
 * the centre, its desk. Opened by a passphrase, closed when the person
 * leaves or another takes the terminal.
 */
#ifndef SUIFANG_TUI_SHIFT_H
#define SUIFANG_TUI_SHIFT_H

#include "core/base.h"
#include "tui/desk.h"

struct client;
struct home;
struct secret;

struct shift {
	struct home *home;
	struct client *client;
	struct desk desk;
	int watched_fd; /* of the client, in the app's loop; -1: none */
};

/* Takes half a second. Errors of home_open. */
NODISCARD int shift_open(struct shift **out, const char *dir,
    const struct secret *passphrase, const struct env *env);
void shift_close(struct shift **shift);

/* One turn of the loop: lets the connection work and tells the loop what to
 * wait for. */
void shift_turn(struct shift *shift, struct app *app);
/* The grant may arrive with the first sync: who this is, again. True when
 * the role became known or changed. */
bool shift_learn(struct shift *shift);
/* Takes the connection out of the loop. */
void shift_leave(struct shift *shift, struct app *app);

#endif
