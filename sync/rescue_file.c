/* rescue_file.c - whom copies of stream keys are sealed to. */
#include "sync/rescue_file.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/id.h"
#include "keys/hash.h"
#include "sync/site.h"

#include <string.h>

static void text_of(
    struct buf *out, const struct id *org, const uint8_t pk[DH_KEY])
{
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_RESCUE);

	buf_add(out, prefix, n);
	buf_add(out, org->b, 16);
	buf_add(out, pk, DH_KEY);
}

static void put_hex(json_t *value, const char *key, const void *data, size_t n)
{
	struct buf hex = {0};

	buf_hex(&hex, data, n);
	json_put_str(value, key, buf_text(&hex));
	buf_fini(&hex);
}

json_t *rescue_paper(
    const struct id *org, const uint8_t pk[DH_KEY], const struct secret *root)
{
	uint8_t signature[SIGNATURE];
	struct buf text = {0};
	json_t *value = json_object();

	text_of(&text, org, pk);
	sign_detached(signature, root, text.data, text.len);
	put_hex(value, "org", org->b, 16);
	put_hex(value, "rescue", pk, DH_KEY);
	put_hex(value, "signature", signature, sizeof(signature));
	buf_fini(&text);
	return value;
}

int rescue_paper_read(
    uint8_t pk[DH_KEY], const json_t *value, const struct site *site)
{
	uint8_t roots[SITE_ROLLOVERS + 1][SIGN_PUBLIC], signature[SIGNATURE];
	uint8_t key[DH_KEY];
	struct buf text = {0};
	struct id org;
	bool is_signed = false;

	if (!id_parse(&org, json_str(value, "org", "")) ||
	    !hex_decode(key, sizeof(key), json_str(value, "rescue", "")) ||
	    !hex_decode(
		signature, sizeof(signature), json_str(value, "signature", "")))
		return err_set(ERR_FORMAT, "a rescue key");
	if (id_cmp(&org, &site->org) != 0)
		return err_set(ERR_ORGANISATION, "a rescue key");
	text_of(&text, &org, key);
	for (size_t i = 0, n = site_roots(roots, site); i < n; i++)
		is_signed = is_signed || sign_is_valid(signature, roots[i],
					     text.data, text.len);
	buf_fini(&text);
	if (!is_signed)
		return err_set(ERR_SIGNATURE, "a rescue key");
	memcpy(pk, key, DH_KEY);
	return 0;
}
