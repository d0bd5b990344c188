/*
 * test.h - what every test includes: cmocka with its prerequisites, and the
 * few helpers that all tests share.
 */
#ifndef SUIFANG_TESTS_TEST_H
#define SUIFANG_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base.h"
#include "core/env.h"

/* A deterministic world: time stands still until told, randomness is a
 * seeded generator (splitmix64). Never linked into a product. */
struct test_env {
	struct env env;
	int64_t now_s;
	uint64_t mono_ms;
	uint64_t seed;
};
void test_env_init(struct test_env *t, uint64_t seed);

/* A fresh empty folder below $TMPDIR, removed by test_dir_remove. */
char *test_dir_new(void);
void test_dir_remove(char *dir);

/* Path of a file in ../shared, or NULL after printing a skip line; with
 * REQUIRE=shared in the environment its absence fails the test. */
const char *test_shared(const char *path);

/* Repetitions for this pass: n, or a tenth of it under a sanitizer. */
int test_repeat(int n);

/* Whole file, NUL-terminated; the caller frees. Fails the test if absent. */
char *test_read_file(const char *path, size_t *len);
/* A file of this text in a folder, in place of what was there. */
void test_write_file(const char *dir, const char *name, const char *text);

/* SQL of a test's own against a store; and its first column. */
struct store;
int test_exec(struct store *store, const char *sql);
int64_t test_scalar(struct store *store, const char *sql);
/* How often these bytes stand in the store's file as SQLite reads it, free
 * pages and all. */
int test_in_pages(struct store *store, const void *what, size_t n);

#endif
