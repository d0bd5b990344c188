/*
 * enrol.h - how a new seat comes in: the one-time code that a person types,
 * what the handshake carries, and the six words that two people compare.
 * Pure. Knows nothing of records, sockets or files. Bytes: docs/LOG.md.
 *
 * The issuer and the node compute the same code, each from its own X25519
 * secret and the other's public key, so that the code itself never travels:
 * the record of its issue says whom it is for and its public ticket.
 */
#ifndef SUIFANG_KEYS_ENROL_H
#define SUIFANG_KEYS_ENROL_H

#include "core/base.h"
#include "keys/identity.h"
#include "keys/sign.h"

#define ENROL_CODE 26  /* characters, 125 bits and a check character */
#define ENROL_TICKET 8 /* bytes */
#define ENROL_PSK 32
#define ENROL_HANDSHAKE 64
#define ENROL_WORDS 30    /* "bako difu ..." and the NUL */
#define ENROL_MEMBER 16   /* bytes */
#define ENROL_TERMINAL 32 /* bytes */
#define ENROL_PAYLOAD_MAX 192
#define ENROL_CODE_S 86400 /* a code lives 24 h */
#define ENROL_TRIES 5      /* wrong ones burn it */

/* Canonical: upper case, no separators, right check character. */
struct enrol_code {
	char text[ENROL_CODE + 1];
};

/* Whom a code is for; all of it goes into the code. */
struct enrol_for {
	struct id org;
	const char *member;
	const char *role;
	const char *terminal;
	int64_t until_s;
};

/* own_dh: DH_KEY bytes; peer_pk: the other side's X25519 key (the node's for
 * the issuer, the issuer's for the node). ERR_FORMAT for a key of low order. */
NODISCARD int enrol_derive(struct enrol_code *out, const struct secret *own_dh,
    const uint8_t peer_pk[DH_KEY], const struct enrol_for *whom);

/* What a person typed: any case, full-width forms, spaces and hyphens, O for
 * 0, I and L for 1. ERR_CODE when the check character disagrees. */
NODISCARD int enrol_parse(struct enrol_code *out, const char *typed);

/* In groups, as a person reads it aloud: "XXXXX-XXXXX-XXXXX-XXXXX-XXXXXX". */
#define ENROL_SHOWN 31
void enrol_show(char out[ENROL_SHOWN], const struct enrol_code *code) NONNULL;

void enrol_ticket(uint8_t out[ENROL_TICKET], const struct id *org,
    const struct enrol_code *code) NONNULL;
void enrol_psk(uint8_t out[ENROL_PSK], const struct id *org,
    const struct enrol_code *code) NONNULL;

/* Who asks to come in. The X25519 key is proved by the handshake itself. */
struct enrol_request {
	struct id org;
	uint8_t ticket[ENROL_TICKET];
	uint8_t sign_pk[SIGN_PUBLIC];
	uint8_t dh_pk[DH_KEY];
	char member[ENROL_MEMBER + 1];
	char terminal[ENROL_TERMINAL + 1];
};

/* Appends what message 3 carries: Ed25519 key, its signature over
 * everything, u8-length member and terminal. */
void enrol_payload_write(struct buf *out, const struct enrol_request *req,
    const struct secret *sign) NONNULL;
/* org, ticket and dh_pk of *req are given, the rest is filled in. ERR_FORMAT,
 * ERR_SIGNATURE. */
NODISCARD int enrol_payload_read(
    struct enrol_request *req, const void *payload, size_t n);

/* 72 bits of BLAKE2b over handshake and new keys, as six words of two
 * syllables that a telephone carries. */
void enrol_words(char out[ENROL_WORDS],
    const uint8_t handshake[ENROL_HANDSHAKE],
    const struct enrol_request *req) NONNULL;

#endif
