/*
 * request.h - what an operator asks of a node, the same whether it is
 * serving (asked through ctl.sock) or not (the program opens the home
 * itself): words in, lines out. Knows neither sockets nor terminals.
 */
#ifndef SUIFANG_SYNC_REQUEST_H
#define SUIFANG_SYNC_REQUEST_H

#include "core/base.h"
#include "core/buf.h"
#include "core/env.h"

struct home;

/* What a serving node has counted since it started. */
struct node_stats {
	int64_t started_s;
	uint64_t accepted; /* connections */
	uint64_t refused;  /* turned away by the limits */
	uint64_t failed;   /* handshakes that failed */
	uint64_t commits;
	uint64_t receipts;  /* sent */
	uint64_t commit_ms; /* the slowest so far */
	unsigned online;    /* seats connected now */
	unsigned half_open;
};

/* A seat that is connected now. */
struct seat_live {
	uint64_t under_way; /* feed items sent and not yet taken */
	uint64_t waiting;   /* bytes that its line has not taken */
	uint64_t unsent;    /* records that wait at the terminal */
};

struct request {
	struct home *home;
	const struct env *env;
	const struct node_stats *stats; /* NULL: not serving */
	/* False when this seat is not connected. NULL: not serving. */
	bool (*look)(struct seat_live *out, void *ctx, const struct id *seat);
	/* Serving: a long request calls this where nothing is half-done; its
	 * error ends the request. NULL: nobody waits. */
	int (*breathe)(void *ctx);
	void *ctx;
	const char *const *words; /* verb, then options and arguments */
	size_t count;
	struct buf *out; /* lines for people or programs */
};

/* 0 or an error; *stop is set for "stop". ERR_USAGE: no such verb. */
NODISCARD int request_run(const struct request *q, bool *stop);

/* Does this verb take long enough to breathe? */
bool request_is_long(const char *verb);

#endif
