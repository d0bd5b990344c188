/*
 * node.h - the centre while it serves (an edge): many terminals, one ledger,
 * one commit for all that arrived in a round. Sockets are net_loop.h's, what
 * is said is session.h's, who may come in anew is decided here. Must not know
 * screens or what entries mean.
 */
#ifndef SUIFANG_SYNC_NODE_H
#define SUIFANG_SYNC_NODE_H

#include "core/base.h"
#include "core/env.h"

struct home;
struct node;

struct node_cfg {
	struct home *home; /* opened as the node's */
	const struct env *env;
	const char *host; /* to listen at; NULL: every address */
	uint16_t port;    /* 0: any free one */
	int ctl;          /* listening at HOME/ctl.sock; stays the caller's */
	int until_idle_s; /* stop when nobody was connected for so long */
};

/* Listens and writes HOME/port. ERR_IN_USE when the port is taken. Everything
 * in cfg is borrowed until node_free. */
NODISCARD int node_new(struct node **out, const struct node_cfg *cfg);
/* Until SIGTERM, SIGINT, a stop request or idleness; 0, or the store's error
 * that made going on senseless. */
NODISCARD int node_run(struct node *node);
void node_free(struct node **node);

#endif
