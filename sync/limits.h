/*
 * limits.h - who may hold a connection that has not proved anything yet: so
 * many in all, so many an address, and no more after too many failed
 * handshakes. Decides only; knows neither sockets nor clocks. Memory is fixed
 * at limits_new, whatever arrives.
 *
 * An address is 16 bytes (IPv4 as ::ffff:a.b.c.d); an IPv6 network of 64 bits
 * counts as one address, because one host owns all of it. Times are env's
 * mono_ms.
 */
#ifndef SUIFANG_LIMITS_H
#define SUIFANG_LIMITS_H

#include "core/base.h"

#define LIMITS_PREFIXES 32 /* most prefixes with limits of their own */

struct address {
	uint8_t b[16];
};

/* Limits of one address, or of each address in a prefix. */
struct limits_row {
	struct address prefix;
	unsigned bits;      /* of the prefix that count, 0..128 */
	unsigned half_open; /* connections at a time */
	unsigned failures;  /* handshakes that may fail in a burst */
	unsigned refill_ms; /* until one of them is forgiven */
	bool is_shared;     /* the prefix as a whole counts as one address */
};

struct limits_cfg {
	unsigned half_open;      /* in all */
	unsigned deadline_ms;    /* to finish the handshake */
	unsigned slow_reader_ms; /* with output that does not move */
	struct limits_row any;   /* for addresses in no prefix */
	struct limits_row prefix[LIMITS_PREFIXES];
	unsigned prefixes;
};

/* 64 half-open, 4 an address, 5 s, 10 failures refilled one in 6 s, 60 s. */
void limits_defaults(struct limits_cfg *out);

enum limits_verdict {
	LIMITS_ADMIT,
	LIMITS_FULL,    /* too many half-open in all */
	LIMITS_ADDRESS, /* too many half-open of this address */
	LIMITS_FAILURES /* too many failed handshakes of this address */
};

/* For the operator's log: "full", "address", "failures". */
const char *limits_verdict_name(enum limits_verdict verdict);

struct limits;

/* Copies cfg. */
struct limits *limits_new(const struct limits_cfg *cfg);
void limits_free(struct limits **l);

/* A connection arrives. LIMITS_ADMIT counts it as half-open until limits_end
 * is called for it, exactly once. */
enum limits_verdict limits_begin(
    struct limits *l, const struct address *from, uint64_t now_ms);
/* It proved itself (failed = false) or ended before it did (failed = true,
 * which is charged to its address). */
void limits_end(
    struct limits *l, const struct address *from, bool failed, uint64_t now_ms);

unsigned limits_half_open(const struct limits *l);

/* True when output that began to wait at since_ms, or last moved by a
 * worthwhile amount then, has waited too long. */
bool limits_is_slow(const struct limits *l, uint64_t since_ms, uint64_t now_ms);
/* True when a connection that arrived at since_ms and has not yet proved
 * itself must go. */
bool limits_is_late(const struct limits *l, uint64_t since_ms, uint64_t now_ms);

#endif
