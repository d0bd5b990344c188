/*
 * client.h - the terminal's side of the wire (an edge): one connection to the
 * centre at a time, made again with back-off and jitter; a channel and a
 * session over it; one commit for all that arrived together. Never blocks.
 * Must not know screens: its owner polls the descriptor and reads the status.
 *
 *     for (;;) {
 *             poll client_fd() for client_events() until client_wake_ms();
 *             client_step(client);
 *             ... draw when store_generation() or client_status() changed
 *     }
 */
#ifndef SUIFANG_SYNC_CLIENT_H
#define SUIFANG_SYNC_CLIENT_H

#include "core/base.h"
#include "core/env.h"
#include "sync/presence.h"

struct home;
struct ledger;
struct site;

/* Everything is borrowed until client_free. */
struct client_cfg {
	struct ledger *ledger;
	const struct site *site;
	const struct env *env;
	const char *address; /* "host:port" in place of the site's, or NULL */
	struct home *home;   /* keeps the receipts that come; NULL: nobody */
};

struct client;

/* Connects at the first step. Never NULL. */
struct client *client_new(const struct client_cfg *cfg);
void client_free(struct client **client);

/* What to poll; -1 between connections and while it waits for the disk
 * alone. Ask again after every step: it changes. Events are POLLIN, POLLOUT
 * of <poll.h>. */
int client_fd(const struct client *client);
short client_events(const struct client *client);
/* Time of env's mono_ms at which client_step wants to run though nothing
 * happened on the descriptor. */
uint64_t client_wake_ms(const struct client *client);

/*
 * Does what can be done now: connect, read, enter what arrived and commit it,
 * write. Call when the descriptor is ready, at client_wake_ms, and after each
 * own save (it sends the record). Outside any transaction of the caller.
 * Failures end the connection and show in the status.
 */
void client_step(struct client *client);

/* A step stops entering after so many milliseconds and asks to be called
 * again at once (client_wake_ms); more at a time is faster in all: every step
 * is a commit. Without a call a step takes what is at hand, but no more than
 * CLIENT_BULK_MS of it. */
#define CLIENT_BULK_MS 120
void client_patience(struct client *client, uint64_t ms);
/* A first sync is under way, which CLIENT_BULK_MS at a time suits best. */
bool client_is_bulk(const struct client *client);

/* The next step connects at once, whatever the back-off says. */
void client_retry(struct client *client);

/* Ends the connection, if there is one, before the ledger is changed by
 * another way; the next step connects again. */
void client_hang_up(struct client *client);

/* What the centre is told of the person, from the next step on. */
void client_presence(struct client *client, enum presence presence);
/* Who of the team is at work; NULL: not a supervisor, or not connected. */
const struct crew_seat *client_crew(size_t *count, const struct client *client);

enum client_state {
	CLIENT_OFFLINE,
	CLIENT_CONNECTING,
	CLIENT_ONLINE
};

struct client_status {
	enum client_state state;
	int64_t since_s;  /* when it became offline or online */
	int64_t synced_s; /* last time nothing was under way; 0 = never */
	uint64_t unsent;  /* own records the centre has no receipt for */
	uint64_t in_feed; /* items of a long feed that are still to come */
	uint64_t taken;   /* items that came since it was online */
	uint64_t given;   /* receipts since something waits */
	bool is_current;  /* online and nothing under way */
	bool is_settled;  /* and every signature here has been checked */
	bool is_revoked;  /* the centre takes what is here and gives nothing */
	bool is_recovering; /* the centre was restored and gathers */
	int error;          /* why the last connection ended; 0 = it did not */
	int alarm;          /* what the centre was caught at (alarm.h), or 0 */
	int rtt_ms;         /* 0: not known */
	/* "host:port" of the centre; lives as long as the client. */
	const char *address;
};
void client_status(struct client_status *out, const struct client *client);

/*
 * For programs without a screen: connects and exchanges until everything is
 * settled, at most timeout_ms, then closes. ERR_UNREACHABLE when it was not
 * settled in time, ERR_REVOKED when all was given and nothing comes any more,
 * or the error that the centre answered with.
 */
NODISCARD int client_settle(const struct client_cfg *cfg, uint64_t timeout_ms);

#endif
