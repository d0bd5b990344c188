/*
 * site.h - the site file: all that a terminal must know of its organisation
 * and centre before it has ever connected, signed by the organisation root.
 * JSON; the signature covers "sf-site/1" | its canonical text without the
 * member "signature". Also papers: one statement with its signature as a
 * small JSON file, on its way between root, node and operator. Pure: text in,
 * values out; files belong to the callers. Bytes: docs/OPERATIONS.md.
 */
#ifndef SUIFANG_SYNC_SITE_H
#define SUIFANG_SYNC_SITE_H

#include "core/base.h"
#include "core/buf.h"
#include "core/json.h"
#include "keys/statement.h"
#include "sync/ledger.h"

#define SITE_MAX 65536 /* bytes of a site file or paper */
#define SITE_HOST 48
#define SITE_LIMITS 32
#define SITE_ROLLOVERS 16

/* A statement as it travels. Plain data. */
struct paper {
	char text[STATEMENT_TEXT_MAX + 1];
	char signature[2 * SIGNATURE + 1];
};

/* ERR_FORMAT when it is not {"text", "signature"}. */
NODISCARD int paper_read(struct paper *out, const json_t *value);
json_t *paper_json(const struct paper *paper);
/* Writes s and signs it with any Ed25519 secret: the root's for a statement,
 * the seat's own for a request to the root. */
void paper_make(
    struct paper *out, const struct statement *s, const struct secret *key);
/* A request: signed by the key that it names itself. ERR_FORMAT,
 * ERR_SIGNATURE. */
NODISCARD int paper_request(struct statement *out, const struct paper *paper);

/* Limits before authentication of the addresses in a prefix. */
struct site_limit {
	char prefix[64]; /* "10.1.0.0/16", "fd00::/8" */
	int half_open;   /* connections at a time of one address */
	int failures;    /* handshakes of it that may fail in a burst */
};

/* Plain data; about 80 kB. */
struct site {
	struct id org;
	char name[STATEMENT_NAME_MAX + 1]; /* of the organisation, in Chinese */
	char name_en[STATEMENT_NAME_MAX + 1];
	char host[SITE_HOST];
	uint16_t port;                /* 0: said by the centre when it starts */
	uint8_t root_pk[SIGN_PUBLIC]; /* of today's root */
	struct statement node;
	struct paper genesis, certificate;
	struct paper rollovers[SITE_ROLLOVERS]; /* oldest first */
	size_t rollover_count;
	/* The node's new beginnings after restores, oldest first. */
	struct paper incarnations[LEDGER_RESTORES];
	struct ledger_restore restores[LEDGER_RESTORES];
	size_t restore_count;
	struct site_limit limits[SITE_LIMITS];
	size_t limit_count;
};

/* Reads and verifies everything: genesis by its own key, each rollover by
 * the root before it, the node's certificate and the file by today's root.
 * *out is the caller's, freed with free(). ERR_FORMAT, ERR_SIGNATURE,
 * ERR_ORGANISATION, errors of json_load. */
NODISCARD int site_read(struct site **out, const char *text, size_t n);

/* Appends the file; certificate and names must be in place. */
void site_write(
    struct buf *out, const struct site *site, const struct secret *root);

/* A new organisation: genesis of this root, nothing else yet. */
void site_found(struct site *out, const struct secret *root,
    const uint8_t root_pk[SIGN_PUBLIC], int64_t now_s);

/* The organisation alone (names, genesis, rollovers, incarnations), as a
 * public file from which a node makes its request and the root a site. */
json_t *site_org_json(const struct site *site);
NODISCARD int site_org_read(struct site *out, const json_t *value);
/* The member "limits" of a site file or of a file of its own. */
NODISCARD int site_limits_read(struct site *out, const json_t *value);

/* Keys of the roots of now and before; returns how many. */
size_t site_roots(
    uint8_t out[SITE_ROLLOVERS + 1][SIGN_PUBLIC], const struct site *site);

/* A new beginning that this root signs: kept with the others. Errors as for
 * a site file that has it. */
NODISCARD int site_add_restore(
    struct site *site, const struct statement *anew, const struct secret *root);

/* ERR_EXPIRED when the node's certificate does not cover this second. */
NODISCARD int site_check_time(const struct site *site, int64_t now_s);

/* What the ledger must know of the node. */
void site_ledger_node(struct ledger_node *out, const struct site *site);

/* "host:port", where the centre is to be found. */
void site_address(char *out, size_t size, const struct site *site);

/* Tongue of tr_lang(). Borrowed. */
const char *site_name(const struct site *site);

#endif
