/*
 * door.h - the control socket of a terminal while it runs (an edge): what
 * suifang-key and suifang-log ask of the process that owns the home. Never
 * blocks; its owner polls the descriptors and calls door_step, as with
 * client.h. What needs the person's keys to sign needs a proof of the
 * passphrase; what only reads the sealed log does not, since whoever reaches
 * the socket may read the files beside it. Must not know screens.
 */
#ifndef SUIFANG_SYNC_DOOR_H
#define SUIFANG_SYNC_DOOR_H

#include "core/base.h"
#include "core/env.h"

#define DOOR_GUESTS 4 /* served at once; others wait in the socket's queue */

struct client;
struct door;
struct home;

/* All borrowed until door_free. */
struct door_cfg {
	struct home *home;
	struct client *client;
	const struct env *env;
};

/* Makes HOME/ctl.sock. ERR_IN_USE when a live process answers there,
 * ERR_READ_ONLY. */
NODISCARD int door_new(struct door **out, const struct door_cfg *cfg);
/* Closes and removes the socket; NULL inside is fine. */
void door_free(struct door **door);

/* What to poll, events of <poll.h>; changes with every step. */
struct door_fd {
	int fd;
	short events;
};
size_t door_fds(struct door_fd out[DOOR_GUESTS + 1], const struct door *door);
/* Time of env's mono_ms at which door_step wants to run anyhow. */
uint64_t door_wake_ms(const struct door *door);

/* Lets guests in, answers, writes. Outside any transaction. */
void door_step(struct door *door);

#endif
