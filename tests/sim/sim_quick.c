/*
 * sim_quick.c - makes a history cheaper and not different. Seven machines in
 * one process check each signature of a record again: that a signature is
 * good is kept, by a hash of all that was asked; one just made with a key is
 * good under that key. Secrets are without their
 * guard pages, and SQLite without the locks and counters of its memory.
 */
#include "tests/sim/sim_impl.h"

#include "keys/hash.h"

#include <sqlite3.h>

#define KEPT 8192

int __real_crypto_sign_verify_detached(const unsigned char *signature,
    const unsigned char *data, unsigned long long n, const unsigned char *pk);
int __wrap_crypto_sign_verify_detached(const unsigned char *signature,
    const unsigned char *data, unsigned long long n, const unsigned char *pk);
int __real_crypto_sign_detached(unsigned char *out, unsigned long long *out_n,
    const unsigned char *data, unsigned long long n, const unsigned char *sk);
int __wrap_crypto_sign_detached(unsigned char *out, unsigned long long *out_n,
    const unsigned char *data, unsigned long long n, const unsigned char *sk);
void *__wrap_sodium_malloc(size_t n);
void __wrap_sodium_free(void *p);

static void hash_question(struct hash *out, const unsigned char *signature,
    const unsigned char *data, size_t n, const unsigned char *pk)
{
	struct buf asked = {0};

	buf_add(&asked, signature, 64);
	buf_add(&asked, pk, 32);
	buf_add(&asked, data, n);
	hash_blake2b256(out, asked.data, asked.len);
	buf_fini(&asked);
}

/* Where a hash is kept, if it is. */
static struct hash *place_of(const struct hash *h)
{
	static struct hash kept[KEPT];

	return &kept[((size_t)h->b[0] << 8 | h->b[1]) % KEPT];
}

int __wrap_crypto_sign_verify_detached(const unsigned char *signature,
    const unsigned char *data, unsigned long long n, const unsigned char *pk)
{
	struct hash h;
	int r;

	hash_question(&h, signature, data, (size_t)n, pk);
	if (memcmp(place_of(&h), &h, sizeof(h)) == 0)
		return 0;
	r = __real_crypto_sign_verify_detached(signature, data, n, pk);
	if (r == 0)
		*place_of(&h) = h;
	return r;
}

/* The second half of a secret key is the public one. */
int __wrap_crypto_sign_detached(unsigned char *out, unsigned long long *out_n,
    const unsigned char *data, unsigned long long n, const unsigned char *sk)
{
	int r = __real_crypto_sign_detached(out, out_n, data, n, sk);
	struct hash h;

	hash_question(&h, out, data, (size_t)n, sk + 32);
	*place_of(&h) = h;
	return r;
}

/* The vault's key is one of them; nobody asks for its protection here. */
void *__wrap_sodium_malloc(size_t n)
{
	return malloc(n);
}

void __wrap_sodium_free(void *p)
{
	free(p);
}

void sim_quicken(void)
{
	assert_int_equal(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0), SQLITE_OK);
	assert_int_equal(sqlite3_config(SQLITE_CONFIG_SINGLETHREAD), SQLITE_OK);
}
