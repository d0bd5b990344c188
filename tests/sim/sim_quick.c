/*
 * sim_quick.c - makes a history cheaper and not different. Seven machines in
 * one process check each signature of a record again: that a signature is
 * good is kept, by a hash of all that was asked. Secrets are without their
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

int __wrap_crypto_sign_verify_detached(const unsigned char *signature,
    const unsigned char *data, unsigned long long n, const unsigned char *pk)
{
	static struct hash kept[KEPT];
	struct hash h, *at;
	int r;

	hash_question(&h, signature, data, (size_t)n, pk);
	at = &kept[((size_t)h.b[0] << 8 | h.b[1]) % KEPT];
	if (memcmp(at, &h, sizeof(h)) == 0)
		return 0;
	r = __real_crypto_sign_verify_detached(signature, data, n, pk);
	if (r == 0)
		*at = h;
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
