/*
 * client.c - one connection to the centre, over and over. Each step reads
 * what is at hand, lets the session enter it, commits once, and writes. A
 * step is bounded, so that the keyboard never waits for a long feed.
 */
#define _GNU_SOURCE
#include "sync/client.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/store.h"
#include "keys/secret.h"
#include "sync/alarm.h"
#include "sync/channel.h"
#include "sync/home.h"
#include "sync/lease.h"
#include "sync/ledger.h"
#include "sync/net.h"
#include "sync/session.h"
#include "sync/site.h"
#include "sync/wire.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READS_A_STEP 8    /* of at most NET_READ bytes each, but in bulk */
#define DIAL_MS 100       /* how often a dial wants its step */
#define LANDING_MS 1      /* how often a commit's sync is asked about */
#define TICK_MS 1000      /* how often a session does */
#define HANDSHAKE_MS 5000 /* until the channel must be ready */
#define BACKOFF_MS 500    /* first wait; doubles */
#define BACKOFF_MAX_MS 60000
#define PROVE_SLICE 1024 /* records of a first sync, checked when idle; */
#define PROVE_A_MS 12    /* and how many a millisecond takes */
#define SETTLE_TRIES 3   /* connections of client_settle that may fail */

struct client {
	struct client_cfg cfg;
	char address[NET_ADDRESS_TEXT];
	struct channel_cfg channel_cfg;
	struct net_dial *dial; /* while connecting */
	struct channel *channel;
	struct session *session;
	struct buf in;
	int fd;
	uint64_t due_ms;      /* when to dial again */
	uint64_t opened_ms;   /* when fd was connected */
	unsigned failures;    /* in a row */
	bool has_more;        /* the last step left something unread */
	bool is_landing;      /* what was entered is not yet durable */
	uint64_t patience_ms; /* how long a step may go on entering */
	bool is_online;
	bool is_revoked; /* as the centre said when it was heard last */
	int error;
	int alarm;         /* raised and not yet lowered */
	struct buf caught; /* the message that was refused */
	char caught_why[160];
	int64_t since_s, synced_s;
	uint64_t given_from; /* receipts there were when nothing waited */
	enum presence presence;
};

static uint64_t now_ms(const struct client *c)
{
	return env_mono_ms(c->cfg.env);
}

static int last_alarm(const struct client *c)
{
	struct alarm_state state;

	return alarm_read(&state, ledger_store(c->cfg.ledger)) == 0 ? state.code
								    : 0;
}

struct client *client_new(const struct client_cfg *cfg)
{
	struct client *c = mem_new(sizeof(*c));

	c->cfg = *cfg;
	c->fd = -1;
	c->patience_ms = UINT64_MAX;
	c->since_s = env_now_s(cfg->env);
	c->alarm = last_alarm(c);
	if (cfg->address)
		snprintf(c->address, sizeof(c->address), "%s", cfg->address);
	else
		site_address(c->address, sizeof(c->address), cfg->site);
	c->channel_cfg = (struct channel_cfg){.org = cfg->site->org,
	    .static_sk = ledger_cfg(cfg->ledger)->me->dh->bytes,
	    .purpose = PURPOSE_SESSION,
	    .node_pk = cfg->site->node.dh_pk};
	return c;
}

/* Random between half and the whole of what doubling gives. */
static uint64_t backoff(struct client *c)
{
	unsigned shift = c->failures < 8 ? c->failures : 8;
	uint64_t span = (uint64_t)BACKOFF_MS << shift;
	uint32_t dice;

	if (span > BACKOFF_MAX_MS)
		span = BACKOFF_MAX_MS;
	env_random(c->cfg.env, &dice, sizeof(dice));
	return span / 2 + dice % (span / 2 + 1);
}

/* What it said last is kept; were it not, it would say it again. */
static void leave(struct client *c)
{
	if (!c->session)
		return;
	if (session_mark(c->session) < 0 || ledger_commit(c->cfg.ledger) < 0)
		ledger_rollback(c->cfg.ledger);
}

static void hang_up(struct client *c)
{
	leave(c);
	session_free(&c->session);
	channel_free(&c->channel);
	net_dial_free(&c->dial);
	net_close(&c->fd);
	buf_clear(&c->in);
	c->has_more = c->is_landing = false;
}

/* Remembers a message that no honest centre sends. What it says of itself
 * when it leaves is none. */
static void catch_lie(struct client *c, int code, const uint8_t *msg, size_t n)
{
	if (!alarm_is_one(code) || wire_peek(msg, n) == MSG_BYE)
		return;
	buf_clear(&c->caught);
	buf_add(&c->caught, msg, n);
	snprintf(c->caught_why, sizeof(c->caught_why), "%s", err_detail());
}

/* When all that came with it was taken back. */
static void raise_alarm(struct client *c, int code)
{
	const struct alarm alarm = {.code = code,
	    .at_s = env_now_s(c->cfg.env),
	    .detail = c->caught_why,
	    .message = c->caught.data,
	    .len = c->caught.len};

	if (c->caught.len == 0)
		return;
	c->alarm = code;
	if (alarm_raise(ledger_store(c->cfg.ledger), &alarm) < 0)
		c->error = ERR_IO; /* the alarm itself still stands */
	buf_fini(&c->caught);
}

/* The connection is over; code 0 means that it only grew old. */
static void end(struct client *c, int code)
{
	bool was_online = c->is_online;

	ledger_rollback(c->cfg.ledger);
	hang_up(c);
	c->is_online = false;
	if (was_online) {
		c->since_s = env_now_s(c->cfg.env);
		c->failures = 0;
	}
	c->error = code;
	raise_alarm(c, code);
	c->due_ms = now_ms(c) + (code < 0 ? backoff(c) : 0);
	if (code < 0)
		c->failures++;
}

void client_free(struct client **at)
{
	struct client *c = *at;

	if (!c)
		return;
	*at = NULL;
	hang_up(c);
	secret_wipe(c->in.data, c->in.cap);
	buf_fini(&c->in);
	buf_fini(&c->caught);
	free(c);
}

static int dial(struct client *c)
{
	int r = 0;

	if (!c->dial)
		r = net_dial_new(&c->dial, c->address);
	if (r == 0)
		r = net_dial_step(&c->fd, c->dial);
	if (r < 0 || c->fd < 0)
		return r;
	net_dial_free(&c->dial);
	c->opened_ms = now_ms(c);
	c->channel = channel_new_initiator(&c->channel_cfg, c->cfg.env);
	return 0;
}

static void send_message(void *ctx, const void *msg, size_t n)
{
	struct client *c = ctx;

	/* The only failures are a size the session never makes and a channel
	 * that has failed already, which the next feed reports. */
	if (channel_send(c->channel, msg, n) < 0)
		c->error = ERR_PROTOCOL;
}

/* How many signatures may be checked before the keyboard is asked. */
static int proof_slice(const struct client *c)
{
	return c->patience_ms < PROVE_SLICE / PROVE_A_MS
		   ? (int)c->patience_ms * PROVE_A_MS
		   : PROVE_SLICE;
}

/* Is the keyboard waiting? since: when the step began. */
static bool is_enough(const struct client *c, uint64_t since)
{
	uint64_t most = c->patience_ms;

	return now_ms(c) - since >=
	       (most < CLIENT_BULK_MS ? most : CLIENT_BULK_MS);
}

/* What is left for the next step stays in the channel. */
static int give_messages(struct client *c, uint64_t since)
{
	const uint8_t *msg;
	size_t n;
	int r = 0;

	if (!channel_is_ready(c->channel))
		return 0;
	if (!c->session)
		c->session =
		    session_new(&(struct session_cfg){.ledger = c->cfg.ledger,
			.send = send_message,
			.ctx = c,
			.handshake_hash = channel_handshake_hash(c->channel)});
	while (r == 0 && !is_enough(c, since) &&
	       channel_next(&msg, &n, c->channel)) {
		r = session_message(c->session, msg, n);
		if (r < 0)
			catch_lie(c, r, msg, n);
	}
	return r;
}

/* A receipt is told to the person before anything else is read. */
static bool is_told(const struct client *c)
{
	return c->session && session_owes_mark(c->session);
}

static int read_some(struct client *c)
{
	uint64_t since = now_ms(c);
	bool was_told = is_told(c);
	int r = give_messages(c, since);

	c->has_more = true;
	for (int i = 0; (i < READS_A_STEP || client_is_bulk(c)) && r == 0 &&
			!is_enough(c, since) && is_told(c) == was_told;
	     i++) {
		buf_clear(&c->in);
		r = net_read(&c->in, c->fd);
		if (r == 0 && c->in.len > 0)
			r = channel_feed(c->channel, c->in.data, c->in.len);
		if (r == 0)
			r = give_messages(c, since);
		if (r == 0 && c->in.len == 0) {
			c->has_more = false;
			break;
		}
	}
	return r;
}

static void keep_receipt(struct client *c)
{
	struct msg_receipt receipt;

	if (c->cfg.home && session_receipt(&receipt, c->session))
		home_keep_receipt(c->cfg.home, &receipt);
}

/* What was entered is durable: it may be spoken of. */
static void land(struct client *c)
{
	c->is_landing = false;
	if (c->session) {
		session_landed(c->session);
		keep_receipt(c);
	}
}

/* In a first sync, and while nobody types, the next is entered before the
 * last is durable: its commit waits for that. */
static bool runs_ahead(const struct client *c)
{
	return client_is_bulk(c) && c->patience_ms >= CLIENT_BULK_MS;
}

/* Commits what has come so far, and waits for the disk only when the
 * connection just broke. */
static int settle_round(struct client *c, bool is_over)
{
	struct store *store = ledger_store(c->cfg.ledger);
	uint64_t before = store_generation(store);
	int r = is_over ? ledger_commit(c->cfg.ledger)
			: ledger_commit_later(c->cfg.ledger);

	if (r == 0 && c->is_landing && store_generation(store) != before)
		land(c);
	if (r == 0 && c->session)
		session_entered(c->session);
	if (r == 0 && !is_over)
		r = ledger_is_durable(c->cfg.ledger);
	c->is_landing = r == 0 && !is_over;
	if (r >= 0 && !c->is_landing)
		land(c);
	return r < 0 ? r : 0;
}

static int speak(struct client *c)
{
	int r = 0;

	if (c->session) {
		session_slice(c->session, proof_slice(c));
		presence_say(c->session, c->presence);
		r = session_pump(c->session);
		if (r == 0)
			r = session_tick(c->session, now_ms(c));
	} else if (now_ms(c) - c->opened_ms > HANDSHAKE_MS) {
		r = err_set(ERR_UNREACHABLE, "no answer to the handshake");
	}
	return r == 0 ? net_write(channel_out(c->channel), c->fd) : r;
}

static void note_state(struct client *c)
{
	struct session_status s;

	if (!c->session || !session_is_open(c->session))
		return;
	session_status(&s, c->session);
	if (!c->is_online || s.unsent == 0)
		c->given_from = s.received;
	if (!c->is_online) {
		c->is_online = true;
		c->error = 0;
		c->since_s = env_now_s(c->cfg.env);
	}
	c->is_revoked = s.gives_only;
	if (s.is_current)
		c->synced_s = env_now_s(c->cfg.env);
	if (s.is_settled && c->alarm &&
	    alarm_lower(ledger_store(c->cfg.ledger)) == 0)
		c->alarm = 0;
}

/* What is landing is not spoken of, and nothing own leaves meanwhile. */
static int speak_ahead(struct client *c)
{
	int r = session_tick(c->session, now_ms(c));

	return r == 0 ? net_write(channel_out(c->channel), c->fd) : r;
}

/* An own save leaves before anything is entered, whose way to the disk it
 * would wait for. */
static int speak_first(struct client *c)
{
	return c->session && session_has_own(c->session) ? speak(c) : 0;
}

static int exchange(struct client *c)
{
	bool may_read = !c->is_landing;
	int r = 0, saved = 0, said = 0;

	if (c->is_landing) {
		saved = ledger_is_durable(c->cfg.ledger);
		if (saved == 1)
			land(c);
		may_read = saved == 0 && runs_ahead(c);
	} else {
		said = speak_first(c);
	}
	if (may_read) {
		r = read_some(c);
		r = r == 0 ? said : r;
		saved = settle_round(c, r < 0);
	}
	if (saved < 0)
		return saved;
	if (r == 0 && c->is_landing && runs_ahead(c))
		return speak_ahead(c);
	if (r == 0 && !c->is_landing) {
		r = speak(c);
		c->is_landing = r == 0 && ledger_is_durable(c->cfg.ledger) == 0;
	}
	/* What the node said before it closed is still worth reading. */
	return r;
}

/* Nobody to speak to: what a first sync left to be checked. */
static void rest(struct client *c)
{
	int r = 0;

	if (ledger_has_unproved(c->cfg.ledger) && !c->is_landing)
		r = ledger_prove_briefly(c->cfg.ledger, proof_slice(c));
	c->is_landing = ledger_is_durable(c->cfg.ledger) == 0;
	c->error = r < 0 ? r : c->error;
}

void client_step(struct client *c)
{
	int r;

	if (ledger_lease_tick(c->cfg.ledger) < 0)
		c->error = ERR_IO;
	if (c->fd < 0 && !c->dial && now_ms(c) < c->due_ms) {
		rest(c);
		return;
	}
	r = c->fd < 0 ? dial(c) : 0;
	if (r == 0 && c->fd >= 0)
		r = exchange(c);
	note_state(c);
	if (r < 0)
		end(c, r);
	else if (c->channel && channel_is_expired(c->channel))
		end(c, 0);
}

void client_patience(struct client *c, uint64_t ms)
{
	c->patience_ms = ms;
}

bool client_is_bulk(const struct client *c)
{
	return c->session && session_is_bulk(c->session);
}

void client_retry(struct client *c)
{
	if (c->fd < 0 && !c->dial)
		c->due_ms = 0;
	else if (c->session)
		presence_ping(c->session);
}

void client_presence(struct client *c, enum presence presence)
{
	c->presence = presence;
}

const struct crew_seat *client_crew(size_t *count, const struct client *c)
{
	return c->is_online ? presence_crew(count, c->session) : NULL;
}

void client_hang_up(struct client *c)
{
	if (c->fd >= 0 || c->dial)
		end(c, 0);
}

/* While what it entered lands a step would read nothing. */
static bool is_deaf(const struct client *c)
{
	return c->is_landing && !runs_ahead(c);
}

int client_fd(const struct client *c)
{
	if (c->fd >= 0)
		return is_deaf(c) ? -1 : c->fd;
	return c->dial ? net_dial_fd(c->dial) : -1;
}

short client_events(const struct client *c)
{
	if (c->fd < 0)
		return POLLOUT;
	return channel_out(c->channel)->len > 0 ? POLLIN | POLLOUT : POLLIN;
}

uint64_t client_wake_ms(const struct client *c)
{
	bool is_idle = c->fd < 0 && !c->dial;

	if (is_deaf(c) || (c->is_landing && !c->has_more))
		return now_ms(c) + LANDING_MS;
	/* What is yet to be proved is proved at rest: not while a feed is
	 * under way, which would only keep the processor from it. */
	if (c->has_more || (c->session && session_has_more(c->session)) ||
	    (is_idle && ledger_has_unproved(c->cfg.ledger)))
		return 0;
	if (c->fd >= 0)
		return now_ms(c) + TICK_MS;
	return c->dial ? now_ms(c) + DIAL_MS : c->due_ms;
}

/* Own records without a receipt, when there is no session to ask. */
static uint64_t count_unsent(const struct client *c)
{
	struct stmt *s =
	    store_query(ledger_store(c->cfg.ledger), Q_RECORD_UNSENT_COUNT);
	uint64_t n = 0;

	stmt_bind_id(s, ":seat", &ledger_cfg(c->cfg.ledger)->me->seat);
	stmt_bind_int(s, ":after", 0);
	if (stmt_step(s) == 1)
		n = (uint64_t)stmt_int(s, 0);
	stmt_reset(s);
	return n;
}

void client_status(struct client_status *out, const struct client *c)
{
	struct session_status s = {0};

	*out = (struct client_status){.since_s = c->since_s,
	    .synced_s = c->synced_s,
	    .error = c->error,
	    .alarm = c->alarm,
	    .address = c->address,
	    .is_revoked = c->is_revoked};
	if (c->is_online) {
		session_status(&s, c->session);
		out->state = CLIENT_ONLINE;
		out->unsent = s.unsent;
		out->in_feed = s.in_feed;
		out->taken = s.taken;
		out->given = s.received - c->given_from;
		out->is_recovering = s.is_recovering;
		out->rtt_ms = presence_rtt_ms(c->session);
		out->is_current =
		    s.is_current && channel_out(c->channel)->len == 0;
		out->is_settled =
		    out->is_current && s.is_settled && !c->is_landing;
		return;
	}
	out->state = c->fd >= 0 || c->dial ? CLIENT_CONNECTING : CLIENT_OFFLINE;
	out->unsent = count_unsent(c);
}

static void wait_for(const struct client *c, uint64_t until_ms)
{
	struct pollfd p = {.fd = client_fd(c), .events = client_events(c)};
	uint64_t now = now_ms(c), wake = client_wake_ms(c);

	if (wake > until_ms)
		wake = until_ms;
	if (wake > now)
		(void)poll(&p, 1, (int)(wake - now));
}

/* Errors that trying again does not mend, or not soon. */
static bool is_final(const struct client *c)
{
	return c->failures >= SETTLE_TRIES ||
	       (c->error < 0 && c->error != ERR_UNREACHABLE &&
		   c->error != ERR_PROTOCOL);
}

int client_settle(const struct client_cfg *cfg, uint64_t timeout_ms)
{
	struct client *c = client_new(cfg);
	struct client_status s = {0};
	uint64_t until = now_ms(c) + timeout_ms;
	int r;

	while (!s.is_settled && !is_final(c) && now_ms(c) < until) {
		client_step(c);
		client_status(&s, c);
		if (!s.is_settled)
			wait_for(c, until);
	}
	r = s.error < 0 ? s.error : ERR_UNREACHABLE;
	if (s.is_settled)
		r = s.is_revoked ? ERR_REVOKED : 0;
	client_free(&c);
	return r;
}
