/*
 * net_loop.h - many connections in one thread: epoll, one timer, limits
 * before authentication, back-pressure after it. The owner gives callbacks
 * and never sees a descriptor. Knows nothing of what the bytes mean.
 *
 * Rounds: the loop reads what is at hand on every connection, at most
 * NET_READ bytes each, calling on_bytes; then it calls on_turn once, where
 * the owner commits for all of them and writes; then it flushes.
 */
#ifndef SUIFANG_NET_LOOP_H
#define SUIFANG_NET_LOOP_H

#include "core/base.h"
#include "core/buf.h"
#include "core/env.h"
#include "sync/limits.h"
#include "sync/net.h"

#define NET_TICK_MS 250
#define NET_OUT_MAX 4194304 /* waiting output, then nothing more is read */

struct net_conn;
struct net_loop;

struct net_handlers {
	/* A connection was admitted (or came to the control socket). */
	void (*on_open)(void *ctx, struct net_conn *c);
	/* n > 0 bytes, borrowed. A negative result closes the connection with
	 * that code once what was written before is out. */
	int (*on_bytes)(
	    void *ctx, struct net_conn *c, const uint8_t *data, size_t n);
	/* The connection is gone after this call. code: 0 when net_loop_free
	 * ended it, ERR_EXPIRED for a missed deadline or a slow
	 * reader, ERR_UNREACHABLE when the peer left, else what net_finish or
	 * on_bytes said. */
	void (*on_close)(void *ctx, struct net_conn *c, int code);
	/* After each round of input and each tick: the place to commit. */
	void (*on_turn)(void *ctx);
	/* About every NET_TICK_MS. May be NULL. */
	void (*on_tick)(void *ctx, uint64_t now_ms);
	/* A connection was turned away. May be NULL. */
	void (*on_refuse)(
	    void *ctx, const struct address *from, enum limits_verdict why);
	void *ctx;
};

/* handlers, limits and env are borrowed for the life of the loop. */
NODISCARD int net_loop_new(struct net_loop **out,
    const struct net_handlers *handlers, struct limits *limits,
    const struct env *env);
/* Closes every connection, calling on_close for each. */
void net_loop_free(struct net_loop **loop);

/* Both take the listening descriptor over (net_listen, net_listen_ctl).
 * Connections of the control socket stand outside the limits. */
NODISCARD int net_loop_listen(struct net_loop *loop, int fd);
NODISCARD int net_loop_listen_ctl(struct net_loop *loop, int fd);
/* No new TCP connections from now on. */
void net_loop_stop_listening(struct net_loop *loop);
/* Calls ready whenever fd (a signalfd, another library's descriptor) is
 * readable; fd stays the caller's and must outlive the loop. */
NODISCARD int net_loop_watch(
    struct net_loop *loop, int fd, void (*ready)(void *ctx), void *ctx);

/* One round; waits at most timeout_ms (-1 = until something happens). */
NODISCARD int net_loop_step(struct net_loop *loop, int timeout_ms);
/* Rounds until net_loop_stop. */
NODISCARD int net_loop_run(struct net_loop *loop);
void net_loop_stop(struct net_loop *loop);
bool net_loop_is_stopped(const struct net_loop *loop);
/* Connections that exist: half-open, open and of the control socket. */
unsigned net_loop_count(const struct net_loop *loop);

/* Moves all bytes of out to the connection; out is empty after. */
void net_send(struct net_conn *c, struct buf *out);
/* What waits goes out now, not at the end of the round; whether the connection
 * still stands shows then. */
void net_push(struct net_conn *c);
/* Bytes not yet taken by the socket. */
size_t net_waiting(const struct net_conn *c);
/* Reads no more of it until it is told to go on. */
void net_pause(struct net_conn *c, bool should);
/* Closes after what waits is out, or when that stands still for 5 s (for ten
 * minutes at the control socket); reads no more. */
void net_finish(struct net_conn *c, int code);
/* The handshake is done: the connection leaves the limits for strangers. A
 * connection that ends without this is charged to its address. */
void net_authenticated(struct net_conn *c);

bool net_is_ctl(const struct net_conn *c);
void net_set_data(struct net_conn *c, void *data);
void *net_data(const struct net_conn *c);
const struct address *net_peer(const struct net_conn *c);

#endif
