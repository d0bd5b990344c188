/* statement_test.c - what the root says: one text each, any change refused. */
#include "tests/test.h"

#include "core/err.h"
#include "core/id.h"
#include "keys/hash.h"
#include "keys/identity.h"
#include "keys/secret.h"
#include "keys/statement.h"

struct root {
	struct test_env t;
	struct secret *sk;
	uint8_t pk[SIGN_PUBLIC];
	struct id org;
};

static void root_init(struct root *r, uint64_t seed)
{
	struct secret *s;

	hash_init();
	test_env_init(&r->t, seed);
	s = secret_random(SIGN_SEED, &r->t.env);
	identity_sign_key(&r->sk, r->pk, s);
	identity_org(&r->org, r->pk);
	secret_free(&s);
}

static struct statement sample(struct root *r, enum statement_what what)
{
	struct statement s = {.what = what, .org = r->org, .from_s = 1000};

	if (what == STATEMENT_GENESIS || what == STATEMENT_ROLLOVER)
		memcpy(s.root_pk, r->pk, sizeof(s.root_pk));
	if (what == STATEMENT_NODE || what == STATEMENT_OPERATOR) {
		memset(s.sign_pk, 3, sizeof(s.sign_pk));
		memset(s.dh_pk, 4, sizeof(s.dh_pk));
		s.until_s = 9999;
		identity_seat(&s.seat, &s.org, s.sign_pk, s.dh_pk);
	}
	if (what == STATEMENT_NODE || what == STATEMENT_INCARNATION)
		s.incarnation = 2;
	if (what == STATEMENT_NODE)
		memset(s.check_pk, 5, sizeof(s.check_pk));
	if (what == STATEMENT_INCARNATION) {
		s.old = 1;
		s.size = 77;
	}
	if (what == STATEMENT_OPERATOR) {
		strcpy(s.member, "O001");
		strcpy(s.name, "运维 一");
		strcpy(s.terminal, "T-00");
	}
	return s;
}

struct signed_text {
	struct buf text;
	char hex[2 * SIGNATURE + 1];
	struct statement_source source;
};

static void make(
    struct signed_text *out, struct root *r, enum statement_what what)
{
	struct statement s = sample(r, what);
	uint8_t signature[SIGNATURE];

	*out = (struct signed_text){0};
	statement_write(&out->text, &s);
	statement_sign(signature, &out->text, r->sk);
	hex_encode(out->hex, signature, SIGNATURE);
	out->source = (struct statement_source){
	    statement_name(what), buf_text(&out->text), out->hex};
}

static void test_statement__reads_what_it_wrote(void **state)
{
	struct root r;

	(void)state;
	root_init(&r, 1);
	for (int w = 0; w < STATEMENT_WHATS; w++) {
		struct statement in = sample(&r, (enum statement_what)w), out;
		struct signed_text t;
		make(&t, &r, in.what);
		memset(&out, 0, sizeof(out));
		assert_int_equal(
		    statement_verify(&out, &t.source, &r.org, r.pk), 0);
		assert_memory_equal(&in, &out, sizeof(in));
		buf_fini(&t.text);
	}
	secret_free(&r.sk);
}

static void test_statement__every_flipped_byte_is_refused(void **state)
{
	struct root r;
	struct statement out;

	(void)state;
	root_init(&r, 2);
	for (int w = 0; w < STATEMENT_WHATS; w++) {
		struct signed_text t;
		make(&t, &r, (enum statement_what)w);
		for (size_t i = 0; i < t.text.len; i++)
			for (int bit = 1; bit < 256; bit <<= 1) {
				t.text.data[i] ^= (uint8_t)bit;
				assert_true(statement_verify(&out, &t.source,
						&r.org, r.pk) < 0);
				t.text.data[i] ^= (uint8_t)bit;
			}
		for (size_t i = 0; i < strlen(t.hex); i++) {
			char was = t.hex[i];
			t.hex[i] = was == '0' ? '1' : '0';
			assert_int_equal(
			    statement_verify(&out, &t.source, &r.org, r.pk),
			    ERR_SIGNATURE);
			t.hex[i] = was;
		}
		assert_int_equal(
		    statement_verify(&out, &t.source, &r.org, r.pk), 0);
		buf_fini(&t.text);
	}
	secret_free(&r.sk);
}

static void test_statement__every_cut_is_refused(void **state)
{
	struct root r;
	struct statement out;

	(void)state;
	root_init(&r, 3);
	for (int w = 0; w < STATEMENT_WHATS; w++) {
		struct signed_text t;
		make(&t, &r, (enum statement_what)w);
		for (size_t n = 0; n < t.text.len; n++)
			assert_int_equal(
			    statement_read(&out, buf_text(&t.text), n),
			    ERR_FORMAT);
		buf_str(&t.text, "more\n");
		assert_int_equal(
		    statement_read(&out, buf_text(&t.text), t.text.len),
		    ERR_FORMAT);
		buf_fini(&t.text);
	}
	secret_free(&r.sk);
}

static void test_statement__another_root_or_kind_is_refused(void **state)
{
	struct root a, b;
	struct signed_text t;
	struct statement out;

	(void)state;
	root_init(&a, 4);
	root_init(&b, 5);
	make(&t, &a, STATEMENT_NODE);
	assert_int_equal(
	    statement_verify(&out, &t.source, &b.org, b.pk), ERR_ORGANISATION);
	assert_int_equal(
	    statement_verify(&out, &t.source, &a.org, b.pk), ERR_SIGNATURE);
	t.source.what = "operator";
	assert_int_equal(
	    statement_verify(&out, &t.source, &a.org, a.pk), ERR_FORMAT);
	buf_fini(&t.text);
	secret_free(&a.sk);
	secret_free(&b.sk);
}

static void test_statement__odd_numbers_and_texts_are_refused(void **state)
{
	static const char *const from[] = {"from 01000\n", "from +1000\n",
	    "from 1000 \n", "from -1\n", "from 9007199254740992\n",
	    "from 99999999999999999999999\n", "from \n", "from 0x10\n"};
	struct root r;
	struct statement out;
	struct signed_text t;

	(void)state;
	root_init(&r, 6);
	make(&t, &r, STATEMENT_GENESIS);
	for (size_t i = 0; i < ARRAY_LEN(from); i++) {
		struct buf b = {0};
		char *at = strstr(buf_text(&t.text), "from ");
		buf_add(&b, t.text.data, (size_t)(at - buf_text(&t.text)));
		buf_str(&b, from[i]);
		assert_int_equal(
		    statement_read(&out, buf_text(&b), b.len), ERR_FORMAT);
		buf_fini(&b);
	}
	buf_fini(&t.text);
	secret_free(&r.sk);
}

static void test_statement__rollover_needs_both_roots(void **state)
{
	struct root a, b;
	struct statement s;

	(void)state;
	root_init(&a, 7);
	root_init(&b, 8);
	s = sample(&a, STATEMENT_ROLLOVER);
	memcpy(s.root_pk, b.pk, sizeof(s.root_pk));
	assert_int_equal(statement_rollover_check(&s, a.pk), ERR_SIGNATURE);
	statement_countersign(&s, a.pk, b.sk);
	assert_int_equal(statement_rollover_check(&s, a.pk), 0);
	assert_int_equal(statement_rollover_check(&s, b.pk), ERR_SIGNATURE);
	s.countersign[9] ^= 1;
	assert_int_equal(statement_rollover_check(&s, a.pk), ERR_SIGNATURE);
	secret_free(&a.sk);
	secret_free(&b.sk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_statement__reads_what_it_wrote),
	    cmocka_unit_test(test_statement__every_flipped_byte_is_refused),
	    cmocka_unit_test(test_statement__every_cut_is_refused),
	    cmocka_unit_test(test_statement__another_root_or_kind_is_refused),
	    cmocka_unit_test(test_statement__odd_numbers_and_texts_are_refused),
	    cmocka_unit_test(test_statement__rollover_needs_both_roots),
	};

	return cmocka_run_group_tests_name("statement", tests, NULL, NULL);
}
