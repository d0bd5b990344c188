/*
 * channel_golden_test.c - the bytes of docs/WIRE.md: a session and an
 * enrolment with fixed keys must go over the wire exactly as
 * tests/vectors/channel.json says, which was made by other means.
 */
#include "tests/test.h"

#include "core/id.h"
#include "core/json.h"
#include "keys/hash.h"
#include "keys/noise.h"
#include "sync/channel.h"

#define BYTES 1024

/* Randomness that is one ephemeral key. */
static void fill_key(void *ctx, void *buf, size_t n)
{
	assert_int_equal(n, CHANNEL_KEY);
	memcpy(buf, ctx, n);
}

static uint64_t no_time(void *ctx)
{
	(void)ctx;
	return 0;
}

struct end {
	struct channel_cfg cfg;
	struct env env;
	struct channel *ch;
	uint8_t sk[BYTES], once[BYTES], pk[CHANNEL_KEY];
};

struct pair {
	const json_t *v;
	struct end client, node;
	uint8_t psk[BYTES], ticket[BYTES], payload[BYTES];
};

static size_t hex_of(uint8_t *out, const json_t *v, const char *key)
{
	const char *hex = json_str(v, key, NULL);

	assert_non_null(hex);
	size_t n = strlen(hex) / 2;
	assert_true(n <= BYTES && hex_decode(out, n, hex));
	return n;
}

static int find_psk(
    uint8_t psk[CHANNEL_KEY], void *ctx, const uint8_t ticket[CHANNEL_TICKET])
{
	struct pair *p = ctx;

	assert_memory_equal(ticket, p->ticket, CHANNEL_TICKET);
	memcpy(psk, p->psk, CHANNEL_KEY);
	return 0;
}

static void end_init(struct end *e, const json_t *v, bool is_client)
{
	hex_of(e->sk, v, is_client ? "client_sk" : "node_sk");
	hex_of(e->once, v, is_client ? "client_ephemeral" : "node_ephemeral");
	hex_of(e->cfg.org.b, v, "org");
	hex_of(e->cfg.node.b, v, "node");
	e->cfg.static_sk = e->sk;
	e->env = (struct env){
	    .mono_ms = no_time, .random = fill_key, .ctx = e->once};
}

static void pair_init(struct pair *p, const json_t *v, enum purpose purpose)
{
	*p = (struct pair){.v = v};
	end_init(&p->client, v, true);
	end_init(&p->node, v, false);
	noise_public(p->node.pk, p->node.sk);
	hex_of(p->psk, v, "psk");
	hex_of(p->ticket, v, "ticket");
	p->client.cfg.purpose = purpose;
	p->client.cfg.node_pk = p->node.pk;
	p->client.cfg.psk = p->psk;
	p->client.cfg.ticket = p->ticket;
	p->client.cfg.payload = p->payload;
	p->client.cfg.payload_len = hex_of(p->payload, v, "payload");
	p->node.cfg.find_psk = find_psk;
	p->node.cfg.ctx = p;
}

/* What one end has to say is the vector's bytes; the other end gets them. */
static void pass(struct pair *p, const char *key, bool to_node)
{
	struct channel *from = to_node ? p->client.ch : p->node.ch;
	struct channel *to = to_node ? p->node.ch : p->client.ch;
	uint8_t want[BYTES];
	size_t n = hex_of(want, p->v, key);
	struct buf *out = channel_out(from);

	assert_int_equal(out->len, n);
	assert_memory_equal(out->data, want, n);
	assert_int_equal(channel_feed(to, want, n), 0);
	buf_clear(out);
}

static void shake_hands(struct pair *p)
{
	uint8_t hash[BYTES];

	p->client.ch = channel_new_initiator(&p->client.cfg, &p->client.env);
	p->node.ch = channel_new_responder(&p->node.cfg, &p->node.env);
	pass(p, "hello", true);
	pass(p, "answer", false);
	pass(p, "message1", true);
	pass(p, "message2", false);
	pass(p, "message3", true);
	assert_int_equal(hex_of(hash, p->v, "handshake_hash"), CHANNEL_HASH);
	assert_memory_equal(
	    channel_handshake_hash(p->client.ch), hash, CHANNEL_HASH);
	assert_memory_equal(
	    channel_handshake_hash(p->node.ch), hash, CHANNEL_HASH);
	assert_memory_equal(channel_payload(p->node.ch)->data, p->payload,
	    p->client.cfg.payload_len);
}

static void say(struct channel *ch, const void *msg, size_t n)
{
	assert_int_equal(channel_send(ch, msg, n), 0);
}

static void talk(struct pair *p)
{
	static const uint8_t zeros[70000];
	struct buf *out = channel_out(p->client.ch);
	struct hash want, got;

	channel_trust(p->node.ch);
	say(p->client.ch, "from the terminal", 17);
	pass(p, "from_client", true);
	say(p->node.ch, "from the node", 13);
	pass(p, "from_node", false);
	say(p->client.ch, zeros, sizeof(zeros));
	hash_blake2b256(&got, out->data, out->len);
	assert_true(hash_parse(&want, json_str(p->v, "long_blake2b", "")));
	assert_memory_equal(got.b, want.b, sizeof(got.b));
	/* Three frames so far; the first after 2^14 has a new key. */
	for (int i = 3; i < 16384; i++) {
		assert_int_equal(
		    channel_feed(p->node.ch, out->data, out->len), 0);
		buf_clear(out);
		say(p->client.ch, "x", 1);
	}
	assert_int_equal(channel_feed(p->node.ch, out->data, out->len), 0);
	buf_clear(out);
	say(p->client.ch, "x", 1);
	pass(p, "frame_16385", true);
}

static void run(const char *name, enum purpose purpose)
{
	struct pair p;
	size_t n;
	char *text = test_read_file("tests/vectors/channel.json", &n);
	json_t *root = NULL;

	assert_int_equal(json_load(&root, text, n, 65536), 0);
	free(text);
	pair_init(&p, json_object_get(root, name), purpose);
	shake_hands(&p);
	talk(&p);
	channel_free(&p.client.ch);
	channel_free(&p.node.ch);
	json_decref(root);
}

static void test_channel__session_bytes_are_the_documented_ones(void **state)
{
	(void)state;
	run("session", PURPOSE_SESSION);
}

static void test_channel__enrolment_bytes_are_the_documented_ones(void **state)
{
	(void)state;
	run("enrolment", PURPOSE_ENROL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_channel__session_bytes_are_the_documented_ones),
	    cmocka_unit_test(
		test_channel__enrolment_bytes_are_the_documented_ones),
	};
	return cmocka_run_group_tests_name("channel_golden", tests, NULL, NULL);
}
