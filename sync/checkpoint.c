/* checkpoint.c - C2SP checkpoints in signed notes. */
#include "sync/checkpoint.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/id.h"
#include "keys/base64.h"
#include "keys/hash.h"
#include "keys/secret.h"
#include "keys/sign.h"
#include "sync/scan.h"

#define DASH "\xe2\x80\x94 " /* U+2014, as the signed-note format has it */
#define KEY_HASH 4
#define ALGORITHM 1 /* Ed25519 */

void checkpoint_origin(
    char out[CHECKPOINT_ORIGIN], const struct checkpoint *checkpoint)
{
	id_hex(out, &checkpoint->org);
	snprintf(out + ID_HEX - 1, CHECKPOINT_ORIGIN - ID_HEX + 1,
	    "/%016" PRIx64, checkpoint->incarnation);
}

static void put_text(struct buf *out, const struct checkpoint *c)
{
	char origin[CHECKPOINT_ORIGIN];

	checkpoint_origin(origin, c);
	buf_printf(out, "%s\n%" PRIu64 "\n", origin, c->tree.size);
	base64_add(out, c->tree.root.b, sizeof(c->tree.root.b));
	buf_printf(out, "\nlmax %" PRIu64 "\n", c->lmax);
}

/* First bytes of SHA-256(name | LF | algorithm | key). */
static void key_hash(uint8_t out[KEY_HASH], const struct checkpoint *c,
    const uint8_t pk[SIGN_PUBLIC])
{
	uint8_t bytes[CHECKPOINT_ORIGIN + 1 + SIGN_PUBLIC];
	char origin[CHECKPOINT_ORIGIN];
	size_t n = CHECKPOINT_ORIGIN - 1;
	struct hash hash;

	checkpoint_origin(origin, c);
	memcpy(bytes, origin, n);
	bytes[n++] = '\n';
	bytes[n++] = ALGORITHM;
	memcpy(bytes + n, pk, SIGN_PUBLIC);
	hash_sha256(&hash, bytes, n + SIGN_PUBLIC);
	memcpy(out, hash.b, KEY_HASH);
}

static void put_signature(struct buf *out, const struct checkpoint *c,
    const uint8_t blob[KEY_HASH + SIGNATURE])
{
	char origin[CHECKPOINT_ORIGIN];

	checkpoint_origin(origin, c);
	buf_printf(out, "\n" DASH "%s ", origin);
	base64_add(out, blob, KEY_HASH + SIGNATURE);
	buf_str(out, "\n");
}

void checkpoint_sign(struct buf *out, const struct checkpoint *checkpoint,
    const struct secret *key)
{
	uint8_t blob[KEY_HASH + SIGNATURE];
	size_t start = out->len;

	assert(key->len == SIGN_SECRET);
	put_text(out, checkpoint);
	/* The public key is the second half of the secret one. */
	key_hash(blob, checkpoint, key->bytes + SIGN_SEED);
	sign_detached(
	    blob + KEY_HASH, key, out->data + start, out->len - start);
	put_signature(out, checkpoint, blob);
}

static void scan_base64(struct scan *s, void *out, size_t n)
{
	size_t len = base64_length(n);

	if (s->bad || (size_t)(s->end - s->p) < len ||
	    !base64_decode(out, n, s->p)) {
		s->bad = true;
		memset(out, 0, n);
	} else {
		s->p += len;
	}
}

static void scan_note(
    struct scan *s, struct checkpoint *c, uint8_t blob[KEY_HASH + SIGNATURE])
{
	char origin[CHECKPOINT_ORIGIN];

	scan_hex(s, c->org.b, sizeof(c->org.b));
	scan_text(s, "/");
	c->incarnation = scan_hex64(s);
	scan_text(s, "\n");
	c->tree.size = scan_number(s);
	scan_text(s, "\n");
	scan_base64(s, c->tree.root.b, sizeof(c->tree.root.b));
	scan_text(s, "\nlmax ");
	c->lmax = scan_number(s);
	scan_text(s, "\n\n" DASH);
	checkpoint_origin(origin, c);
	scan_text(s, origin);
	scan_text(s, " ");
	scan_base64(s, blob, KEY_HASH + SIGNATURE);
	scan_text(s, "\n");
}

static int read_note(struct checkpoint *out, uint8_t blob[KEY_HASH + SIGNATURE],
    const void *note, size_t n)
{
	struct scan s;

	if (n == 0 || n > CHECKPOINT_NOTE_MAX)
		return err_set(ERR_FORMAT, "checkpoint size");
	s = scan_of(note, n);
	scan_note(&s, out, blob);
	return scan_is_done(&s) ? 0 : err_set(ERR_FORMAT, "checkpoint text");
}

int checkpoint_peek(struct checkpoint *out, const void *note, size_t n)
{
	uint8_t blob[KEY_HASH + SIGNATURE];
	struct checkpoint c;
	int r = read_note(&c, blob, note, n);

	if (r == 0)
		*out = c;
	return r;
}

int checkpoint_open(struct checkpoint *out, const void *note, size_t n,
    const uint8_t pk[SIGN_PUBLIC])
{
	uint8_t blob[KEY_HASH + SIGNATURE], expected[KEY_HASH];
	struct checkpoint c;
	struct buf text = {0};
	int rc = read_note(&c, blob, note, n);

	if (rc < 0)
		return rc;
	rc = ERR_SIGNATURE;
	key_hash(expected, &c, pk);
	put_text(&text, &c);
	if (memcmp(expected, blob, KEY_HASH) == 0 &&
	    sign_is_valid(blob + KEY_HASH, pk, text.data, text.len)) {
		*out = c;
		rc = 0;
	}
	buf_fini(&text);
	return rc < 0 ? err_set(rc, "checkpoint signature") : 0;
}
