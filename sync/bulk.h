/*
 * bulk.h - inside of a session: many things at once. The centre's side shows
 * what its feed rests on, sends whole patients and lends keys (bulk_node.c);
 * the terminal's takes them (bulk_seat.c). Errors are the session's. Bytes:
 * docs/WIRE.md.
 */
#ifndef SUIFANG_SYNC_BULK_H
#define SUIFANG_SYNC_BULK_H

#include "sync/wire.h"

struct feed_item;
struct leaf;
struct session;

/* ---- bulk_node.c: many things at once ---- */
/* Sends these items, before them the keys of their streams, and a proof
 * where there are many records. */
NODISCARD int bulk_send(
    struct session *s, const struct feed_item *items, int n);
/* Shows the newest checkpoint where it says more than the basis so far: the
 * terminal takes nothing beyond it. */
NODISCARD int bulk_basis(struct session *s);
/* A lease when the last one was given an hour ago. */
NODISCARD int bulk_lease(struct session *s);
NODISCARD int bulk_asked(struct session *s, const void *data, size_t n);

/* ---- bulk_seat.c ---- */
/* ERR_PROTOCOL where the message is none of bulk_seat's. */
NODISCARD int bulk_message(
    struct session *s, enum msg msg, const void *data, size_t n);
/* 1: the leaf is proved, 0: nothing is said of it; ERR_UNPROVED. */
NODISCARD int bulk_is_attested(struct session *s, const struct leaf *leaf);

#endif
