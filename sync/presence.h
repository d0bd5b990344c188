/*
 * presence.h - who of a team is at work now: a terminal says whether its
 * person is on a call, idle or away, and the centre tells supervisors so of
 * their team, with the time it last heard each seat. Messages, never records:
 * lost with the connection, and nothing depends on them.
 */
#ifndef SUIFANG_SYNC_PRESENCE_H
#define SUIFANG_SYNC_PRESENCE_H

#include "core/base.h"
#include "core/buf.h"

struct session;

#define PRESENCE_SEATS 512 /* in one message */

enum presence {
	PRESENCE_OFFLINE, /* not connected; never said by a terminal */
	PRESENCE_IDLE,
	PRESENCE_CALL,
	PRESENCE_AWAY /* the screen is locked */
};

struct crew_seat {
	struct id seat;
	uint8_t state;   /* enum presence */
	int64_t heard_s; /* when the centre last heard it; 0: not known */
};

/* Of one session, both sides. */
struct presence_state {
	uint8_t state;          /* said, or heard of the other side */
	struct crew_seat *crew; /* terminal: as told last; owned */
	size_t count;
	bool is_told;
	int rtt_ms; /* terminal: of the last PING; 0: none came back */
};
void presence_fini(struct presence_state *p);

/* Terminal: says it where it changed; the first time it also measures how
 * long an answer takes. */
void presence_say(struct session *s, enum presence now);
/* Sends a PING, whose answer measures the way. */
void presence_ping(struct session *s);
/* NULL: the centre has told nothing, which it tells supervisors alone. */
const struct crew_seat *presence_crew(size_t *count, const struct session *s);
int presence_rtt_ms(const struct session *s);

/* Node: what the terminal said last, and when it was heard. */
enum presence presence_of(const struct session *s);
uint64_t presence_heard_ms(const struct session *s);
void presence_tell(struct session *s, const struct crew_seat *crew, size_t n);

/* Inside of a session: its messages. */
void presence_ponged(struct session *s);
NODISCARD int presence_take(struct session *s, const void *data, size_t n);
NODISCARD int presence_take_crew(struct session *s, const void *data, size_t n);
/* CREW as bytes. *out is the caller's, of PRESENCE_SEATS. */
void wire_crew(struct buf *out, const struct crew_seat *crew, size_t n);
NODISCARD int wire_read_crew(
    struct crew_seat *out, size_t *count, const void *data, size_t n);

#endif
