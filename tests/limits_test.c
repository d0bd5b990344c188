/* limits_test.c - who may hold a connection that has proved nothing. */
#include "tests/test.h"

#include "sync/limits.h"

static struct address v4(unsigned a, unsigned b, unsigned c, unsigned d)
{
	return (struct address){{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff,
	    (uint8_t)a, (uint8_t)b, (uint8_t)c, (uint8_t)d}};
}

static struct address v6(uint8_t network, uint8_t host)
{
	return (struct address){{0x20, 0x01, [7] = network, [15] = host}};
}

static struct limits *fresh(void)
{
	struct limits_cfg cfg;

	limits_defaults(&cfg);
	return limits_new(&cfg);
}

static void test_limits__four_an_address_and_64_in_all(void **state)
{
	struct limits *l = fresh();

	(void)state;
	for (unsigned i = 0; i < 64; i++) {
		struct address a = v4(10, 0, 0, i / 4);
		assert_int_equal(limits_begin(l, &a, 0), LIMITS_ADMIT);
		struct address same = v4(10, 0, 0, 0);
		if (i >= 4 && i < 63)
			assert_int_equal(
			    limits_begin(l, &same, 0), LIMITS_ADDRESS);
	}
	struct address other = v4(10, 9, 9, 9), first = v4(10, 0, 0, 0);
	assert_int_equal(limits_half_open(l), 64);
	assert_int_equal(limits_begin(l, &other, 0), LIMITS_FULL);
	limits_end(l, &first, false, 0);
	assert_int_equal(limits_begin(l, &other, 0), LIMITS_ADMIT);
	limits_free(&l);
	assert_null(l);
}

static void test_limits__an_ipv6_network_is_one_address(void **state)
{
	struct limits *l = fresh();
	struct address a;

	(void)state;
	for (uint8_t i = 0; i < 4; i++) {
		a = v6(1, i);
		assert_int_equal(limits_begin(l, &a, 0), LIMITS_ADMIT);
	}
	a = v6(1, 77);
	assert_int_equal(limits_begin(l, &a, 0), LIMITS_ADDRESS);
	a = v6(2, 77);
	assert_int_equal(limits_begin(l, &a, 0), LIMITS_ADMIT);
	limits_free(&l);
}

static void fail_once(struct limits *l, const struct address *a, uint64_t now)
{
	assert_int_equal(limits_begin(l, a, now), LIMITS_ADMIT);
	limits_end(l, a, true, now);
}

static void test_limits__only_failures_are_charged_and_forgiven(void **state)
{
	struct limits *l = fresh();
	struct address bad = v4(192, 0, 2, 1), good = v4(192, 0, 2, 2);
	const uint64_t t = 1000000;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(limits_begin(l, &good, t), LIMITS_ADMIT);
		limits_end(l, &good, false, t);
	}
	for (int i = 0; i < 10; i++)
		fail_once(l, &bad, t);
	assert_int_equal(limits_begin(l, &bad, t), LIMITS_FAILURES);
	assert_int_equal(limits_begin(l, &bad, t + 5999), LIMITS_FAILURES);
	assert_int_equal(limits_begin(l, &good, t), LIMITS_ADMIT);
	/* One is forgiven every 6 s, all ten after a minute. */
	fail_once(l, &bad, t + 6000);
	assert_int_equal(limits_begin(l, &bad, t + 6001), LIMITS_FAILURES);
	for (int i = 0; i < 10; i++)
		fail_once(l, &bad, t + 66000);
	assert_int_equal(limits_begin(l, &bad, t + 66000), LIMITS_FAILURES);
	limits_free(&l);
}

static void test_limits__prefixes_have_their_own(void **state)
{
	struct limits_cfg cfg;
	struct limits *l;
	struct address a;

	(void)state;
	limits_defaults(&cfg);
	cfg.prefix[0] = (struct limits_row){.prefix = v4(10, 1, 0, 0),
	    .bits = 96 + 16,
	    .half_open = 2,
	    .failures = 1,
	    .refill_ms = 1000};
	cfg.prefix[1] = (struct limits_row){.prefix = v4(10, 1, 2, 128),
	    .bits = 96 + 25,
	    .half_open = 20,
	    .failures = 100,
	    .refill_ms = 10,
	    .is_shared = true};
	cfg.prefixes = 2;
	l = limits_new(&cfg);
	static const struct {
		unsigned c, d, admitted;
	} rows[] = {
	    {0, 1, 2}, {2, 127, 2}, {2, 128, 20}, {2, 200, 0}, {255, 255, 2}};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		unsigned n = 0;
		a = v4(10, 1, rows[i].c, rows[i].d);
		while (limits_begin(l, &a, 0) == LIMITS_ADMIT)
			n++;
		assert_int_equal(n, rows[i].admitted);
	}
	a = v4(10, 2, 0, 0); /* beyond the prefix: the general limit */
	for (int i = 0; i < 4; i++)
		assert_int_equal(limits_begin(l, &a, 0), LIMITS_ADMIT);
	assert_int_equal(limits_begin(l, &a, 0), LIMITS_ADDRESS);
	limits_free(&l);
}

/* A million strangers neither grow the table nor unseat those at work. */
static void test_limits__memory_of_addresses_is_bounded(void **state)
{
	struct limits *l = fresh();
	struct address held = v4(172, 16, 0, 1), worst = v4(172, 16, 0, 2);

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(limits_begin(l, &held, 0), LIMITS_ADMIT);
	for (int i = 0; i < 10; i++)
		fail_once(l, &worst, 0);
	for (unsigned i = 0; i < 3000; i++) {
		struct address a = v4(1, i >> 16, i >> 8, i);
		fail_once(l, &a, 1);
	}
	assert_int_equal(limits_begin(l, &held, 1), LIMITS_ADDRESS);
	/* Who owes most is forgotten last. */
	assert_int_equal(limits_begin(l, &worst, 1), LIMITS_FAILURES);
	assert_int_equal(limits_half_open(l), 4);
	limits_free(&l);
}

static void test_limits__times(void **state)
{
	struct limits *l = fresh();

	(void)state;
	assert_false(limits_is_late(l, 100, 5099));
	assert_true(limits_is_late(l, 100, 5100));
	assert_false(limits_is_slow(l, 100, 60099));
	assert_true(limits_is_slow(l, 100, 60100));
	assert_string_equal(limits_verdict_name(LIMITS_FAILURES), "failures");
	limits_free(&l);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_limits__four_an_address_and_64_in_all),
	    cmocka_unit_test(test_limits__an_ipv6_network_is_one_address),
	    cmocka_unit_test(
		test_limits__only_failures_are_charged_and_forgiven),
	    cmocka_unit_test(test_limits__prefixes_have_their_own),
	    cmocka_unit_test(test_limits__memory_of_addresses_is_bounded),
	    cmocka_unit_test(test_limits__times),
	};
	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
