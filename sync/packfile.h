/*
 * packfile.h - writes a git pack stream: whole objects without deltas, in
 * stored (uncompressed) zlib blocks, because boxes are ciphertext. Must not
 * know repositories, files or records. Format: git's gitformat-pack,
 * version 2; RFC 1950 and 1951.
 */
#ifndef SUIFANG_SYNC_PACKFILE_H
#define SUIFANG_SYNC_PACKFILE_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/sha1.h"

/* git's type numbers. */
enum pack_type {
	PACK_COMMIT = 1,
	PACK_TREE = 2,
	PACK_BLOB = 3
};

struct pack {
	/* Takes the next n bytes of the stream; 0 or an error. */
	int (*sink)(void *ctx, const void *data, size_t n);
	void *ctx;
	struct buf out;
	struct sha1_state sum;
	uint32_t left; /* objects still to come */
};

/* total objects will follow. Free with pack_fini. */
void pack_init(struct pack *pack, uint32_t total) NONNULL;
void pack_fini(struct pack *pack) NONNULL;

/* Adds one object; errors are the sink's. */
NODISCARD int pack_add(
    struct pack *pack, enum pack_type type, const void *data, size_t n);

/* Writes the trailer after the last object. */
NODISCARD int pack_finish(struct pack *pack) NONNULL;

#endif
