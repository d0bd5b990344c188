/* identity.c - key pairs of a seat and the names derived from them. */
#include "keys/identity.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "core/mem.h"
#include "keys/hash.h"
#include "keys/secret.h"

void identity_sign_key(
    struct secret **secret, uint8_t pk[SIGN_PUBLIC], const struct secret *seed)
{
	struct secret *sk = secret_new(SIGN_SECRET);

	assert(seed->len == SIGN_SEED);
	crypto_sign_seed_keypair(pk, sk->bytes, seed->bytes);
	*secret = sk;
}

void identity_dh_public(uint8_t pk[DH_KEY], const struct secret *dh)
{
	assert(dh->len == DH_KEY);
	crypto_scalarmult_base(pk, dh->bytes);
}

struct identity *identity_restore(
    const struct id *org, const struct secret *seed, const struct secret *dh)
{
	struct identity *identity = mem_new(sizeof(*identity));

	identity->org = *org;
	identity_sign_key(&identity->sign, identity->sign_pk, seed);
	identity_dh_public(identity->dh_pk, dh);
	identity->dh = secret_dup(dh->bytes, dh->len);
	identity_seat(&identity->seat, org, identity->sign_pk, identity->dh_pk);
	return identity;
}

struct identity *identity_new(const struct id *org, const struct env *env)
{
	struct secret *seed = secret_random(SIGN_SEED, env);
	struct secret *dh = secret_random(DH_KEY, env);
	struct identity *identity = identity_restore(org, seed, dh);

	secret_free(&seed);
	secret_free(&dh);
	return identity;
}

struct secret *identity_seed_dup(const struct identity *identity)
{
	return secret_dup(identity->sign->bytes, SIGN_SEED);
}

void identity_free(struct identity **identity)
{
	if (!*identity)
		return;
	secret_free(&(*identity)->sign);
	secret_free(&(*identity)->dh);
	free(*identity);
	*identity = NULL;
}

void identity_org(struct id *out, const uint8_t root_pk[SIGN_PUBLIC])
{
	const struct part parts[] = {{root_pk, SIGN_PUBLIC}};

	hash_prefixed_id(out, PREFIX_ORG, parts, ARRAY_LEN(parts));
}

void identity_seat(struct id *out, const struct id *org,
    const uint8_t sign_pk[SIGN_PUBLIC], const uint8_t dh_pk[DH_KEY])
{
	const struct part parts[] = {
	    {org->b, sizeof(org->b)},
	    {sign_pk, SIGN_PUBLIC},
	    {dh_pk, DH_KEY},
	};

	hash_prefixed_id(out, PREFIX_SEAT, parts, ARRAY_LEN(parts));
}

void identity_roster_stream(struct id *out, const struct id *org)
{
	const struct part parts[] = {{org->b, sizeof(org->b)}};

	hash_prefixed_id(out, PREFIX_ROSTER, parts, ARRAY_LEN(parts));
}
