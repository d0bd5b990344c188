/*
 * script_merge_int.h - what the files that merge scripts share: the whole
 * while it is put together. Nobody else includes this.
 */
#ifndef SUIFANG_SCRIPT_MERGE_INT_H
#define SUIFANG_SCRIPT_MERGE_INT_H

#include "core/script_int.h"
#include "core/script_merge.h"

/* A question or group of the whole while it is put together. */
struct slot {
	size_t part;
	uint32_t item; /* of that part */
	json_t *json;  /* owned by the whole */
};

struct part {
	const struct script *script;
	uint32_t *slots; /* of each item, while merging; SCRIPT_NONE: none */
	uint32_t *items; /* of the whole, for each of the part's own */
};

struct script_merged {
	struct script *own; /* NULL with one part */
	const struct script *script;
	struct part parts[SCRIPT_PARTS_MAX];
	size_t n;
	struct script_origin_of *from;
};

struct merge {
	struct script_merged *m;
	struct slot *slots;
	uint32_t n;
	json_t *links, *codes; /* to slots */
	json_t *renamed;       /* linkIds of the part in hand */
	json_t *root;
	size_t part; /* in hand */
};

/* script_same.c: the slot that stands for item i of the part in hand, or
 * SCRIPT_NONE. A group's twin stands for everything below it. */
uint32_t merge_twin(const struct merge *g, uint32_t i);
/* The slot under a linkId or code. */
uint32_t merge_slot_at(const json_t *index, const char *key);

#endif
