/* sign.c - Ed25519 and SSHSIG over libsodium. */
#include "keys/sign.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "core/err.h"
#include "keys/hash.h"
#include "keys/secret.h"

#define KEY_TYPE "ssh-ed25519"
#define HASH_NAME "sha512"
#define ARMOR_HEAD "-----BEGIN SSH SIGNATURE-----"
#define ARMOR_TAIL "-----END SSH SIGNATURE-----"
#define COLUMNS 70
#define BLOB_MAX 256
#define TEXT_MAX 1024

void sign_detached(uint8_t out[SIGNATURE], const struct secret *secret,
    const void *data, size_t n)
{
	assert(secret->len == SIGN_SECRET);
	crypto_sign_detached(out, NULL, data, n, secret->bytes);
}

bool sign_is_valid(const uint8_t signature[SIGNATURE],
    const uint8_t pk[SIGN_PUBLIC], const void *data, size_t n)
{
	return crypto_sign_verify_detached(signature, data, n, pk) == 0;
}

/* Bytes built on the stack: every SSHSIG structure is small and bounded. */
struct pen {
	uint8_t data[BLOB_MAX];
	size_t len;
};

static void pen_add(struct pen *p, const void *data, size_t n)
{
	assert(n <= sizeof(p->data) - p->len);
	memcpy(p->data + p->len, data, n);
	p->len += n;
}

static void pen_u32(struct pen *p, uint32_t v)
{
	const uint8_t b[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 8), (uint8_t)v};

	pen_add(p, b, sizeof(b));
}

static void pen_block(struct pen *p, const void *data, size_t n)
{
	pen_u32(p, (uint32_t)n);
	pen_add(p, data, n);
}

static void pen_str(struct pen *p, const char *s)
{
	pen_block(p, s, strlen(s));
}

static void pen_magic(struct pen *p)
{
	size_t n;
	const char *magic = prefix_bytes(&n, PREFIX_SSHSIG);

	pen_add(p, magic, n);
}

/* "SSHSIG" | namespace | reserved | hash name | SHA-512 of the data. */
static void write_tbs(struct pen *p, const char *space, const struct buf *data)
{
	uint8_t digest[64];

	assert(strlen(space) <= SSHSIG_NAMESPACE_MAX);
	hash_sha512(digest, data->data, data->len);
	pen_magic(p);
	pen_str(p, space);
	pen_str(p, "");
	pen_str(p, HASH_NAME);
	pen_block(p, digest, sizeof(digest));
}

void sshsig_sign(uint8_t out[SIGNATURE], const struct secret *secret,
    const char *space, const struct buf *data)
{
	struct pen tbs = {.len = 0};

	write_tbs(&tbs, space, data);
	sign_detached(out, secret, tbs.data, tbs.len);
}

bool sshsig_is_valid(const uint8_t signature[SIGNATURE],
    const uint8_t pk[SIGN_PUBLIC], const char *space, const struct buf *data)
{
	struct pen tbs = {.len = 0};

	write_tbs(&tbs, space, data);
	return sign_is_valid(signature, pk, tbs.data, tbs.len);
}

static void write_public(struct pen *p, const uint8_t pk[SIGN_PUBLIC])
{
	pen_str(p, KEY_TYPE);
	pen_block(p, pk, SIGN_PUBLIC);
}

static void write_blob(struct pen *p, const struct sshsig *sig)
{
	struct pen key = {.len = 0}, inner = {.len = 0};

	write_public(&key, sig->pk);
	pen_str(&inner, KEY_TYPE);
	pen_block(&inner, sig->signature, SIGNATURE);
	pen_magic(p);
	pen_u32(p, 1);
	pen_block(p, key.data, key.len);
	pen_str(p, sig->space);
	pen_str(p, "");
	pen_str(p, HASH_NAME);
	pen_block(p, inner.data, inner.len);
}

/* Of what is public: the library's own takes the same time for any bytes,
 * and more of it than the rest of a commit. Returns the length. */
static size_t base64(char *out, const uint8_t *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char *at = out;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16;
		v |= i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0;
		v |= i + 2 < n ? p[i + 2] : 0;
		*at++ = digits[v >> 18];
		*at++ = digits[v >> 12 & 63];
		*at++ = i + 1 < n ? digits[v >> 6 & 63] : '=';
		*at++ = i + 2 < n ? digits[v & 63] : '=';
	}
	return (size_t)(at - out);
}

void sshsig_armor(struct buf *out, const struct sshsig *sig, const char *lead)
{
	struct pen blob = {.len = 0};
	char text[BLOB_MAX * 4 / 3 + 8];
	size_t n;

	write_blob(&blob, sig);
	n = base64(text, blob.data, blob.len);
	buf_str(out, ARMOR_HEAD "\n");
	for (size_t i = 0; i < n; i += COLUMNS) {
		buf_str(out, lead);
		buf_add(out, text + i, n - i < COLUMNS ? n - i : COLUMNS);
		buf_str(out, "\n");
	}
	buf_str(out, lead);
	buf_str(out, ARMOR_TAIL "\n");
}

static bool is_block(struct reader *r, const char *expected)
{
	size_t n;
	const uint8_t *p = reader_block(r, &n, BLOB_MAX);

	return p && n == strlen(expected) && memcmp(p, expected, n) == 0;
}

/* type, then a block of exactly size bytes, and nothing more. */
static bool read_typed(uint8_t *out, size_t size, struct reader *outer)
{
	size_t n, inner_n;
	const uint8_t *p = reader_block(outer, &n, BLOB_MAX);
	struct reader r = reader_of(p, p ? n : 0);

	if (!is_block(&r, KEY_TYPE))
		return false;
	p = reader_block(&r, &inner_n, size);
	if (!p || inner_n != size || !reader_is_done(&r))
		return false;
	memcpy(out, p, size);
	return true;
}

static bool read_blob(struct sshsig *out, const uint8_t *data, size_t len)
{
	struct reader r = reader_of(data, len);
	size_t n, magic_n;
	const char *magic = prefix_bytes(&magic_n, PREFIX_SSHSIG);
	const uint8_t *p = reader_bytes(&r, magic_n);

	if (!p || memcmp(p, magic, magic_n) != 0 || reader_u32(&r) != 1 ||
	    !read_typed(out->pk, SIGN_PUBLIC, &r))
		return false;
	p = reader_block(&r, &n, SSHSIG_NAMESPACE_MAX);
	if (!p || memchr(p, 0, n))
		return false;
	memcpy(out->space, p, n);
	out->space[n] = '\0';
	return is_block(&r, "") && is_block(&r, HASH_NAME) &&
	       read_typed(out->signature, SIGNATURE, &r) && reader_is_done(&r);
}

int sshsig_dearmor(
    struct sshsig *out, const char *text, size_t n, const char *lead)
{
	static const char head[] = ARMOR_HEAD "\n";
	uint8_t blob[BLOB_MAX];
	struct sshsig sig = {0};
	struct buf again = {0};
	const char *tail;
	size_t len;
	int rc = ERR_FORMAT;

	if (n > TEXT_MAX || n < sizeof(head) || memcmp(text, head, 30) != 0)
		return rc;
	/* Lenient here, because writing it again decides. */
	if (sodium_base642bin(blob, sizeof(blob), text + 30, n - 30, " \n",
		&len, &tail, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    !read_blob(&sig, blob, len))
		return rc;
	sshsig_armor(&again, &sig, lead);
	if (again.len == n && memcmp(again.data, text, n) == 0) {
		*out = sig;
		rc = 0;
	}
	buf_fini(&again);
	return rc;
}

void ssh_public_text(char out[SSH_PUBLIC_TEXT], const uint8_t pk[SIGN_PUBLIC])
{
	struct pen key = {.len = 0};

	write_public(&key, pk);
	memcpy(out, KEY_TYPE " ", sizeof(KEY_TYPE));
	sodium_bin2base64(out + sizeof(KEY_TYPE),
	    SSH_PUBLIC_TEXT - sizeof(KEY_TYPE), key.data, key.len,
	    sodium_base64_VARIANT_ORIGINAL);
}

int ssh_public_parse(uint8_t pk[SIGN_PUBLIC], const char *text)
{
	uint8_t blob[BLOB_MAX];
	char again[SSH_PUBLIC_TEXT];
	size_t len;

	if (strncmp(text, KEY_TYPE " ", sizeof(KEY_TYPE)) != 0 ||
	    sodium_base642bin(blob, sizeof(blob), text + sizeof(KEY_TYPE),
		strlen(text) - sizeof(KEY_TYPE), NULL, &len, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    len != 51)
		return ERR_FORMAT;
	ssh_public_text(again, blob + 19);
	if (strcmp(again, text) != 0)
		return ERR_FORMAT;
	memcpy(pk, blob + 19, SIGN_PUBLIC);
	return 0;
}
