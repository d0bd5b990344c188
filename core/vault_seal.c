/* vault_seal.c - the vault's only use of cryptography: seal, open, derive. */
#include "core/vault_int.h"

#include <string.h>

#include <sodium.h>

static const char context[] = VAULT_CONTEXT;

struct vault_bind vault_bind(
    enum vault_kind kind, uint64_t place, const void *more, size_t n)
{
	struct vault_bind bind;

	bind.b[0] = (uint8_t)kind;
	put_be32(bind.b + 1, (uint32_t)(place >> 32));
	put_be32(bind.b + 5, (uint32_t)place);
	if (n)
		memcpy(bind.b + 9, more, n);
	bind.len = (uint8_t)(9 + n);
	return bind;
}

void vault_seal(uint8_t *text, size_t len, uint8_t seal[VAULT_RESERVE],
    const uint8_t *key, const struct vault_bind *bind)
{
	randombytes_buf(seal, VF_NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt_detached(text,
	    seal + VF_NONCE, NULL, text, len, bind->b, bind->len, NULL, seal,
	    key);
}

bool vault_unseal(uint8_t *text, size_t len, const uint8_t *seal,
    const uint8_t *key, const struct vault_bind *bind)
{
	return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(text, NULL,
		   text, len, seal + VF_NONCE, bind->b, bind->len, seal,
		   key) == 0;
}

void vault_subkey(uint8_t out[VAULT_KEY], const uint8_t *key,
    const uint8_t id[VF_ID], enum vault_kind kind)
{
	uint8_t in[sizeof(context) + VF_ID + 1];

	memcpy(in, context, sizeof(context));
	memcpy(in + sizeof(context), id, VF_ID);
	in[sizeof(in) - 1] = (uint8_t)kind;
	crypto_generichash(out, VAULT_KEY, in, sizeof(in), key, VAULT_KEY);
}

void vault_mac(
    uint8_t *out, size_t n, const uint8_t *key, const void *data, size_t len)
{
	uint8_t full[32];

	crypto_generichash(full, sizeof(full), data, len, key, VAULT_KEY);
	memcpy(out, full, n);
}

/* Last 4 bytes: tells another key from a damaged page. */
static void key_check(uint8_t out[4], const uint8_t *id, const uint8_t *key)
{
	uint8_t in[sizeof(context) + 12];

	memcpy(in, context, sizeof(context));
	memcpy(in + sizeof(context), id, 12);
	vault_mac(out, 4, key, in, sizeof(in));
}

void vault_new_id(uint8_t id[VF_ID], const uint8_t *key)
{
	memcpy(id, "SFV", 3);
	id[3] = VF_VERSION;
	randombytes_buf(id + 4, 8);
	key_check(id + 12, id, key);
}

bool vault_id_is_of_key(const uint8_t id[VF_ID], const uint8_t *key)
{
	uint8_t check[4];

	key_check(check, id, key);
	return sodium_memcmp(check, id + 12, sizeof(check)) == 0;
}

uint8_t *vault_key_new(void)
{
	return sodium_init() < 0 ? NULL : sodium_malloc(VAULT_KEY);
}

void vault_key_free(uint8_t *key)
{
	sodium_free(key);
}

void vault_random(void *p, size_t n)
{
	randombytes_buf(p, n);
}

void vault_wipe(void *p, size_t n)
{
	if (p)
		sodium_memzero(p, n);
}
