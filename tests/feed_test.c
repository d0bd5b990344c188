/*
 * feed_test.c - what the chain of a feed is made of: a terminal and a centre
 * that agree on it have had the same items of the same centre.
 */
#include "tests/world.h"

#include "keys/hash.h"
#include "sync/feed.h"

#define ITEMS 200

/* The chain by its description in the header. */
static void described(
    struct hash *chain, uint64_t incarnation, const struct feed_item *item)
{
	struct buf all = {0};
	struct part part;

	buf_add(&all, chain->b, sizeof(chain->b));
	buf_u8(&all, (uint8_t)item->what);
	buf_u64(&all, item->pos);
	buf_add(&all, item->stream.b, sizeof(item->stream.b));
	buf_u64(&all, incarnation);
	part = (struct part){all.data, all.len};
	hash_prefixed(chain, PREFIX_FEED, &part, 1);
	buf_fini(&all);
}

static void test_feed__the_chain_is_as_described(void **state)
{
	const struct feed_item item = {
	    .n = 1, .what = FEED_STREAM, .pos = 0x0102030405060708, {{9}}};
	struct hash a = {{3}}, b = {{3}};

	(void)state;
	feed_chain(&a, 0x1122334455667788, &item);
	described(&b, 0x1122334455667788, &item);
	assert_memory_equal(a.b, b.b, sizeof(a.b));
}

static void test_feed__whatever_differs_shows(void **state)
{
	static const struct {
		uint8_t before;
		uint64_t incarnation;
		struct feed_item item;
	} rows[] = {
	    {0, 1, {1, FEED_RECORD, 5, {{0}}}},
	    {1, 1, {1, FEED_RECORD, 5, {{0}}}},
	    {0, 2, {1, FEED_RECORD, 5, {{0}}}},
	    {0, 1, {1, FEED_STREAM, 5, {{0}}}},
	    {0, 1, {1, FEED_RECORD, 6, {{0}}}},
	    {0, 1, {1, FEED_RECORD, 5, {{1}}}},
	};
	struct hash chains[ARRAY_LEN(rows)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		chains[i] = (struct hash){{rows[i].before}};
		feed_chain(&chains[i], rows[i].incarnation, &rows[i].item);
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(
			    chains[i].b, chains[k].b, sizeof(chains[i].b));
	}
}

/* The chain of all that is owed to a seat; how many items. */
static uint64_t chain_of(
    struct hash *chain, struct world_seat *seat, uint64_t incarnation)
{
	static struct feed_item items[ITEMS];
	int n = feed_read(
	    items, seat->world->node.ledger, &seat->me->seat, 0, ITEMS);

	assert_true(n > 0 && n < ITEMS);
	*chain = (struct hash){{0}};
	for (int i = 0; i < n; i++)
		feed_chain(chain, incarnation, &items[i]);
	return (uint64_t)n;
}

/* Restored twice from one backup, a centre gives the same places to other
 * records: who had them of the lost one must not go on behind them. */
static void test_feed__another_incarnation_does_not_agree(void **state)
{
	struct world *w = world_new(3);
	struct world_seat *seat = world_join(w, "A017", "agent");
	uint64_t own = w->node_keys.incarnation, n;
	struct hash chain;

	(void)state;
	world_patient(w, "甲", "A017");
	assert_int_equal(world_sync(seat), 0);
	n = chain_of(&chain, seat, own);
	assert_int_equal(
	    feed_agrees(w->node.ledger, &seat->me->seat, n, &chain), 1);
	n = chain_of(&chain, seat, own + 1);
	assert_int_equal(
	    feed_agrees(w->node.ledger, &seat->me->seat, n, &chain), 0);
	world_free(w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_feed__the_chain_is_as_described),
	    cmocka_unit_test(test_feed__whatever_differs_shows),
	    cmocka_unit_test(test_feed__another_incarnation_does_not_agree),
	};
	return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
