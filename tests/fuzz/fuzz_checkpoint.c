/*
 * fuzz_checkpoint.c - a checkpoint's note: only what the key signed opens,
 * and only in the one form.
 */
#include "tests/fuzz/fuzz.h"

#include "keys/secret.h"
#include "keys/sign.h"
#include "sync/checkpoint.h"

static struct secret *key(uint8_t pk[SIGN_PUBLIC])
{
	struct secret *seed = secret_new(SIGN_SEED), *sign;

	memset(seed->bytes, 42, SIGN_SEED);
	identity_sign_key(&sign, pk, seed);
	secret_free(&seed);
	return sign;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	uint8_t pk[SIGN_PUBLIC];
	struct secret *sign = key(pk);
	struct checkpoint c;
	struct buf note = {0};

	if (checkpoint_open(&c, data, n, pk) == 0) {
		checkpoint_sign(&note, &c, sign);
		FUZZ_HOLDS(note.len == n);
		FUZZ_HOLDS(memcmp(note.data, data, n) == 0);
	}
	buf_fini(&note);
	secret_free(&sign);
	return 0;
}
