/*
 * flood_test.c - thousands of hostile connections from thousands of
 * addresses against the node's edge: memory stays, the limits hold, and who
 * knows the key gets in afterwards.
 */
#define _GNU_SOURCE
#include "tests/test.h"

#include "core/clock.h"
#include "core/err.h"
#include "sync/site.h"
#include "sync/wire.h"
#include "tests/channel_server.h"
#include "tests/programs.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LODGERS 8
#define WAIT_MS 90000 /* no wait is judged by its length */
#define HELD 300      /* connections that the attacker keeps open */
#define RSS_MORE_KIB 16384

/* What an attacker can know of a node. */
struct target {
	uint16_t port;
	struct id org;
	uint8_t node_pk[CHANNEL_KEY];
};

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
static void misbehave(
    int fd, struct test_env *env, const struct id *org, int kind)
{
	uint8_t hello[25] = {0, 23, 'S', 'F', 'C', 'H', 1, 1, 1};
	uint8_t junk[600];
	ssize_t n = 0;

	memcpy(hello + 9, org->b, sizeof(org->b));
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

static void flood(const struct target *t, int count)
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
		*slot = attack_from(host, t->port);
		if (*slot >= 0 && i % 7 == 0)
			poll(&(struct pollfd){*slot, POLLOUT, 0}, 1, 1);
		if (*slot >= 0)
			misbehave(*slot, &env, &t->org, i % 5);
	}
	for (int i = 0; i < HELD; i++)
		if (held[i] >= 0)
			close(held[i]);
}

struct visitor {
	struct test_env env;
	struct channel_cfg cfg;
	struct channel *ch;
	struct buf in;
	uint8_t sk[CHANNEL_KEY];
	int fd;
};

/* Whoever knows the node's key: any X25519 key of one's own will do. */
static void visitor_init(
    struct visitor *v, const struct target *t, uint32_t host)
{
	*v = (struct visitor){.fd = attack_from(host, t->port)};
	assert_true(v->fd >= 0);
	test_env_init(&v->env, clock_mono_ms(NULL) + host);
	env_random(&v->env.env, v->sk, sizeof(v->sk));
	v->cfg = (struct channel_cfg){.org = t->org,
	    .static_sk = v->sk,
	    .purpose = PURPOSE_SESSION,
	    .node_pk = t->node_pk};
	v->ch = channel_new_initiator(&v->cfg, &v->env.env);
}

/* One exchange of bytes; an error when the other side has closed. */
static int visitor_step(struct visitor *v, int wait_ms)
{
	int r;

	net_wait(v->fd, channel_out(v->ch)->len > 0, wait_ms);
	r = net_write(channel_out(v->ch), v->fd);
	if (r == 0)
		r = net_read(&v->in, v->fd);
	if (r == 0)
		r = channel_feed(v->ch, v->in.data, v->in.len);
	buf_clear(&v->in);
	return r;
}

static void visitor_fini(struct visitor *v)
{
	channel_free(&v->ch);
	buf_fini(&v->in);
	net_close(&v->fd);
}

/* Has one message echoed; false when refused. */
static bool visit(const struct target *t, uint64_t until_ms)
{
	const uint8_t *msg = NULL;
	bool is_sent = false, is_back = false;
	struct visitor v;
	size_t n = 0;
	int r = 0;

	visitor_init(&v, t, 1);
	while (r == 0 && !is_back && clock_mono_ms(NULL) < until_ms) {
		r = visitor_step(&v, 20);
		if (channel_is_ready(v.ch) && !is_sent)
			is_sent = channel_send(v.ch, "echo", 4) == 0;
		is_back = r == 0 && channel_next(&msg, &n, v.ch);
	}
	if (is_back)
		assert_memory_equal(msg, "echo", 4);
	visitor_fini(&v);
	return is_back;
}

static void test_flood__memory_stays_and_friends_get_in(void **state)
{
	struct channel_server s;
	struct target t;
	int count = test_repeat(20000);
	long before, after;
	uint64_t start;

	(void)state;
	channel_server_start(&s);
	t = (struct target){s.port, s.org, {0}};
	memcpy(t.node_pk, s.node_pk, sizeof(t.node_pk));
	start = clock_mono_ms(NULL);
	assert_true(visit(&t, start + WAIT_MS));
	before = channel_server_rss_kib(s.pid);
	flood(&t, count);
	after = channel_server_rss_kib(s.pid);
	start = clock_mono_ms(NULL);
	bool is_in = false;
	while (!is_in && clock_mono_ms(NULL) < start + WAIT_MS) {
		is_in = visit(&t, start + WAIT_MS);
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

static struct target target_of(struct hospital *h)
{
	struct buf path = {0};
	struct target t = {.port = h->port};
	struct site *site;
	size_t n;
	char *text;

	buf_printf(&path, "%s/node/port", h->dir);
	text = test_read_file(buf_text(&path), NULL);
	t.port = (uint16_t)atoi(text);
	free(text);
	buf_clear(&path);
	buf_printf(&path, "%s/site.json", h->dir);
	text = test_read_file(buf_text(&path), &n);
	assert_int_equal(site_read(&site, text, n), 0);
	t.org = site->org;
	memcpy(t.node_pk, site->node.dh_pk, sizeof(t.node_pk));
	free(site);
	free(text);
	buf_fini(&path);
	return t;
}

/* Strangers who finish the handshake and then only keep the line warm. */
static void test_flood__strangers_with_a_key_must_leave(void **state)
{
	struct hospital *h = hospital_new();
	struct target t;
	struct visitor v[LODGERS];
	uint64_t start;
	int ready = 0, gone = 0;

	(void)state;
	hospital_serve(h);
	t = target_of(h);
	for (uint32_t i = 0; i < LODGERS; i++)
		visitor_init(&v[i], &t, 1000 + i);
	start = clock_mono_ms(NULL);
	while (gone < LODGERS && clock_mono_ms(NULL) < start + WAIT_MS) {
		for (int i = 0; i < LODGERS; i++) {
			struct buf ping = {0};
			if (v[i].fd < 0)
				continue;
			bool was_ready = channel_is_ready(v[i].ch);
			if (visitor_step(&v[i], 10) < 0) {
				net_close(&v[i].fd);
				gone++;
				continue;
			}
			if (!channel_is_ready(v[i].ch))
				continue;
			ready += !was_ready;
			wire_number(&ping, MSG_PING, 0);
			assert_int_equal(
			    channel_send(v[i].ch, ping.data, ping.len), 0);
			buf_fini(&ping);
		}
	}
	assert_int_equal(ready, LODGERS);
	assert_int_equal(gone, LODGERS);
	assert_true(clock_mono_ms(NULL) - start >= 4500);
	for (int i = 0; i < LODGERS; i++)
		visitor_fini(&v[i]);
	assert_int_equal(hospital_stop(h, SIGTERM), 0);
	hospital_free(h);
}

/* The program itself: memory, operator's log, and a friend afterwards. */
static void test_flood__the_node_serves_its_seats_afterwards(void **state)
{
	struct hospital *h = hospital_new();
	int count = test_repeat(10000), tries = 0, r;
	struct home *home;
	struct stat log;
	struct buf path = {0};
	struct target t;
	long before, after;

	(void)state;
	hospital_serve(h);
	t = target_of(h);
	home = hospital_open(h, "seats/O001", "o001");
	assert_int_equal(hospital_settle(home), 0);
	before = channel_server_rss_kib(h->node);
	flood(&t, count);
	after = channel_server_rss_kib(h->node);
	while ((r = hospital_settle(home)) < 0 && tries++ < 10)
		poll(NULL, 0, 500);
	assert_int_equal(r, 0);
	buf_printf(&path, "%s/node.log", h->dir);
	assert_int_equal(stat(buf_text(&path), &log), 0);
	printf("suifang-node: %d connections, RSS %ld -> %ld KiB, log %ld "
	       "bytes\n",
	    count, before, after, (long)log.st_size);
#if !defined(__SANITIZE_ADDRESS__)
	assert_true(after - before < RSS_MORE_KIB);
#endif
	/* Less than a line for each who was turned away. */
	assert_true(log.st_size > 0 && log.st_size < count * 100L);
	home_close(&home);
	assert_int_equal(hospital_stop(h, SIGTERM), 0);
	hospital_free(h);
	buf_fini(&path);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_flood__memory_stays_and_friends_get_in),
	    cmocka_unit_test(test_flood__strangers_with_a_key_must_leave),
	    cmocka_unit_test(test_flood__the_node_serves_its_seats_afterwards),
	};
	return cmocka_run_group_tests_name("flood", tests, NULL, NULL);
}
