/* seal_test.c - boxes, kids and key seals: they open at their place only. */
#include "tests/test.h"

#include "core/err.h"
#include "keys/hash.h"
#include "keys/seal.h"

struct bench {
	struct test_env world;
	struct secret *key;
	struct seal_label label;
	struct buf ad;
	struct buf body;
	struct buf box;
	struct buf out;
};

static void setup(struct bench *b, const char *body)
{
	*b = (struct bench){.label.stream = {{7, 7}}};
	test_env_init(&b->world, 11);
	b->key = secret_random(SECRET_KEY, &b->world.env);
	seal_kid(&b->label.kid, &b->label.stream, b->key);
	buf_str(&b->ad, "the record around it");
	b->label.ad = &b->ad;
	buf_str(&b->body, body);
	assert_int_equal(
	    seal_box(&b->box, b->key, &b->ad, &b->body, &b->world.env), 0);
}

static void teardown(struct bench *b)
{
	secret_free(&b->key);
	buf_fini(&b->ad);
	buf_fini(&b->body);
	buf_fini(&b->box);
	buf_fini(&b->out);
}

static int try_open(struct bench *b)
{
	buf_clear(&b->out);
	return seal_open(&b->out, b->key, &b->label, b->box.data, b->box.len);
}

static void test_seal__bodies_of_every_length_come_back(void **state)
{
	static const size_t lengths[] = {
	    0, 1, 123, 124, 125, 252, 253, 65535, BODY_MAX};
	struct bench b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		setup(&b, "");
		memset(buf_reserve(&b.body, lengths[i]), 'x', lengths[i]);
		b.body.len = lengths[i];
		buf_clear(&b.box);
		assert_int_equal(
		    seal_box(&b.box, b.key, &b.ad, &b.body, &b.world.env), 0);
		assert_int_equal(b.box.len, seal_box_size(lengths[i]));
		assert_int_equal((b.box.len - 40) % SEAL_PAD, 0);
		assert_true(b.box.len <= BOX_MAX);
		assert_int_equal(try_open(&b), 0);
		assert_int_equal(b.out.len, b.body.len);
		if (lengths[i])
			assert_memory_equal(
			    b.out.data, b.body.data, b.body.len);
		teardown(&b);
	}
	setup(&b, "");
	memset(buf_reserve(&b.body, BODY_MAX + 1), 'x', BODY_MAX + 1);
	b.body.len = BODY_MAX + 1;
	assert_int_equal(seal_box(&b.box, b.key, &b.ad, &b.body, &b.world.env),
	    ERR_TOO_LARGE);
	teardown(&b);
}

static void test_seal__two_boxes_of_one_body_differ(void **state)
{
	struct bench b;
	struct buf again = {0};

	(void)state;
	setup(&b, "same");
	assert_int_equal(
	    seal_box(&again, b.key, &b.ad, &b.body, &b.world.env), 0);
	assert_memory_not_equal(again.data, b.box.data, SEAL_NONCE);
	buf_fini(&again);
	teardown(&b);
}

static void test_seal__any_flipped_bit_is_refused(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, "{\"text\":\"解晓\"}");
	for (size_t i = 0; i < b.box.len * 8; i++) {
		b.box.data[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(try_open(&b), ERR_SIGNATURE);
		assert_int_equal(b.out.len, 0);
		b.box.data[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t i = 0; i < b.ad.len; i++) {
		b.ad.data[i] ^= 1;
		assert_int_equal(try_open(&b), ERR_SIGNATURE);
		b.ad.data[i] ^= 1;
	}
	for (; b.box.len > 0; b.box.len--)
		if (b.box.len != seal_box_size(b.body.len))
			assert_true(try_open(&b) < 0);
	teardown(&b);
}

/* XChaCha20-Poly1305 does not commit to its key; the kid does. */
static void test_seal__kid_is_checked_before_opening(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, "body");
	b.label.kid.b[31] ^= 1;
	assert_int_equal(try_open(&b), ERR_KEY);
	b.label.kid.b[31] ^= 1;
	b.label.stream.b[0] ^= 1;
	assert_int_equal(try_open(&b), ERR_KEY);
	b.label.stream.b[0] ^= 1;
	b.key->bytes[0] ^= 1;
	assert_int_equal(try_open(&b), ERR_KEY);
	b.key->bytes[0] ^= 1;
	assert_int_equal(try_open(&b), 0);
	teardown(&b);
}

static void test_seal__key_reaches_the_node_and_nobody_else(void **state)
{
	struct bench b;
	struct secret *node, *other, *key = NULL;
	uint8_t pk[DH_KEY], sealed[KEY_SEAL];

	(void)state;
	setup(&b, "");
	node = secret_random(DH_KEY, &b.world.env);
	other = secret_random(DH_KEY, &b.world.env);
	identity_dh_public(pk, node);
	seal_key(sealed, b.key, pk, &b.world.env);
	assert_int_equal(seal_key_open(&key, sealed, node, &b.label), 0);
	assert_true(secret_is_equal(key, b.key));
	secret_free(&key);
	assert_int_equal(
	    seal_key_open(&key, sealed, other, &b.label), ERR_SIGNATURE);
	assert_null(key);
	for (size_t i = 0; i < sizeof(sealed); i++) {
		/* The top bit of an X25519 key is ignored by its
		 * definition, but the nonce hashes it. */
		sealed[i] ^= 0x80;
		assert_int_equal(
		    seal_key_open(&key, sealed, node, &b.label), ERR_SIGNATURE);
		sealed[i] ^= 0x80;
	}
	b.label.stream.b[3] ^= 1;
	assert_int_equal(seal_key_open(&key, sealed, node, &b.label), ERR_KEY);
	assert_null(key);
	memset(pk, 0, sizeof(pk));
	seal_key(sealed, b.key, pk, &b.world.env);
	assert_int_equal(
	    seal_key_open(&key, sealed, node, &b.label), ERR_SIGNATURE);
	secret_free(&node);
	secret_free(&other);
	teardown(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_seal__bodies_of_every_length_come_back),
	    cmocka_unit_test(test_seal__two_boxes_of_one_body_differ),
	    cmocka_unit_test(test_seal__any_flipped_bit_is_refused),
	    cmocka_unit_test(test_seal__kid_is_checked_before_opening),
	    cmocka_unit_test(test_seal__key_reaches_the_node_and_nobody_else),
	};

	hash_init();
	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
