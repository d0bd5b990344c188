/*
 * node_inbox.h - what a terminal has said and the centre has not heard yet,
 * because signatures are being checked beside the loop (node_crew.h). Each
 * connection's messages are heard in the order they came, and no more is
 * read of one that has much waiting. Plain data in node_impl.h.
 */
#ifndef SUIFANG_SYNC_NODE_INBOX_H
#define SUIFANG_SYNC_NODE_INBOX_H

#include "core/base.h"

struct checked;
struct letter;
struct node;
struct peer;

/* Of one connection. */
struct inbox {
	struct letter *first, **end;
	size_t bytes;
	bool is_paused, is_due;
	struct peer *next_due; /* whose messages came back too */
};

/* Threads for all processors but one; none on a machine with one. */
NODISCARD int inbox_open(struct node *n);
/* When every connection is closed. */
void inbox_close(struct node *n);

/* A message of a connection. True: it waits here, and node_hear will be
 * called with it; false: it is to be heard now. */
bool inbox_put(struct peer *p, const uint8_t *msg, size_t len);
/* All is read that was at hand: sends for checking, or has it heard. */
void inbox_turn(struct node *n);
/* From time to time, should a word of the crew be lost. */
void inbox_tick(struct node *n);
/* The connection ends: what waits is heard now. */
void inbox_end(struct peer *p);

/* node.c: found as in session_message_checked. Ends the session where that
 * fails. */
void node_hear(struct peer *p, const uint8_t *msg, size_t len,
    const struct checked *found);

#endif
