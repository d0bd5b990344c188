/* channel_hostile_test.c - tampered, replayed, cut and lying bytes. */
#include "tests/test.h"

#include "core/err.h"
#include "keys/noise.h"
#include "tests/channel_pair.h"

#include <malloc.h>

struct flip {
	int pass;
	size_t byte;
	uint8_t mask;
	size_t seen; /* length of that pass */
};

static void flip_bit(struct channel_pair *p, bool to_node, struct buf *b)
{
	struct flip *f = p->meddle_ctx;

	(void)to_node;
	if (p->passes != f->pass)
		return;
	f->seen = b->len;
	if (f->byte < b->len)
		b->data[f->byte] ^= f->mask;
}

/* Handshake with one bit of one pass changed; true when it got through. */
static bool survives(enum purpose purpose, struct flip *f)
{
	struct channel_pair p;
	bool ok;

	channel_pair_init(&p, purpose, 8);
	p.meddle = flip_bit;
	p.meddle_ctx = f;
	channel_pair_open(&p);
	channel_pair_run(&p);
	ok = channel_is_ready(p.client) && channel_is_ready(p.node) &&
	     channel_send(p.client, "x", 1) == 0;
	if (ok) {
		channel_pair_run(&p);
		ok = p.node_result == 0;
	}
	channel_pair_fini(&p);
	return ok;
}

static void test_channel__any_flipped_bit_breaks_the_handshake(void **state)
{
	int tried = 0;

	(void)state;
	for (int purpose = PURPOSE_SESSION; purpose <= PURPOSE_ENROL; purpose++)
		for (int pass = 0; pass < 5; pass++) {
			struct flip f = {.pass = pass, .seen = 1};
			for (f.byte = 0; f.byte < f.seen; f.byte++)
				for (int bit = 0; bit < 8; bit += 3) {
					f.mask = (uint8_t)(1 << bit);
					assert_false(survives(
					    (enum purpose)purpose, &f));
					tried++;
				}
		}
	/* Two hellos and three messages; both purposes. */
	assert_true(tried > 2 * 3 * (25 + 24 + 50 + 50 + 66));
}

static void test_channel__any_flipped_bit_breaks_a_frame(void **state)
{
	struct channel_pair p;
	struct buf wire;

	(void)state;
	channel_pair_ready(&p, PURPOSE_SESSION);
	assert_int_equal(channel_send(p.client, "hello", 5), 0);
	wire = *channel_out(p.client);
	*channel_out(p.client) = (struct buf){0};
	for (size_t i = 0; i < wire.len; i++) {
		/* A fresh pair from the same seed has the same keys. */
		struct channel_pair q;
		const uint8_t *got;
		size_t n;
		channel_pair_ready(&q, PURPOSE_SESSION);
		wire.data[i] ^= 0x10;
		int r = channel_feed(q.node, wire.data, wire.len);
		/* A larger length may leave the frame unfinished. */
		assert_true(r == ERR_PROTOCOL || (i < 2 && r == 0));
		assert_false(channel_next(&got, &n, q.node));
		wire.data[i] ^= 0x10;
		channel_pair_fini(&q);
	}
	assert_int_equal(channel_feed(p.node, wire.data, wire.len), 0);
	/* The same frame again is a replay. */
	assert_int_equal(
	    channel_feed(p.node, wire.data, wire.len), ERR_PROTOCOL);
	assert_int_equal(channel_send(p.node, "x", 1), ERR_PROTOCOL);
	assert_null(channel_handshake_hash(p.node));
	buf_fini(&wire);
	channel_pair_fini(&p);
}

static void record_to_node(struct channel_pair *p, bool to_node, struct buf *b)
{
	if (to_node)
		buf_add(p->meddle_ctx, b->data, b->len);
}

static void test_channel__replayed_handshake_is_refused(void **state)
{
	struct channel_pair p;
	struct buf said = {0};
	struct channel *again;

	(void)state;
	channel_pair_init(&p, PURPOSE_SESSION, 9);
	p.meddle = record_to_node;
	p.meddle_ctx = &said;
	channel_pair_open(&p);
	channel_pair_run(&p);
	assert_true(channel_pair_is_ready(&p));
	again = channel_new_responder(&p.node_cfg, &p.env.env);
	assert_int_equal(
	    channel_feed(again, said.data, said.len), ERR_PROTOCOL);
	assert_false(channel_is_ready(again));
	channel_free(&again);
	buf_fini(&said);
	channel_pair_fini(&p);
}

static void test_channel__frames_out_of_order_are_refused(void **state)
{
	struct channel_pair p;
	struct buf *out;

	(void)state;
	channel_pair_ready(&p, PURPOSE_SESSION);
	assert_int_equal(channel_send(p.client, "1", 1), 0);
	assert_int_equal(channel_send(p.client, "2", 1), 0);
	out = channel_out(p.client);
	assert_int_equal(
	    channel_feed(p.node, out->data + out->len / 2, out->len / 2),
	    ERR_PROTOCOL);
	channel_pair_fini(&p);
}

/* Seals text as one frame with the client's own cipher by way of a channel
 * of which only the framing is bypassed: the declared lengths lie. */
static int feed_sealed(struct channel_pair *p, struct noise_cipher *tx,
    const uint8_t *text, size_t n)
{
	struct buf b = {0};
	int r;

	buf_u16(&b, (uint16_t)(n + NOISE_TAG));
	noise_seal(&b, tx, text, n);
	r = channel_feed(p->node, b.data, b.len);
	buf_fini(&b);
	return r;
}

/* A client of our own making, whose cipher the test holds. */
static void raw_client(struct channel_pair *p, struct noise_cipher *tx)
{
	struct hello hello = hello_of(PURPOSE_SESSION, &(struct id){{1, 2, 3}});
	struct buf hellos = {0}, prologue = {0}, wire = {0}, msg = {0};
	struct noise hs;
	struct noise_cipher rx;
	uint8_t once[CHANNEL_KEY] = {77}, none[256];
	struct buf *out;
	size_t n;

	channel_pair_init(p, PURPOSE_SESSION, 10);
	channel_pair_open(p);
	out = channel_out(p->node);
	hello_write(&hellos, &hello);
	buf_u16(&wire, (uint16_t)hellos.len);
	buf_add(&wire, hellos.data, hellos.len);
	assert_int_equal(channel_feed(p->node, wire.data, wire.len), 0);
	buf_add(&hellos, out->data + 2, out->len - 2);
	hello_prologue(&prologue, &hellos);
	noise_init(&hs, &(struct noise_start){.is_initiator = true,
			    .static_sk = p->client_sk,
			    .ephemeral_sk = once,
			    .responder_pk = p->node_pk,
			    .prologue = prologue.data,
			    .prologue_len = prologue.len});
	for (int i = 0; i < 2; i++) {
		buf_clear(&wire);
		buf_clear(&msg);
		buf_clear(out);
		assert_int_equal(noise_write(&msg, &hs, NULL, 0), 0);
		buf_u16(&wire, (uint16_t)msg.len);
		buf_add(&wire, msg.data, msg.len);
		assert_int_equal(channel_feed(p->node, wire.data, wire.len), 0);
		if (i == 0)
			assert_int_equal(noise_read(none, &n, &hs,
					     out->data + 2, out->len - 2),
			    0);
	}
	assert_true(channel_is_ready(p->node));
	noise_split(tx, &rx, &hs);
	buf_fini(&hellos);
	buf_fini(&prologue);
	buf_fini(&wire);
	buf_fini(&msg);
}

static void test_channel__lying_lengths_and_padding_are_refused(void **state)
{
	static const struct {
		uint8_t head[5];
		size_t n; /* bytes of the sealed text */
		int want;
	} rows[] = {
	    {{0, 0, 0, 1, 'x'}, 256, 0},
	    {{0, 0, 0, 0, 0}, 256, ERR_PROTOCOL},      /* empty message */
	    {{0, 0x10, 0, 1, 0}, 65280, ERR_PROTOCOL}, /* 1 MiB + 1 */
	    {{255, 255, 255, 255, 0}, 256, ERR_PROTOCOL},
	    {{0, 0, 0, 252, 0}, 512, ERR_PROTOCOL}, /* too much padding */
	    {{0, 0, 1, 0, 0}, 256, ERR_PROTOCOL},   /* fragment too short */
	    {{0, 1, 0, 0, 0}, 65280, 0},            /* more to come */
	    {{0, 0, 0, 1, 0}, 256, 0},
	};
	static uint8_t text[65280];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct channel_pair p;
		struct noise_cipher tx;
		raw_client(&p, &tx);
		channel_trust(p.node);
		memset(text, 0, sizeof(text));
		memcpy(text, rows[i].head, 5);
		assert_int_equal(
		    feed_sealed(&p, &tx, text, rows[i].n), rows[i].want);
		channel_pair_fini(&p);
	}
	struct channel_pair p;
	struct noise_cipher tx;
	raw_client(&p, &tx);
	memset(text, 0, sizeof(text));
	text[3] = 1;
	text[255] = 1; /* padding that is not zero */
	assert_int_equal(feed_sealed(&p, &tx, text, 256), ERR_PROTOCOL);
	channel_pair_fini(&p);
}

static void test_channel__strangers_may_only_say_little(void **state)
{
	static uint8_t msg[CHANNEL_MESSAGE_MAX];
	static const struct {
		size_t n;
		bool is_trusted;
		int want;
	} rows[] = {
	    {CHANNEL_STRANGER_MAX, false, 0},
	    {CHANNEL_STRANGER_MAX + 1, false, ERR_PROTOCOL},
	    {CHANNEL_MESSAGE_MAX, false, ERR_PROTOCOL},
	    {CHANNEL_MESSAGE_MAX, true, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct channel_pair p;
		channel_pair_init(&p, PURPOSE_SESSION, 14);
		channel_pair_open(&p);
		channel_pair_run(&p);
		if (rows[i].is_trusted)
			channel_trust(p.node);
		assert_int_equal(channel_send(p.client, msg, rows[i].n), 0);
		channel_pair_run(&p);
		assert_int_equal(p.node_result, rows[i].want);
		/* The node was known before, and says what it wants. */
		if (rows[i].want == 0) {
			assert_int_equal(
			    channel_send(p.node, msg, sizeof(msg)), 0);
			channel_pair_run(&p);
			assert_int_equal(p.client_result, 0);
		}
		channel_pair_fini(&p);
	}
}

static void test_channel__frame_lengths_out_of_range_are_refused(void **state)
{
	struct channel_pair p;
	static const uint8_t zero[2] = {0, 0}, hello[2] = {0, 65},
			     shake[2] = {0, 65}, odd[2] = {1, 15},
			     tag[2] = {0, 16}, full[2] = {255, 255};

	(void)state;
	channel_pair_init(&p, PURPOSE_SESSION, 11);
	channel_pair_open(&p);
	assert_int_equal(channel_feed(p.node, hello, 2), ERR_PROTOCOL);
	assert_int_equal(channel_feed(p.client, zero, 2), ERR_PROTOCOL);
	channel_pair_fini(&p);
	channel_pair_init(&p, PURPOSE_SESSION, 11);
	channel_pair_open(&p);
	struct buf *out = channel_out(p.client);
	assert_int_equal(channel_feed(p.node, out->data, out->len), 0);
	assert_int_equal(channel_feed(p.node, shake, 2), ERR_PROTOCOL);
	channel_pair_fini(&p);
	channel_pair_ready(&p, PURPOSE_SESSION);
	assert_int_equal(channel_feed(p.node, odd, 2), ERR_PROTOCOL);
	assert_int_equal(channel_feed(p.client, tag, 2), ERR_PROTOCOL);
	channel_pair_fini(&p);
	channel_pair_ready(&p, PURPOSE_SESSION);
	assert_int_equal(channel_feed(p.node, full, 2), ERR_PROTOCOL);
	channel_pair_fini(&p);
}

static void test_channel__truncated_streams_never_become_ready(void **state)
{
	struct channel_pair p;
	struct buf said = {0};

	(void)state;
	channel_pair_init(&p, PURPOSE_SESSION, 12);
	p.meddle = record_to_node;
	p.meddle_ctx = &said;
	channel_pair_open(&p);
	uint64_t seed = p.env.seed; /* the node draws its ephemeral key next */
	channel_pair_run(&p);
	assert_true(channel_pair_is_ready(&p));
	for (size_t n = 0; n <= said.len; n++) {
		struct channel *node;
		p.env.seed = seed;
		node = channel_new_responder(&p.node_cfg, &p.env.env);
		assert_int_equal(channel_feed(node, said.data, n), 0);
		assert_int_equal(channel_is_ready(node), n == said.len);
		channel_free(&node);
	}
	buf_fini(&said);
	channel_pair_fini(&p);
}

static void test_channel__half_open_costs_less_than_1_kib(void **state)
{
#if defined(__SANITIZE_ADDRESS__)
	(void)state;
	skip();
#else
	enum {
		COUNT = 64
	};
	struct channel_pair p;
	struct channel *node[COUNT];
	struct buf *out;

	(void)state;
	channel_pair_init(&p, PURPOSE_SESSION, 13);
	channel_pair_open(&p);
	out = channel_out(p.client);
	size_t before = mallinfo2().uordblks;
	for (int i = 0; i < COUNT; i++) {
		static const uint8_t part[] = {0, 64, 9, 9};
		node[i] = channel_new_responder(&p.node_cfg, &p.env.env);
		assert_int_equal(channel_feed(node[i], out->data, out->len), 0);
		/* The longest frame is announced and filled but for one. */
		assert_int_equal(channel_feed(node[i], part, 4), 0);
		for (int k = 0; k < 61; k++)
			assert_int_equal(channel_feed(node[i], part, 1), 0);
	}
	size_t each = (mallinfo2().uordblks - before) / COUNT;
	printf("half-open channel: %zu bytes of heap\n", each);
	assert_true(each > 0 && each <= 1024);
	for (int i = 0; i < COUNT; i++)
		channel_free(&node[i]);
	channel_pair_fini(&p);
#endif
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_channel__any_flipped_bit_breaks_the_handshake),
	    cmocka_unit_test(test_channel__any_flipped_bit_breaks_a_frame),
	    cmocka_unit_test(test_channel__replayed_handshake_is_refused),
	    cmocka_unit_test(test_channel__frames_out_of_order_are_refused),
	    cmocka_unit_test(
		test_channel__lying_lengths_and_padding_are_refused),
	    cmocka_unit_test(test_channel__strangers_may_only_say_little),
	    cmocka_unit_test(
		test_channel__frame_lengths_out_of_range_are_refused),
	    cmocka_unit_test(
		test_channel__truncated_streams_never_become_ready),
	    cmocka_unit_test(test_channel__half_open_costs_less_than_1_kib),
	};
	return cmocka_run_group_tests_name(
	    "channel_hostile", tests, NULL, NULL);
}
