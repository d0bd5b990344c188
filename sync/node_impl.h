/*
 * node_impl.h - inside of the serving centre, shared by node.c (connections),
 * node_turn.c (rounds), node_enrol.c (new seats) and node_ctl.c (the
 * operator's socket).
 */
#ifndef SUIFANG_SYNC_NODE_IMPL_H
#define SUIFANG_SYNC_NODE_IMPL_H

#include "core/buf.h"
#include "sync/channel.h"
#include "sync/ctl.h"
#include "sync/limits.h"
#include "sync/net_loop.h"
#include "sync/node.h"
#include "sync/node_inbox.h"
#include "sync/request.h"

struct crew;
struct crew_job;
struct heard;

/* One connection. */
struct peer {
	struct node *node;
	struct net_conn *conn;
	struct channel *channel; /* NULL for the control socket */
	bool has_failed;         /* what still comes in is not looked at */
	struct session *session;
	struct inbox inbox;
	struct buf line; /* of the control socket */
	bool has_asked;  /* its one request is taken */
	bool is_open;    /* the session named its seat */
	bool is_revoked; /* it only gives what it has */
	struct peer *next, *prev;
	struct peer *next_busy; /* this turn; or when there is room */
	bool is_busy;
	uint64_t looked_ms, told_ms, crew_sum; /* node_presence.c */
};

/* A request that takes long: it runs between rounds, not in one, and lets
 * rounds be made meanwhile. One at a time. */
struct node_job {
	struct ctl_request asked;
	struct peer *peer; /* who asked; NULL when it has left */
	bool is_there;
};

struct node {
	struct node_cfg cfg;
	struct node_job job;
	struct ledger *ledger;
	const struct site *site;
	struct limits_cfg limits_cfg;
	struct limits *limits;
	struct net_handlers handlers;
	struct channel_cfg channel_cfg;
	struct net_loop *loop;
	struct peer *peers;
	struct peer *busy; /* those with something to commit or to feed */
	struct crew *crew; /* checks signatures; NULL: nobody does */
	/* What it has not been given yet. */
	struct crew_job *fresh, **fresh_end;
	size_t fresh_count;
	struct node_stats stats;
	uint64_t last_seen_ms; /* somebody was connected */
	uint64_t roster;       /* its version when seats were last checked */
	uint64_t checked_ms;
	int64_t clock_hour;          /* when covers were last looked at */
	uint64_t refused_noted;      /* of stats.refused, in the log */
	struct address refused_from; /* the last one */
	enum limits_verdict refused_why;
	uint16_t port;
	int signals;         /* signalfd */
	struct heard *heard; /* when those who left were heard last */
	size_t heard_count;
	bool is_stopping;
	int failure; /* of the store: final */
};

/* ---- node_turn.c ---- */
/* Commits what the round brought and says so to every session. */
int node_commit(struct node *n);
/* net_handlers.on_turn; ctx is the node. */
void node_turn(void *ctx);
/* When all is written that can be: can some session go on feeding at once? */
bool node_has_more(const struct node *n);
/* It has something to commit, to say or to be fed. */
void node_make_busy(struct peer *p);
void node_forget_busy(struct peer *p);
/* Says why and closes; and without a word, keeping what it counted. */
void node_end_session(struct peer *p, int code);
void node_close_session(struct peer *p);
/* What this terminal took goes from what the store says it is owed. */
void node_note_taken(struct peer *p);
/* Moves what the channel wants to say to the socket. */
void node_flush(struct peer *p);

/* ---- node_presence.c ---- */
void node_tell_crews(struct node *n, uint64_t now_ms);
/* Before the session of a connection that ends is closed. */
void node_note_left(const struct peer *p);

/* channel_cfg.find_psk. */
int node_find_psk(
    uint8_t psk[CHANNEL_KEY], void *ctx, const uint8_t ticket[CHANNEL_TICKET]);
/* The handshake of an enrolment is done: keeps the request, answers. */
int node_enrol(struct peer *p);
/* A handshake with a ticket failed: five burn the code. */
void node_wrong_try(struct peer *p);

/* Runs the job, if there is one. Outside any round. */
void node_run_job(struct node *n);
void node_forget_peer(struct node *n, const struct peer *p);

/* Bytes of the control socket. */
int node_ctl_bytes(struct peer *p, const uint8_t *data, size_t len);

#endif
