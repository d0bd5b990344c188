/* merkle_edge.c - the right edge of a tree. */
#include "sync/merkle_edge.h"

#include "core/err.h"

static int get(void *ctx, struct hash *out, unsigned level, uint64_t index)
{
	struct merkle_edge *e = ctx;

	if (level >= 64 || e->index[level][index & 1] != index)
		return ERR_NOT_FOUND;
	*out = e->node[level][index & 1];
	return 0;
}

static int put(
    void *ctx, unsigned level, uint64_t index, const struct hash *hash)
{
	struct merkle_edge *e = ctx;

	e->index[level][index & 1] = index;
	e->node[level][index & 1] = *hash;
	return 0;
}

struct merkle_store merkle_edge_store(struct merkle_edge *edge)
{
	return (struct merkle_store){get, put, edge};
}
