/* rescue.c - copies of stream keys: sections under keys of their own. */
#include "keys/rescue.h"

#include "core/err.h"
#include "keys/hash.h"
#include "keys/seal.h"
#include "keys/secret.h"

#include <string.h>

#define MAGIC "suifang-keys 1\n"
#define HEAD (sizeof(MAGIC) - 1 + 16 + 8)
#define SEALED (32 + KEY_SEAL) /* before the box */

static void label(struct buf *ad, const struct id *org)
{
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_KEYS);

	buf_add(ad, prefix, n);
	buf_add(ad, org->b, 16);
}

void rescue_begin(struct buf *out, const struct id *org, int64_t at_s)
{
	buf_str(out, MAGIC);
	buf_add(out, org->b, 16);
	buf_u64(out, (uint64_t)at_s);
}

void rescue_end(struct buf *out)
{
	buf_u32(out, 0);
}

/* u32 length | kid | seal; the box follows. */
static void add_sealed(struct buf *out, const struct rescue_to *to,
    const struct secret *key, size_t box_len)
{
	uint8_t sealed[KEY_SEAL];
	struct hash kid;

	seal_kid(&kid, &to->org, key);
	seal_key(sealed, key, to->pk, to->env);
	buf_u32(out, (uint32_t)(SEALED + box_len));
	buf_add(out, kid.b, sizeof(kid.b));
	buf_add(out, sealed, sizeof(sealed));
}

int rescue_add(
    struct buf *out, const struct rescue_to *to, const struct buf *rows)
{
	struct secret *key = secret_random(SECRET_KEY, to->env);
	struct buf ad = {0}, box = {0};
	int r;

	label(&ad, &to->org);
	r = seal_box(&box, key, &ad, rows, to->env);
	if (r == 0) {
		add_sealed(out, to, key, box.len);
		buf_add(out, box.data, box.len);
	}
	secret_free(&key);
	buf_fini(&ad);
	buf_fini(&box);
	return r;
}

int rescue_each(int64_t *at_s, const struct buf *file, const struct id *org,
    rescue_each_fn *each, void *ctx)
{
	const size_t magic = sizeof(MAGIC) - 1;
	struct reader in;
	uint32_t n = 1;
	int r = 0;

	if (file->len < HEAD || memcmp(file->data, MAGIC, magic) != 0)
		return err_set(ERR_WRONG_FILE, "not a copy of keys");
	in = reader_of(file->data + magic, file->len - magic);
	if (memcmp(reader_bytes(&in, 16), org->b, 16) != 0)
		return err_set(ERR_ORGANISATION, "a copy of keys");
	*at_s = (int64_t)reader_u64(&in);
	while (r == 0 && reader_left(&in) >= 4 && (n = reader_u32(&in)) > 0) {
		const struct rescue_section s = {reader_bytes(&in, n), n};
		if (!s.data)
			break;
		r = n > SEALED ? each(ctx, &s)
			       : err_set(ERR_WRONG_FILE, "a copy of keys");
	}
	if (r == 0 && (n > 0 || reader_left(&in) > 0))
		r = err_set(ERR_WRONG_FILE, "a copy of keys");
	return r;
}

static int open_key(struct secret **out, const struct id *org,
    const struct secret *dh, const struct rescue_section *s)
{
	struct seal_label of = {*org, {{0}}, NULL};

	memcpy(of.kid.b, s->data, 32);
	return seal_key_open(out, s->data + 32, dh, &of);
}

int rescue_open(struct buf *rows, const struct id *org, const struct secret *dh,
    const struct rescue_section *s)
{
	struct secret *key = NULL;
	struct buf ad = {0};
	size_t before = rows->len;
	int r = open_key(&key, org, dh, s);

	if (r < 0)
		return r;
	label(&ad, org);
	struct seal_label of = {*org, {{0}}, &ad};
	memcpy(of.kid.b, s->data, 32);
	r = seal_open(rows, key, &of, s->data + SEALED, s->len - SEALED);
	if (r == 0 && (rows->len - before) % RESCUE_ROW != 0)
		r = err_set(ERR_FORMAT, "a copy of keys");
	secret_free(&key);
	buf_fini(&ad);
	return r;
}

int rescue_pass(struct buf *out, const struct rescue_to *to,
    const struct secret *dh, const struct rescue_section *s)
{
	struct secret *key = NULL;
	int r = open_key(&key, &to->org, dh, s);

	if (r < 0)
		return r;
	add_sealed(out, to, key, s->len - SEALED);
	buf_add(out, s->data + SEALED, s->len - SEALED);
	secret_free(&key);
	return 0;
}
