/* fault_disk.c - files of a disk that can lose power. */
#include "tests/fault_disk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

uint64_t fault_draw(uint64_t *seed, uint64_t below)
{
	uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	return below ? z % below : z;
}

/* Bytes of files that are gone, for the next: a simulator makes and frees
 * thousands of disks, and fresh pages of memory are dear. */
static struct fault_bytes spare[32];

/* The smallest that is enough; nothing when there is none. */
static struct fault_bytes take_spare(size_t need)
{
	struct fault_bytes *best = NULL, got = {NULL, 0, 0};

	for (size_t i = 0; i < ARRAY_LEN(spare); i++)
		if (spare[i].cap >= need && (!best || spare[i].cap < best->cap))
			best = &spare[i];
	if (best) {
		got = *best;
		*best = (struct fault_bytes){NULL, 0, 0};
	}
	return got;
}

static void give_spare(struct fault_bytes *b)
{
	struct fault_bytes *least = &spare[0];

	for (size_t i = 1; i < ARRAY_LEN(spare); i++)
		if (spare[i].cap < least->cap)
			least = &spare[i];
	if (least->cap >= b->cap) {
		free(b->p);
		return;
	}
	free(least->p);
	*least = (struct fault_bytes){b->p, 0, b->cap};
}

static void reserve(struct fault_bytes *b, size_t need)
{
	size_t cap = b->cap ? b->cap : 4096;
	struct fault_bytes more;

	if (need <= b->cap)
		return;
	while (cap < need)
		cap *= 2;
	more = take_spare(cap);
	if (!more.p)
		more = (struct fault_bytes){malloc(cap), 0, cap};
	assert(more.p);
	if (b->len)
		memcpy(more.p, b->p, b->len);
	more.len = b->len;
	if (b->cap)
		give_spare(b);
	*b = more;
}

/* Zeros up to a new end; what lies behind the end is anything. */
static void grow(struct fault_bytes *b, size_t to)
{
	reserve(b, to);
	memset(b->p + b->len, 0, to - b->len);
	b->len = to;
}

void fault_bytes_write(
    struct fault_bytes *b, int64_t at, const void *data, size_t n)
{
	if ((size_t)at > b->len)
		grow(b, (size_t)at);
	reserve(b, (size_t)at + n);
	memcpy(b->p + at, data, n);
	if ((size_t)at + n > b->len)
		b->len = (size_t)at + n;
}

void fault_bytes_truncate(struct fault_bytes *b, int64_t size)
{
	if ((size_t)size > b->len)
		grow(b, (size_t)size);
	b->len = (size_t)size;
}

static struct fault_change *add(struct fault_node *f)
{
	f->changes =
	    realloc(f->changes, (f->changes_n + 1) * sizeof(*f->changes));
	assert(f->changes);
	return &f->changes[f->changes_n++];
}

void fault_node_write(
    struct fault_node *f, int64_t at, const void *data, size_t n)
{
	struct fault_change *c = add(f);
	uint8_t *copy = malloc(n ? n : 1);

	assert(copy);
	memcpy(copy, data, n);
	fault_bytes_write(&f->now, at, data, n);
	*c = (struct fault_change){at, n, copy, (int64_t)f->now.len};
}

void fault_node_truncate(struct fault_node *f, int64_t size)
{
	struct fault_change *c = add(f);

	fault_bytes_truncate(&f->now, size);
	*c = (struct fault_change){size, 0, NULL, size};
}

static void forget(struct fault_node *f)
{
	for (size_t i = 0; i < f->changes_n; i++)
		free(f->changes[i].data);
	free(f->changes);
	f->changes = NULL;
	f->changes_n = 0;
}

static void apply(struct fault_bytes *b, const struct fault_change *c)
{
	if (c->data)
		fault_bytes_write(b, c->at, c->data, c->len);
	else
		fault_bytes_truncate(b, c->at);
}

void fault_node_sync(struct fault_node *f)
{
	for (size_t i = 0; i < f->changes_n; i++)
		apply(&f->durable, &f->changes[i]);
	forget(f);
	f->is_durable = true;
}

/* The part of a write that falls into one sector. */
static void apply_sector(
    struct fault_bytes *b, const struct fault_change *c, int64_t sector)
{
	int64_t from = sector * FAULT_SECTOR, to = from + FAULT_SECTOR;

	if (!c->data)
		return;
	if (from < c->at)
		from = c->at;
	if (to > c->at + (int64_t)c->len)
		to = c->at + (int64_t)c->len;
	if (from < to)
		fault_bytes_write(
		    b, from, c->data + (from - c->at), (size_t)(to - from));
}

/* How many of the changes one sector kept. Three kinds of cut: in order up
 * to a moment; every sector for itself; nearly everything. */
static size_t keep(uint64_t *seed, unsigned kind, size_t moment, size_t n)
{
	if (kind == 0)
		return moment;
	if (kind == 1)
		return (size_t)fault_draw(seed, n + 1);
	return fault_draw(seed, 8) ? n : (size_t)fault_draw(seed, n + 1);
}

void fault_node_cut(struct fault_node *f, uint64_t *seed)
{
	size_t n = f->changes_n;
	unsigned kind = (unsigned)fault_draw(seed, 3);
	size_t moment = (size_t)fault_draw(seed, n + 1);
	size_t sized = keep(seed, kind, moment, n);
	int64_t size =
	    sized ? f->changes[sized - 1].size : (int64_t)f->durable.len;
	int64_t end = (int64_t)f->durable.len;

	if (n == 0)
		return; /* what is seen is durable */
	for (size_t i = 0; i < n; i++)
		if (f->changes[i].size > end)
			end = f->changes[i].size;
	for (int64_t s = 0; s * FAULT_SECTOR < end; s++) {
		size_t kept = keep(seed, kind, moment, n);

		for (size_t i = 0; i < kept; i++)
			apply_sector(&f->durable, &f->changes[i], s);
	}
	fault_bytes_truncate(&f->durable, size);
	forget(f);
	fault_bytes_truncate(&f->now, 0);
	if (f->durable.len)
		fault_bytes_write(&f->now, 0, f->durable.p, f->durable.len);
}

void fault_node_free(struct fault_node *f)
{
	forget(f);
	if (f->now.cap)
		give_spare(&f->now);
	if (f->durable.cap)
		give_spare(&f->durable);
	free(f->name);
	free(f);
}
