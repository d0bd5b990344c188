/*
 * flood_test.c - thousands of hostile connections from thousands of
 * addresses against the node's edge: memory stays, the limits hold, and who
 * knows the key gets in afterwards.
 */
#define _GNU_SOURCE
#include "tests/test.h"

#include "core/clock.h"
#include "core/err.h"
#include "tests/channel_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define HELD 300 /* connections that the attacker keeps open */
#define RSS_MORE_KIB 16384

/* 127.0.0.0/8 is all ours: an address for every connection. */
static int attack_from(uint32_t host, uint16_t port)
{
	struct sockaddr_in from = {.sin_family = AF_INET},
			   to = {
			       .sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	from.sin_addr.s_addr = htonl(0x7f000000u | (host & 0xffffff));
	to.sin_addr.s_addr = htonl(0x7f000001u);
	if (bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0 ||
	    (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 &&
		errno != EINPROGRESS)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* One of several bad manners, by number. */
static void misbehave(int fd, struct test_env *env, int kind)
{
	static const uint8_t hello[] = {0, 23, 'S', 'F', 'C', 'H', 1, 1, 1, 1,
	    2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
	uint8_t junk[600];
	ssize_t n = 0;

	env_random(&env->env, junk, sizeof(junk));
	switch (kind) {
	case 0: /* nothing at all */
		return;
	case 1: /* noise */
		n = send(fd, junk, sizeof(junk), MSG_NOSIGNAL);
		break;
	case 2: /* a good hello, then a wait for ever */
		n = send(fd, hello, sizeof(hello), MSG_NOSIGNAL);
		break;
	case 3: /* a good hello, then a bad message 1 */
		memcpy(junk, hello, sizeof(hello));
		junk[sizeof(hello)] = 0;
		junk[sizeof(hello) + 1] = 48;
		n = send(fd, junk, sizeof(hello) + 50, MSG_NOSIGNAL);
		break;
	default: /* half a frame */
		n = send(fd, hello, 9, MSG_NOSIGNAL);
		break;
	}
	(void)n; /* refused connections are part of the game */
}

static void flood(const struct channel_server *s, int count)
{
	struct test_env env;
	int held[HELD];

	test_env_init(&env, 4);
	for (int i = 0; i < HELD; i++)
		held[i] = -1;
	for (int i = 0; i < count; i++) {
		int *slot = &held[i % HELD];
		if (*slot >= 0)
			close(*slot);
		/* Every third from an address of its own. */
		uint32_t host =
		    i % 3 == 0 ? 256u + (uint32_t)i : 2u + (uint32_t)(i % 40);
		*slot = attack_from(host, s->port);
		if (*slot >= 0 && i % 7 == 0)
			poll(&(struct pollfd){*slot, POLLOUT, 0}, 1, 1);
		if (*slot >= 0)
			misbehave(*slot, &env, i % 5);
	}
	for (int i = 0; i < HELD; i++)
		if (held[i] >= 0)
			close(held[i]);
}

/* Connects, shakes hands and has one message echoed; false when refused. */
static bool visit(const struct channel_server *s, uint64_t until_ms)
{
	struct test_env env;
	uint8_t sk[CHANNEL_KEY];
	struct channel_cfg cfg = {.org = s->org,
	    .static_sk = sk,
	    .purpose = PURPOSE_SESSION,
	    .node_pk = s->node_pk};
	struct channel *ch;
	const uint8_t *msg = NULL;
	struct buf in = {0};
	bool is_sent = false, is_back = false;
	size_t n = 0;
	int r = 0, fd = attack_from(1, s->port);

	assert_true(fd >= 0);
	test_env_init(&env, clock_mono_ms(NULL));
	env_random(&env.env, sk, sizeof(sk));
	ch = channel_new_initiator(&cfg, &env.env);
	while (r == 0 && !is_back && clock_mono_ms(NULL) < until_ms) {
		net_wait(fd, channel_out(ch)->len > 0, 20);
		r = net_write(channel_out(ch), fd);
		if (r == 0)
			r = net_read(&in, fd);
		if (r == 0)
			r = channel_feed(ch, in.data, in.len);
		buf_clear(&in);
		if (channel_is_ready(ch) && !is_sent)
			is_sent = channel_send(ch, "echo", 4) == 0;
		is_back = r == 0 && channel_next(&msg, &n, ch);
	}
	if (is_back)
		assert_memory_equal(msg, "echo", 4);
	channel_free(&ch);
	buf_fini(&in);
	net_close(&fd);
	return is_back;
}

static void test_flood__memory_stays_and_friends_get_in(void **state)
{
	struct channel_server s;
	int count = test_repeat(20000);
	long before, after;
	uint64_t start;

	(void)state;
	channel_server_start(&s);
	start = clock_mono_ms(NULL);
	assert_true(visit(&s, start + 2000));
	before = channel_server_rss_kib(&s);
	flood(&s, count);
	after = channel_server_rss_kib(&s);
	start = clock_mono_ms(NULL);
	bool is_in = false;
	while (!is_in && clock_mono_ms(NULL) < start + 10000) {
		is_in = visit(&s, clock_mono_ms(NULL) + 1000);
		if (!is_in)
			poll(NULL, 0, 50);
	}
	printf("%d connections: %u admitted, %u refused, %u failed, %u late; "
	       "half-open at most %u; RSS %ld -> %ld KiB; let in after "
	       "%llu ms\n",
	    count, s.counts->opened, s.counts->refused, s.counts->failed,
	    s.counts->late, s.counts->half_open_max, before, after,
	    (unsigned long long)(clock_mono_ms(NULL) - start));
	assert_true(is_in);
	/* The flood came through, and met the limits. */
	assert_true(s.counts->opened > 50 && s.counts->failed > 10);
	assert_true(s.counts->refused > 100);
	assert_true(s.counts->half_open_max <= 64);
	assert_int_equal(s.counts->authenticated, 2);
	assert_int_equal(s.counts->echoed, 2);
#if !defined(__SANITIZE_ADDRESS__)
	assert_true(after - before < RSS_MORE_KIB);
#endif
	channel_server_stop(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_flood__memory_stays_and_friends_get_in),
	};
	return cmocka_run_group_tests_name("flood", tests, NULL, NULL);
}
