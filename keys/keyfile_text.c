/*
 * keyfile_text.c - the key file's lines: public names in clear, sealed keys
 * in hex, and a sum that tells damage from a wrong passphrase. One form only:
 * what is not exactly what keyfile_print writes is refused.
 */
#include "keys/keyfile_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/id.h"
#include "keys/hash.h"

static const char *const kinds[] = {
    [KF_ARGON2ID] = "argon2id", [KF_NONE] = "none", [KF_TOKEN] = "token"};

static void hex_line(struct buf *out, const char *name, const void *p, size_t n)
{
	buf_printf(out, "%s ", name);
	buf_hex(out, p, n);
	buf_str(out, "\n");
}

void keyfile_head(struct buf *out, const struct keyfile_image *k)
{
	const struct keyfile_public *pub = &k->pub;

	buf_printf(out, "sf-key 1\nmember %s\n", pub->member);
	hex_line(out, "org", pub->org.b, sizeof(pub->org.b));
	hex_line(out, "seat", pub->seat.b, sizeof(pub->seat.b));
	hex_line(out, "sign", pub->sign_pk, sizeof(pub->sign_pk));
	hex_line(out, "dh", pub->dh_pk, sizeof(pub->dh_pk));
	buf_printf(out, "kdf %s %u %u ", kinds[k->kind], pub->kdf.memory_kib,
	    pub->kdf.passes);
	buf_hex(out, k->salt, sizeof(k->salt));
	buf_str(out, "\n");
}

void keyfile_print(struct buf *out, const struct keyfile_image *k)
{
	struct hash sum;

	keyfile_head(out, k);
	hex_line(out, "master", k->master, sizeof(k->master));
	if (k->pub.is_rekeying)
		hex_line(out, "next", k->next, sizeof(k->next));
	hex_line(out, "identity", k->identity, sizeof(k->identity));
	hex_line(out, "lease", k->lease, sizeof(k->lease));
	hash_blake2b256(&sum, out->data, out->len);
	hex_line(out, "sum", sum.b, sizeof(sum.b));
}

/* ---- parsing: every step leaves *s after what it took, or NULL ---- */

static void take(const char **s, const char *literal)
{
	size_t n = strlen(literal);

	if (*s)
		*s = strncmp(*s, literal, n) == 0 ? *s + n : NULL;
}

static void take_hex(const char **s, const char *name, void *out, size_t n)
{
	take(s, name);
	if (*s)
		*s = hex_decode(out, n, *s) ? *s + 2 * n : NULL;
	take(s, "\n");
}

static void take_number(const char **s, uint32_t *out)
{
	unsigned long n;
	char *end;

	if (!*s)
		return;
	n = strtoul(*s, &end, 10);
	*s = end != *s && *end == ' ' && n <= UINT32_MAX ? end + 1 : NULL;
	*out = (uint32_t)n;
}

static void take_member(const char **s, char out[KEYFILE_MEMBER])
{
	size_t n = 0;

	take(s, "member ");
	if (!*s)
		return;
	while ((*s)[n] > ' ' && (*s)[n] < 0x7f)
		n++;
	if (n == 0 || n >= KEYFILE_MEMBER) {
		*s = NULL;
		return;
	}
	memcpy(out, *s, n);
	out[n] = '\0';
	*s += n;
	take(s, "\n");
}

static void take_kdf(const char **s, struct keyfile_image *k)
{
	take(s, "kdf ");
	for (int i = 0; *s && i < (int)ARRAY_LEN(kinds); i++) {
		size_t n = strlen(kinds[i]);

		if (strncmp(*s, kinds[i], n) == 0 && (*s)[n] == ' ') {
			k->kind = (enum keyfile_kind)i;
			*s += n + 1;
			take_number(s, &k->pub.kdf.memory_kib);
			take_number(s, &k->pub.kdf.passes);
			take_hex(s, "", k->salt, sizeof(k->salt));
			return;
		}
	}
	*s = NULL;
}

static bool is_cost_sane(const struct keyfile_image *k)
{
	const struct keyfile_kdf *kdf = &k->pub.kdf;

	if (k->kind != KF_ARGON2ID)
		return kdf->memory_kib == 0 && kdf->passes == 0;
	return kdf->memory_kib >= 8 && kdf->memory_kib <= 4194304 &&
	       kdf->passes >= 1 && kdf->passes <= 64;
}

/* The same text again, byte for byte: one form, and the sum is right. */
static bool is_canonical(const struct keyfile_image *k, const char *text)
{
	struct buf again = {0};
	bool same;

	keyfile_print(&again, k);
	same = strcmp(buf_text(&again), text) == 0;
	buf_fini(&again);
	return same;
}

static bool is_newer(const char *text)
{
	long version;

	if (strncmp(text, "sf-key ", 7) != 0)
		return false;
	version = strtol(text + 7, NULL, 10);
	return version > 1;
}

int keyfile_parse(struct keyfile_image *out, const char *text, size_t len)
{
	struct keyfile_image k = {0};
	const char *s = text;

	if (len > KF_TEXT_MAX || strlen(text) != len)
		return err_set(ERR_DAMAGED, "key file: size");
	if (is_newer(text))
		return ERR_NEWER;
	take(&s, "sf-key 1\n");
	take_member(&s, k.pub.member);
	take_hex(&s, "org ", k.pub.org.b, sizeof(k.pub.org.b));
	take_hex(&s, "seat ", k.pub.seat.b, sizeof(k.pub.seat.b));
	take_hex(&s, "sign ", k.pub.sign_pk, sizeof(k.pub.sign_pk));
	take_hex(&s, "dh ", k.pub.dh_pk, sizeof(k.pub.dh_pk));
	take_kdf(&s, &k);
	take_hex(&s, "master ", k.master, sizeof(k.master));
	k.pub.is_rekeying = s && strncmp(s, "next ", 5) == 0;
	if (k.pub.is_rekeying)
		take_hex(&s, "next ", k.next, sizeof(k.next));
	take_hex(&s, "identity ", k.identity, sizeof(k.identity));
	take_hex(&s, "lease ", k.lease, sizeof(k.lease));
	if (!s || !is_cost_sane(&k) || !is_canonical(&k, text))
		return err_set(ERR_DAMAGED, "key file: text");
	*out = k;
	return 0;
}
