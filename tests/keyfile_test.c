/* keyfile_test.c - what opens a key file, what does not, what changes it. */
#include "tests/test.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/err.h"
#include "core/id.h"
#include "keys/keyfile.h"
#include "keys/keyfile_impl.h"
#include "keys/secret.h"
#include "tests/keyfile_cheap.h"
#include "tests/vault_kit.h"

struct fix {
	struct kit *kit;
	struct test_env t;
	char path[520];
	struct secret *pass;
	struct secret *wrong;
	struct identity *me;
	struct keyfile_opener opener;
};

static int setup(void **state)
{
	struct fix *x = calloc(1, sizeof(*x));
	const struct id org = {{1, 2, 3}};
	void *kit = NULL;

	keyfile_cheap_for_test();
	assert_non_null(x);
	assert_int_equal(kit_setup(&kit), 0);
	x->kit = kit;
	test_env_init(&x->t, 11);
	snprintf(x->path, sizeof(x->path), "%s/seat.key", x->kit->dir);
	x->pass = secret_dup("正确的口令", 15);
	x->wrong = secret_dup("wrong", 5);
	x->me = identity_new(&org, &x->t.env);
	x->opener = (struct keyfile_opener){x->pass, NULL, &x->t.env};
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fix *x = *state;
	void *kit = x->kit;

	secret_free(&x->pass);
	secret_free(&x->wrong);
	identity_free(&x->me);
	kit_teardown(&kit);
	free(x);
	return 0;
}

static void create(struct fix *x)
{
	const struct keyfile_new n = {.member = "A017",
	    .me = x->me,
	    .passphrase = x->pass,
	    .kdf = KEYFILE_USUAL,
	    .env = &x->t.env};

	kit_fresh(x->kit);
	assert_int_equal(keyfile_create(x->path, &n), 0);
	assert_int_equal(keyfile_create(x->path, &n), ERR_EXISTS);
}

static struct keyring *unlock(struct fix *x)
{
	struct keyring *ring = NULL;
	int rc = keyfile_unlock(&ring, x->path, &x->opener);

	if (rc != 0)
		fail_msg("unlock: %s %s", err_name(rc), err_detail());
	return ring;
}

static void test_keyfile__gives_back_the_seat(void **state)
{
	struct fix *x = *state;
	struct keyfile_public pub;
	struct keyring *a, *b;
	struct stat st;

	create(x);
	assert_int_equal(stat(x->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(keyfile_read(&pub, x->path), 0);
	assert_string_equal(pub.member, "A017");
	a = unlock(x);
	b = unlock(x);
	assert_int_equal(id_cmp(&a->me->seat, &x->me->seat), 0);
	assert_true(secret_is_equal(a->me->sign, x->me->sign));
	assert_true(secret_is_equal(a->me->dh, x->me->dh));
	assert_true(secret_is_equal(a->vault, b->vault));
	assert_true(secret_is_equal(a->lease, b->lease));
	assert_false(secret_is_equal(a->lease, a->vault));
	assert_null(a->next_vault);
	keyring_free(&a);
	keyring_free(&b);
	assert_int_equal(kit_files(x->kit), 1);
}

/* One slot an agent: two files of one passphrase share no key. */
static void test_keyfile__two_slots_share_nothing(void **state)
{
	struct fix *x = *state;
	struct keyring *a, *b;

	create(x);
	a = unlock(x);
	create(x);
	b = unlock(x);
	assert_false(secret_is_equal(a->vault, b->vault));
	assert_false(secret_is_equal(a->lease, b->lease));
	keyring_free(&a);
	keyring_free(&b);
}

static void test_keyfile__wrong_passphrase_waits_longer(void **state)
{
	struct fix *x = *state;
	struct keyfile_opener bad = x->opener;
	struct keyring *ring = NULL;

	create(x);
	bad.passphrase = x->wrong;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(keyfile_wait_s(x->path, x->t.now_s), 0);
		assert_int_equal(
		    keyfile_unlock(&ring, x->path, &bad), ERR_PASSPHRASE);
	}
	/* the count that is not there yet explains nothing */
	assert_string_equal(err_detail_of(ERR_PASSPHRASE), "A017");
	assert_int_equal(keyfile_wait_s(x->path, x->t.now_s), 5);
	assert_int_equal(keyfile_unlock(&ring, x->path, &x->opener), ERR_WAIT);
	assert_string_equal(err_detail_of(ERR_WAIT), "5 s");
	x->t.now_s += 5;
	assert_int_equal(keyfile_unlock(&ring, x->path, &bad), ERR_PASSPHRASE);
	assert_int_equal(keyfile_wait_s(x->path, x->t.now_s), 10);
	assert_int_equal(keyfile_wait_s(x->path, x->t.now_s - 999), 10);
	x->t.now_s += 10;
	ring = unlock(x);
	keyring_free(&ring);
	assert_int_equal(keyfile_wait_s(x->path, x->t.now_s), 0);
	assert_int_equal(keyfile_delay_s(4), 0);
	assert_int_equal(keyfile_delay_s(12), 640);
	assert_int_equal(keyfile_delay_s(4000), 900);
}

static void test_keyfile__passwd_keeps_the_keys(void **state)
{
	struct fix *x = *state;
	struct keyring *before, *after = NULL;
	struct keyfile_opener next = x->opener;

	create(x);
	before = unlock(x);
	assert_int_equal(
	    keyfile_passwd(x->path, &x->opener, x->wrong, &KEYFILE_FLOOR), 0);
	assert_int_equal(
	    keyfile_unlock(&after, x->path, &x->opener), ERR_PASSPHRASE);
	next.passphrase = x->wrong;
	assert_int_equal(keyfile_unlock(&after, x->path, &next), 0);
	assert_true(secret_is_equal(before->vault, after->vault));
	assert_true(secret_is_equal(before->lease, after->lease));
	keyring_free(&before);
	keyring_free(&after);
}

static void test_keyfile__refuses_cheap_and_empty(void **state)
{
	struct fix *x = *state;
	struct keyfile_new n = {.member = "A017",
	    .me = x->me,
	    .passphrase = x->pass,
	    .kdf = {65535, 2},
	    .env = &x->t.env};

	kit_fresh(x->kit);
	assert_int_equal(keyfile_create(x->path, &n), ERR_INVALID);
	n.kdf = (struct keyfile_kdf){65536, 1};
	assert_int_equal(keyfile_create(x->path, &n), ERR_INVALID);
	n.kdf = (struct keyfile_kdf){0, 0};
	assert_int_equal(keyfile_create(x->path, &n), ERR_INVALID);
	n.passphrase = NULL;
	n.kdf = KEYFILE_USUAL;
	assert_int_equal(keyfile_create(x->path, &n), ERR_INVALID);
	n.passphrase = x->pass;
	n.member = "two words";
	assert_int_equal(keyfile_create(x->path, &n), ERR_INVALID);
	assert_int_equal(kit_files(x->kit), 0);
}

/* Every bit of the file: refused, and never by calling the person wrong. */
static void test_keyfile__any_flip_is_damage(void **state)
{
	struct fix *x = *state;
	struct keyring *ring = NULL;
	int64_t size;

	create(x);
	size = kit_size(x->path);
	assert_true(size > 500);
	for (int64_t i = 0; i < size; i++) {
		uint8_t bit = (uint8_t)(1u << (i % 8));
		int rc;

		kit_poke(x->path, i, bit);
		rc = keyfile_unlock(&ring, x->path, &x->opener);
		if (rc != ERR_DAMAGED && rc != ERR_NEWER)
			fail_msg("byte %d: %s", (int)i, err_name(rc));
		kit_poke(x->path, i, bit);
	}
	for (int64_t n = 0; n < size; n += 7) {
		char cut[540];

		snprintf(cut, sizeof(cut), "%s.cut", x->path);
		kit_copy(x->path, cut);
		assert_int_equal(truncate(cut, n), 0);
		assert_int_equal(
		    keyfile_unlock(&ring, cut, &x->opener), ERR_DAMAGED);
	}
	ring = unlock(x);
	keyring_free(&ring);
}

static int token_kek(void *ctx, uint8_t kek[32], const uint8_t salt[16])
{
	memset(kek, *(int *)ctx, 32);
	memcpy(kek, salt, 16);
	return 0;
}

static void test_keyfile__node_file_needs_its_mode_or_token(void **state)
{
	struct fix *x = *state;
	int secret = 7;
	const struct keyfile_token token = {token_kek, &secret};
	struct keyfile_new n = {
	    .member = "node", .me = x->me, .env = &x->t.env};
	struct keyfile_opener opener = {NULL, NULL, &x->t.env};
	struct keyring *ring = NULL;
	struct stat st;

	kit_fresh(x->kit);
	assert_int_equal(keyfile_create(x->path, &n), 0);
	assert_int_equal(stat(x->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0400);
	assert_int_equal(keyfile_unlock(&ring, x->path, &opener), 0);
	keyring_free(&ring);
	assert_int_equal(chmod(x->path, 0440), 0);
	assert_int_equal(
	    keyfile_unlock(&ring, x->path, &opener), ERR_NOT_PERMITTED);
	kit_fresh(x->kit);
	n.token = &token;
	assert_int_equal(keyfile_create(x->path, &n), 0);
	assert_int_equal(keyfile_unlock(&ring, x->path, &opener), ERR_KEY);
	opener.token = &token;
	assert_int_equal(keyfile_unlock(&ring, x->path, &opener), 0);
	keyring_free(&ring);
	secret = 8;
	assert_int_equal(keyfile_unlock(&ring, x->path, &opener), ERR_KEY);
}

static void vault_of(struct fix *x, const struct secret *key, int expect)
{
	sqlite3 *db = NULL;

	assert_int_equal(
	    vault_open(&db, x->kit->path, key->bytes, NULL), expect);
	if (expect != 0)
		return;
	kit_fill(db, 1, 50);
	kit_intact(db);
	kit_exec(db, "DELETE FROM t");
	kit_close(&db);
}

static void test_keyfile__rekey_moves_the_vault(void **state)
{
	struct fix *x = *state;
	struct keyring *before, *after;

	create(x);
	before = unlock(x);
	vault_of(x, before->vault, 0);
	assert_int_equal(
	    keyfile_rekey_vault(x->path, &x->opener, x->kit->path, NULL), 0);
	after = unlock(x);
	assert_false(after->pub.is_rekeying);
	assert_false(secret_is_equal(before->vault, after->vault));
	assert_true(secret_is_equal(before->lease, after->lease));
	vault_of(x, before->vault, ERR_WRONG_KEY);
	vault_of(x, after->vault, 0);
	keyring_free(&before);
	keyring_free(&after);
}

/* A crash after the rename and before the key file is told: both keys are
 * there, and running the command again ends it. */
static void test_keyfile__rekey_survives_a_crash(void **state)
{
	struct fix *x = *state;
	struct keyring *ring;
	struct vault_rekey keys = {0};
	struct secret *moved;

	create(x);
	ring = unlock(x);
	vault_of(x, ring->vault, 0);
	keyring_free(&ring);
	assert_int_equal(keyfile_rekey_begin(x->path, &x->opener), 0);
	ring = unlock(x);
	assert_non_null(ring->next_vault);
	vault_of(x, ring->vault, 0);
	keys.old_key = ring->vault->bytes;
	keys.new_key = ring->next_vault->bytes;
	assert_int_equal(vault_rekey(x->kit->path, &keys), 0);
	vault_of(x, ring->next_vault, 0);
	moved = secret_dup(ring->next_vault->bytes, SECRET_KEY);
	keyring_free(&ring);
	assert_int_equal(
	    keyfile_rekey_vault(x->path, &x->opener, x->kit->path, NULL), 0);
	ring = unlock(x);
	assert_false(ring->pub.is_rekeying);
	assert_true(secret_is_equal(ring->vault, moved));
	keyring_free(&ring);
	secret_free(&moved);
}

/* The product's costs, once; slow under sanitizers, so only the plain pass
 * measures. */
static void test_keyfile__measures_this_machine(void **state)
{
	struct env env = {clock_now_s, clock_mono_ms, NULL, NULL};
	struct keyfile_kdf kdf = KEYFILE_FLOOR;

	(void)state;
	if (test_repeat(10) == 10)
		assert_int_equal(keyfile_measure(&kdf, &env), 0);
	assert_int_equal(keyfile_kdf_check(&kdf), 0);
	assert_true(kdf.memory_kib <= KEYFILE_USUAL.memory_kib);
	printf("argon2id: %u KiB, %u passes\n", kdf.memory_kib, kdf.passes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_keyfile__gives_back_the_seat),
	    cmocka_unit_test(test_keyfile__two_slots_share_nothing),
	    cmocka_unit_test(test_keyfile__wrong_passphrase_waits_longer),
	    cmocka_unit_test(test_keyfile__passwd_keeps_the_keys),
	    cmocka_unit_test(test_keyfile__refuses_cheap_and_empty),
	    cmocka_unit_test(test_keyfile__any_flip_is_damage),
	    cmocka_unit_test(test_keyfile__node_file_needs_its_mode_or_token),
	    cmocka_unit_test(test_keyfile__rekey_moves_the_vault),
	    cmocka_unit_test(test_keyfile__rekey_survives_a_crash),
	    cmocka_unit_test(test_keyfile__measures_this_machine),
	};
	return cmocka_run_group_tests_name("keyfile", tests, setup, teardown);
}
