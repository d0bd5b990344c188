/*
 * maker.h - makes chains of signed records with boxes for tests; everything
 * follows from the seed.
 */
#ifndef SUIFANG_TESTS_MAKER_H
#define SUIFANG_TESTS_MAKER_H

#include "core/buf.h"
#include "keys/identity.h"
#include "sync/chain.h"
#include "tests/test.h"

struct maker {
	struct test_env world;
	struct identity *identity;
	struct chain_head head; /* of the record made last */
	struct record record;   /* the record made last */
	struct buf commit;      /* its canonical bytes */
	struct buf boxes[RECORD_ENTRIES_MAX];
};

struct maker *maker_new(uint64_t seed);
void maker_free(struct maker **m);

/* Next record of the seat, with n entries (modes C and S by turns). */
void maker_next(struct maker *m, uint32_t n);

/* Signs m->record again after a change of its values; commit and head too. */
void maker_finish(struct maker *m);

#endif
