/*
 * shift.h - one unlocked seat at the terminal: its home, its connection to
 * the centre, its desk. Opened by a passphrase, closed when the person
 * leaves or another takes the terminal.
 */
#ifndef SUIFANG_TUI_SHIFT_H
#define SUIFANG_TUI_SHIFT_H

#include "core/base.h"
#include "sync/door.h"
#include "sync/presence.h"
#include "tui/desk.h"
#include "tui/holding.h"

struct client;
struct home;
struct ledger;
struct secret;

struct shift {
	struct home *home;
	struct client *client;
	struct desk desk;
	struct door *door; /* NULL: the socket could not be made */
	/* Descriptors in the app's loop: the connection's, the door's. */
	int watched[DOOR_GUESTS + 2];
	size_t watched_count;
	struct holding_keeper holding;
	enum presence presence; /* what the centre is told of the person */
};

/* Takes half a second. Errors of home_open. */
NODISCARD int shift_open(struct shift **out, const char *dir,
    const struct secret *passphrase, const struct env *env);
void shift_close(struct shift **shift);

/* The door of a desk into this ledger, which is borrowed. */
struct desk_log shift_log(struct ledger *ledger);

/* One turn of the loop: lets the connection work and tells the loop what to
 * wait for. */
void shift_turn(struct shift *shift, struct app *app);
/* For a terminal without a loop: lets connection and door work until fd is
 * readable. */
void shift_wait(struct shift *shift, int fd);
/* The grant may arrive with the first sync: who this is, again. True when
 * the role became known or changed. */
bool shift_learn(struct shift *shift);
/* Takes the connection out of the loop. */
void shift_leave(struct shift *shift, struct app *app);

#endif
