/* keyfile_kdf.c - from a passphrase or a token to the keys of a file. */
#include "keys/keyfile_impl.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "core/env.h"
#include "core/err.h"
#include "keys/hash.h"

struct keyfile_kdf keyfile_forced;

int keyfile_kdf_check(const struct keyfile_kdf *kdf)
{
	const struct keyfile_kdf floor = KEYFILE_FLOOR;

	if (kdf->memory_kib == 0 && kdf->passes == 0)
		return 0;
	if (kdf->memory_kib < floor.memory_kib || kdf->passes < floor.passes ||
	    kdf->memory_kib > 4194304 || kdf->passes > 64)
		return err_set(ERR_INVALID, "cost of a guess out of bounds");
	return 0;
}

static int argon(uint8_t kek[SECRET_KEY], const struct secret *passphrase,
    const uint8_t salt[KF_SALT], const struct keyfile_kdf *kdf)
{
	if (sodium_init() < 0 ||
	    crypto_pwhash(kek, SECRET_KEY, (const char *)passphrase->bytes,
		passphrase->len, salt, kdf->passes,
		(size_t)kdf->memory_kib * 1024,
		crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_set(
		    ERR_NO_MEMORY, "argon2id needs %u KiB", kdf->memory_kib);
	return 0;
}

int keyfile_kek(struct secret **out, const struct keyfile_image *image,
    const struct keyfile_opener *opener)
{
	struct secret *kek;
	int rc = 0;

	if (image->kind == KF_ARGON2ID && !opener->passphrase)
		return ERR_PASSPHRASE;
	if (image->kind == KF_TOKEN && !opener->token)
		return ERR_KEY;
	kek = secret_new(SECRET_KEY);
	if (image->kind == KF_ARGON2ID)
		rc = argon(kek->bytes, opener->passphrase, image->salt,
		    &image->pub.kdf);
	else if (image->kind == KF_TOKEN)
		rc = opener->token->kek(
		    opener->token->ctx, kek->bytes, image->salt);
	else /* the file's mode is the only lock: docs/VAULT.md */
		crypto_generichash(
		    kek->bytes, SECRET_KEY, image->salt, KF_SALT, NULL, 0);
	if (rc == 0)
		*out = kek;
	else
		secret_free(&kek);
	return rc;
}

struct secret *keyfile_subkey(
    const struct secret *master, enum keyfile_subkey which)
{
	struct secret *out = secret_new(SECRET_KEY);
	size_t n;
	const char *context = prefix_bytes(&n, PREFIX_KEY);

	assert(n == crypto_kdf_CONTEXTBYTES);
	crypto_kdf_derive_from_key(
	    out->bytes, SECRET_KEY, (uint64_t)which, context, master->bytes);
	return out;
}

static int time_of(
    uint64_t *out_ms, const struct keyfile_kdf *kdf, const struct env *env)
{
	static const uint8_t salt[KF_SALT] = {1};
	struct secret *pass = secret_dup("measure", 7);
	struct secret *kek = secret_new(SECRET_KEY);
	uint64_t start = env_mono_ms(env);
	int rc = argon(kek->bytes, pass, salt, kdf);

	*out_ms = env_mono_ms(env) - start;
	secret_free(&kek);
	secret_free(&pass);
	return rc;
}

/* Less memory while it takes much longer than half a second; on a machine
 * faster than that, more passes. */
int keyfile_measure(struct keyfile_kdf *out, const struct env *env)
{
	const struct keyfile_kdf floor = KEYFILE_FLOOR;
	struct keyfile_kdf kdf = KEYFILE_USUAL;
	uint64_t ms = 0;
	int rc = time_of(&ms, &kdf, env);

	while ((rc == ERR_NO_MEMORY || (rc == 0 && ms > 650)) &&
	       kdf.memory_kib > floor.memory_kib) {
		kdf.memory_kib /= 2;
		rc = time_of(&ms, &kdf, env);
	}
	if (rc != 0)
		return rc;
	if (ms > 650)
		kdf.passes = floor.passes;
	if (ms > 0 && ms < 400 && kdf.passes * 500 / ms > kdf.passes)
		kdf.passes = (uint32_t)(kdf.passes * 500 / ms);
	if (kdf.passes > 12)
		kdf.passes = 12;
	*out = kdf;
	return 0;
}

uint32_t keyfile_delay_s(uint32_t wrong)
{
	if (wrong < 5)
		return 0;
	return wrong < 13 && 5u << (wrong - 5) < 900 ? 5u << (wrong - 5) : 900;
}
