/* keyfile.c - creating, unlocking and changing a key file. */
#include "keys/keyfile.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "core/buf.h"
#include "core/env.h"
#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/vault.h"
#include "keys/keyfile_impl.h"
#include "keys/keyfile_tries.h"

void keyfile_content_fini(struct keyfile_content *c)
{
	secret_free(&c->kek);
	secret_free(&c->master);
	secret_free(&c->next);
	secret_free(&c->identity);
	secret_free(&c->lease);
}

/* ---- seals: nonce | ciphertext | tag, bound to the head and a name  */

struct box {
	const struct keyfile_image *image;
	const char *name;
	const struct secret *key;
};

static void bind_of(struct buf *out, const struct box *box)
{
	keyfile_head(out, box->image);
	buf_str(out, box->name);
}

static void seal(uint8_t *out, const struct box *box, const struct secret *text,
    const struct env *env)
{
	struct buf bind = {0};

	bind_of(&bind, box);
	env_random(env, out, 24);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + 24, NULL, text->bytes,
	    text->len, bind.data, bind.len, NULL, out, box->key->bytes);
	buf_fini(&bind);
}

/* NULL when it does not verify. */
static struct secret *unseal(
    const uint8_t *sealed, size_t len, const struct box *box)
{
	struct secret *text = secret_new(len);
	struct buf bind = {0};

	bind_of(&bind, box);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(text->bytes, NULL, NULL,
		sealed + 24, len + 16, bind.data, bind.len, sealed,
		box->key->bytes) != 0)
		secret_free(&text);
	buf_fini(&bind);
	return text;
}

/* ---- all at once ------------------------------------------------- */

int keyfile_content_save(const char *path, const struct keyfile_content *c,
    const struct env *env, bool replace)
{
	struct keyfile_image k = {.pub = c->pub, .kind = c->kind};
	struct secret *wrap = keyfile_subkey(c->master, KF_IDENTITY);
	struct secret *lease = keyfile_subkey(c->master, KF_LEASE);

	memcpy(k.salt, c->salt, KF_SALT);
	k.pub.is_rekeying = c->next != NULL;
	seal(k.master, &(struct box){&k, "master", c->kek}, c->master, env);
	if (c->next)
		seal(k.next, &(struct box){&k, "next", c->kek}, c->next, env);
	seal(k.identity, &(struct box){&k, "identity", wrap}, c->identity, env);
	seal(k.lease, &(struct box){&k, "lease", lease}, c->lease, env);
	secret_free(&wrap);
	secret_free(&lease);
	return keyfile_save(path, &k, replace);
}

static int open_rest(struct keyfile_content *c, const struct keyfile_image *k)
{
	struct secret *wrap = keyfile_subkey(c->master, KF_IDENTITY);
	struct secret *lease = keyfile_subkey(c->master, KF_LEASE);

	c->identity = unseal(k->identity, SIGN_SEED + DH_KEY,
	    &(struct box){k, "identity", wrap});
	c->lease =
	    unseal(k->lease, SECRET_KEY, &(struct box){k, "lease", lease});
	if (k->pub.is_rekeying)
		c->next = unseal(
		    k->next, SECRET_KEY, &(struct box){k, "next", c->kek});
	secret_free(&wrap);
	secret_free(&lease);
	if (!c->identity || !c->lease || (k->pub.is_rekeying && !c->next))
		return err_set(ERR_DAMAGED, "key file: a sealed line");
	return 0;
}

int keyfile_content_load(struct keyfile_content *out, const char *path,
    const struct keyfile_opener *opener)
{
	struct keyfile_content c = {0};
	struct keyfile_image k;
	int rc = keyfile_load(&k, path);

	if (rc == 0)
		rc = keyfile_kek(&c.kek, &k, opener);
	if (rc < 0)
		return rc;
	c.pub = k.pub;
	c.kind = k.kind;
	memcpy(c.salt, k.salt, KF_SALT);
	c.master =
	    unseal(k.master, SECRET_KEY, &(struct box){&k, "master", c.kek});
	if (!c.master)
		rc = err_set(k.kind == KF_ARGON2ID ? ERR_PASSPHRASE : ERR_KEY,
		    "%s", c.pub.member);
	else
		rc = open_rest(&c, &k);
	if (rc == 0)
		*out = c;
	else
		keyfile_content_fini(&c);
	return rc;
}

static enum keyfile_kind kind_of(const struct keyfile_opener *opener)
{
	if (opener->passphrase)
		return KF_ARGON2ID;
	return opener->token ? KF_TOKEN : KF_NONE;
}

/* A new salt and the key it gives; the content is bound to it when saved. */
static int choose_kek(struct keyfile_content *c,
    const struct keyfile_opener *opener, const struct keyfile_kdf *kdf)
{
	struct keyfile_image k = {.kind = kind_of(opener)};
	int rc = keyfile_kdf_check(kdf);

	if (rc == 0 && (kdf->passes == 0) == (k.kind == KF_ARGON2ID))
		rc = err_set(ERR_INVALID, "a cost needs a passphrase");
	if (rc == 0 && k.kind == KF_ARGON2ID && opener->passphrase->len == 0)
		rc = err_set(ERR_INVALID, "the passphrase is empty");
	if (rc < 0)
		return rc;
	secret_free(&c->kek);
	c->kind = k.kind;
	c->pub.kdf =
	    kdf->passes && keyfile_forced.passes ? keyfile_forced : *kdf;
	env_random(opener->env, c->salt, KF_SALT);
	k.pub.kdf = c->pub.kdf;
	memcpy(k.salt, c->salt, KF_SALT);
	return keyfile_kek(&c->kek, &k, opener);
}

/* ---- creating ------------------------------------------------------ */

static bool is_member(const char *s)
{
	size_t n = 0;

	while (s[n] > ' ' && s[n] < 0x7f)
		n++;
	return s[n] == '\0' && n > 0 && n < KEYFILE_MEMBER;
}

static void describe(struct keyfile_public *pub, const struct keyfile_new *n)
{
	memcpy(pub->member, n->member, strlen(n->member) + 1);
	pub->org = n->me->org;
	pub->seat = n->me->seat;
	memcpy(pub->sign_pk, n->me->sign_pk, SIGN_PUBLIC);
	memcpy(pub->dh_pk, n->me->dh_pk, DH_KEY);
}

int keyfile_create(const char *path, const struct keyfile_new *n)
{
	const struct keyfile_opener opener = {n->passphrase, n->token, n->env};
	struct keyfile_content c = {0};
	struct secret *seed;
	int rc;

	if (!is_member(n->member))
		return err_set(ERR_INVALID, "key file: member name");
	describe(&c.pub, n);
	rc = choose_kek(&c, &opener, &n->kdf);
	if (rc < 0)
		return rc;
	c.master = secret_random(SECRET_KEY, n->env);
	c.lease = secret_random(SECRET_KEY, n->env);
	c.identity = secret_new(SIGN_SEED + DH_KEY);
	seed = identity_seed_dup(n->me);
	memcpy(c.identity->bytes, seed->bytes, SIGN_SEED);
	memcpy(c.identity->bytes + SIGN_SEED, n->me->dh->bytes, DH_KEY);
	secret_free(&seed);
	rc = keyfile_content_save(path, &c, n->env, false);
	keyfile_content_fini(&c);
	return rc;
}

int keyfile_read(struct keyfile_public *out, const char *path)
{
	struct keyfile_image k;
	int rc = keyfile_load(&k, path);

	if (rc == 0)
		*out = k.pub;
	return rc;
}

/* ---- unlocking ------------------------------------------------------ */

static struct keyring *ring_of(const struct keyfile_content *c)
{
	struct keyring *ring = mem_new(sizeof(*ring));
	struct secret *seed = secret_dup(c->identity->bytes, SIGN_SEED);
	struct secret *dh = secret_dup(c->identity->bytes + SIGN_SEED, DH_KEY);

	ring->pub = c->pub;
	ring->me = identity_restore(&c->pub.org, seed, dh);
	ring->vault = keyfile_subkey(c->master, KF_VAULT);
	if (c->next)
		ring->next_vault = keyfile_subkey(c->next, KF_VAULT);
	ring->lease = secret_dup(c->lease->bytes, c->lease->len);
	secret_free(&seed);
	secret_free(&dh);
	return ring;
}

void keyring_free(struct keyring **ring)
{
	if (!*ring)
		return;
	identity_free(&(*ring)->me);
	secret_free(&(*ring)->vault);
	secret_free(&(*ring)->next_vault);
	secret_free(&(*ring)->lease);
	free(*ring);
	*ring = NULL;
}

uint32_t keyfile_wait_s(const char *path, int64_t now_s)
{
	uint32_t wrong, delay;
	int64_t at_s, passed;

	keyfile_tries_get(&wrong, &at_s, path);
	delay = keyfile_delay_s(wrong);
	passed = now_s - at_s;
	if (passed < 0) /* the clock was set back: wait in full */
		return delay;
	return passed >= delay ? 0 : delay - (uint32_t)passed;
}

/* A try is counted before it is made, so that killing us gains nothing. */
static int try_content(struct keyfile_content *out, const char *path,
    const struct keyfile_opener *opener)
{
	int64_t now_s = env_now_s(opener->env), at_s;
	uint32_t wrong, wait;
	int rc;

	if (!opener->passphrase)
		return keyfile_content_load(out, path, opener);
	wait = keyfile_wait_s(path, now_s);
	if (wait > 0)
		return err_set(ERR_WAIT, "%u s", wait);
	keyfile_tries_get(&wrong, &at_s, path);
	keyfile_tries_set(path, wrong + 1, now_s);
	rc = keyfile_content_load(out, path, opener);
	if (rc != ERR_PASSPHRASE)
		keyfile_tries_set(path, rc == 0 ? 0 : wrong, at_s);
	return rc;
}

int keyfile_unlock(
    struct keyring **out, const char *path, const struct keyfile_opener *opener)
{
	struct keyfile_content c = {0};
	struct keyring *ring;
	int rc = try_content(&c, path, opener);

	if (rc < 0)
		return rc;
	ring = ring_of(&c);
	keyfile_content_fini(&c);
	if (id_cmp(&ring->me->seat, &ring->pub.seat) != 0) {
		keyring_free(&ring);
		return err_set(
		    ERR_DAMAGED, "key file: keys are not the seat's");
	}
	*out = ring;
	return 0;
}

/* ---- changing ------------------------------------------------------ */

int keyfile_passwd(const char *path, const struct keyfile_opener *opener,
    const struct secret *passphrase, const struct keyfile_kdf *kdf)
{
	const struct keyfile_opener next = {
	    passphrase, opener->token, opener->env};
	struct keyfile_content c = {0};
	int rc = try_content(&c, path, opener);

	if (rc == 0)
		rc = choose_kek(&c, &next, kdf);
	if (rc == 0)
		rc = keyfile_content_save(path, &c, opener->env, true);
	keyfile_content_fini(&c);
	return rc;
}

int keyfile_rekey_begin(const char *path, const struct keyfile_opener *opener)
{
	struct keyfile_content c = {0};
	int rc = try_content(&c, path, opener);

	if (rc == 0 && !c.next) {
		c.next = secret_random(SECRET_KEY, opener->env);
		rc = keyfile_content_save(path, &c, opener->env, true);
	}
	keyfile_content_fini(&c);
	return rc;
}

int keyfile_rekey_end(
    const char *path, const struct keyfile_opener *opener, bool took_new)
{
	struct keyfile_content c = {0};
	int rc = try_content(&c, path, opener);

	if (rc == 0 && c.next) {
		if (took_new) {
			secret_free(&c.master);
			c.master = c.next;
			c.next = NULL;
		}
		secret_free(&c.next);
		rc = keyfile_content_save(path, &c, opener->env, true);
	}
	keyfile_content_fini(&c);
	return rc;
}

/* Which of the two page keys the file is under after a crash. */
static int has_moved(bool *out, const struct keyring *ring, const char *path,
    const char *base_vfs)
{
	const struct vault_opts opts = {
	    .base_vfs = base_vfs, .must_exist = true};
	struct sqlite3 *db = NULL;
	int rc = vault_open(&db, path, ring->next_vault->bytes, &opts);

	*out = rc == 0;
	if (rc == 0)
		return vault_close(&db);
	return rc == ERR_WRONG_KEY ? 0 : rc;
}

int keyfile_rekey_vault(const char *path, const struct keyfile_opener *opener,
    const char *vault_path, const char *base_vfs)
{
	struct keyring *ring = NULL;
	struct vault_rekey keys = {.base_vfs = base_vfs};
	bool moved = false;
	int rc = keyfile_rekey_begin(path, opener);

	if (rc == 0)
		rc = keyfile_unlock(&ring, path, opener);
	if (rc == 0)
		rc = has_moved(&moved, ring, vault_path, base_vfs);
	if (rc == 0 && !moved) {
		keys.old_key = ring->vault->bytes;
		keys.new_key = ring->next_vault->bytes;
		rc = vault_rekey(vault_path, &keys);
	}
	keyring_free(&ring);
	return rc == 0 ? keyfile_rekey_end(path, opener, true) : rc;
}
