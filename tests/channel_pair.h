/*
 * channel_pair.h - two channels back to back in memory, with a hook between
 * them that sees, changes, drops or repeats what passes.
 */
#ifndef SUIFANG_TESTS_CHANNEL_PAIR_H
#define SUIFANG_TESTS_CHANNEL_PAIR_H

#include "sync/channel.h"
#include "tests/test.h"

struct channel_pair {
	struct test_env env;
	struct channel_cfg client_cfg, node_cfg;
	struct channel *client, *node;
	uint8_t client_sk[CHANNEL_KEY], node_sk[CHANNEL_KEY];
	uint8_t node_pk[CHANNEL_KEY]; /* as the client has it */
	uint8_t own_pk[CHANNEL_KEY];  /* as the node has it */
	uint8_t psk[CHANNEL_KEY], node_psk[CHANNEL_KEY];
	uint8_t ticket[CHANNEL_TICKET];
	int client_result, node_result; /* of the last channel_feed */
	/* May change the bytes on their way; NULL = none. */
	void (*meddle)(struct channel_pair *p, bool to_node, struct buf *b);
	void *meddle_ctx;
	int passes; /* calls of meddle so far */
};

/* Fixed keys from the seed; the channels do not exist yet. */
void channel_pair_init(
    struct channel_pair *p, enum purpose purpose, uint64_t seed);
/* Makes both ends; cfgs may be changed before. */
void channel_pair_open(struct channel_pair *p);
/* Carries bytes both ways until nothing moves. */
void channel_pair_run(struct channel_pair *p);
bool channel_pair_is_ready(const struct channel_pair *p);
/* All of that; fails the test when the handshake does. */
void channel_pair_ready(struct channel_pair *p, enum purpose purpose);
void channel_pair_fini(struct channel_pair *p);

#endif
