/*
 * stranger.h - a terminal with a seat's own keys whose program is not ours:
 * it says an honest hello to a real centre, and then whatever a test likes.
 */
#ifndef SUIFANG_TESTS_STRANGER_H
#define SUIFANG_TESTS_STRANGER_H

#include "tests/programs.h"

#include "sync/channel.h"

struct session;

struct stranger {
	struct home *home;
	struct channel_cfg cfg;
	struct channel *channel;
	struct session *session;
	struct buf in, kept; /* kept: all that was sent, as an observer may */
	int fd;
	int refusal; /* what the centre said when it hung up */
};

/* Waits until it has connected to this port of 127.0.0.1. */
int stranger_dial(uint16_t port);

/* The home is borrowed; returns when the session is open, or was refused. */
void stranger_open(struct stranger *s, struct hospital *h, struct home *home);
/* Only the channel, up to the last message of the handshake. */
void stranger_shake(struct stranger *s, struct hospital *h, struct home *home);
void stranger_close(struct stranger *s);

/* Says this; then listens until the centre hangs up (false) or a message
 * number `until` has come (true; 0: only hanging up counts). */
bool stranger_say(struct stranger *s, const struct buf *msg, int until);

/* A GIVE with this record of the home's own seat. */
void stranger_give(struct buf *out, struct home *home, uint64_t seq);

/* One entry that an honest program would not have signed: as if the person
 * had that role. */
void stranger_record(struct home *home, char role, enum kind kind,
    const struct id *stream, json_t *body);

#endif
