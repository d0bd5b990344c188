/* channel_server.c - the node's edge as a process for tests. */
#define _GNU_SOURCE
#include "tests/channel_server.h"

#include "core/clock.h"
#include "core/err.h"
#include "keys/noise.h"
#include "sync/net_loop.h"
#include "tests/test.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct node {
	struct channel_cfg cfg;
	struct test_env random;
	struct env env;
	struct limits *limits;
	struct net_loop *loop;
	volatile struct channel_server_counts *counts;
};

static uint64_t real_ms(void *ctx)
{
	(void)ctx;
	return clock_mono_ms(NULL);
}

static void on_open(void *ctx, struct net_conn *c)
{
	struct node *node = ctx;
	unsigned half_open = limits_half_open(node->limits);

	node->counts->opened++;
	if (half_open > node->counts->half_open_max)
		node->counts->half_open_max = half_open;
	net_set_data(c, channel_new_responder(&node->cfg, &node->env));
}

static int on_bytes(
    void *ctx, struct net_conn *c, const uint8_t *data, size_t n)
{
	struct node *node = ctx;
	struct channel *ch = net_data(c);
	bool was_ready = channel_is_ready(ch);
	const uint8_t *msg;
	size_t len;
	int r = channel_feed(ch, data, n);

	if (r == 0 && !was_ready && channel_is_ready(ch)) {
		node->counts->authenticated++;
		net_authenticated(c);
		channel_trust(ch);
	}
	while (r == 0 && channel_next(&msg, &len, ch)) {
		r = channel_send(ch, msg, len);
		node->counts->echoed++;
	}
	net_send(c, channel_out(ch));
	return r;
}

static void on_close(void *ctx, struct net_conn *c, int code)
{
	struct node *node = ctx;
	struct channel *ch = net_data(c);

	if (code == ERR_EXPIRED)
		node->counts->late++;
	else if (code != ERR_UNREACHABLE && code != 0)
		node->counts->failed++;
	channel_free(&ch);
}

static void on_turn(void *ctx)
{
	(void)ctx;
}

static void on_refuse(
    void *ctx, const struct address *from, enum limits_verdict why)
{
	(void)from;
	(void)why;
	((struct node *)ctx)->counts->refused++;
}

static void on_stop(void *ctx)
{
	net_loop_stop(ctx);
}

static int serve(struct node *node, int listener, int stop)
{
	const struct net_handlers handlers = {.on_open = on_open,
	    .on_bytes = on_bytes,
	    .on_close = on_close,
	    .on_turn = on_turn,
	    .on_refuse = on_refuse,
	    .ctx = node};
	struct limits_cfg limits;
	int r;

	limits_defaults(&limits);
	net_raise_files(4096);
	node->limits = limits_new(&limits);
	r = net_loop_new(&node->loop, &handlers, node->limits, &node->env);
	if (r == 0)
		r = net_loop_listen(node->loop, listener);
	if (r == 0)
		r = net_loop_watch(node->loop, stop, on_stop, node->loop);
	if (r == 0)
		r = net_loop_run(node->loop);
	net_loop_free(&node->loop);
	limits_free(&node->limits);
	return r;
}

void channel_server_start(struct channel_server *s)
{
	struct node node = {.cfg = {.org = {{1, 2, 3}}, .node = {{9}}}};
	uint8_t sk[CHANNEL_KEY];
	int listener, stop[2];

	*s = (struct channel_server){.org = node.cfg.org};
	test_env_init(&node.random, 77);
	env_random(&node.random.env, sk, sizeof(sk));
	noise_public(s->node_pk, sk);
	node.cfg.static_sk = sk;
	node.env = node.random.env;
	node.env.ctx = &node.random;
	node.env.mono_ms = real_ms;
	s->counts = mmap(NULL, sizeof(*s->counts), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(s->counts, MAP_FAILED);
	node.counts = s->counts;
	assert_int_equal(net_listen(&listener, &s->port, "127.0.0.1", 0), 0);
	assert_int_equal(pipe(stop), 0);
	fflush(NULL);
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0) {
		close(stop[1]);
		_exit(serve(&node, listener, stop[0]) == 0 ? 0 : 1);
	}
	net_close(&listener);
	close(stop[0]);
	s->stop = stop[1];
}

void channel_server_stop(struct channel_server *s)
{
	int status;

	net_close(&s->stop);
	assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
	assert_int_equal(status, 0);
	munmap((void *)(uintptr_t)s->counts, sizeof(*s->counts));
}

long channel_server_rss_kib(pid_t pid)
{
	char path[64], line[256];
	long kib = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	fclose(f);
	return kib;
}
