/* sign_test.c - prefixes, names from keys, Ed25519, SSHSIG against OpenSSH. */
#include "tests/test.h"

#include "core/err.h"
#include "core/id.h"
#include "core/vault_int.h"
#include "keys/hash.h"
#include "keys/identity.h"
#include "keys/secret.h"
#include "keys/sign.h"

static const struct id org = {{0x0f, 1, 2, 3}};

static void test_hash__no_prefix_begins_another(void **state)
{
	(void)state;
	for (int i = 0; i < PREFIX_TOTAL; i++)
		for (int j = 0; j < PREFIX_TOTAL; j++) {
			size_t n, m;
			const char *a = prefix_bytes(&n, (enum prefix)i);
			const char *b = prefix_bytes(&m, (enum prefix)j);
			if (i != j && n <= m)
				assert_memory_not_equal(a, b, n);
		}
}

/* The vault lies below keys/ and spells its prefix itself. */
static void test_hash__registry_has_the_vault(void **state)
{
	size_t n;
	const char *bytes = prefix_bytes(&n, PREFIX_VAULT);

	(void)state;
	assert_int_equal(n, sizeof(VAULT_CONTEXT));
	assert_memory_equal(bytes, VAULT_CONTEXT, n);
}

static void test_hash__parts_are_one_run(void **state)
{
	struct hash a, b, c;
	const struct part one[] = {{"abcd", 4}};
	const struct part two[] = {{"ab", 2}, {"cd", 2}};

	(void)state;
	hash_prefixed(&a, PREFIX_KID, one, 1);
	hash_prefixed(&b, PREFIX_KID, two, 2);
	hash_blake2b256(&c, "sf-kid/1abcd", 12);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_memory_equal(&a, &c, sizeof(a));
	hash_prefixed(&b, PREFIX_VERDICT, one, 1);
	assert_memory_not_equal(&a, &b, sizeof(a));
}

static void test_identity__restored_keys_are_the_same_seat(void **state)
{
	struct test_env t;
	struct identity *a, *b;
	struct secret *seed;
	struct id seat;

	(void)state;
	test_env_init(&t, 7);
	a = identity_new(&org, &t.env);
	seed = identity_seed_dup(a);
	b = identity_restore(&org, seed, a->dh);
	assert_memory_equal(&a->seat, &b->seat, sizeof(a->seat));
	assert_memory_equal(a->sign_pk, b->sign_pk, SIGN_PUBLIC);
	assert_memory_equal(a->dh_pk, b->dh_pk, DH_KEY);
	identity_seat(&seat, &org, a->sign_pk, a->sign_pk);
	assert_memory_not_equal(&seat, &a->seat, sizeof(seat));
	identity_free(&b);
	b = identity_new(&org, &t.env);
	assert_memory_not_equal(&a->seat, &b->seat, sizeof(a->seat));
	secret_free(&seed);
	identity_free(&a);
	identity_free(&b);
	assert_null(b);
}

static void test_sign__any_flipped_bit_is_refused(void **state)
{
	struct test_env t;
	struct identity *a;
	uint8_t sig[SIGNATURE];
	char text[] = "sf-bind/1 some words";

	(void)state;
	test_env_init(&t, 8);
	a = identity_new(&org, &t.env);
	sign_detached(sig, a->sign, text, sizeof(text));
	assert_true(sign_is_valid(sig, a->sign_pk, text, sizeof(text)));
	for (size_t i = 0; i < SIGNATURE * 8; i++) {
		sig[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(sign_is_valid(sig, a->sign_pk, text, 21));
		sig[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t i = 0; i < sizeof(text) * 8; i++) {
		text[i / 8] ^= (char)(1 << i % 8);
		assert_false(sign_is_valid(sig, a->sign_pk, text, 21));
		text[i / 8] ^= (char)(1 << i % 8);
	}
	identity_free(&a);
}

/* OpenSSH's own regression data: its signature text is read and checked. */
static void test_sshsig__openssh_vector_verifies(void **state)
{
	const char *path = test_shared("vectors/sshsig/openssh_ed25519.sig");
	struct buf data = {0};
	struct sshsig sig;
	char *text, *signed_data;
	size_t n, m;

	(void)state;
	if (!path)
		return;
	text = test_read_file(path, &n);
	path = test_shared("vectors/sshsig/openssh_signed-data");
	signed_data = test_read_file(path, &m);
	buf_add(&data, signed_data, m);
	assert_int_equal(sshsig_dearmor(&sig, text, n, ""), 0);
	assert_string_equal(sig.space, "unittest");
	assert_true(sshsig_is_valid(sig.signature, sig.pk, sig.space, &data));
	assert_false(sshsig_is_valid(sig.signature, sig.pk, "git", &data));
	data.data[0] ^= 1;
	assert_false(sshsig_is_valid(sig.signature, sig.pk, sig.space, &data));
	for (size_t i = 0; i < n; i++) {
		struct sshsig other;
		text[i] ^= 1;
		if (sshsig_dearmor(&other, text, n, "") == 0)
			assert_memory_not_equal(&other, &sig, sizeof(sig));
		text[i] ^= 1;
	}
	buf_fini(&data);
	free(text);
	free(signed_data);
}

static struct sshsig sample_sig(void)
{
	struct sshsig sig = {.space = "git"};

	for (size_t i = 0; i < SIGNATURE; i++)
		sig.signature[i] = (uint8_t)(i * 5 + 1);
	for (size_t i = 0; i < SIGN_PUBLIC; i++)
		sig.pk[i] = (uint8_t)(i * 3 + 2);
	return sig;
}

static void test_sshsig__only_its_own_armour_is_read(void **state)
{
	static const char *const leads[] = {"", " "};
	struct sshsig sig = sample_sig(), back;

	(void)state;
	for (size_t l = 0; l < ARRAY_LEN(leads); l++) {
		struct buf b = {0};
		sshsig_armor(&b, &sig, leads[l]);
		assert_int_equal(b.len, l ? 306 - 7 : 294);
		assert_int_equal(
		    sshsig_dearmor(&back, buf_text(&b), b.len, leads[l]), 0);
		assert_memory_equal(&back, &sig, sizeof(sig));
		for (size_t n = 0; n < b.len; n++)
			assert_int_equal(
			    sshsig_dearmor(&back, buf_text(&b), n, leads[l]),
			    ERR_FORMAT);
		assert_int_equal(
		    sshsig_dearmor(&back, buf_text(&b), b.len, leads[!l]),
		    ERR_FORMAT);
		buf_str(&b, "\n");
		assert_int_equal(
		    sshsig_dearmor(&back, buf_text(&b), b.len, leads[l]),
		    ERR_FORMAT);
		buf_fini(&b);
	}
}

static void test_ssh_public__text_round_trip(void **state)
{
	struct sshsig sig = sample_sig();
	uint8_t back[SIGN_PUBLIC];
	char text[SSH_PUBLIC_TEXT];

	(void)state;
	ssh_public_text(text, sig.pk);
	assert_int_equal(strlen(text), SSH_PUBLIC_TEXT - 1);
	assert_int_equal(ssh_public_parse(back, text), 0);
	assert_memory_equal(back, sig.pk, SIGN_PUBLIC);
	text[SSH_PUBLIC_TEXT - 2] = '=';
	assert_int_equal(ssh_public_parse(back, text), ERR_FORMAT);
	assert_int_equal(ssh_public_parse(back, ""), ERR_FORMAT);
	assert_int_equal(ssh_public_parse(back, "ssh-ed25519 "), ERR_FORMAT);
	assert_int_equal(ssh_public_parse(back, "ssh-rsa AAAA"), ERR_FORMAT);
}

static void write_file(const char *dir, const char *name, const struct buf *b)
{
	char path[4200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(b->data, 1, b->len, f), b->len);
	assert_int_equal(fclose(f), 0);
}

/* Stock ssh-keygen must accept what we sign, and refuse it when changed. */
static void test_sshsig__stock_ssh_keygen_agrees(void **state)
{
	char *dir, cmd[9000], pub[SSH_PUBLIC_TEXT];
	struct test_env t;
	struct sshsig sig = {.space = "git"};
	struct buf data = {0}, text = {0}, allowed = {0};
	struct identity *a;

	(void)state;
	if (system("command -v ssh-keygen > /dev/null") != 0) {
		printf("[  SKIP    ] ssh-keygen is not here\n");
		return;
	}
	test_env_init(&t, 9);
	a = identity_new(&org, &t.env);
	dir = test_dir_new();
	buf_str(&data, "some words to be signed\n");
	sshsig_sign(sig.signature, a->sign, "git", &data);
	memcpy(sig.pk, a->sign_pk, SIGN_PUBLIC);
	sshsig_armor(&text, &sig, "");
	ssh_public_text(pub, a->sign_pk);
	buf_printf(&allowed, "me namespaces=\"git\" %s\n", pub);
	write_file(dir, "sig", &text);
	write_file(dir, "allowed", &allowed);
	snprintf(cmd, sizeof(cmd),
	    "ssh-keygen -Y verify -f %s/allowed -I me -n git -s %s/sig "
	    "< %s/data > /dev/null 2>&1",
	    dir, dir, dir);
	write_file(dir, "data", &data);
	assert_int_equal(system(cmd), 0);
	data.data[3] ^= 1;
	write_file(dir, "data", &data);
	assert_int_not_equal(system(cmd), 0);
	test_dir_remove(dir);
	identity_free(&a);
	buf_fini(&data);
	buf_fini(&text);
	buf_fini(&allowed);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hash__no_prefix_begins_another),
	    cmocka_unit_test(test_hash__registry_has_the_vault),
	    cmocka_unit_test(test_hash__parts_are_one_run),
	    cmocka_unit_test(test_identity__restored_keys_are_the_same_seat),
	    cmocka_unit_test(test_sign__any_flipped_bit_is_refused),
	    cmocka_unit_test(test_sshsig__openssh_vector_verifies),
	    cmocka_unit_test(test_sshsig__only_its_own_armour_is_read),
	    cmocka_unit_test(test_ssh_public__text_round_trip),
	    cmocka_unit_test(test_sshsig__stock_ssh_keygen_agrees),
	};

	hash_init();
	return cmocka_run_group_tests_name("sign", tests, NULL, NULL);
}
