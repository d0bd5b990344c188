/*
 * sim_memory.c - SQLite's memory in the simulator: a list of free pieces a
 * size, cut from large blocks that are never given back. Sanitizers keep the
 * system's, which they watch.
 */
#include "tests/sim/sim_impl.h"

#include <sqlite3.h>
#include <stdlib.h>

#define HEAD 16    /* before each piece: its size, and what is alike for all */
#define FINE 16    /* sizes up to SMALL go in these steps */
#define SMALL 1024 /* those above are powers of two, up to LARGE */
#define LARGE 0x20000 /* beyond it: the system's */
#define BLOCK 0x80000
#define INDEX 0x8000 /* of a log of SQLite's, its first part */
#define LISTS (SMALL / FINE + 8)

struct piece {
	struct piece *next;
};

static struct piece *lists[LISTS];
static bool is_own;
static void *indexes[8]; /* pieces of that size since the watch began */
static int watched = -1;
static uint8_t *block;
static size_t left;

/* The list of a size, and the size of its pieces. */
static int list_of(size_t *size, size_t n)
{
	int i = SMALL / FINE;

	if (n <= SMALL) {
		*size = (n + FINE - 1) / FINE * FINE;
		return (int)(*size / FINE) - 1;
	}
	for (*size = 2 * SMALL; *size < n; *size *= 2)
		i++;
	return i;
}

static void *cut(size_t size)
{
	uint8_t *p;

	if (left < size + HEAD) {
		block = malloc(BLOCK);
		left = block ? BLOCK : 0;
	}
	if (!block)
		return NULL;
	p = block;
	block += size + HEAD;
	left -= size + HEAD;
	*(size_t *)(void *)p = size;
	return p + HEAD;
}

static void *take(int n)
{
	size_t size;
	struct piece *p;
	uint8_t *own;

	if (n > LARGE) {
		own = malloc((size_t)n + HEAD);
		if (own)
			*(size_t *)(void *)own = (size_t)n;
		return own ? own + HEAD : NULL;
	}
	struct piece **list = &lists[list_of(&size, n > 0 ? (size_t)n : 1)];
	p = *list;
	if (!p)
		return cut(size);
	*list = p->next;
	return p;
}

static void *give(int n)
{
	void *p = take(n);

	if (n == INDEX && watched >= 0 && watched < 8)
		indexes[watched++] = p;
	return p;
}

static int size_of(void *p)
{
	return p ? (int)*(size_t *)(void *)((uint8_t *)p - HEAD) : 0;
}

static void take_back(void *p)
{
	size_t size = (size_t)size_of(p);
	struct piece *piece = p, **list;

	if (size > LARGE) {
		free((uint8_t *)p - HEAD);
		return;
	}
	list = &lists[list_of(&size, size)];
	piece->next = *list;
	*list = piece;
}

static void *give_more(void *p, int n)
{
	int had = size_of(p);
	void *more = give(n);

	if (!more)
		return NULL;
	memcpy(more, p, (size_t)(had < n ? had : n));
	take_back(p);
	return more;
}

static int round_up(int n)
{
	size_t size = (size_t)n;

	if (n > 0 && n <= LARGE)
		(void)list_of(&size, (size_t)n);
	return (int)size;
}

static int begin(void *ctx)
{
	(void)ctx;
	return SQLITE_OK;
}

static void end(void *ctx)
{
	(void)ctx;
}

void sim_memory(void)
{
	static const sqlite3_mem_methods methods = {
	    give, take_back, give_more, size_of, round_up, begin, end, NULL};

#ifdef __SANITIZE_ADDRESS__
	(void)methods;
#else
	assert_int_equal(
	    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
	is_own = true;
#endif
}

bool sim_has_own_memory(void)
{
	return is_own;
}

void sim_memory_watch(void)
{
	watched = 0;
}

/* It begins with two copies of its head, whose first number is a version. */
uint8_t *sim_memory_index(void)
{
	uint32_t version = 0;

	for (; watched > 0; watched--) {
		uint8_t *p = indexes[watched - 1];
		memcpy(&version, p, sizeof(version));
		if (version == 3007000 && memcmp(p, p + 48, 48) == 0)
			return p;
	}
	return NULL;
}
