/*
 * fleet.h - many seats in one process, for a centre that has to serve them
 * all: each has keys, a grant, a patient and a Noise session of its own, and
 * signed records made beforehand, but no store. A seat answers the centre as
 * a terminal does (binding, receipts, feed), and takes its feed on trust.
 */
#ifndef SUIFANG_TESTS_FLEET_H
#define SUIFANG_TESTS_FLEET_H

#include "core/buf.h"
#include "keys/identity.h"
#include "sync/chain.h"
#include "sync/channel.h"
#include "sync/wire.h"

struct home;
struct hospital;
struct site;

#define FLEET_DUE 64 /* syncs of a seat that may be under way */

/* Records given and not yet receipted, the oldest first. */
struct fleet_due {
	uint64_t seq; /* of the last record */
	double at_ms; /* when it was to be given */
};

struct fleet_seat {
	struct identity *me;
	char member[16];
	struct id patient;
	struct secret *key; /* of the patient's stream */
	struct hash kid;
	struct chain_head head; /* of the record made last */
	uint64_t lamport;
	uint64_t feed; /* newest item taken */
	struct hash chain;
	struct buf *work; /* messages of one sync each, u32 length first */
	uint64_t *work_seq;
	size_t work_count, work_done;
	/* While connected. */
	int fd;
	struct channel *channel;
	struct channel_cfg cfg;
	bool is_open, owes_took;
	struct chain_head told; /* what the hello said */
	uint64_t received;
	struct fleet_due due[FLEET_DUE];
	size_t due_count;
};

struct fleet {
	struct fleet_seat *seats;
	size_t n;
	struct site *site;
	struct record_seen seen; /* checkpoint that the records name */
	int epoll;
	/* A sync was receipted; waited_ms since it was to be given. */
	void (*on_receipt)(
	    void *ctx, struct fleet_seat *seat, double waited_ms);
	void *ctx;
};

/* n agents on the roster of a hospital whose centre does not serve, ten a
 * team, each with a patient; what they are owed by then, they have. */
void fleet_init(struct fleet *f, struct hospital *h, size_t n);
void fleet_fini(struct fleet *f);

/* Makes syncs of so many records each for a seat, with one entry each. */
void fleet_work(
    struct fleet *f, struct fleet_seat *seat, int syncs, int records);

/* Connects all, a few at a time, until each session is open. */
void fleet_connect(struct fleet *f);

/* Gives the next sync of a seat, due at that time; false when it has none or
 * too many are under way. */
bool fleet_give(struct fleet_seat *seat, double due_ms);

/* Waits for so long for what comes, and answers it. */
void fleet_step(struct fleet *f, int timeout_ms);

#endif
