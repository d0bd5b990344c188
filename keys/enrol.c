/* enrol.c - codes, tickets, payloads and words of enrolment. */
#include "keys/enrol.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/text.h"
#include "keys/hash.h"
#include "keys/secret.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

/* Crockford's base 32. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Multiplication by x in GF(32), x^5 + x^2 + 1. */
static unsigned times_x(unsigned v)
{
	v <<= 1;
	return v & 32 ? v ^ 37 : v;
}

/* Makes the sum over all characters c_i x^i zero; x has order 31, so that one
 * wrong character or two exchanged ones always show. */
static unsigned check_value(const uint8_t digits[ENROL_CODE - 1])
{
	unsigned sum = 0;

	for (int i = ENROL_CODE - 2; i >= 0; i--)
		sum = times_x(sum) ^ digits[i];
	return times_x(sum);
}

static void spell(struct enrol_code *out, const struct hash *secret)
{
	uint8_t digits[ENROL_CODE - 1];

	for (int i = 0; i < ENROL_CODE - 1; i++) {
		int bit = i * 5, v = 0;
		for (int k = 0; k < 5; k++, bit++)
			v = v << 1 | (secret->b[bit / 8] >> (7 - bit % 8) & 1);
		digits[i] = (uint8_t)v;
		out->text[i] = alphabet[v];
	}
	out->text[ENROL_CODE - 1] = alphabet[check_value(digits)];
	out->text[ENROL_CODE] = '\0';
	secret_wipe(digits, sizeof(digits));
}

int enrol_derive(struct enrol_code *out, const struct secret *own_dh,
    const uint8_t peer_pk[DH_KEY], const struct enrol_for *whom)
{
	uint8_t shared[crypto_scalarmult_BYTES];
	struct buf b = {0};
	struct hash h;

	if (crypto_scalarmult(shared, own_dh->bytes, peer_pk) != 0)
		return err_set(ERR_FORMAT, "a key of low order");
	buf_add(&b, &whom->org, sizeof(whom->org));
	buf_block(&b, whom->member, strlen(whom->member));
	buf_block(&b, whom->role, strlen(whom->role));
	buf_block(&b, whom->terminal, strlen(whom->terminal));
	buf_u64(&b, (uint64_t)whom->until_s);
	hash_prefixed(&h, PREFIX_CODE,
	    (const struct part[]){{shared, sizeof(shared)}, {b.data, b.len}},
	    2);
	spell(out, &h);
	buf_fini(&b);
	secret_wipe(shared, sizeof(shared));
	secret_wipe(&h, sizeof(h));
	return 0;
}

/* Value of a character as typed; -1 ignored, -2 wrong. */
static int digit_of(uint32_t c)
{
	const char *at;

	c = text_halfwidth(c);
	if (c == ' ' || c == '-' || c == '\t' || c == '\n' || c == '\r')
		return -1;
	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	if (c == 0 || c > 127)
		return -2;
	at = strchr(alphabet, (int)c);
	return at ? (int)(at - alphabet) : -2;
}

int enrol_parse(struct enrol_code *out, const char *typed)
{
	uint8_t digits[ENROL_CODE];
	size_t n = strlen(typed), count = 0;
	uint32_t c;

	for (size_t i = 0; i < n;) {
		size_t len = utf8_decode(&c, typed + i, n - i);
		int v = len ? digit_of(c) : -2;
		if (v == -2 || (v >= 0 && count == ENROL_CODE))
			return err_set(ERR_CODE, "not a code");
		if (v >= 0)
			digits[count++] = (uint8_t)v;
		i += len;
	}
	if (count != ENROL_CODE ||
	    digits[ENROL_CODE - 1] != check_value(digits))
		return err_set(ERR_CODE, "mistyped");
	for (int i = 0; i < ENROL_CODE; i++)
		out->text[i] = alphabet[digits[i]];
	out->text[ENROL_CODE] = '\0';
	return 0;
}

void enrol_show(char out[ENROL_SHOWN], const struct enrol_code *code)
{
	snprintf(out, ENROL_SHOWN, "%.5s-%.5s-%.5s-%.5s-%.6s", code->text,
	    code->text + 5, code->text + 10, code->text + 15, code->text + 20);
}

static void hash_code(struct hash *out, enum prefix prefix,
    const struct id *org, const struct enrol_code *code)
{
	hash_prefixed(out, prefix,
	    (const struct part[]){
		{org, sizeof(*org)}, {code->text, ENROL_CODE}},
	    2);
}

void enrol_ticket(uint8_t out[ENROL_TICKET], const struct id *org,
    const struct enrol_code *code)
{
	struct hash h;

	hash_code(&h, PREFIX_TICKET, org, code);
	memcpy(out, h.b, ENROL_TICKET);
}

void enrol_psk(
    uint8_t out[ENROL_PSK], const struct id *org, const struct enrol_code *code)
{
	struct hash h;

	hash_code(&h, PREFIX_ENROL_PSK, org, code);
	memcpy(out, h.b, ENROL_PSK);
	secret_wipe(&h, sizeof(h));
}

static void add_short(struct buf *out, const char *s)
{
	buf_u8(out, (uint8_t)strlen(s));
	buf_str(out, s);
}

static void add_signed(struct buf *out, const struct enrol_request *req)
{
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_ENROL);

	buf_add(out, prefix, n);
	buf_add(out, &req->org, sizeof(req->org));
	buf_add(out, req->ticket, sizeof(req->ticket));
	buf_add(out, req->sign_pk, sizeof(req->sign_pk));
	buf_add(out, req->dh_pk, sizeof(req->dh_pk));
	add_short(out, req->member);
	add_short(out, req->terminal);
}

void enrol_payload_write(
    struct buf *out, const struct enrol_request *req, const struct secret *sign)
{
	struct buf b = {0};
	uint8_t signature[SIGNATURE];

	add_signed(&b, req);
	sign_detached(signature, sign, b.data, b.len);
	buf_add(out, req->sign_pk, sizeof(req->sign_pk));
	buf_add(out, signature, sizeof(signature));
	add_short(out, req->member);
	add_short(out, req->terminal);
	buf_fini(&b);
}

static bool read_short(char *out, size_t size, struct reader *r)
{
	size_t n = reader_u8(r);
	const uint8_t *s = reader_bytes(r, n);
	struct buf clean = {0};
	bool ok = s && n > 0 && n < size && utf8_is_valid((const char *)s, n);

	if (ok) {
		text_clean(&clean, (const char *)s, n);
		ok = clean.len == n && memcmp(clean.data, s, n) == 0;
		memcpy(out, s, n);
		out[n] = '\0';
	}
	buf_fini(&clean);
	return ok;
}

int enrol_payload_read(struct enrol_request *req, const void *payload, size_t n)
{
	struct reader r = reader_of(payload, n);
	const uint8_t *pk = reader_bytes(&r, SIGN_PUBLIC);
	const uint8_t *signature = reader_bytes(&r, SIGNATURE);
	struct buf b = {0};
	bool ok;

	if (!pk || !signature ||
	    !read_short(req->member, sizeof(req->member), &r) ||
	    !read_short(req->terminal, sizeof(req->terminal), &r) ||
	    !reader_is_done(&r))
		return err_set(ERR_FORMAT, "enrolment payload");
	memcpy(req->sign_pk, pk, SIGN_PUBLIC);
	add_signed(&b, req);
	ok = sign_is_valid(signature, req->sign_pk, b.data, b.len);
	buf_fini(&b);
	return ok ? 0 : err_set(ERR_SIGNATURE, "enrolment payload");
}

void enrol_words(char out[ENROL_WORDS],
    const uint8_t handshake[ENROL_HANDSHAKE], const struct enrol_request *req)
{
	static const char consonants[] = "bdfghjklmnprstwz";
	static const char vowels[] = "aiou";
	struct hash h;
	char *p = out;

	hash_prefixed(&h, PREFIX_WORDS,
	    (const struct part[]){{handshake, ENROL_HANDSHAKE},
		{req->sign_pk, SIGN_PUBLIC}, {req->dh_pk, DH_KEY}},
	    3);
	for (int i = 0; i < 12; i++) {
		unsigned v =
		    i % 2 ? h.b[i / 2 * 3 + 1] & 15u : h.b[i / 2 * 3 + 1] >> 4;
		*p++ = consonants[h.b[i / 2 * 3 + i % 2 * 2] & 15];
		*p++ = vowels[v & 3];
		if (i % 2 && i < 11)
			*p++ = ' ';
	}
	*p = '\0';
}
