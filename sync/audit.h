/*
 * audit.h - everything a store keeps of the log, doubted: names, chains,
 * signatures, boxes, the order and its newest checkpoint; and the same
 * records as the source of an export. Must not know folders, programs or
 * what entries mean.
 */
#ifndef SUIFANG_SYNC_AUDIT_H
#define SUIFANG_SYNC_AUDIT_H

#include "core/base.h"
#include "keys/identity.h"
#include "sync/commit.h"
#include "sync/export.h"
#include "sync/incoming.h"

struct ledger;

/* All borrowed. The node's X25519 key completes its seat's name. */
struct audit {
	struct ledger *ledger;
	const uint8_t *node_dh_pk;
	/* Called between pages, with no query open: others may read and write
	 * meanwhile. Its error ends the pass. NULL: nobody waits. */
	int (*breathe)(void *ctx);
	void *ctx;
};

/* Whom each fault is told. */
struct audit_faults {
	export_fault_fn *fault;
	void *ctx;
};

struct audit_report {
	uint64_t records;
	uint64_t seats;
	uint64_t boxes;    /* present and matching */
	uint64_t withheld; /* not here, or erased */
	uint64_t forks;    /* records kept as evidence */
	uint64_t leaves;   /* places of the order known here */
	uint64_t size;     /* of the newest checkpoint, 0 without one */
};

/* Reports each thing wrong with the name of its record, place or note, and
 * goes on. 0 or ERR_CHECK, both with *out; other errors when the store
 * cannot be read. Outside any transaction. */
NODISCARD int audit_run(struct audit_report *out, const struct audit *audit,
    export_fault_fn *fault, void *ctx);

/* One record, doubted alone. */
struct audit_proof {
	uint8_t sign_pk[SIGN_PUBLIC]; /* that signed it */
	struct commit_name name;
	bool is_linked; /* the record before it is here and is the one named */
	uint32_t boxes, withheld;
	bool is_placed; /* its place names this record and its verdicts */
	struct leaf place;
	uint64_t size; /* of the newest checkpoint, 0 without one */
};
/* 0, or ERR_CHECK after a fault was reported, both with *out; ERR_NOT_FOUND.
 * Outside any transaction. */
NODISCARD int audit_prove(struct audit_proof *out, const struct audit *audit,
    const struct ref *record, struct audit_faults faults);

/* Records of the ledger for export_write; forks come as branches. audit must
 * outlive the source. */
struct export_source audit_source(struct audit *audit);

#endif
