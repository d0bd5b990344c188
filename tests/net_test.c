/* net_test.c - real sockets on loopback: bytes, limits, the control socket. */
#include "tests/test.h"

#include "core/clock.h"
#include "core/err.h"
#include "sync/net.h"
#include "sync/net_loop.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

/* An echo server that also counts; time is the test's own. */
struct world {
	struct test_env env;
	struct limits *limits;
	struct net_loop *loop;
	struct net_handlers handlers;
	uint16_t port;
	char at[NET_ADDRESS_TEXT];
	unsigned opened, closed, refused, turns;
	int last_code;
	enum limits_verdict last_refusal;
	bool authenticates;
	int answer;   /* what on_bytes returns */
	size_t flood; /* bytes sent back for any input */
	struct net_conn *last;
	size_t received;
};

static void on_open(void *ctx, struct net_conn *c)
{
	struct world *w = ctx;

	w->opened++;
	w->last = c;
	net_set_data(c, w);
	if (w->authenticates)
		net_authenticated(c);
}

static int on_bytes(
    void *ctx, struct net_conn *c, const uint8_t *data, size_t n)
{
	struct world *w = ctx;
	struct buf out = {0};

	assert_ptr_equal(net_data(c), w);
	w->received += n;
	if (w->flood) {
		memset(buf_reserve(&out, w->flood), 'f', w->flood);
		out.len = w->flood;
	} else {
		buf_add(&out, data, n);
	}
	net_send(c, &out);
	assert_int_equal(out.len, 0);
	buf_fini(&out);
	return w->answer;
}

static void on_close(void *ctx, struct net_conn *c, int code)
{
	struct world *w = ctx;

	w->closed++;
	w->last_code = code;
	if (w->last == c)
		w->last = NULL;
}

static void on_turn(void *ctx)
{
	((struct world *)ctx)->turns++;
}

static void on_refuse(
    void *ctx, const struct address *from, enum limits_verdict why)
{
	struct world *w = ctx;
	char text[NET_ADDRESS_TEXT];

	net_address_text(text, from);
	assert_string_equal(text, "127.0.0.1");
	w->refused++;
	w->last_refusal = why;
}

static void world_init(struct world *w)
{
	struct limits_cfg cfg;
	int fd;

	*w = (struct world){.handlers = {.on_open = on_open,
				.on_bytes = on_bytes,
				.on_close = on_close,
				.on_turn = on_turn,
				.on_refuse = on_refuse}};
	w->handlers.ctx = w;
	test_env_init(&w->env, 1);
	limits_defaults(&cfg);
	w->limits = limits_new(&cfg);
	assert_int_equal(
	    net_loop_new(&w->loop, &w->handlers, w->limits, &w->env.env), 0);
	assert_int_equal(net_listen(&fd, &w->port, "127.0.0.1", 0), 0);
	assert_true(w->port > 0);
	assert_int_equal(net_loop_listen(w->loop, fd), 0);
	snprintf(w->at, sizeof(w->at), "127.0.0.1:%u", w->port);
}

static void world_fini(struct world *w)
{
	net_loop_free(&w->loop);
	assert_int_equal(w->opened, w->closed);
	assert_int_equal(limits_half_open(w->limits), 0);
	limits_free(&w->limits);
}

static void steps(struct world *w, int n)
{
	while (n-- > 0)
		assert_int_equal(net_loop_step(w->loop, 5), 0);
}

/* The timer is real: until it has fired. */
static void tick(struct world *w)
{
	poll(NULL, 0, NET_TICK_MS + 50);
	steps(w, 3);
}

static int dial(const char *address)
{
	struct net_dial *d;
	int fd = -1, r = 0;

	assert_int_equal(net_dial_new(&d, address), 0);
	for (int i = 0; i < 3000 && fd < 0 && r == 0; i++) {
		r = net_dial_step(&fd, d);
		if (net_dial_fd(d) >= 0)
			net_wait(net_dial_fd(d), true, 20);
		else if (fd < 0 && r == 0)
			poll(NULL, 0, 20); /* a name is being looked up */
	}
	net_dial_free(&d);
	assert_true(fd >= 0 || r < 0);
	return fd >= 0 ? fd : r;
}

/* Until n bytes have come or the peer is gone; how many there were. */
static size_t collect(struct world *w, struct buf *in, int fd, size_t n)
{
	for (int i = 0; i < 2000 && in->len < n; i++) {
		steps(w, 1);
		if (net_read(in, fd) < 0)
			break;
	}
	return in->len;
}

static void test_net__bytes_go_round(void **state)
{
	struct world w;
	struct buf out = {0}, in = {0};
	const size_t n = 3000000;

	(void)state;
	world_init(&w);
	w.authenticates = true;
	int fd = dial(w.at);
	assert_true(fd >= 0);
	memset(buf_reserve(&out, n), 'x', n);
	out.len = n;
	out.data[n - 1] = 'y';
	for (int i = 0; i < 5000 && in.len < n; i++) {
		assert_int_equal(net_write(&out, fd), 0);
		steps(&w, 1);
		assert_int_equal(net_read(&in, fd), 0);
	}
	assert_int_equal(in.len, n);
	assert_int_equal(in.data[n - 1], 'y');
	assert_int_equal(w.received, n);
	assert_true(w.turns > 1);
	net_close(&fd);
	assert_int_equal(fd, -1);
	steps(&w, 3);
	assert_int_equal(w.closed, 1);
	assert_int_equal(w.last_code, ERR_UNREACHABLE);
	buf_fini(&out);
	buf_fini(&in);
	world_fini(&w);
}

static void test_net__strangers_are_limited_and_late_ones_closed(void **state)
{
	struct world w;
	struct buf in = {0};
	int fd[6];

	(void)state;
	world_init(&w);
	for (int i = 0; i < 6; i++)
		assert_true((fd[i] = dial(w.at)) >= 0);
	steps(&w, 10);
	assert_int_equal(w.opened, 4);
	assert_int_equal(w.refused, 2);
	assert_int_equal(w.last_refusal, LIMITS_ADDRESS);
	assert_int_equal(collect(&w, &in, fd[5], 1), 0);
	w.env.mono_ms += 4900;
	tick(&w);
	assert_int_equal(w.closed, 0);
	w.env.mono_ms += 200;
	tick(&w);
	assert_int_equal(w.closed, 4);
	assert_int_equal(w.last_code, ERR_EXPIRED);
	for (int i = 0; i < 6; i++)
		net_close(&fd[i]);
	buf_fini(&in);
	world_fini(&w);
}

static void test_net__failed_handshakes_lock_the_address_out(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	for (int i = 0; i < 10; i++) {
		int fd = dial(w.at);
		assert_true(fd >= 0);
		steps(&w, 2);
		net_close(&fd);
		steps(&w, 2);
	}
	assert_int_equal(w.opened, 10);
	assert_int_equal(w.refused, 0);
	int fd = dial(w.at);
	steps(&w, 3);
	assert_int_equal(w.refused, 1);
	assert_int_equal(w.last_refusal, LIMITS_FAILURES);
	net_close(&fd);
	w.env.mono_ms += 6000;
	fd = dial(w.at);
	steps(&w, 3);
	assert_int_equal(w.opened, 11);
	net_close(&fd);
	steps(&w, 2);
	world_fini(&w);
}

static void test_net__an_answer_is_sent_before_the_close(void **state)
{
	struct world w;
	struct buf out = {0}, in = {0};

	(void)state;
	world_init(&w);
	w.answer = ERR_VERSION;
	int fd = dial(w.at);
	buf_str(&out, "hello");
	assert_int_equal(net_write(&out, fd), 0);
	collect(&w, &in, fd, 6);
	assert_string_equal(buf_text(&in), "hello");
	assert_int_equal(w.closed, 1);
	assert_int_equal(w.last_code, ERR_VERSION);
	net_close(&fd);
	buf_fini(&out);
	buf_fini(&in);
	world_fini(&w);
}

/* What came after it and was not read must not take the answer with it; a
 * peer that never closes is left after a while. */
static void test_net__last_words_arrive_though_more_came(void **state)
{
	struct world w;
	struct buf out = {0}, in = {0};

	(void)state;
	world_init(&w);
	w.authenticates = true;
	w.answer = ERR_VERSION;
	int fd = dial(w.at);
	memset(buf_reserve(&out, 200000), 'x', 200000);
	out.len = 200000;
	for (int i = 0; i < 20; i++) {
		assert_int_equal(net_write(&out, fd), 0);
		steps(&w, 1);
	}
	collect(&w, &in, fd, 1);
	assert_true(in.len > 0 && in.data[0] == 'x');
	assert_int_equal(w.closed, 0);
	w.env.mono_ms += 4900;
	tick(&w);
	assert_int_equal(w.closed, 0);
	w.env.mono_ms += 200;
	tick(&w);
	assert_int_equal(w.closed, 1);
	assert_int_equal(w.last_code, ERR_VERSION);
	net_close(&fd);
	buf_fini(&out);
	buf_fini(&in);
	world_fini(&w);
}

/* The reader takes nothing: input stops at the limit, the connection ends
 * after a minute, and one that reads a little is kept. */
static void test_net__slow_readers_are_closed(void **state)
{
	struct world w;
	struct buf out = {0}, in = {0};

	(void)state;
	world_init(&w);
	w.authenticates = true;
	w.flood = 16777216;
	int fd = dial(w.at);
	buf_str(&out, "x");
	assert_int_equal(net_write(&out, fd), 0);
	steps(&w, 20);
	assert_int_equal(w.received, 1);
	assert_true(net_waiting(w.last) > NET_OUT_MAX);
	buf_str(&out, "y");
	assert_int_equal(net_write(&out, fd), 0);
	steps(&w, 20);
	assert_int_equal(w.received, 1); /* nothing more is read */
	w.env.mono_ms += 50000;
	size_t before = net_waiting(w.last);
	for (int i = 0; i < 200 && net_waiting(w.last) + 100000 > before; i++) {
		assert_int_equal(net_read(&in, fd), 0);
		steps(&w, 1);
	}
	w.env.mono_ms += 50000;
	tick(&w);
	assert_int_equal(w.closed, 0);
	w.env.mono_ms += 11000;
	tick(&w);
	assert_int_equal(w.closed, 1);
	assert_int_equal(w.last_code, ERR_EXPIRED);
	net_close(&fd);
	buf_fini(&out);
	buf_fini(&in);
	world_fini(&w);
}

static void test_net__a_taken_port_is_said(void **state)
{
	uint16_t port, again;
	int fd, other;

	(void)state;
	assert_int_equal(net_listen(&fd, &port, NULL, 0), 0);
	assert_int_equal(
	    net_listen(&other, &again, "127.0.0.1", port), ERR_IN_USE);
	assert_int_equal(net_listen(&other, &again, NULL, port), ERR_IN_USE);
	assert_int_equal(
	    net_listen(&other, &again, "no address", 0), ERR_INVALID);
	net_close(&fd);
	assert_int_equal(net_listen(&fd, &again, NULL, port), 0);
	assert_int_equal(again, port);
	net_close(&fd);
}

static void test_net__dialling_finds_names_and_tells_failure(void **state)
{
	static const char *const bad[] = {"", "host", "host:", "host:0",
	    "host:65536", "host:12x", ":12", "::1:12", "[]:12"};
	struct net_dial *d;
	struct world w;
	char name[NET_ADDRESS_TEXT];
	uint16_t port;
	int fd;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(net_dial_new(&d, bad[i]), ERR_INVALID);
	world_init(&w);
	snprintf(name, sizeof(name), "localhost:%u", w.port);
	fd = dial(name);
	assert_true(fd >= 0);
	net_close(&fd);
	steps(&w, 3);
	assert_int_equal(w.opened, 1);
	world_fini(&w);
	/* Nobody listens there any more. */
	assert_int_equal(dial(w.at), ERR_UNREACHABLE);
	assert_int_equal(dial("nobody.invalid:7420"), ERR_UNREACHABLE);
	/* A lookup may be given up at any time. */
	assert_int_equal(net_dial_new(&d, "nobody.invalid:7420"), 0);
	net_dial_free(&d);
	assert_null(d);
	assert_int_equal(net_listen(&fd, &port, "::1", 0), 0);
	snprintf(name, sizeof(name), "[::1]:%u", port);
	int client = dial(name);
	assert_true(client >= 0);
	net_close(&client);
	net_close(&fd);
}

static void test_net__addresses_as_text(void **state)
{
	static const char *const texts[] = {"10.0.0.1", "2001:db8::7", "::1"};
	struct address a;
	char text[NET_ADDRESS_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		assert_true(net_address_parse(&a, texts[i]));
		net_address_text(text, &a);
		assert_string_equal(text, texts[i]);
	}
	assert_false(net_address_parse(&a, "10.0.0"));
	assert_false(net_address_parse(&a, "localhost"));
}

static void test_net__prefixes_as_text(void **state)
{
	static const struct {
		const char *text;
		unsigned bits; /* 999: refused */
	} rows[] = {{"10.1.0.0/16", 112}, {"0.0.0.0/0", 96}, {"10.1.2.3", 128},
	    {"fd00::/8", 8}, {"::1", 128}, {"::/0", 0}, {"10.1.0.0/33", 999},
	    {"10.1.0.0/999999999999", 999}, {"10.1.0.1/16", 999},
	    {"fd00::/129", 999}, {"10.1.0.0/", 999}, {"10.1.0.0/016", 999},
	    {"10.1.0.0/-1", 999}, {"/8", 999}, {"", 999}, {"10.1.0/24", 999},
	    {"10.0.0.0/8x", 999}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct limits_row row = {.bits = 999};
		assert_int_equal(
		    net_prefix_parse(&row, rows[i].text), rows[i].bits != 999);
		assert_int_equal(row.bits, rows[i].bits);
	}
}

/* ---- the control socket --------------------------------------------------*/

static void test_net_ctl__one_owner_and_no_stranger(void **state)
{
	char *dir = test_dir_new(), path[5000], deep[4400];
	struct stat st;
	int fd, other, client;

	(void)state;
	snprintf(deep, sizeof(deep), "%s/%0150d", dir, 1);
	assert_int_equal(mkdir(deep, 0700), 0);
	snprintf(path, sizeof(path), "%s/ctl.sock", deep);
	assert_int_equal(net_connect_ctl(&client, path), ERR_UNREACHABLE);
	assert_int_equal(net_listen_ctl(&fd, path), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(net_listen_ctl(&other, path), ERR_IN_USE);
	assert_int_equal(net_accept_ctl(&other, fd), 0); /* that very try */
	net_close(&other);
	assert_int_equal(net_connect_ctl(&client, path), 0);
	assert_int_equal(net_accept_ctl(&other, fd), 0);
	assert_true(other >= 0);
	net_close(&other);
	net_close(&client);
	/* The owner dies and leaves the file behind. */
	net_close(&fd);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(net_connect_ctl(&client, path), ERR_UNREACHABLE);
	assert_int_equal(net_listen_ctl(&fd, path), 0);
	net_close(&fd);
	assert_int_equal(unlink(path), 0);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	net_close(&fd);
	assert_int_equal(net_listen_ctl(&fd, path), ERR_IN_USE);
	assert_int_equal(stat(path, &st), 0); /* somebody's file stays */
	test_dir_remove(dir);
}

static void test_net_ctl__stands_outside_the_limits(void **state)
{
	char *dir = test_dir_new(), path[5000];
	struct buf out = {0}, in = {0};
	struct world w;
	int fd, client[8];

	(void)state;
	world_init(&w);
	snprintf(path, sizeof(path), "%s/ctl.sock", dir);
	assert_int_equal(net_listen_ctl(&fd, path), 0);
	assert_int_equal(net_loop_listen_ctl(w.loop, fd), 0);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(net_connect_ctl(&client[i], path), 0);
		steps(&w, 2);
	}
	assert_int_equal(w.opened, 8);
	assert_true(net_is_ctl(w.last));
	w.env.mono_ms += 10000; /* no handshake is due here */
	tick(&w);
	assert_int_equal(w.closed, 0);
	buf_str(&out, "status\n");
	assert_int_equal(net_write(&out, client[3]), 0);
	collect(&w, &in, client[3], 7);
	assert_string_equal(buf_text(&in), "status\n");
	for (int i = 0; i < 8; i++)
		net_close(&client[i]);
	steps(&w, 3);
	buf_fini(&out);
	buf_fini(&in);
	world_fini(&w);
	test_dir_remove(dir);
}

static void on_ready(void *ctx)
{
	int *fd = ctx;
	char c;

	if (read(fd[0], &c, 1) == 1)
		fd[1]++;
}

static void test_net_loop__watches_and_stops(void **state)
{
	struct world w;
	int pipes[2], seen[2];

	(void)state;
	world_init(&w);
	assert_int_equal(pipe(pipes), 0);
	seen[0] = pipes[0];
	seen[1] = 0;
	assert_int_equal(net_loop_watch(w.loop, pipes[0], on_ready, seen), 0);
	assert_int_equal(write(pipes[1], "x", 1), 1);
	steps(&w, 2);
	assert_int_equal(seen[1], 1);
	net_loop_stop_listening(w.loop);
	assert_int_equal(dial(w.at), ERR_UNREACHABLE);
	net_loop_stop(w.loop);
	assert_int_equal(net_loop_run(w.loop), 0);
	assert_int_equal(net_loop_count(w.loop), 0);
	world_fini(&w);
	close(pipes[0]);
	close(pipes[1]);
	assert_true(net_raise_files(256) >= 256);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_net__bytes_go_round),
	    cmocka_unit_test(
		test_net__strangers_are_limited_and_late_ones_closed),
	    cmocka_unit_test(test_net__failed_handshakes_lock_the_address_out),
	    cmocka_unit_test(test_net__an_answer_is_sent_before_the_close),
	    cmocka_unit_test(test_net__last_words_arrive_though_more_came),
	    cmocka_unit_test(test_net__slow_readers_are_closed),
	    cmocka_unit_test(test_net__a_taken_port_is_said),
	    cmocka_unit_test(test_net__dialling_finds_names_and_tells_failure),
	    cmocka_unit_test(test_net__addresses_as_text),
	    cmocka_unit_test(test_net__prefixes_as_text),
	    cmocka_unit_test(test_net_ctl__one_owner_and_no_stranger),
	    cmocka_unit_test(test_net_ctl__stands_outside_the_limits),
	    cmocka_unit_test(test_net_loop__watches_and_stops),
	};
	return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
