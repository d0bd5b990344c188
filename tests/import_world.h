/*
 * import_world.h - a store with the sample roster in it, for the tests of
 * importers: drafts are checked and folded, without keys.
 */
#ifndef SUIFANG_TESTS_IMPORT_WORLD_H
#define SUIFANG_TESTS_IMPORT_WORLD_H

#include "core/entry.h"
#include "core/err.h"
#include "core/fold.h"
#include "core/pathway_set.h"
#include "core/store.h"
#include "sync/import_enrol.h"
#include "sync/import_members.h"
#include "sync/import_pinyin.h"
#include "tests/test.h"

#define ZONE (8 * 3600)

struct world {
	char *dir;
	struct store *store;
	struct entry_book *book;
	struct fold *fold;
	struct pathway_set *pathways;
	struct pinyin_engine *pinyin;
	struct test_env env;
	uint64_t seq;
	struct import_site site;
	struct import_staff staff;
	size_t kinds[KIND_COUNT]; /* entries saved */
};

/* store_peek.c */
int64_t test_scalar(struct store *store, const char *sql);

int import_world_new(void **state);
int import_world_free(void **state);
/* What the ledger does with a draft, without keys: check and fold. Empties
 * the draft. */
void import_world_save(struct world *w, struct draft *draft);
void import_world_roster(struct world *w, const char *text);
/* Files of a folder with this suffix, which must all be good. */
void import_world_read(
    struct import_batch *b, const char *dir, const char *suffix);
/* The whole sample, tied together. */
struct import_batch *import_world_sample(void);

#endif
