/* net_dial.c - making a connection without ever blocking the caller. */
#define _GNU_SOURCE
#include "sync/net.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/mem.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TRY_MS 5000 /* for one address */

/* Who is last frees it: the owner, or glibc's thread that looks a name up
 * and cannot be stopped. */
enum {
	HAS_ANSWERED = 1,
	IS_LEFT = 2
};

struct net_dial {
	struct gaicb lookup;
	atomic_int ends; /* of the two above, while it is looked up */
	char host[NET_ADDRESS_TEXT];
	char port[8];
	struct addrinfo hints;
	bool is_looking;
	bool is_shared; /* with glibc's thread, from the lookup on */
	struct addrinfo *found;
	const struct addrinfo *next; /* to be tried */
	int fd;                      /* being connected, or -1 */
	uint64_t since_ms;
};

static void let_go(struct net_dial *d)
{
	if (d->found)
		freeaddrinfo(d->found);
	free(d);
}

/* In a thread of glibc's, when the lookup has ended by itself. */
static void answered(union sigval at)
{
	struct net_dial *d = at.sival_ptr;

	if (!(atomic_fetch_or(&d->ends, HAS_ANSWERED) & IS_LEFT))
		return;
	d->found = d->lookup.ar_result;
	let_go(d);
}

/* A name: it may take seconds, so glibc's helper waits. */
static void look_up(struct net_dial *d)
{
	struct gaicb *list[1] = {&d->lookup};
	struct sigevent end = {.sigev_notify = SIGEV_THREAD,
	    .sigev_notify_function = answered,
	    .sigev_value.sival_ptr = d};

	d->hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
	d->lookup = (struct gaicb){
	    .ar_name = d->host, .ar_service = d->port, .ar_request = &d->hints};
	d->is_looking = getaddrinfo_a(GAI_NOWAIT, list, 1, &end) == 0;
	d->is_shared = d->is_looking;
}

int net_dial_new(struct net_dial **out, const char *address)
{
	char host[NET_ADDRESS_TEXT];
	uint16_t port;
	struct net_dial *d;
	int r = net_split(host, &port, address);

	if (r < 0)
		return r;
	d = mem_new(sizeof(*d));
	memcpy(d->host, host, sizeof(host));
	snprintf(d->port, sizeof(d->port), "%u", port);
	d->fd = -1;
	d->hints = (struct addrinfo){.ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
	if (getaddrinfo(d->host, d->port, &d->hints, &d->found) == 0) {
		d->next = d->found;
	} else {
		look_up(d);
	}
	*out = d;
	return 0;
}

int net_dial_fd(const struct net_dial *d)
{
	return d->fd;
}

/* Starts with the next address that can be started at all. */
static void try_next(struct net_dial *d)
{
	while (d->next && d->fd < 0) {
		const struct addrinfo *a = d->next;
		d->next = a->ai_next;
		d->fd = socket(a->ai_family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (d->fd < 0)
			continue;
		d->since_ms = clock_mono_ms(NULL);
		if (connect(d->fd, a->ai_addr, a->ai_addrlen) < 0 &&
		    errno != EINPROGRESS)
			net_close(&d->fd);
	}
}

/* False while the answer is still out. */
static bool has_answer(struct net_dial *d, int *error)
{
	socklen_t n = sizeof(*error);

	*error = ETIMEDOUT;
	if (!net_wait(d->fd, true, 0))
		return clock_mono_ms(NULL) - d->since_ms >= TRY_MS;
	if (getsockopt(d->fd, SOL_SOCKET, SO_ERROR, error, &n) < 0)
		*error = errno;
	return true;
}

static int step_lookup(struct net_dial *d)
{
	int r = gai_error(&d->lookup);

	if (r == EAI_INPROGRESS)
		return 0;
	d->is_looking = false;
	if (r != 0)
		return err_set(ERR_UNREACHABLE, "lookup: %s", gai_strerror(r));
	d->found = d->lookup.ar_result;
	d->next = d->found;
	return 0;
}

int net_dial_step(int *fd, struct net_dial *d)
{
	const int on = 1;
	int error, r;

	*fd = -1;
	if (d->is_looking) {
		r = step_lookup(d);
		if (r < 0 || d->is_looking)
			return r;
	}
	if (d->fd >= 0) {
		if (!has_answer(d, &error))
			return 0;
		if (error == 0) {
			setsockopt(
			    d->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
			*fd = d->fd;
			d->fd = -1;
			return 0;
		}
		net_close(&d->fd);
		err_set(ERR_UNREACHABLE, "connect: %s", strerror(error));
	}
	try_next(d);
	return d->fd >= 0 ? 0 : ERR_UNREACHABLE;
}

void net_dial_free(struct net_dial **at)
{
	struct net_dial *d = *at;

	if (!d)
		return;
	*at = NULL;
	net_close(&d->fd);
	if (d->is_looking && gai_cancel(&d->lookup) == EAI_CANCELED)
		d->is_shared = false; /* and nobody answers */
	if (d->is_shared &&
	    !(atomic_fetch_or(&d->ends, IS_LEFT) & HAS_ANSWERED))
		return;
	if (d->is_looking)
		d->found = d->lookup.ar_result;
	let_go(d);
}
