/*
 * desk_maker.h - a desk for tests of screens: a real store in a folder of
 * its own, people and patients put into the view by the fold, and a door
 * into the log that folds without signing. Everything follows from the seed.
 */
#ifndef SUIFANG_TESTS_DESK_MAKER_H
#define SUIFANG_TESTS_DESK_MAKER_H

#include "core/id.h"
#include "sync/presence.h"
#include "tests/test.h"
#include "tui/desk.h"
#include "tui/screens.h"

struct desk_maker {
	struct test_env world;
	struct desk desk;
	char *dir;
	struct entry_book *book;
	struct fold *fold;
	uint64_t seq;
	int64_t shift_s;   /* of the entries made here, from now */
	int fail;          /* the next record fails with this */
	unsigned recorded; /* records since the start */
	struct desk_sync sync;
	bool is_bare; /* what is entered now leaves no rows of records */
	struct crew_seat crew[4]; /* what the centre told of the team */
	size_t crew_count;
	bool varied; /* many patients have names and ages of their own */
};

/* A017 by default. dir NULL: a new folder, removed at the end; otherwise
 * the folder is opened or created, and kept. */
void desk_maker_init(struct desk_maker *m, char role, const char *dir);
/* The same on another disk: name of an SQLite VFS, NULL: the system's. */
void desk_maker_init_on(
    struct desk_maker *m, char role, const char *dir, const char *vfs);
void desk_maker_fini(struct desk_maker *m);

/* Enters one entry; body as JSON text with ' for ". */
void desk_maker_enter(struct desk_maker *m, enum kind kind,
    const struct id *stream, const char *body);

/* A terminal that waits for its passphrase, and takes none. */
extern const struct unlock_arg desk_locked;

/* Handle of patient n (from 1). */
struct id desk_patient(int n);
/* The six patients of the mock-ups with diagnoses, readings and dues. */
void desk_maker_fill(struct desk_maker *m);
/* Patient 1, 欧阳建国, has been followed: an operation, laboratory values, a
 * call four days ago, its alert with the doctor's answer, closed. */
void desk_maker_follow(struct desk_maker *m);
/* The centre has told of the team: A012 left 19 hours ago, A017 is on a call,
 * A019 is away and silent for 40 minutes. */
void desk_maker_staff(struct desk_maker *m);
/* Patient 2, 单雪梅, has two pathways due today. */
void desk_maker_enrol_both(struct desk_maker *m);
/* n patients due around today, for lists and benchmarks; one transaction. */
void desk_maker_fill_many(struct desk_maker *m, int n);
/* The same from the patient of this number on. */
void desk_maker_fill_from(struct desk_maker *m, int from, int n);

/* A maker that only fills somebody else's store, its days around now_s. */
void desk_maker_borrow(
    struct desk_maker *m, struct store *store, int64_t now_s);
void desk_maker_return(struct desk_maker *m);

#endif
