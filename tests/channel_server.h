/*
 * channel_server.h - a node of which only the edge is real: the loop, the
 * limits and a channel a connection; messages are echoed. Runs in a process
 * of its own, so that a test can watch what it costs.
 */
#ifndef SUIFANG_TESTS_CHANNEL_SERVER_H
#define SUIFANG_TESTS_CHANNEL_SERVER_H

#include "sync/channel.h"
#include "sync/net.h"

#include <sys/types.h>

/* Shared with the process; only ever grow. */
struct channel_server_counts {
	unsigned opened, authenticated, refused, failed, late, echoed;
	unsigned half_open_max;
};

struct channel_server {
	pid_t pid;
	int stop; /* closing it ends the process */
	uint16_t port;
	struct id org;
	uint8_t node_pk[CHANNEL_KEY];
	volatile struct channel_server_counts *counts;
};

void channel_server_start(struct channel_server *s);
/* Fails the test when the process did not end well. */
void channel_server_stop(struct channel_server *s);
/* Resident memory of a process in KiB. */
long channel_server_rss_kib(pid_t pid);

#endif
