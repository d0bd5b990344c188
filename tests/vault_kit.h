/*
 * vault_kit.h - what the vault's tests share: a folder, a key, a table to
 * fill, and files to read and damage.
 */
#ifndef SUIFANG_TESTS_VAULT_KIT_H
#define SUIFANG_TESTS_VAULT_KIT_H

#include <sqlite3.h>

#include "core/vault.h"

struct kit {
	char *dir;
	char path[512];
	char wal[520];
	char journal[520];
	uint8_t key[VAULT_KEY];
};

/* Group fixtures: *state becomes a struct kit. */
int kit_setup(void **state);
int kit_teardown(void **state);

/* Removes every file of the folder. */
void kit_fresh(struct kit *k);
/* Opens k->path; fails the test when that fails. */
sqlite3 *kit_open(struct kit *k, const struct vault_opts *opts);
void kit_close(sqlite3 **db);
void kit_exec(sqlite3 *db, const char *sql);
int64_t kit_int(sqlite3 *db, const char *sql);
/* Rows id = from..to of table t(id, name, body), one transaction when none is
 * open; what a row holds follows from its id. */
void kit_fill(sqlite3 *db, int from, int to);
/* SQLite's own check, and every row as kit_fill wrote it. */
void kit_intact(sqlite3 *db);
/* The same without failing: number of rows that are wrong, or a negative
 * SQLite code. */
int kit_wrong_rows(sqlite3 *db);

/* Number of files in the folder. */
int kit_files(struct kit *k);
void kit_copy(const char *from, const char *to);
int64_t kit_size(const char *path); /* -1 when absent */
void kit_poke(const char *path, int64_t at, uint8_t xor);

#endif
