/* mem.c - allocation that either works or stops the program cleanly. */
#include "core/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*restore_screen)(void);

static void *or_die(void *p)
{
	if (p)
		return p;
	if (restore_screen)
		restore_screen();
	fputs("suifang: out of memory / 内存不足\n", stderr);
	abort();
}

void mem_on_exhausted(void (*restore)(void))
{
	restore_screen = restore;
}

void *mem_new(size_t size)
{
	return or_die(calloc(1, size ? size : 1));
}

void *mem_array(size_t n, size_t size)
{
	return or_die(calloc(n ? n : 1, size ? size : 1));
}

void *mem_grow(void *p, size_t n, size_t size)
{
	size_t total = n * size;

	if (size && n > SIZE_MAX / size)
		return or_die(NULL);
	return or_die(realloc(p, total > 0 ? total : 1));
}

void *mem_room(void *p, size_t n, size_t size)
{
	/* Full at 0, 1, 3, 7, ... */
	return (n & (n + 1)) == 0 ? mem_grow(p, (n + 1) * 2, size) : p;
}

char *mem_strdup(const char *s)
{
	return mem_dup(s, strlen(s) + 1);
}

void *mem_dup(const void *p, size_t size)
{
	void *q = mem_new(size);

	if (size)
		memcpy(q, p, size);
	return q;
}

void *mem_try(size_t size, size_t max)
{
	return size > max ? NULL : calloc(1, size ? size : 1);
}
