/*
 * world.h - a small organisation in one process: a node and seats with real
 * ledgers on real stores, joined by sessions whose messages are carried by
 * hand. For tests of the ledger, of sessions, and for the simulator.
 */
#ifndef SUIFANG_TESTS_WORLD_H
#define SUIFANG_TESTS_WORLD_H

#include "tests/test.h"

#include "core/draft.h"
#include "core/store.h"
#include "keys/identity.h"
#include "keys/secret.h"
#include "sync/ledger.h"
#include "sync/session.h"

#define WORLD_SEATS 8

struct world;
typedef const char *world_disk_fn(void *ctx, const char *name);

/* One seat or the node. */
struct world_seat {
	struct world *world;
	struct test_env env; /* its own clock; randomness from one seed */
	char path[4200];
	const char *base_vfs; /* below the vault; NULL = the system's */
	char member[20];
	struct identity *me;
	struct secret *wrap, *seal_sk, *check_sk;
	struct store *store;
	struct ledger *ledger;
	/* The open session with the node, both ends, and what is under way. */
	struct session *here, *there;
	struct buf to_node, to_seat; /* u32-length messages */
	bool dirty_node, dirty_seat; /* handled and not yet committed */
};

struct world {
	struct test_env env;
	char *dir;
	struct id org, roster, team;
	uint8_t root_pk[SIGN_PUBLIC];
	struct secret *root_sk;
	struct ledger_node node_keys;
	struct world_seat node;
	struct world_seat seats[WORLD_SEATS];
	int count;
	bool ack_early;        /* the simulator's: receipts before the commit */
	const struct id *gone; /* erased before a restore; or NULL */
	bool keeps_first;      /* the simulator's: owns the first node's keys */
	world_disk_fn *disk;
	void *disk_ctx;
};

/* A node with its first records: the organisation, operator O001 with a seat
 * (seats[0]), team. */
struct world *world_new(uint64_t seed);
/* The same with every store on a disk of its own; disk(name) gives the VFS
 * of a new one. */
struct world *world_new_on(uint64_t seed, world_disk_fn *disk, void *ctx);
/* The same while the root has not certified the node yet. */
struct world *world_new_uncertified(uint64_t seed);
void world_free(struct world *w);

/* The operator grants a person and a seat; returns the seat, not yet synced. */
struct world_seat *world_join(
    struct world *w, const char *member, const char *role);

/* Inside of world_new and of a restore (world_restore.h): a node with new
 * keys in w->node, and what the root says of it. */
void world_make_node(struct world *w, const char *name);
void world_draft_node(struct world *w, struct draft *d);

/* Opens and closes stores, as a process start and end would. */
void world_open(struct world_seat *seat);
int world_try_open(struct world_seat *seat);
void world_close(struct world_seat *seat);
/* A closed seat's files, from what its path and `from` name to what its path
 * and `to` name: "" and ".copy" make a copy, the other way puts it back. */
void world_copy_disk(struct world_seat *seat, const char *from, const char *to);

/* A session with the node; messages move in world_carry. */
void world_connect(struct world_seat *seat);
void world_cut(struct world_seat *seat);
/* Moves messages both ways and commits, until nothing moves. Returns the
 * first error of either side, which cuts the session. */
int world_carry(struct world_seat *seat);
/* One side handles one message, commits what it handled, or pumps. An error
 * is the session's and cuts it. False: there was nothing to do. */
bool world_step_node(int *r, struct world_seat *seat);
bool world_step_seat(int *r, struct world_seat *seat);
/* connect, carry, cut. */
int world_sync(struct world_seat *seat);

/* The node registers a patient and assigns it. */
struct id world_patient(struct world *w, const char *name, const char *member);
/* One entry by a seat; returns its sequence number. */
uint64_t world_say(struct world_seat *seat, enum kind kind,
    const struct id *stream, const char *json);
/* One by a supervisor, or the node: the patient to another list, or to none. */
void world_move(
    struct world_seat *by, const struct id *patient, const char *member);
/* As world_say, expecting an error. */
int world_try(struct world_seat *seat, enum kind kind, const struct id *stream,
    const char *json);

/* One number out of its store. */
int64_t world_count(struct world_seat *seat, const char *sql);
/* Digest over all view rows; equal views, equal hex. */
void world_digest(char out[HASH_HEX], struct world_seat *seat);

#endif
