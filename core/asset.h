/*
 * asset.h - the files of schemas/ as bytes of the program.
 */
#ifndef SUIFANG_ASSET_H
#define SUIFANG_ASSET_H

#include "core/base.h"

struct asset {
	const char *path; /* below schemas/, such as "query/worklist.sql" */
	const char *data; /* followed by a NUL */
	size_t len;
};

/* NULL when there is no such file. */
const struct asset *asset_find(const char *path);

/* Assets in order of path; those that start with prefix are neighbours. */
size_t asset_total(void);
const struct asset *asset_at(size_t i);

#endif
