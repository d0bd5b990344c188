/*
 * fault_disk.h - the files of the faulty disk, without SQLite: contents as
 * seen and as durable, and what a power cut makes of the difference.
 * Included by tests/fault_*.c only.
 */
#ifndef SUIFANG_TESTS_FAULT_DISK_H
#define SUIFANG_TESTS_FAULT_DISK_H

#include "core/base.h"

enum {
	FAULT_SECTOR = 512
};

/* One change that is not yet durable: bytes at an offset, or a new length. */
struct fault_change {
	int64_t at;
	size_t len;    /* of data; 0 for a truncate to `at` */
	uint8_t *data; /* NULL for a truncate */
	int64_t size;  /* of the file after it */
};

struct fault_bytes {
	uint8_t *p;
	size_t len;
	size_t cap;
};

struct fault_node {
	char *name; /* NULL when unlinked and still open */
	struct fault_bytes now;
	struct fault_bytes durable;
	bool is_durable; /* its name survives a cut */
	bool is_ghost;   /* deleted without a sync: may come back */
	struct fault_change *changes;
	size_t changes_n;
	int refs;
	int shared;         /* holders of a SHARED lock or more */
	const void *writer; /* handle with RESERVED or more */
	bool is_exclusive;
	struct fault_node *next;
};

void fault_bytes_write(
    struct fault_bytes *b, int64_t at, const void *data, size_t n);
void fault_bytes_truncate(struct fault_bytes *b, int64_t size);

void fault_node_write(
    struct fault_node *f, int64_t at, const void *data, size_t n);
void fault_node_truncate(struct fault_node *f, int64_t size);
void fault_node_sync(struct fault_node *f);
/* Settles what survives; seed is advanced. */
void fault_node_cut(struct fault_node *f, uint64_t *seed);
void fault_node_free(struct fault_node *f);

uint64_t fault_draw(uint64_t *seed, uint64_t below);

#endif
