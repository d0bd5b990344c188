/* asset.c - looking up embedded files (table made by schemas/embed.sh). */
#include "core/asset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

extern const struct asset asset_table[];
extern const uint64_t asset_count;

static int by_path(const void *key, const void *row)
{
	return strcmp(key, ((const struct asset *)row)->path);
}

const struct asset *asset_find(const char *path)
{
	return bsearch(
	    path, asset_table, asset_count, sizeof(struct asset), by_path);
}

size_t asset_total(void)
{
	return asset_count;
}

const struct asset *asset_at(size_t i)
{
	assert(i < asset_count);
	return &asset_table[i];
}
