/* secret.c - locked, guarded, wiped memory on libsodium's allocator. */
#include "keys/secret.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "core/mem.h"

struct secret *secret_new(size_t len)
{
	struct secret *s = mem_new(sizeof(*s));

	assert(len > 0);
	if (sodium_init() < 0)
		abort();
	s->bytes = sodium_malloc(len);
	if (!s->bytes)
		abort();
	s->len = len;
	memset(s->bytes, 0, len);
	return s;
}

struct secret *secret_dup(const void *data, size_t len)
{
	struct secret *s = secret_new(len);

	memcpy(s->bytes, data, len);
	return s;
}

struct secret *secret_random(size_t len, const struct env *env)
{
	struct secret *s = secret_new(len);

	env_random(env, s->bytes, len);
	return s;
}

struct secret *secret_system(size_t len)
{
	struct secret *s = secret_new(len);

	randombytes_buf(s->bytes, len);
	return s;
}

void secret_free(struct secret **s)
{
	if (!*s)
		return;
	sodium_free((*s)->bytes); /* wipes, and aborts on an overrun */
	free(*s);
	*s = NULL;
}

bool secret_is_equal(const struct secret *a, const struct secret *b)
{
	return a->len == b->len &&
	       sodium_memcmp(a->bytes, b->bytes, a->len) == 0;
}

void secret_wipe(void *p, size_t n)
{
	if (p)
		sodium_memzero(p, n);
}
