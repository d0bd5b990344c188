/* channel_test.c - the secure channel: vectors, binding, hostile bytes. */
#include "tests/test.h"

#include "core/err.h"
#include "keys/noise.h"
#include "tests/channel_pair.h"
#include "tests/channel_vectors.h"

static void test_channel__noise_vectors_pass(void **state)
{
	const char *path = test_shared(
	    "vectors/noise/cacophony-25519_ChaChaPoly_BLAKE2b.json");

	(void)state;
	if (path)
		assert_int_equal(channel_vector_for_test(path), 0);
}

static void test_channel__session_agrees_on_hash_and_keys(void **state)
{
	struct channel_pair p;
	uint8_t pk[CHANNEL_KEY];

	(void)state;
	channel_pair_ready(&p, PURPOSE_SESSION);
	assert_memory_equal(channel_handshake_hash(p.client),
	    channel_handshake_hash(p.node), CHANNEL_HASH);
	noise_public(pk, p.client_sk);
	assert_memory_equal(channel_peer_static(p.node), pk, CHANNEL_KEY);
	assert_memory_equal(
	    channel_peer_static(p.client), p.node_pk, CHANNEL_KEY);
	assert_int_equal(channel_purpose(p.node), PURPOSE_SESSION);
	assert_null(channel_ticket(p.node));
	assert_false(channel_is_expired(p.client));
	p.env.mono_ms += CHANNEL_LIFE_MS;
	assert_true(channel_is_expired(p.client));
	channel_pair_fini(&p);
}

static void test_channel__enrolment_carries_ticket_and_payload(void **state)
{
	struct channel_pair p;
	uint8_t keys[CHANNEL_PAYLOAD_MAX];

	(void)state;
	memset(keys, 0x5a, sizeof(keys));
	channel_pair_init(&p, PURPOSE_ENROL, 2);
	p.client_cfg.payload = keys;
	p.client_cfg.payload_len = sizeof(keys);
	channel_pair_open(&p);
	channel_pair_run(&p);
	assert_true(channel_pair_is_ready(&p));
	assert_memory_equal(channel_ticket(p.node), p.ticket, CHANNEL_TICKET);
	assert_int_equal(channel_payload(p.node)->len, sizeof(keys));
	assert_memory_equal(channel_payload(p.node)->data, keys, sizeof(keys));
	channel_pair_fini(&p);
}

static void test_channel__wrong_code_is_told_from_other_faults(void **state)
{
	struct channel_pair p;

	(void)state;
	channel_pair_init(&p, PURPOSE_ENROL, 3);
	p.psk[7] ^= 1;
	channel_pair_open(&p);
	channel_pair_run(&p);
	assert_int_equal(p.node_result, ERR_CODE);
	assert_memory_equal(channel_ticket(p.node), p.ticket, CHANNEL_TICKET);
	assert_int_equal(channel_payload(p.node)->len, 0);
	channel_pair_fini(&p);

	channel_pair_init(&p, PURPOSE_ENROL, 3);
	uint8_t other[CHANNEL_TICKET] = {1};
	p.client_cfg.ticket = other;
	channel_pair_open(&p);
	channel_pair_run(&p);
	assert_int_equal(p.node_result, ERR_CODE);
	assert_memory_equal(channel_ticket(p.node), other, CHANNEL_TICKET);
	channel_pair_fini(&p);

	channel_pair_init(&p, PURPOSE_ENROL, 3);
	p.node_cfg.find_psk = NULL;
	channel_pair_open(&p);
	channel_pair_run(&p);
	assert_int_equal(p.node_result, ERR_NOT_PERMITTED);
	channel_pair_fini(&p);
}

static void test_channel__wrong_node_key_or_org_is_refused(void **state)
{
	struct channel_pair p;

	(void)state;
	channel_pair_init(&p, PURPOSE_SESSION, 4);
	p.node_pk[0] ^= 1;
	channel_pair_open(&p);
	channel_pair_run(&p);
	assert_int_equal(p.node_result, ERR_PROTOCOL);
	assert_false(channel_is_ready(p.client));
	channel_pair_fini(&p);

	channel_pair_init(&p, PURPOSE_SESSION, 4);
	p.client_cfg.org.b[15] = 1;
	channel_pair_open(&p);
	channel_pair_run(&p);
	assert_int_equal(p.node_result, ERR_ORGANISATION);
	assert_int_equal(p.client_result, ERR_ORGANISATION);
	channel_pair_fini(&p);
}

static void test_channel__node_key_of_low_order_is_refused(void **state)
{
	struct channel_pair p;

	(void)state;
	channel_pair_init(&p, PURPOSE_SESSION, 5);
	memset(p.node_pk, 0, sizeof(p.node_pk));
	channel_pair_open(&p);
	channel_pair_run(&p);
	assert_int_equal(p.client_result, ERR_PROTOCOL);
	channel_pair_fini(&p);
}

/* ---- the hellos ----------------------------------------------------------*/

/* ctx: the version list that replaces the client's, in transit. */
static void change_versions(struct channel_pair *p, bool to_node, struct buf *b)
{
	const char *list = p->meddle_ctx;
	struct buf changed = {0};
	struct hello hello;

	if (p->passes > 0 || !to_node)
		return;
	assert_int_equal(hello_read(&hello, b->data + 2, b->len - 2), 0);
	hello.count = (unsigned)strlen(list);
	memcpy(hello.versions, list, hello.count);
	hello_write(&changed, &hello);
	buf_clear(b);
	buf_u16(b, (uint16_t)changed.len);
	buf_add(b, changed.data, changed.len);
	buf_fini(&changed);
}

static void test_channel__changed_version_list_breaks_handshake(void **state)
{
	static char longer[] = "\002\001", alien[] = "\002";
	struct channel_pair p;

	(void)state;
	channel_pair_init(&p, PURPOSE_SESSION, 6);
	p.meddle = change_versions;
	p.meddle_ctx = longer;
	channel_pair_open(&p);
	channel_pair_run(&p);
	/* The node accepts the list, and the first tag gives it away. */
	assert_int_equal(p.node_result, ERR_PROTOCOL);
	assert_false(channel_is_ready(p.client));
	channel_pair_fini(&p);

	channel_pair_init(&p, PURPOSE_SESSION, 6);
	p.meddle = change_versions;
	p.meddle_ctx = alien;
	channel_pair_open(&p);
	channel_pair_run(&p);
	assert_int_equal(p.node_result, ERR_VERSION);
	assert_int_equal(p.client_result, ERR_VERSION);
	channel_pair_fini(&p);
}

static void test_hello__only_exact_bytes_are_read(void **state)
{
	struct hello h = {PURPOSE_ENROL, 8, {1, 2, 3, 4, 5, 6, 7, 8}, {{5}}};
	struct hello_answer a = {1, 0, {{6}}}, answer;
	struct hello back;
	struct buf b = {0};

	(void)state;
	hello_write(&b, &h);
	assert_true(b.len <= HELLO_MAX);
	assert_int_equal(hello_read(&back, b.data, b.len), 0);
	assert_memory_equal(&back, &h, sizeof(h));
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(hello_read(&back, b.data, n), ERR_PROTOCOL);
	buf_u8(&b, 0);
	assert_int_equal(hello_read(&back, b.data, b.len), ERR_PROTOCOL);
	b.data[4] = 3;
	assert_int_equal(hello_read(&back, b.data, b.len - 1), ERR_PROTOCOL);
	b.data[4] = 1;
	b.data[5] = 9;
	assert_int_equal(hello_read(&back, b.data, b.len), ERR_PROTOCOL);
	buf_clear(&b);
	hello_answer_write(&b, &a);
	assert_int_equal(hello_answer_read(&answer, b.data, b.len), 0);
	assert_memory_equal(&answer, &a, sizeof(a));
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(
		    hello_answer_read(&answer, b.data, n), ERR_PROTOCOL);
	b.data[5] = HELLO_OTHER_ORG; /* a choice and a refusal at once */
	assert_int_equal(
	    hello_answer_read(&answer, b.data, b.len), ERR_PROTOCOL);
	buf_fini(&b);
}

static void test_hello__node_may_not_choose_what_was_not_offered(void **state)
{
	struct hello h = hello_of(PURPOSE_SESSION, &(struct id){{1}});
	static const struct {
		struct hello_answer answer;
		int want;
	} rows[] = {
	    {{HELLO_VERSION, 0, {{0}}}, 0},
	    {{HELLO_VERSION + 1, 0, {{0}}}, ERR_PROTOCOL},
	    {{0, 0, {{0}}}, ERR_PROTOCOL},
	    {{0, 99, {{0}}}, ERR_PROTOCOL},
	    {{0, HELLO_NO_VERSION, {{0}}}, ERR_VERSION},
	    {{0, HELLO_OTHER_ORG, {{0}}}, ERR_ORGANISATION},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(
		    hello_judge(&rows[i].answer, &h), rows[i].want);
}

/* ---- messages ------------------------------------------------------------*/

static void exchange(struct channel_pair *p, size_t n)
{
	uint8_t *msg = malloc(n);
	const uint8_t *got = NULL;
	size_t got_n = 0;

	assert_non_null(msg);
	for (size_t i = 0; i < n; i++)
		msg[i] = (uint8_t)(i * 7 + n);
	assert_int_equal(channel_send(p->client, msg, n), 0);
	channel_pair_run(p);
	assert_true(channel_next(&got, &got_n, p->node));
	assert_int_equal(got_n, n);
	assert_memory_equal(got, msg, n);
	assert_false(channel_next(&got, &got_n, p->node));
	free(msg);
}

static void test_channel__messages_of_every_size_arrive_whole(void **state)
{
	static const size_t sizes[] = {1, 251, 252, 253, 508, 65275, 65276,
	    65277, 65280, 130556, 130557, 1048575, 1048576};
	struct channel_pair p;

	(void)state;
	channel_pair_ready(&p, PURPOSE_SESSION);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		exchange(&p, sizes[i]);
	uint8_t *big = calloc(1, CHANNEL_MESSAGE_MAX + 1);
	assert_non_null(big);
	assert_int_equal(channel_send(p.client, big, 0), ERR_TOO_LARGE);
	assert_int_equal(channel_send(p.client, big, CHANNEL_MESSAGE_MAX + 1),
	    ERR_TOO_LARGE);
	free(big);
	exchange(&p, 10);
	channel_pair_fini(&p);
}

static void test_channel__length_shows_only_in_steps(void **state)
{
	struct channel_pair p;
	size_t sizes[3];
	static const size_t lens[3] = {1, 252, 253};

	(void)state;
	channel_pair_ready(&p, PURPOSE_SESSION);
	for (int i = 0; i < 3; i++) {
		uint8_t msg[256] = {0};
		assert_int_equal(channel_send(p.client, msg, lens[i]), 0);
		sizes[i] = channel_out(p.client)->len;
		channel_pair_run(&p);
	}
	assert_int_equal(sizes[0], 2 + 256 + 16);
	assert_int_equal(sizes[1], sizes[0]);
	assert_int_equal(sizes[2], 2 + 512 + 16);
	channel_pair_fini(&p);
}

static void test_channel__single_bytes_make_the_same_messages(void **state)
{
	struct channel_pair p;
	const uint8_t *got;
	struct buf wire;
	uint8_t msg[600];
	size_t n;
	int seen = 0;

	(void)state;
	channel_pair_ready(&p, PURPOSE_SESSION);
	memset(msg, 'm', sizeof(msg));
	for (int i = 0; i < 3; i++)
		assert_int_equal(
		    channel_send(p.node, msg, 200 * (size_t)i + 9), 0);
	wire = *channel_out(p.node);
	*channel_out(p.node) = (struct buf){0};
	for (size_t i = 0; i < wire.len; i++)
		assert_int_equal(channel_feed(p.client, wire.data + i, 1), 0);
	while (channel_next(&got, &n, p.client)) {
		assert_int_equal(n, 200 * (size_t)seen++ + 9);
		assert_memory_equal(got, msg, n);
	}
	assert_int_equal(seen, 3);
	buf_fini(&wire);
	channel_pair_fini(&p);
}

static void test_channel__keys_change_every_16384_frames(void **state)
{
	struct channel_pair p;
	struct noise_cipher a = {{1}, 0}, b = a;
	uint8_t out[1], text[1] = {'x'}, first[NOISE_KEY];
	struct buf sealed = {0};

	(void)state;
	memcpy(first, a.key, NOISE_KEY);
	for (int i = 0; i < NOISE_REKEY; i++) {
		assert_memory_equal(a.key, first, NOISE_KEY);
		buf_clear(&sealed);
		noise_seal(&sealed, &a, text, 1);
		assert_int_equal(
		    noise_open(out, &b, sealed.data, sealed.len), 0);
	}
	assert_memory_not_equal(a.key, first, NOISE_KEY);
	assert_memory_equal(a.key, b.key, NOISE_KEY);
	assert_int_equal(a.counter, NOISE_REKEY);
	buf_fini(&sealed);

	channel_pair_ready(&p, PURPOSE_SESSION);
	for (int i = 0; i < NOISE_REKEY + 2; i++) {
		assert_int_equal(channel_send(p.client, text, 1), 0);
		channel_pair_run(&p);
		assert_int_equal(p.node_result, 0);
	}
	channel_pair_fini(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_channel__noise_vectors_pass),
	    cmocka_unit_test(test_channel__session_agrees_on_hash_and_keys),
	    cmocka_unit_test(
		test_channel__enrolment_carries_ticket_and_payload),
	    cmocka_unit_test(
		test_channel__wrong_code_is_told_from_other_faults),
	    cmocka_unit_test(test_channel__wrong_node_key_or_org_is_refused),
	    cmocka_unit_test(test_channel__node_key_of_low_order_is_refused),
	    cmocka_unit_test(
		test_channel__changed_version_list_breaks_handshake),
	    cmocka_unit_test(test_hello__only_exact_bytes_are_read),
	    cmocka_unit_test(
		test_hello__node_may_not_choose_what_was_not_offered),
	    cmocka_unit_test(test_channel__messages_of_every_size_arrive_whole),
	    cmocka_unit_test(test_channel__length_shows_only_in_steps),
	    cmocka_unit_test(test_channel__single_bytes_make_the_same_messages),
	    cmocka_unit_test(test_channel__keys_change_every_16384_frames),
	};
	return cmocka_run_group_tests_name("channel", tests, NULL, NULL);
}
