/* stranger.c - a channel and a session, and no manners. */
#include "tests/stranger.h"

#include "core/draft.h"
#include "core/env.h"
#include "core/err.h"
#include "sync/net.h"
#include "sync/program.h"
#include "sync/session_impl.h"
#include "sync/site.h"

#define WAIT_MS 90000 /* no wait is judged by its length */

int stranger_dial(uint16_t port)
{
	char address[32];
	struct net_dial *d;
	int fd = -1;

	snprintf(address, sizeof(address), "127.0.0.1:%u", port);
	assert_int_equal(net_dial_new(&d, address), 0);
	while (fd < 0) {
		assert_int_equal(net_dial_step(&fd, d), 0);
		if (fd < 0)
			net_wait(net_dial_fd(d), true, 50);
	}
	net_dial_free(&d);
	return fd;
}

static void begin(struct stranger *s, struct hospital *h, struct home *home)
{
	const struct site *site = home_site(home);

	*s = (struct stranger){.home = home, .fd = stranger_dial(h->port)};
	s->cfg = (struct channel_cfg){.org = site->org,
	    .static_sk = home_identity(home)->dh->bytes,
	    .purpose = PURPOSE_SESSION,
	    .node_pk = site->node.dh_pk};
	s->channel = channel_new_initiator(&s->cfg, program_env());
}

static int flush(struct stranger *s)
{
	const struct buf *out = channel_out(s->channel);

	buf_add(&s->kept, out->data, out->len);
	return net_write(channel_out(s->channel), s->fd);
}

/* Reads what there is; an error when the other side has gone. */
static int listen(struct stranger *s)
{
	int r = flush(s);

	net_wait(s->fd, false, 50);
	buf_clear(&s->in);
	if (r == 0)
		r = net_read(&s->in, s->fd);
	if (s->in.len > 0) {
		int fed = channel_feed(s->channel, s->in.data, s->in.len);
		r = r < 0 ? r : fed;
	}
	return r;
}

void stranger_shake(struct stranger *s, struct hospital *h, struct home *home)
{
	begin(s, h, home);
	while (!channel_is_ready(s->channel))
		assert_int_equal(listen(s), 0);
	assert_int_equal(flush(s), 0);
}

static void send_message(void *ctx, const void *msg, size_t n)
{
	struct stranger *s = ctx;

	assert_int_equal(channel_send(s->channel, msg, n), 0);
}

/* Gives the session what has come; whether message `until` was among it. */
static bool hear(struct stranger *s, int until)
{
	const uint8_t *msg;
	bool has_come = false;
	size_t n;

	while (channel_next(&msg, &n, s->channel)) {
		int r = session_message(s->session, msg, n);
		has_come = has_come || (int)wire_peek(msg, n) == until;
		if (r < 0)
			s->refusal = r;
	}
	assert_int_equal(ledger_commit(home_ledger(s->home)), 0);
	return has_come;
}

static bool listen_until(struct stranger *s, int until)
{
	uint64_t start = env_mono_ms(program_env());
	bool has_come = false;
	int r = 0;

	while (r == 0 && !has_come && s->refusal == 0) {
		r = listen(s);
		has_come = hear(s, until);
		if (env_mono_ms(program_env()) - start > WAIT_MS)
			fail_msg("the centre neither answers nor hangs up");
	}
	return has_come;
}

void stranger_open(struct stranger *s, struct hospital *h, struct home *home)
{
	stranger_shake(s, h, home);
	s->session =
	    session_new(&(struct session_cfg){.ledger = home_ledger(home),
		.send = send_message,
		.ctx = s,
		.handshake_hash = channel_handshake_hash(s->channel)});
	listen_until(s, MSG_WELCOME);
}

void stranger_close(struct stranger *s)
{
	if (s->session)
		session_free(&s->session);
	channel_free(&s->channel);
	buf_fini(&s->in);
	buf_fini(&s->kept);
	net_close(&s->fd);
}

bool stranger_say(struct stranger *s, const struct buf *msg, int until)
{
	send_message(s, msg->data, msg->len);
	return listen_until(s, until);
}

void stranger_give(struct buf *out, struct home *home, uint64_t seq)
{
	struct ledger *ledger = home_ledger(home);
	struct parcel p = {0};

	assert_int_equal(
	    parcel_load(&p, ledger, &ledger_cfg(ledger)->me->seat, seq, NULL),
	    0);
	wire_give(out, &p.give);
	parcel_fini(&p);
}

void stranger_record(struct home *home, char role, enum kind kind,
    const struct id *stream, json_t *body)
{
	struct ledger *ledger = home_ledger(home);
	struct seat_grant grant;
	struct draft draft = {0};

	assert_int_equal(
	    ledger_load_grant(ledger, &ledger_cfg(ledger)->me->seat, &grant),
	    0);
	assert_int_not_equal(grant.role, role);
	/* What it knows of itself is kept for the next who asks. */
	ledger->kept.grant.role = role;
	draft_add(&draft, kind, stream, body);
	assert_int_equal(ledger_record(ledger, &draft, NULL), 0);
	ledger_forget_grant(ledger);
	draft_fini(&draft);
}
