/* merkle_test.c - the tree against RFC 6962 by definition, proofs, notes. */
#include "tests/test.h"

#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "keys/base64.h"
#include "keys/hash.h"
#include "keys/secret.h"
#include "sync/checkpoint.h"
#include "sync/merkle.h"

#define LEAVES 70
#define LEVELS 8

struct forest {
	struct hash node[LEVELS][LEAVES];
	bool has[LEVELS][LEAVES];
	struct hash leaf[LEAVES];
	unsigned puts;
	unsigned fail_put; /* this one, from 1 */
};

static int get(void *ctx, struct hash *out, unsigned level, uint64_t index)
{
	struct forest *f = ctx;

	if (level >= LEVELS || index >= LEAVES || !f->has[level][index])
		return ERR_NOT_FOUND;
	*out = f->node[level][index];
	return 0;
}

static int put(
    void *ctx, unsigned level, uint64_t index, const struct hash *hash)
{
	struct forest *f = ctx;

	if (++f->puts == f->fail_put)
		return ERR_IO;
	assert_true(level < LEVELS && index < LEAVES);
	f->node[level][index] = *hash;
	f->has[level][index] = true;
	return 0;
}

static struct merkle_store store_of(struct forest *f)
{
	return (struct merkle_store){get, put, f};
}

static void grow(struct forest *f, uint64_t from, uint64_t to)
{
	struct merkle_store store = store_of(f);

	for (uint64_t i = from; i < to; i++) {
		struct merkle_leaf leaf = {.seq = i, .node_s = 1000};
		leaf.record.b[0] = (uint8_t)i;
		merkle_leaf_hash(&f->leaf[i], &leaf);
		assert_int_equal(merkle_append(&store, i, &f->leaf[i]), 0);
	}
}

/* The definition itself, without stored nodes. */
static void define_root(struct hash *out, const struct hash *leaf, uint64_t n)
{
	uint64_t k = 1;
	struct hash a, b;

	if (n == 1) {
		*out = leaf[0];
		return;
	}
	while (k * 2 < n)
		k *= 2;
	define_root(&a, leaf, k);
	define_root(&b, leaf + k, n - k);
	hash_tree_node(out, &a, &b);
}

static void test_merkle__root_is_that_of_rfc6962(void **state)
{
	struct forest *f = mem_new(sizeof(*f));
	struct merkle_store store = store_of(f);
	struct hash root, expected;
	char hex[HASH_HEX];

	(void)state;
	assert_int_equal(merkle_root(&root, &store, 0), 0);
	hash_hex(hex, &root);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b"
				 "934ca495991b7852b855");
	for (uint64_t n = 1; n <= LEAVES; n++) {
		grow(f, n - 1, n);
		assert_int_equal(merkle_root(&root, &store, n), 0);
		define_root(&expected, f->leaf, n);
		assert_memory_equal(&root, &expected, sizeof(root));
	}
	assert_true(f->puts < 2 * LEAVES);
	free(f);
}

/* Inputs and roots published with Certificate Transparency's reference. */
static void test_merkle__published_roots_agree(void **state)
{
	static const char *const inputs[] = {"", "00", "10", "2021", "3031",
	    "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
	static const char *const roots[] = {
	    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	struct forest *f = mem_new(sizeof(*f));
	struct merkle_store store = store_of(f);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
		uint8_t data[16];
		struct hash leaf, root, expected;
		size_t n = strlen(inputs[i]) / 2;
		assert_true(hex_decode(data, n, inputs[i]));
		hash_tree_leaf(&leaf, data, n);
		assert_int_equal(merkle_append(&store, i, &leaf), 0);
		assert_int_equal(merkle_root(&root, &store, i + 1), 0);
		assert_true(hash_parse(&expected, roots[i]));
		assert_memory_equal(&root, &expected, sizeof(root));
	}
	free(f);
}

static void check_changes(const struct merkle_tree *tree, uint64_t i,
    const struct hash *leaf, struct merkle_proof *proof)
{
	for (size_t k = 0; k < proof->count; k++) {
		proof->node[k].b[k % 32] ^= 1;
		assert_false(merkle_has_leaf(tree, i, leaf, proof));
		proof->node[k].b[k % 32] ^= 1;
	}
	assert_false(merkle_has_leaf(tree, tree->size, leaf, proof));
	if (i > 0)
		assert_false(merkle_has_leaf(tree, i - 1, leaf, proof));
	proof->count++;
	assert_false(merkle_has_leaf(tree, i, leaf, proof));
	proof->count--;
	if (proof->count > 0) {
		proof->count--;
		assert_false(merkle_has_leaf(tree, i, leaf, proof));
		proof->count++;
	}
}

static void test_merkle__every_leaf_is_proved_and_no_other(void **state)
{
	struct forest *f = mem_new(sizeof(*f));
	struct merkle_store store = store_of(f);
	struct merkle_proof proof = {0};
	struct merkle_tree tree;

	(void)state;
	grow(f, 0, LEAVES);
	for (tree.size = 1; tree.size <= LEAVES; tree.size++) {
		assert_int_equal(merkle_root(&tree.root, &store, tree.size), 0);
		for (uint64_t i = 0; i < tree.size; i++) {
			assert_int_equal(
			    merkle_prove_leaf(&proof, &store, i, tree.size), 0);
			assert_true(
			    merkle_has_leaf(&tree, i, &f->leaf[i], &proof));
			check_changes(&tree, i, &f->leaf[i], &proof);
		}
	}
	assert_int_equal(
	    merkle_prove_leaf(&proof, &store, LEAVES, LEAVES), ERR_INVALID);
	free(f);
}

static void test_merkle__growth_is_proved_and_nothing_else(void **state)
{
	struct forest *f = mem_new(sizeof(*f));
	struct merkle_store store = store_of(f);
	struct merkle_proof proof = {0};
	struct merkle_tree old, tree;

	(void)state;
	grow(f, 0, LEAVES);
	for (tree.size = 0; tree.size <= LEAVES; tree.size++) {
		assert_int_equal(merkle_root(&tree.root, &store, tree.size), 0);
		for (old.size = 0; old.size <= tree.size; old.size++) {
			assert_int_equal(
			    merkle_root(&old.root, &store, old.size), 0);
			assert_int_equal(merkle_prove_growth(&proof, &store,
					     old.size, tree.size),
			    0);
			assert_true(merkle_has_grown(&tree, &old, &proof));
			old.root.b[9] ^= 1;
			assert_false(merkle_has_grown(&tree, &old, &proof));
			old.root.b[9] ^= 1;
			for (size_t k = 0; k < proof.count; k++) {
				proof.node[k].b[3] ^= 1;
				assert_false(
				    merkle_has_grown(&tree, &old, &proof));
				proof.node[k].b[3] ^= 1;
			}
			proof.count++;
			assert_false(merkle_has_grown(&tree, &old, &proof));
		}
	}
	old.size = LEAVES + 1;
	proof.count = 0;
	tree.size = LEAVES;
	assert_false(merkle_has_grown(&tree, &old, &proof));
	assert_int_equal(
	    merkle_prove_growth(&proof, &store, 2, 1), ERR_INVALID);
	free(f);
}

/* Which leaves, as the bits of a mask over a tree of at most 64. */
static size_t pick(uint64_t *at, uint8_t *leaves, const struct forest *f,
    uint64_t mask, uint64_t size)
{
	size_t n = 0;

	for (uint64_t i = 0; i < size; i++) {
		if (!(mask >> (i % 64) & 1))
			continue;
		memcpy(leaves + n * 32, f->leaf[i].b, 32);
		at[n++] = i;
	}
	return n;
}

static bool holds(const struct merkle_tree *tree,
    const struct merkle_many *many, const uint8_t *leaves,
    const struct buf *proof)
{
	struct reader in = reader_of(proof->data, proof->len);

	return merkle_has_many(tree, many, leaves, &in);
}

static void change_many(const struct merkle_tree *tree,
    const struct merkle_many *many, uint8_t *leaves, struct buf *proof)
{
	for (size_t i = 0; i < many->count; i++) {
		leaves[i * 32 + 5] ^= 1;
		assert_false(holds(tree, many, leaves, proof));
		leaves[i * 32 + 5] ^= 1;
	}
	for (size_t i = 0; i < proof->len; i += 32) {
		proof->data[i] ^= 1;
		assert_false(holds(tree, many, leaves, proof));
		proof->data[i] ^= 1;
	}
	buf_u8(proof, 0);
	assert_false(holds(tree, many, leaves, proof));
	proof->len--;
	if (proof->len > 0) {
		proof->len--;
		assert_false(holds(tree, many, leaves, proof));
		proof->len++;
	}
}

static void test_merkle__many_leaves_are_proved_at_once(void **state)
{
	static const uint64_t masks[] = {1, 2, 0x8000000000000001, 0xff, 0xf0f0,
	    0x5555555555555555, UINT64_MAX, 0x80000000, 0x123456789abcdef};
	struct forest *f = mem_new(sizeof(*f));
	struct merkle_store store = store_of(f);
	uint8_t leaves[LEAVES * 32];
	uint64_t at[LEAVES];
	struct merkle_many many = {at, 0};
	struct merkle_tree tree;
	struct buf proof = {0};

	(void)state;
	grow(f, 0, LEAVES);
	for (tree.size = 1; tree.size <= LEAVES; tree.size++) {
		assert_int_equal(merkle_root(&tree.root, &store, tree.size), 0);
		for (size_t i = 0; i < ARRAY_LEN(masks); i++) {
			buf_clear(&proof);
			many.count = pick(at, leaves, f, masks[i], tree.size);
			if (many.count == 0)
				continue;
			assert_int_equal(
			    merkle_prove_many(&proof, &store, &many, tree.size),
			    0);
			assert_true(holds(&tree, &many, leaves, &proof));
			change_many(&tree, &many, leaves, &proof);
		}
	}
	at[0] = LEAVES;
	many.count = 1;
	assert_int_equal(
	    merkle_prove_many(&proof, &store, &many, LEAVES), ERR_INVALID);
	at[0] = at[1] = 3;
	many.count = 2;
	assert_int_equal(
	    merkle_prove_many(&proof, &store, &many, LEAVES), ERR_INVALID);
	buf_fini(&proof);
	free(f);
}

/* Append is retried after a failed store: same nodes, same root. */
static void test_merkle__store_errors_come_up(void **state)
{
	struct forest *f = mem_new(sizeof(*f));
	struct merkle_store store = store_of(f);
	struct hash root, expected;

	(void)state;
	grow(f, 0, 7);
	f->fail_put = f->puts + 3;
	f->leaf[7] = f->leaf[3];
	assert_int_equal(merkle_append(&store, 7, &f->leaf[7]), ERR_IO);
	assert_int_equal(merkle_append(&store, 7, &f->leaf[7]), 0);
	assert_int_equal(merkle_root(&root, &store, 8), 0);
	define_root(&expected, f->leaf, 8);
	assert_memory_equal(&root, &expected, sizeof(root));
	f->has[1][0] = false;
	assert_int_equal(merkle_root(&root, &store, 3), ERR_NOT_FOUND);
	free(f);
}

static void test_merkle__proof_on_the_wire(void **state)
{
	struct merkle_proof proof = {.count = 2}, back;
	struct buf b = {0};
	struct reader r;

	(void)state;
	memset(proof.node, 7, sizeof(proof.node));
	merkle_proof_write(&b, &proof);
	r = reader_of(b.data, b.len);
	assert_int_equal(merkle_proof_read(&back, &r), 0);
	assert_true(reader_is_done(&r));
	assert_int_equal(back.count, 2);
	assert_memory_equal(back.node, proof.node, 64);
	r = reader_of(b.data, b.len - 1);
	assert_int_equal(merkle_proof_read(&back, &r), ERR_FORMAT);
	b.data[0] = MERKLE_PROOF_MAX + 1;
	r = reader_of(b.data, b.len);
	assert_int_equal(merkle_proof_read(&back, &r), ERR_FORMAT);
	buf_fini(&b);
}

static void test_verdicts__digest_tells_each_apart(void **state)
{
	struct hash a, b;

	(void)state;
	merkle_verdicts(&a, (const uint8_t *)"\1\2", 2);
	merkle_verdicts(&b, (const uint8_t *)"\1\3", 2);
	assert_memory_not_equal(&a, &b, sizeof(a));
	hash_blake2b256(&b, "sf-verdict/1\1\2", 14);
	assert_memory_equal(&a, &b, sizeof(a));
}

static void test_base64__only_one_spelling(void **state)
{
	struct buf b = {0};
	uint8_t out[4];

	(void)state;
	base64_add(&b, "\xff\xfe\xfd\xfc", 4);
	assert_string_equal(buf_text(&b), "//79/A==");
	assert_true(base64_decode(out, 4, "//79/A=="));
	assert_memory_equal(out, "\xff\xfe\xfd\xfc", 4);
	assert_false(base64_decode(out, 4, "//79/B=="));
	assert_false(base64_decode(out, 4, "__79_A=="));
	for (int i = 0; i < 6; i++) {
		char text[] = "//79/A==";
		for (int c = 0; c < 256; c++) {
			text[i] = (char)c;
			buf_clear(&b);
			if (!base64_decode(out, 4, text))
				continue;
			base64_add(&b, out, 4);
			assert_string_equal(buf_text(&b), text);
		}
	}
	assert_false(base64_decode(out, 4, "//79/A=A"));
	assert_false(base64_decode(out, 4, "//79 A=="));
	assert_false(base64_decode(out, 4, "//79/AAA"));
	buf_fini(&b);
}

struct signer {
	struct test_env world;
	struct secret *key;
	uint8_t pk[SIGN_PUBLIC];
	struct checkpoint cp;
	struct buf note;
};

static void signer_init(struct signer *s)
{
	struct secret *seed;

	*s = (struct signer){.cp = {.org = {{0xaa, 1}},
				 .incarnation = UINT64_C(0xfedcba9876543210),
				 .tree = {.size = 12, .root = {{9, 8}}},
				 .lmax = 345}};
	test_env_init(&s->world, 5);
	seed = secret_random(SIGN_SEED, &s->world.env);
	identity_sign_key(&s->key, s->pk, seed);
	secret_free(&seed);
	checkpoint_sign(&s->note, &s->cp, s->key);
}

static void signer_fini(struct signer *s)
{
	secret_free(&s->key);
	buf_fini(&s->note);
}

static void test_checkpoint__note_round_trip(void **state)
{
	struct signer s;
	struct checkpoint back;

	(void)state;
	signer_init(&s);
	assert_non_null(strstr(buf_text(&s.note),
	    "aa010000000000000000000000000000/fedcba9876543210\n12\n"
	    "CQgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nlmax 345\n\n"
	    "\xe2\x80\x94 aa010000000000000000000000000000/"));
	assert_true(s.note.len < CHECKPOINT_NOTE_MAX);
	assert_int_equal(
	    checkpoint_open(&back, s.note.data, s.note.len, s.pk), 0);
	assert_memory_equal(&back.org, &s.cp.org, sizeof(back.org));
	assert_true(back.incarnation == s.cp.incarnation);
	assert_int_equal(back.tree.size, 12);
	assert_memory_equal(
	    &back.tree.root, &s.cp.tree.root, sizeof(back.tree.root));
	assert_int_equal(back.lmax, 345);
	s.pk[1] ^= 1;
	assert_int_equal(checkpoint_open(&back, s.note.data, s.note.len, s.pk),
	    ERR_SIGNATURE);
	signer_fini(&s);
}

static void test_checkpoint__any_change_is_refused(void **state)
{
	struct signer s;
	struct checkpoint back;

	(void)state;
	signer_init(&s);
	for (size_t i = 0; i < s.note.len * 8; i++) {
		s.note.data[i / 8] ^= (uint8_t)(1 << i % 8);
		if (checkpoint_open(&back, s.note.data, s.note.len, s.pk) == 0)
			fail_msg("bit %zu: %s", i, buf_text(&s.note));
		s.note.data[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t n = 0; n < s.note.len; n++)
		assert_int_equal(
		    checkpoint_open(&back, s.note.data, n, s.pk), ERR_FORMAT);
	buf_str(&s.note, "\n");
	assert_int_equal(
	    checkpoint_open(&back, s.note.data, s.note.len, s.pk), ERR_FORMAT);
	signer_fini(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_merkle__root_is_that_of_rfc6962),
	    cmocka_unit_test(test_merkle__published_roots_agree),
	    cmocka_unit_test(test_merkle__every_leaf_is_proved_and_no_other),
	    cmocka_unit_test(test_merkle__growth_is_proved_and_nothing_else),
	    cmocka_unit_test(test_merkle__many_leaves_are_proved_at_once),
	    cmocka_unit_test(test_merkle__store_errors_come_up),
	    cmocka_unit_test(test_merkle__proof_on_the_wire),
	    cmocka_unit_test(test_verdicts__digest_tells_each_apart),
	    cmocka_unit_test(test_base64__only_one_spelling),
	    cmocka_unit_test(test_checkpoint__note_round_trip),
	    cmocka_unit_test(test_checkpoint__any_change_is_refused),
	};

	hash_init();
	return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
