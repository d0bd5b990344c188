/*
 * sim_quick.c - makes a history cheaper and not different. Signatures and the
 * seals of pages are sums in place of ciphers: a changed byte, another key or
 * another place is refused as before, and nobody here breaks ciphers. One
 * history in sixteen has the true ones; what was truly made is taken in each,
 * and that a true signature was good is kept by a hash of all that was asked.
 * Secrets are without their guard pages, and SQLite without the locks and
 * counters of its memory, which comes from lists (sim_memory.c).
 */
#include "tests/sim/sim_impl.h"

#include "core/vault_int.h"
#include "keys/hash.h"

#include <sodium.h>

#define KEPT 8192

int __real_crypto_sign_verify_detached(const unsigned char *signature,
    const unsigned char *data, unsigned long long n, const unsigned char *pk);
int __wrap_crypto_sign_verify_detached(const unsigned char *signature,
    const unsigned char *data, unsigned long long n, const unsigned char *pk);
int __real_crypto_sign_detached(unsigned char *out, unsigned long long *out_n,
    const unsigned char *data, unsigned long long n, const unsigned char *sk);
int __wrap_crypto_sign_detached(unsigned char *out, unsigned long long *out_n,
    const unsigned char *data, unsigned long long n, const unsigned char *sk);
void __real_vault_seal(uint8_t *text, size_t len, uint8_t *seal,
    const uint8_t *key, const struct vault_bind *bind);
void __wrap_vault_seal(uint8_t *text, size_t len, uint8_t *seal,
    const uint8_t *key, const struct vault_bind *bind);
bool __real_vault_unseal(uint8_t *text, size_t len, const uint8_t *seal,
    const uint8_t *key, const struct vault_bind *bind);
bool __wrap_vault_unseal(uint8_t *text, size_t len, const uint8_t *seal,
    const uint8_t *key, const struct vault_bind *bind);
void *__wrap_sodium_malloc(size_t n);
void __wrap_sodium_free(void *p);

struct sim_lock {
	const uint8_t *key;
	const struct vault_bind *bind;
};

static bool is_true;

void sim_true_ciphers(bool is)
{
	is_true = is;
}

bool sim_has_true_ciphers(void)
{
	return is_true;
}

/* ---- signatures ---- */

static void sum_sign(unsigned char out[64], const unsigned char *data,
    unsigned long long n, const unsigned char *pk)
{
	crypto_generichash(out, 64, data, n, pk, 32);
}

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
	unsigned char sum[64];
	struct hash h;
	int r;

	sum_sign(sum, data, n, pk);
	if (memcmp(sum, signature, sizeof(sum)) == 0)
		return 0;
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
	if (is_true)
		return __real_crypto_sign_detached(out, out_n, data, n, sk);
	sum_sign(out, data, n, sk + 32);
	if (out_n)
		*out_n = 64;
	return 0;
}

/* ---- seals of pages ---- */

/* Four sums side by side over 32 bytes a round. */
struct sums {
	uint64_t of[4];
};

static void sum_bytes(struct sums *s, const uint8_t *p, size_t n)
{
	uint64_t w[4];

	for (; n > 0; n -= n < 32 ? n : 32, p += 32) {
		memset(w, 0, sizeof(w));
		memcpy(w, p, n < 32 ? n : 32);
		for (int i = 0; i < 4; i++) {
			s->of[i] =
			    (s->of[i] ^ w[i]) * UINT64_C(0x9fb21c651e98df25);
			s->of[i] ^= s->of[i] >> 29;
		}
	}
}

static void sum_tag(uint8_t out[VF_TAG], const uint8_t *text, size_t len,
    const uint8_t *nonce, const struct sim_lock *lock)
{
	struct sums s = {{1, 2, 3, len}};

	sum_bytes(&s, lock->key, VAULT_KEY);
	sum_bytes(&s, nonce, VF_NONCE);
	sum_bytes(&s, lock->bind->b, lock->bind->len);
	sum_bytes(&s, text, len);
	for (int i = 0; i < 2; i++) {
		uint64_t half = s.of[i] ^ (s.of[i + 2] >> 1) ^ s.of[3 - i];
		memcpy(out + 8 * i, &half, 8);
	}
}

void __wrap_vault_seal(uint8_t *text, size_t len, uint8_t *seal,
    const uint8_t *key, const struct vault_bind *bind)
{
	static uint64_t nonces;

	if (is_true) {
		__real_vault_seal(text, len, seal, key, bind);
		return;
	}
	memset(seal, 0, VF_NONCE);
	nonces++;
	memcpy(seal, &nonces, sizeof(nonces));
	sum_tag(
	    seal + VF_NONCE, text, len, seal, &(struct sim_lock){key, bind});
}

bool __wrap_vault_unseal(uint8_t *text, size_t len, const uint8_t *seal,
    const uint8_t *key, const struct vault_bind *bind)
{
	uint8_t tag[VF_TAG];

	sum_tag(tag, text, len, seal, &(struct sim_lock){key, bind});
	return memcmp(tag, seal + VF_NONCE, VF_TAG) == 0 ||
	       __real_vault_unseal(text, len, seal, key, bind);
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
	sim_memory();
}
