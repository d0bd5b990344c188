/* net_loop.c - epoll around many connections. */
#define _GNU_SOURCE
#include "sync/net_loop.h"

#include "core/err.h"
#include "core/mem.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define EVENTS 256           /* of one round */
#define ACCEPTS 64           /* of one listener in one round */
#define FINISH_MS 5000       /* the last bytes may stand still for so long */
#define FINISH_CTL_MS 600000 /* a person may read an answer page by page */
#define WORTHWHILE 65536     /* bytes that show a reader who still reads */

/* What epoll points at; the first member of each thing that has an fd. */
enum source_kind {
	SOURCE_TCP,
	SOURCE_CTL,
	SOURCE_TIMER,
	SOURCE_WATCH,
	SOURCE_CONN
};

struct source {
	enum source_kind kind;
	int fd;
};

struct watch {
	struct source source;
	struct watch *next;
	void (*ready)(void *ctx);
	void *ctx;
};

enum conn_state {
	CONN_STRANGER,
	CONN_OPEN,
	CONN_CTL,
	CONN_GONE
};

struct net_conn {
	struct source source;
	struct net_loop *loop;
	struct net_conn *prev, *next; /* of all, or next of the gone */
	struct net_conn *next_dirty;
	void *data;
	struct buf out;
	uint64_t since_ms; /* arrival; then when output last moved on */
	uint32_t moved;    /* bytes written since then */
	uint32_t events;   /* that epoll is asked for */
	int code;
	uint8_t state;
	bool is_finishing;
	bool is_shut; /* all is said; what still comes is thrown away */
	bool is_paused;
	bool is_dirty; /* has something to do at the end of the round */
	struct address from;
};

struct net_loop {
	const struct net_handlers *handlers;
	struct limits *limits;
	const struct env *env;
	int epoll;
	struct source timer;
	struct watch *watches;
	struct source listener[4];
	unsigned listeners;
	struct net_conn *first;
	struct net_conn *dirty;
	struct net_conn *gone;
	struct buf in;
	uint64_t now_ms;
	unsigned count;
	bool is_stopped;
};

static int add_source(struct net_loop *loop, struct source *s)
{
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = s};

	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, s->fd, &e) < 0)
		return err_set(ERR_IO, "epoll: %s", strerror(errno));
	return 0;
}

static void mark_dirty(struct net_conn *c)
{
	if (c->is_dirty)
		return;
	c->is_dirty = true;
	c->next_dirty = c->loop->dirty;
	c->loop->dirty = c;
}

static void update_events(struct net_conn *c)
{
	bool is_full = c->out.len > NET_OUT_MAX ||
		       (!(c->events & EPOLLIN) && c->out.len > NET_OUT_MAX / 4);
	struct epoll_event e = {.data.ptr = c};

	if (c->is_shut || (!c->is_finishing && !is_full && !c->is_paused))
		e.events |= EPOLLIN;
	if (c->out.len > 0)
		e.events |= EPOLLOUT;
	if (e.events == c->events)
		return;
	c->events = e.events;
	epoll_ctl(c->loop->epoll, EPOLL_CTL_MOD, c->source.fd, &e);
}

/* ---- the end of a connection ---------------------------------------------*/

static void leave_limits(struct net_conn *c, bool failed)
{
	if (c->state == CONN_STRANGER)
		limits_end(c->loop->limits, &c->from, failed, c->loop->now_ms);
}

/* The memory stays until the round is over: events may still point at it. */
static void drop(struct net_conn *c, int code)
{
	struct net_loop *loop = c->loop;

	if (c->state == CONN_GONE)
		return;
	loop->handlers->on_close(loop->handlers->ctx, c, code);
	leave_limits(c, true);
	c->state = CONN_GONE;
	net_close(&c->source.fd);
	buf_fini(&c->out);
	if (c->prev)
		c->prev->next = c->next;
	else
		loop->first = c->next;
	if (c->next)
		c->next->prev = c->prev;
	c->next = loop->gone;
	loop->gone = c;
	loop->count--;
}

static void bury(struct net_loop *loop)
{
	while (loop->gone) {
		struct net_conn *c = loop->gone;
		loop->gone = c->next;
		free(c);
	}
}

/* ---- output --------------------------------------------------------------*/

/* Closing a socket with bytes unread resets the connection, and the last
 * words would be lost on their way: so the peer is let close first. */
static void finish(struct net_conn *c)
{
	if (c->state != CONN_OPEN || shutdown(c->source.fd, SHUT_WR) < 0) {
		drop(c, c->code);
		return;
	}
	c->is_shut = true;
	c->since_ms = c->loop->now_ms;
	update_events(c);
}

static int write_some(struct net_conn *c)
{
	size_t before = c->out.len;
	int r = net_write(&c->out, c->source.fd);

	c->moved += (uint32_t)(before - c->out.len);
	return r;
}

static void flush(struct net_conn *c)
{
	struct net_loop *loop = c->loop;
	int r;

	if (c->state == CONN_GONE || c->is_shut)
		return;
	r = write_some(c);
	if (c->state != CONN_STRANGER &&
	    (c->out.len == 0 || c->moved >= WORTHWHILE)) {
		c->since_ms = loop->now_ms;
		c->moved = 0;
	}
	if (r < 0) {
		drop(c, r);
	} else if (c->out.len == 0) {
		buf_fini(&c->out);
		if (c->is_finishing)
			finish(c);
		else
			update_events(c);
	} else {
		update_events(c);
	}
}

static void flush_dirty(struct net_loop *loop)
{
	while (loop->dirty) {
		struct net_conn *c = loop->dirty;
		loop->dirty = c->next_dirty;
		c->is_dirty = false;
		flush(c);
	}
}

void net_send(struct net_conn *c, struct buf *out)
{
	if (out->len == 0 || c->state == CONN_GONE || c->is_finishing) {
		buf_clear(out);
		return;
	}
	if (c->out.len == 0) {
		if (c->state != CONN_STRANGER)
			c->since_ms = c->loop->now_ms;
		c->moved = 0;
		buf_fini(&c->out);
		c->out = *out;
		*out = (struct buf){0};
	} else {
		buf_add(&c->out, out->data, out->len);
		buf_clear(out);
	}
	mark_dirty(c);
}

void net_push(struct net_conn *c)
{
	if (c->state == CONN_OPEN && !c->is_shut && c->out.len > 0)
		(void)write_some(c);
}

size_t net_waiting(const struct net_conn *c)
{
	return c->out.len;
}

void net_finish(struct net_conn *c, int code)
{
	if (c->state == CONN_GONE || c->is_finishing)
		return;
	c->is_finishing = true;
	c->code = code;
	if (c->state != CONN_STRANGER)
		c->since_ms = c->loop->now_ms;
	mark_dirty(c);
}

void net_pause(struct net_conn *c, bool should)
{
	c->is_paused = should;
	if (c->state != CONN_GONE)
		update_events(c);
}

void net_authenticated(struct net_conn *c)
{
	leave_limits(c, false);
	if (c->state != CONN_STRANGER)
		return;
	c->state = CONN_OPEN;
	c->since_ms = c->loop->now_ms;
}

/* ---- input ---------------------------------------------------------------*/

static void read_some(struct net_conn *c)
{
	struct net_loop *loop = c->loop;
	int r;

	buf_clear(&loop->in);
	r = net_read(&loop->in, c->source.fd);
	if (c->is_shut) {
		if (r < 0)
			drop(c, c->code);
	} else if (loop->in.len > 0) {
		r = loop->handlers->on_bytes(
		    loop->handlers->ctx, c, loop->in.data, loop->in.len);
		if (r < 0)
			net_finish(c, r);
	} else if (r < 0) {
		drop(c, r);
	}
}

static void on_conn(struct net_conn *c, uint32_t events)
{
	const uint32_t broken = EPOLLHUP | EPOLLERR;

	if (c->state == CONN_GONE)
		return;
	if (c->events & events & EPOLLIN)
		read_some(c);
	else if (events & broken) /* cannot be masked: would never end */
		drop(c, c->is_finishing ? c->code : ERR_UNREACHABLE);
	if (events & EPOLLOUT)
		mark_dirty(c);
}

static void open_conn(struct net_loop *loop, int fd, const struct address *from,
    enum conn_state state)
{
	struct net_conn *c = mem_new(sizeof(*c));

	c->source = (struct source){SOURCE_CONN, fd};
	c->loop = loop;
	c->state = (uint8_t)state;
	c->from = *from;
	c->since_ms = loop->now_ms;
	c->events = EPOLLIN;
	c->next = loop->first;
	if (c->next)
		c->next->prev = c;
	loop->first = c;
	loop->count++;
	loop->handlers->on_open(loop->handlers->ctx, c);
	if (add_source(loop, &c->source) < 0)
		drop(c, ERR_IO);
}

static void refuse(
    struct net_loop *loop, const struct address *from, enum limits_verdict why)
{
	if (loop->handlers->on_refuse)
		loop->handlers->on_refuse(loop->handlers->ctx, from, why);
}

static void accept_tcp(struct net_loop *loop, int listener)
{
	struct address from = {{0}};
	enum limits_verdict verdict;
	int fd;

	for (int i = 0; i < ACCEPTS; i++) {
		if (net_accept(&fd, &from, listener) < 0) {
			refuse(loop, &from, LIMITS_FULL);
			return;
		}
		if (fd < 0)
			return;
		verdict = limits_begin(loop->limits, &from, loop->now_ms);
		if (verdict == LIMITS_ADMIT) {
			open_conn(loop, fd, &from, CONN_STRANGER);
		} else {
			net_close(&fd);
			refuse(loop, &from, verdict);
		}
	}
}

static void accept_ctl(struct net_loop *loop, int listener)
{
	const struct address nowhere = {{0}};
	int fd;

	if (net_accept_ctl(&fd, listener) == 0 && fd >= 0)
		open_conn(loop, fd, &nowhere, CONN_CTL);
}

/* ---- time ----------------------------------------------------------------*/

static bool is_over(const struct net_conn *c)
{
	const struct net_loop *loop = c->loop;

	if (c->state == CONN_STRANGER)
		return limits_is_late(loop->limits, c->since_ms, loop->now_ms);
	if (c->is_finishing)
		return loop->now_ms - c->since_ms >=
		       (c->state == CONN_CTL ? FINISH_CTL_MS : FINISH_MS);
	return c->out.len > 0 &&
	       limits_is_slow(loop->limits, c->since_ms, loop->now_ms);
}

static void on_timer(struct net_loop *loop)
{
	struct net_conn *next;
	uint64_t ticks;

	if (read(loop->timer.fd, &ticks, sizeof(ticks)) < 0)
		return;
	for (struct net_conn *c = loop->first; c; c = next) {
		next = c->next;
		if (is_over(c))
			drop(c, c->is_finishing ? c->code : ERR_EXPIRED);
	}
	if (loop->handlers->on_tick)
		loop->handlers->on_tick(loop->handlers->ctx, loop->now_ms);
}

/* ---- the loop ------------------------------------------------------------*/

static void dispatch(struct net_loop *loop, const struct epoll_event *e)
{
	struct source *s = e->data.ptr;

	switch (s->kind) {
	case SOURCE_TCP:
		accept_tcp(loop, s->fd);
		break;
	case SOURCE_CTL:
		accept_ctl(loop, s->fd);
		break;
	case SOURCE_TIMER:
		on_timer(loop);
		break;
	case SOURCE_WATCH:
		((struct watch *)s)->ready(((struct watch *)s)->ctx);
		break;
	case SOURCE_CONN:
		on_conn((struct net_conn *)s, e->events);
		break;
	}
}

int net_loop_step(struct net_loop *loop, int timeout_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(
	    loop->epoll, events, EVENTS, loop->dirty ? 0 : timeout_ms);

	if (n < 0 && errno != EINTR)
		return err_set(ERR_IO, "epoll: %s", strerror(errno));
	loop->now_ms = env_mono_ms(loop->env);
	for (int i = 0; i < n; i++)
		dispatch(loop, &events[i]);
	loop->handlers->on_turn(loop->handlers->ctx);
	flush_dirty(loop);
	bury(loop);
	return 0;
}

int net_loop_run(struct net_loop *loop)
{
	int r = 0;

	while (!loop->is_stopped && r == 0)
		r = net_loop_step(loop, -1);
	return r;
}

void net_loop_stop(struct net_loop *loop)
{
	loop->is_stopped = true;
}

bool net_loop_is_stopped(const struct net_loop *loop)
{
	return loop->is_stopped;
}

unsigned net_loop_count(const struct net_loop *loop)
{
	return loop->count;
}

static int listen_on(struct net_loop *loop, int fd, enum source_kind kind)
{
	struct source *s = &loop->listener[loop->listeners];

	assert(loop->listeners < ARRAY_LEN(loop->listener));
	*s = (struct source){kind, fd};
	loop->listeners++;
	return add_source(loop, s);
}

int net_loop_listen(struct net_loop *loop, int fd)
{
	return listen_on(loop, fd, SOURCE_TCP);
}

int net_loop_listen_ctl(struct net_loop *loop, int fd)
{
	return listen_on(loop, fd, SOURCE_CTL);
}

void net_loop_stop_listening(struct net_loop *loop)
{
	for (unsigned i = 0; i < loop->listeners; i++)
		if (loop->listener[i].kind == SOURCE_TCP)
			net_close(&loop->listener[i].fd);
}

int net_loop_watch(
    struct net_loop *loop, int fd, void (*ready)(void *ctx), void *ctx)
{
	struct watch *w = mem_new(sizeof(*w));

	*w = (struct watch){{SOURCE_WATCH, fd}, loop->watches, ready, ctx};
	loop->watches = w;
	return add_source(loop, &w->source);
}

static int start_timer(struct net_loop *loop)
{
	const struct timespec step = {0, NET_TICK_MS * 1000000L};
	const struct itimerspec every = {step, step};

	loop->timer = (struct source){SOURCE_TIMER,
	    timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)};
	if (loop->timer.fd < 0 ||
	    timerfd_settime(loop->timer.fd, 0, &every, NULL) < 0)
		return err_set(ERR_IO, "timer: %s", strerror(errno));
	return add_source(loop, &loop->timer);
}

int net_loop_new(struct net_loop **out, const struct net_handlers *handlers,
    struct limits *limits, const struct env *env)
{
	struct net_loop *loop = mem_new(sizeof(*loop));
	int r = 0;

	loop->handlers = handlers;
	loop->limits = limits;
	loop->env = env;
	loop->now_ms = env_mono_ms(env);
	loop->timer.fd = -1;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0)
		r = err_set(ERR_IO, "epoll: %s", strerror(errno));
	else
		r = start_timer(loop);
	if (r < 0) {
		net_loop_free(&loop);
		return r;
	}
	*out = loop;
	return 0;
}

void net_loop_free(struct net_loop **at)
{
	struct net_loop *loop = *at;

	if (!loop)
		return;
	while (loop->first)
		drop(loop->first, 0);
	bury(loop);
	while (loop->watches) {
		struct watch *w = loop->watches;
		loop->watches = w->next;
		free(w);
	}
	for (unsigned i = 0; i < loop->listeners; i++)
		net_close(&loop->listener[i].fd);
	net_close(&loop->timer.fd);
	net_close(&loop->epoll);
	buf_fini(&loop->in);
	free(loop);
	*at = NULL;
}

/* ---- what a connection is ------------------------------------------------*/

bool net_is_ctl(const struct net_conn *c)
{
	return c->state == CONN_CTL;
}

void net_set_data(struct net_conn *c, void *data)
{
	c->data = data;
}

void *net_data(const struct net_conn *c)
{
	return c->data;
}

const struct address *net_peer(const struct net_conn *c)
{
	return &c->from;
}
