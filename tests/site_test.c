/* site_test.c - the site file: whole or refused. */
#include "tests/test.h"

#include "core/err.h"
#include "core/id.h"
#include "core/tr.h"
#include "keys/hash.h"
#include "keys/secret.h"
#include "sync/site.h"

struct world {
	struct test_env t;
	struct secret *root;
	uint8_t root_pk[SIGN_PUBLIC];
	struct site *site;
	struct buf file;
};

static struct secret *sign_key(uint8_t pk[SIGN_PUBLIC], struct test_env *t)
{
	struct secret *seed = secret_random(SIGN_SEED, &t->env), *sk;

	identity_sign_key(&sk, pk, seed);
	secret_free(&seed);
	return sk;
}

static void certify(struct world *w)
{
	struct statement s = {.what = STATEMENT_NODE,
	    .org = w->site->org,
	    .from_s = 100,
	    .until_s = 200,
	    .incarnation = 1};

	memset(s.sign_pk, 1, sizeof(s.sign_pk));
	memset(s.dh_pk, 2, sizeof(s.dh_pk));
	memset(s.check_pk, 3, sizeof(s.check_pk));
	memset(s.seal_pk, 4, sizeof(s.seal_pk));
	identity_seat(&s.seat, &s.org, s.sign_pk, s.dh_pk);
	paper_make(&w->site->certificate, &s, w->root);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	hash_init();
	test_env_init(&w->t, 21);
	w->root = sign_key(w->root_pk, &w->t);
	w->site = calloc(1, sizeof(*w->site));
	site_found(w->site, w->root, w->root_pk, 50);
	strcpy(w->site->name, "随访中心");
	strcpy(w->site->name_en, "Follow-up centre");
	strcpy(w->site->host, "127.0.0.1");
	w->site->port = 7443;
	w->site->limits[0] = (struct site_limit){"10.0.0.0/8", 32, 100};
	w->site->limit_count = 1;
	certify(w);
	site_write(&w->file, w->site, w->root);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	secret_free(&w->root);
	buf_fini(&w->file);
	free(w->site);
	free(w);
	return 0;
}

static void test_site__reads_what_it_wrote(void **state)
{
	struct world *w = *state;
	struct site *got;
	struct ledger_node node;

	assert_int_equal(site_read(&got, buf_text(&w->file), w->file.len), 0);
	assert_memory_equal(&got->org, &w->site->org, sizeof(got->org));
	assert_string_equal(got->name, "随访中心");
	assert_string_equal(got->host, "127.0.0.1");
	assert_int_equal(got->port, 7443);
	assert_int_equal(got->limit_count, 1);
	assert_int_equal(got->limits[0].half_open, 32);
	assert_memory_equal(got->root_pk, w->root_pk, SIGN_PUBLIC);
	site_ledger_node(&node, got);
	assert_int_equal(node.incarnation, 1);
	assert_int_equal(node.sign_pk[0], 1);
	assert_int_equal(node.check_pk[0], 3);
	assert_int_equal(node.seal_pk[0], 4);
	assert_int_equal(site_check_time(got, 99), ERR_EXPIRED);
	assert_int_equal(site_check_time(got, 100), 0);
	assert_int_equal(site_check_time(got, 199), 0);
	assert_int_equal(site_check_time(got, 200), ERR_EXPIRED);
	free(got);
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void test_site__every_changed_byte_is_refused(void **state)
{
	struct world *w = *state;
	struct site *got;
	int refused = 0;

	for (size_t i = 0; i < w->file.len; i++) {
		uint8_t was = w->file.data[i];
		if (is_space(was) || is_space(was ^ 1))
			continue; /* layout is not signed */
		w->file.data[i] ^= 1;
		int r = site_read(&got, buf_text(&w->file), w->file.len);
		assert_true(r < 0);
		refused++;
		w->file.data[i] = was;
	}
	assert_true(refused > 1000);
	for (size_t n = 0; n + 2 < w->file.len; n++)
		assert_true(site_read(&got, buf_text(&w->file), n) < 0);
}

static void test_site__another_roots_signature_is_refused(void **state)
{
	struct world *w = *state;
	struct test_env t;
	uint8_t pk[SIGN_PUBLIC];
	struct secret *other;
	struct buf b = {0};
	struct site *got;

	test_env_init(&t, 99);
	other = sign_key(pk, &t);
	site_write(&b, w->site, other);
	assert_int_equal(site_read(&got, buf_text(&b), b.len), ERR_SIGNATURE);
	secret_free(&other);
	buf_fini(&b);
}

static void test_site__a_rollover_hands_over_to_the_new_root(void **state)
{
	struct world *w = *state;
	struct test_env t;
	uint8_t pk[SIGN_PUBLIC];
	struct secret *other, *old = w->root;
	struct statement s = {
	    .what = STATEMENT_ROLLOVER, .org = w->site->org, .from_s = 60};
	struct site next = *w->site, *got;
	struct buf b = {0};

	test_env_init(&t, 98);
	other = sign_key(pk, &t);
	memcpy(s.root_pk, pk, sizeof(pk));
	statement_countersign(&s, w->root_pk, other);
	paper_make(&next.rollovers[0], &s, old);
	next.rollover_count = 1;
	site_write(&b, &next, other); /* certificate still of the old root */
	assert_int_equal(site_read(&got, buf_text(&b), b.len), ERR_SIGNATURE);
	w->root = other;
	certify(w);
	next.certificate = w->site->certificate;
	w->root = old;
	buf_clear(&b);
	site_write(&b, &next, other);
	assert_int_equal(site_read(&got, buf_text(&b), b.len), 0);
	assert_memory_equal(got->root_pk, pk, SIGN_PUBLIC);
	assert_memory_equal(&got->org, &w->site->org, sizeof(got->org));
	free(got);
	certify(w);
	secret_free(&other);
	buf_fini(&b);
}

static void test_site__a_newer_format_says_so(void **state)
{
	struct site *got;

	(void)state;
	assert_int_equal(site_read(&got, "{\"format\":2}", 12), ERR_NEWER);
	assert_int_equal(site_read(&got, "{\"format\":0}", 12), ERR_FORMAT);
	assert_int_equal(site_read(&got, "[]", 2), ERR_FORMAT);
}

static void test_paper__a_request_signs_itself(void **state)
{
	struct world *w = *state;
	struct identity *me = identity_new(&w->site->org, &w->t.env);
	struct statement s = {.what = STATEMENT_OPERATOR,
			     .org = w->site->org,
			     .member = "O001",
			     .name = "运维",
			     .terminal = "T-00"},
			 got;
	struct paper p, back;
	json_t *value;

	memcpy(s.sign_pk, me->sign_pk, SIGN_PUBLIC);
	memcpy(s.dh_pk, me->dh_pk, DH_KEY);
	s.seat = me->seat;
	paper_make(&p, &s, me->sign);
	value = paper_json(&p);
	assert_int_equal(paper_read(&back, value), 0);
	assert_int_equal(paper_request(&got, &back), 0);
	assert_memory_equal(&got.seat, &me->seat, sizeof(got.seat));
	back.signature[3] = back.signature[3] == '1' ? '2' : '1';
	assert_int_equal(paper_request(&got, &back), ERR_SIGNATURE);
	assert_int_equal(paper_request(&got, &w->site->genesis), ERR_FORMAT);
	json_decref(value);
	identity_free(&me);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_site__reads_what_it_wrote),
	    cmocka_unit_test(test_site__every_changed_byte_is_refused),
	    cmocka_unit_test(test_site__another_roots_signature_is_refused),
	    cmocka_unit_test(test_site__a_rollover_hands_over_to_the_new_root),
	    cmocka_unit_test(test_site__a_newer_format_says_so),
	    cmocka_unit_test(test_paper__a_request_signs_itself),
	};

	return cmocka_run_group_tests_name("site", tests, setup, teardown);
}
