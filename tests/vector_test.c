/* vector_test.c - format 1 against vectors that tests/vectors/log/make.py
 * wrote without our code. They never change. */
#include "tests/test.h"

#include "core/err.h"
#include "core/id.h"
#include "core/json.h"
#include "core/mem.h"
#include "keys/hash.h"
#include "keys/identity.h"
#include "keys/seal.h"
#include "keys/secret.h"
#include "keys/sign.h"
#include "sync/chain.h"
#include "sync/checkpoint.h"
#include "sync/commit.h"

#define DIR "tests/vectors/log/"

struct vectors {
	json_t *doc;
	struct identity *identity;
};

static struct vectors v;

/* Bytes of a hex member. */
static struct buf bytes_of(const json_t *object, const char *key)
{
	const char *hex = json_str(object, key, NULL);
	struct buf b = {0};
	size_t n;

	assert_non_null(hex);
	n = strlen(hex) / 2;
	assert_true(hex_decode(buf_reserve(&b, n), n, hex));
	b.len = n;
	return b;
}

static struct secret *secret_of(const json_t *object, const char *key)
{
	struct buf b = bytes_of(object, key);
	struct secret *s = secret_dup(b.data, b.len);

	buf_fini(&b);
	return s;
}

static void assert_hex(
    const void *data, size_t n, const json_t *object, const char *key)
{
	struct buf b = bytes_of(object, key);

	assert_int_equal(b.len, n);
	if (n)
		assert_memory_equal(b.data, data, n);
	buf_fini(&b);
}

static int setup(void **state)
{
	size_t n;
	char *text = test_read_file(DIR "format-1.json", &n);
	struct secret *seed, *dh;
	struct id org;

	(void)state;
	assert_int_equal(commit_init(), 0);
	assert_int_equal(json_load(&v.doc, text, n, 1 << 20), 0);
	free(text);
	seed = secret_of(v.doc, "sign_seed");
	dh = secret_of(v.doc, "dh_secret");
	assert_true(id_parse(&org, json_str(v.doc, "org", "")));
	v.identity = identity_restore(&org, seed, dh);
	secret_free(&seed);
	secret_free(&dh);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	identity_free(&v.identity);
	json_decref(v.doc);
	return 0;
}

static void test_vector__names_follow_from_keys(void **state)
{
	struct secret *seed = secret_of(v.doc, "root_seed"), *root;
	uint8_t pk[SIGN_PUBLIC];
	struct id id;

	(void)state;
	identity_sign_key(&root, pk, seed);
	identity_org(&id, pk);
	assert_hex(id.b, 16, v.doc, "org");
	assert_hex(v.identity->seat.b, 16, v.doc, "seat");
	assert_hex(v.identity->sign_pk, SIGN_PUBLIC, v.doc, "sign_pk");
	assert_hex(v.identity->dh_pk, DH_KEY, v.doc, "dh_pk");
	identity_roster_stream(&id, &v.identity->org);
	assert_hex(id.b, 16, v.doc, "roster_stream");
	secret_free(&seed);
	secret_free(&root);
}

static struct buf read_commit(size_t i)
{
	char path[64];
	struct buf b = {0};
	size_t n;
	char *text;

	snprintf(path, sizeof(path), DIR "record-%zu.commit", i + 1);
	text = test_read_file(path, &n);
	buf_add(&b, text, n);
	free(text);
	return b;
}

static void check_record(const json_t *row, const struct buf *commit,
    struct record *r, struct chain_head *head)
{
	struct buf frame = {0}, again = {0};
	struct record *back = mem_new(sizeof(*back));

	assert_int_equal(
	    commit_accept(r, v.identity->sign_pk, commit, &again), 0);
	record_write(&frame, r);
	assert_hex(frame.data, frame.len, row, "frame");
	assert_int_equal(record_read(back, frame.data, frame.len), 0);
	/* Signing is deterministic: the same key gives the same record. */
	memset(back->signature, 0, sizeof(back->signature));
	assert_int_equal(commit_sign(back, v.identity), 0);
	buf_clear(&again);
	commit_write(&again, back, v.identity->sign_pk);
	assert_int_equal(again.len, commit->len);
	assert_memory_equal(again.data, commit->data, commit->len);
	assert_int_equal(chain_step(head, r, v.identity->sign_pk, &again), 0);
	assert_hex(head->name.hash.b, 32, row, "hash");
	assert_hex(head->name.git.b, 20, row, "sha1");
	buf_fini(&frame);
	buf_fini(&again);
	free(back);
}

static void test_vector__commits_frames_and_names(void **state)
{
	const json_t *rows = json_list(v.doc, "records");
	struct record *r = mem_new(sizeof(*r));
	struct chain_head head = {0};

	(void)state;
	assert_int_equal(json_array_size(rows), 3);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		struct buf commit = read_commit(i);
		check_record(json_array_get(rows, i), &commit, r, &head);
		buf_fini(&commit);
	}
	assert_true(r->seen.size == (uint64_t)INT53_MAX);
	assert_true(r->at_s == RECORD_AT_MAX);
	free(r);
}

static void check_sealed(const json_t *row, const struct record_entry *e,
    const struct buf *ad, const struct buf *box)
{
	struct secret *key = secret_of(row, "key");
	struct seal_label label = {e->stream, e->kid, ad};
	struct buf body = {0};
	struct hash kid;

	seal_kid(&kid, &e->stream, key);
	assert_hex(kid.b, 32, row, "kid");
	assert_int_equal(seal_open(&body, key, &label, box->data, box->len), 0);
	assert_hex(body.data, body.len, row, "body");
	/* The one byte that implementations could disagree about. */
	struct buf other = {0};
	buf_add(&other, ad->data, ad->len);
	buf_str(&other, " ");
	label.ad = &other;
	assert_int_equal(
	    seal_open(&body, key, &label, box->data, box->len), ERR_SIGNATURE);
	buf_fini(&other);
	buf_fini(&body);
	secret_free(&key);
}

static void test_vector__boxes_open_at_their_place(void **state)
{
	const json_t *rows = json_list(v.doc, "records");
	struct record *r = mem_new(sizeof(*r));
	uint8_t pk[SIGN_PUBLIC];
	unsigned sealed = 0;

	(void)state;
	for (size_t i = 0; i < json_array_size(rows); i++) {
		struct buf commit = read_commit(i);
		const json_t *entries =
		    json_list(json_array_get(rows, i), "entries");
		assert_int_equal(
		    commit_parse(r, pk, commit.data, commit.len), 0);
		for (uint32_t k = 0; k < r->count; k++) {
			const json_t *row = json_array_get(entries, k);
			struct buf box = bytes_of(row, "box"), ad = {0};
			assert_int_equal(
			    record_box_check(&r->entries[k], box.data, box.len),
			    0);
			commit_box_ad(&ad, r, k);
			assert_hex(ad.data, ad.len, row, "ad");
			if (r->entries[k].mode != MODE_CLEAR) {
				check_sealed(row, &r->entries[k], &ad, &box);
				sealed++;
			}
			buf_fini(&box);
			buf_fini(&ad);
		}
		buf_fini(&commit);
	}
	assert_int_equal(sealed, 3);
	free(r);
}

static void test_vector__key_seal_opens_for_the_node(void **state)
{
	const json_t *row = json_array_get(
	    json_list(
		json_array_get(json_list(v.doc, "records"), 0), "entries"),
	    1);
	struct secret *node = secret_of(v.doc, "node_seal_secret"), *key;
	struct buf sealed = bytes_of(v.doc, "key_seal");
	struct seal_label label = {0};

	(void)state;
	assert_true(id_parse(&label.stream, json_str(row, "stream", "")));
	assert_true(hash_parse(&label.kid, json_str(row, "kid", "")));
	assert_int_equal(sealed.len, KEY_SEAL);
	assert_int_equal(seal_key_open(&key, sealed.data, node, &label), 0);
	assert_hex(key->bytes, key->len, row, "key");
	secret_free(&key);
	secret_free(&node);
	buf_fini(&sealed);
}

/* Level 0 and 1 of three leaves are enough to keep. */
struct small_tree {
	struct hash node[2][3];
};

static int tree_get(void *ctx, struct hash *out, unsigned level, uint64_t index)
{
	*out = ((struct small_tree *)ctx)->node[level][index];
	return 0;
}

static int tree_put(
    void *ctx, unsigned level, uint64_t index, const struct hash *hash)
{
	((struct small_tree *)ctx)->node[level][index] = *hash;
	return 0;
}

static void test_vector__order_and_checkpoint(void **state)
{
	const json_t *rows = json_list(v.doc, "leaves");
	struct small_tree tree;
	const struct merkle_store store = {tree_get, tree_put, &tree};
	struct hash hash, root;
	char hex[HASH_HEX];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const json_t *row = json_array_get(rows, i);
		const json_t *record =
		    json_array_get(json_list(v.doc, "records"), i);
		struct buf codes = bytes_of(row, "verdicts");
		struct merkle_leaf leaf = {.seat = v.identity->seat,
		    .seq = i + 1,
		    .node_s = json_int(row, "node_s", 0)};
		assert_true(
		    hash_parse(&leaf.record, json_str(record, "hash", "")));
		merkle_verdicts(&leaf.verdicts, codes.data, codes.len);
		merkle_leaf_hash(&hash, &leaf);
		assert_hex(hash.b, 32, row, "hash");
		assert_int_equal(merkle_append(&store, i, &hash), 0);
		assert_int_equal(merkle_root(&root, &store, i + 1), 0);
		hash_hex(hex, &root);
		assert_string_equal(hex, json_string_value(json_array_get(
					     json_list(v.doc, "roots"), i)));
		buf_fini(&codes);
	}
	const struct checkpoint cp = {.org = v.identity->org,
	    .incarnation = 0xa7,
	    .tree = {3, root},
	    .lmax = 77};
	struct secret *seed = secret_of(v.doc, "checkpoint_seed"), *key;
	uint8_t pk[SIGN_PUBLIC];
	struct buf note = {0};
	identity_sign_key(&key, pk, seed);
	checkpoint_sign(&note, &cp, key);
	assert_string_equal(buf_text(&note), json_str(v.doc, "checkpoint", ""));
	buf_fini(&note);
	secret_free(&seed);
	secret_free(&key);
}

/* A prefix in the program that the document does not register is a defect
 * of the document. */
static void test_vector__the_document_lists_every_prefix(void **state)
{
	char *text = test_read_file("docs/LOG.md", NULL);

	(void)state;
	for (int i = 0; i < PREFIX_TOTAL; i++) {
		char cell[64];
		size_t n;
		const char *bytes = prefix_bytes(&n, (enum prefix)i);
		n = strcspn(bytes, "\n");
		snprintf(cell, sizeof(cell), "| `%.*s`", (int)n, bytes);
		if (!strstr(text, cell))
			fail_msg("docs/LOG.md does not list %s", cell);
	}
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_vector__names_follow_from_keys),
	    cmocka_unit_test(test_vector__commits_frames_and_names),
	    cmocka_unit_test(test_vector__boxes_open_at_their_place),
	    cmocka_unit_test(test_vector__key_seal_opens_for_the_node),
	    cmocka_unit_test(test_vector__order_and_checkpoint),
	    cmocka_unit_test(test_vector__the_document_lists_every_prefix),
	};

	return cmocka_run_group_tests_name("vector", tests, setup, teardown);
}
