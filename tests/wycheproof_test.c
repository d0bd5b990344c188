/*
 * wycheproof_test.c - the primitives that the channel, the signatures and
 * the boxes rely on, against vectors made to break them.
 */
#include "tests/test.h"

#include "core/id.h"
#include "core/json.h"
#include "keys/sign.h"

#include <sodium.h>

#define FILE_MAX 4000000
#define TEXT_MAX 8192

struct tally {
	int accepted; /* valid, and so it was */
	int refused;  /* invalid, and so it was */
	int skipped;  /* of a shape that our interface cannot even express */
};

/* Bytes of a hex member. */
static size_t hex_of(uint8_t *out, const json_t *object, const char *key)
{
	const char *hex = json_str(object, key, NULL);

	assert_non_null(hex);
	size_t n = strlen(hex) / 2;
	assert_true(n <= TEXT_MAX && hex_decode(out, n, hex));
	return n;
}

typedef void run_one(struct tally *t, const json_t *group, const json_t *test);

/* False when the file is not here. */
static bool run_file(struct tally *t, const char *file, run_one *run)
{
	const char *path = test_shared(file);
	json_t *root = NULL;
	const json_t *groups;
	size_t n, total = 0;

	*t = (struct tally){0};
	if (!path)
		return false;
	char *text = test_read_file(path, &n);
	assert_int_equal(json_load(&root, text, n, FILE_MAX), 0);
	free(text);
	groups = json_list(root, "testGroups");
	for (size_t g = 0; g < json_array_size(groups); g++) {
		const json_t *group = json_array_get(groups, g);
		const json_t *tests = json_list(group, "tests");
		for (size_t i = 0; i < json_array_size(tests); i++, total++)
			run(t, group, json_array_get(tests, i));
	}
	assert_int_equal(total, json_int(root, "numberOfTests", -1));
	assert_int_equal(t->accepted + t->refused + t->skipped, total);
	printf("%s: %d accepted, %d refused, %d skipped\n", file, t->accepted,
	    t->refused, t->skipped);
	json_decref(root);
	return true;
}

static void count(struct tally *t, bool is_ok, bool want)
{
	assert_int_equal(is_ok, want);
	if (is_ok)
		t->accepted++;
	else
		t->refused++;
}

static bool has_flag(const json_t *test, const char *flag)
{
	const json_t *flags = json_list(test, "flags");

	for (size_t i = 0; i < json_array_size(flags); i++)
		if (strcmp(json_string_value(json_array_get(flags, i)), flag) ==
		    0)
			return true;
	return false;
}

/* "Acceptable" keys work too, but those of low order must be refused. */
static void run_x25519(struct tally *t, const json_t *group, const json_t *test)
{
	uint8_t sk[TEXT_MAX], pk[TEXT_MAX], want[TEXT_MAX], got[32];

	(void)group;
	assert_int_equal(hex_of(sk, test, "private"), 32);
	assert_int_equal(hex_of(pk, test, "public"), 32);
	assert_int_equal(hex_of(want, test, "shared"), 32);
	bool is_ok = crypto_scalarmult_curve25519(got, sk, pk) == 0;
	if (is_ok)
		assert_memory_equal(got, want, 32);
	count(t, is_ok, !has_flag(test, "ZeroSharedSecret"));
}

static void test_wycheproof__x25519(void **state)
{
	struct tally t;

	(void)state;
	if (run_file(&t, "vectors/wycheproof/x25519_test.json", run_x25519))
		assert_true(t.accepted > 400 && t.refused > 20);
}

static void run_ed25519(
    struct tally *t, const json_t *group, const json_t *test)
{
	uint8_t pk[TEXT_MAX], msg[TEXT_MAX], sig[TEXT_MAX];
	const json_t *key = json_object_get(group, "publicKey");
	size_t n = hex_of(msg, test, "msg");
	bool is_valid = strcmp(json_str(test, "result", ""), "valid") == 0;

	assert_int_equal(hex_of(pk, key, "pk"), SIGN_PUBLIC);
	if (hex_of(sig, test, "sig") != SIGNATURE) {
		assert_false(is_valid);
		t->skipped++;
		return;
	}
	count(t, sign_is_valid(sig, pk, msg, n), is_valid);
}

static void test_wycheproof__ed25519(void **state)
{
	struct tally t;

	(void)state;
	if (run_file(&t, "vectors/wycheproof/ed25519_test.json", run_ed25519))
		assert_true(t.accepted == 88 && t.refused > 40);
}

static void run_xchacha(
    struct tally *t, const json_t *group, const json_t *test)
{
	uint8_t key[TEXT_MAX], iv[TEXT_MAX], ad[TEXT_MAX], msg[TEXT_MAX];
	uint8_t ct[TEXT_MAX + 16], got[TEXT_MAX + 16];
	bool is_valid = strcmp(json_str(test, "result", ""), "valid") == 0;

	if (json_int(group, "ivSize", 0) != 192) {
		assert_false(is_valid);
		t->skipped++;
		return;
	}
	hex_of(key, test, "key");
	hex_of(iv, test, "iv");
	size_t ad_n = hex_of(ad, test, "aad"), n = hex_of(msg, test, "msg");
	size_t ct_n = hex_of(ct, test, "ct");
	ct_n += hex_of(ct + ct_n, test, "tag");
	assert_int_equal(ct_n, n + 16);
	bool is_ok = crypto_aead_xchacha20poly1305_ietf_decrypt(
			 got, NULL, NULL, ct, ct_n, ad, ad_n, iv, key) == 0;
	if (is_ok)
		assert_memory_equal(got, msg, n);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
	    got, NULL, msg, n, ad, ad_n, NULL, iv, key);
	assert_int_equal(memcmp(got, ct, ct_n) == 0, is_valid);
	count(t, is_ok, is_valid);
}

static void test_wycheproof__xchacha20_poly1305(void **state)
{
	struct tally t;

	(void)state;
	if (run_file(&t, "vectors/wycheproof/xchacha20_poly1305_test.json",
		run_xchacha))
		assert_true(t.accepted == 246 && t.refused == 60);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wycheproof__x25519),
	    cmocka_unit_test(test_wycheproof__ed25519),
	    cmocka_unit_test(test_wycheproof__xchacha20_poly1305),
	};
	return cmocka_run_group_tests_name("wycheproof", tests, NULL, NULL);
}
