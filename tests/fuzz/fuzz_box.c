/*
 * fuzz_box.c - boxes and key seals. First byte even: the rest is a box made
 * by a stranger, which never opens. Odd: the rest is the inside of a box that
 * somebody with the key sealed, of any length and padding; what opens is the
 * one canonical form. Key seals likewise.
 */
#include "tests/fuzz/fuzz.h"

#include "keys/seal.h"

#include <sodium.h>

static const struct id stream = {{5}};

static int open_inside(struct buf *out, struct secret *key,
    const struct seal_label *label, const uint8_t *inside, size_t n)
{
	uint8_t nonce[SEAL_NONCE] = {9};
	size_t size = SEAL_NONCE + n + SEAL_TAG;
	uint8_t *box = malloc(size);
	int r;

	FUZZ_HOLDS(box != NULL);
	memcpy(box, nonce, sizeof(nonce));
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + SEAL_NONCE, NULL,
	    inside, n, label->ad->data, label->ad->len, NULL, nonce,
	    key->bytes);
	r = seal_open(out, key, label, box, size);
	free(box);
	return r;
}

static void check_body(const struct buf *body, const uint8_t *inside, size_t n)
{
	FUZZ_HOLDS(body->len <= BODY_MAX && n % SEAL_PAD == 0);
	FUZZ_HOLDS(seal_box_size(body->len) == SEAL_NONCE + n + SEAL_TAG);
	FUZZ_HOLDS((inside[0] | (size_t)inside[1] << 8 |
		       (size_t)inside[2] << 16) == body->len);
	FUZZ_HOLDS(memcmp(inside + 4, buf_text(body), body->len) == 0);
	for (size_t i = 4 + body->len; i < n; i++)
		FUZZ_HOLDS(inside[i] == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct secret *key = secret_new(SECRET_KEY), *dh = secret_new(DH_KEY);
	struct secret *got = NULL;
	struct buf ad = {0}, body = {0};
	struct seal_label label = {.stream = stream, .ad = &ad};

	buf_str(&ad, "sf-box/1");
	memset(key->bytes, 3, SECRET_KEY);
	memset(dh->bytes, 4, DH_KEY);
	seal_kid(&label.kid, &stream, key);
	if (n > 0 && data[0] & 1) {
		if (open_inside(&body, key, &label, data + 1, n - 1) == 0)
			check_body(&body, data + 1, n - 1);
	} else if (n > 0) {
		FUZZ_HOLDS(seal_open(&body, key, &label, data + 1, n - 1) < 0);
	}
	if (n >= KEY_SEAL)
		FUZZ_HOLDS(seal_key_open(&got, data, dh, &label) < 0);
	FUZZ_HOLDS(got == NULL);
	secret_free(&key);
	secret_free(&dh);
	buf_fini(&ad);
	buf_fini(&body);
	return 0;
}
