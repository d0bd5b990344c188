/*
 * mem.h - small allocations of our own, which never return NULL: when memory
 * is out the program restores the screen and stops. Sizes that a peer or a
 * file chose go through mem_try, which returns NULL instead.
 */
#ifndef SUIFANG_MEM_H
#define SUIFANG_MEM_H

#include "core/base.h"

/* Zeroed; the caller frees with free(). */
void *mem_new(size_t size);
void *mem_array(size_t n, size_t size);
/* Grows p to n elements; old content kept, new content not zeroed. */
void *mem_grow(void *p, size_t n, size_t size);
/* Room for one more after the n elements of a list that grows one by one
 * through here alone; it starts as NULL. */
void *mem_room(void *p, size_t n, size_t size);
char *mem_strdup(const char *s);
void *mem_dup(const void *p, size_t size);

/* Zeroed memory of a size that came from outside; NULL when it is not to be
 * had or exceeds max. */
void *mem_try(size_t size, size_t max);

/* Called once before abort() when a small allocation fails. */
void mem_on_exhausted(void (*restore)(void));

#endif
