/*
 * node.c - connections of the serving centre: their beginning, their bytes,
 * their end. What a round does when all is read: node_turn.c.
 */
#define _GNU_SOURCE
#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/note.h"
#include "core/store.h"
#include "keys/secret.h"
#include "sync/feed.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/node_impl.h"
#include "sync/node_verbs.h"
#include "sync/program.h"
#include "sync/session.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define FILES_WANTED 8192
#define CHECK_MS 1000 /* how often revoked seats are looked for */

/* ---- connections -------------------------------------------------------- */

static void on_open(void *ctx, struct net_conn *c)
{
	struct node *n = ctx;
	struct peer *p = mem_new(sizeof(*p));

	p->node = n;
	p->conn = c;
	p->next = n->peers;
	if (p->next)
		p->next->prev = p;
	n->peers = p;
	if (!net_is_ctl(c)) {
		p->channel = channel_new_responder(&n->channel_cfg, n->cfg.env);
		n->stats.accepted++;
	}
	net_set_data(c, p);
}

static const char *why_closed(int code)
{
	if (code == 0)
		return "done";
	return code == ERR_UNREACHABLE ? "left" : err_name(code);
}

static void on_close(void *ctx, struct net_conn *c, int code)
{
	struct node *n = ctx;
	struct peer *p = net_data(c);
	char from[NET_ADDRESS_TEXT], seat[ID_HEX] = "-";

	inbox_end(p);
	if (p->channel) {
		net_address_text(from, net_peer(c));
		if (p->session && p->is_open)
			id_hex(seat, session_peer(p->session));
		note_event("connection.closed", "from=%s seat=%s why=%s", from,
		    seat, why_closed(code));
	}
	if (p->prev)
		p->prev->next = p->next;
	else
		n->peers = p->next;
	if (p->next)
		p->next->prev = p->prev;
	node_forget_busy(p);
	node_forget_peer(n, p);
	node_close_session(p);
	channel_free(&p->channel);
	buf_fini(&p->line);
	free(p);
}

static void on_refuse(
    void *ctx, const struct address *from, enum limits_verdict why)
{
	struct node *n = ctx;

	n->stats.refused++;
	n->refused_from = *from;
	n->refused_why = why;
}

/* One line for all since the last: a flood must not fill the disk too. */
static void note_refused(struct node *n)
{
	char text[NET_ADDRESS_TEXT];

	if (n->stats.refused == n->refused_noted)
		return;
	net_address_text(text, &n->refused_from);
	note_event("connection.refused", "count=%llu last=%s why=%s",
	    (unsigned long long)(n->stats.refused - n->refused_noted), text,
	    limits_verdict_name(n->refused_why));
	n->refused_noted = n->stats.refused;
}

/* ---- sessions ----------------------------------------------------------- */

static void send_message(void *ctx, const void *msg, size_t len)
{
	struct peer *p = ctx;

	if (channel_send(p->channel, msg, len) < 0)
		note_event("channel.failed", "detail=%s", err_detail());
}

/* The key that the handshake proved must be the one granted to the seat. */
static int check_static_key(struct peer *p)
{
	struct stmt *s = store_query(ledger_store(p->node->ledger), Q_SEAT_GET);
	uint8_t key[DH_KEY];
	int r;

	stmt_bind_id(s, ":roster", ledger_roster(p->node->ledger));
	stmt_bind_id(s, ":seat", session_peer(p->session));
	r = stmt_step(s);
	p->is_revoked = r == 1 && !stmt_is_null(s, 6);
	if (r == 1)
		r = hex_decode(key, sizeof(key), stmt_text(s, 1)) &&
			    memcmp(key, channel_peer_static(p->channel),
				sizeof(key)) == 0
			? 0
			: ERR_SIGNATURE;
	else if (r == 0)
		r = ERR_NOT_PERMITTED;
	stmt_reset(s);
	return r < 0 ? err_set(r, "not the key of the seat") : 0;
}

/* One session a seat: the newer wins, because the older is often dead. */
static void close_older(const struct peer *p)
{
	for (struct peer *q = p->node->peers; q; q = q->next) {
		if (q == p || !q->is_open || !q->session ||
		    id_cmp(session_peer(q->session),
			session_peer(p->session)) != 0)
			continue;
		note_event("session.replaced", "reason=newer");
		node_end_session(q, ERR_IN_USE);
		q->is_open = false;
	}
}

static int note_opened(struct peer *p)
{
	char seat[ID_HEX], from[NET_ADDRESS_TEXT];
	int r = check_static_key(p);

	if (r < 0)
		return r;
	p->is_open = true;
	/* Until here anybody who knows the node's key may have come. */
	net_authenticated(p->conn);
	channel_trust(p->channel);
	id_hex(seat, session_peer(p->session));
	net_address_text(from, net_peer(p->conn));
	note_event("session.open", "seat=%s from=%s mode=%s", seat, from,
	    p->is_revoked ? "give-only" : "full");
	close_older(p);
	return 0;
}

/* What was taken in and is not as it should be. */
static void note_oddities(const struct peer *p, uint64_t gaps, uint64_t held)
{
	char seat[ID_HEX];

	gaps = session_gaps(p->session) - gaps;
	held = ledger_held(p->node->ledger) - held;
	id_hex(seat, session_peer(p->session));
	/* The others of a window come with the first, and say no more. */
	if (gaps > 0 && session_gaps(p->session) == gaps)
		note_event("record.gap", "seat=%s", seat);
	if (held > 0)
		note_event("record.held", "seat=%s entries=%llu why=%s", seat,
		    (unsigned long long)held,
		    verdict_name(ledger_held_why(p->node->ledger)));
}

static int hear(
    struct peer *p, const uint8_t *msg, size_t len, const struct checked *found)
{
	uint64_t held = ledger_held(p->node->ledger);
	uint64_t gaps = session_gaps(p->session);
	int r = session_message_checked(p->session, msg, len, found);

	note_oddities(p, gaps, held);
	if (r == 0 && !p->is_open && session_is_open(p->session))
		r = note_opened(p);
	return r;
}

static int give_messages(struct peer *p)
{
	const uint8_t *msg;
	size_t len;
	int r = 0;

	while (r == 0 && p->session && channel_next(&msg, &len, p->channel))
		if (!inbox_put(p, msg, len))
			r = hear(p, msg, len, NULL);
	return r;
}

static int greet(struct peer *p)
{
	if (channel_purpose(p->channel) == PURPOSE_ENROL) {
		net_authenticated(p->conn); /* by the code */
		return node_enrol(p);
	}
	p->session =
	    session_new(&(struct session_cfg){.ledger = p->node->ledger,
		.send = send_message,
		.ctx = p,
		.handshake_hash = channel_handshake_hash(p->channel)});
	return 0;
}

static void note_failed(const struct peer *p, bool was_ready, int code)
{
	char from[NET_ADDRESS_TEXT], seat[ID_HEX] = "-";

	net_address_text(from, net_peer(p->conn));
	if (p->session && p->is_open)
		id_hex(seat, session_peer(p->session));
	note_event("connection.failed",
	    "from=%s stage=%s seat=%s error=%s detail=%s", from,
	    was_ready ? "session" : "handshake", seat, err_name(code),
	    err_detail());
}

static void fail(struct peer *p, bool was_ready, int code)
{
	p->has_failed = true;
	note_failed(p, was_ready, code);
	if (p->session)
		session_bye(p->session, code);
	node_close_session(p);
}

void node_hear(
    struct peer *p, const uint8_t *msg, size_t len, const struct checked *found)
{
	int r = hear(p, msg, len, found);

	if (r < 0)
		fail(p, true, r);
	node_flush(p);
	if (r < 0)
		net_finish(p->conn, r);
}

static int on_bytes(
    void *ctx, struct net_conn *c, const uint8_t *data, size_t len)
{
	struct peer *p = net_data(c);
	struct node *n = ctx;
	bool was_ready;
	int r;

	if (!p->channel)
		return node_ctl_bytes(p, data, len);
	if (p->has_failed)
		return ERR_PROTOCOL;
	node_make_busy(p);
	was_ready = channel_is_ready(p->channel);
	r = channel_feed(p->channel, data, len);
	if (r < 0 && !was_ready) {
		n->stats.failed++;
		node_wrong_try(p);
	}
	if (r == 0 && !was_ready && channel_is_ready(p->channel))
		r = greet(p);
	if (r == 0)
		r = give_messages(p);
	if (r < 0)
		fail(p, was_ready, r);
	node_flush(p);
	return r;
}

/* ---- time --------------------------------------------------------------- */

/* A seat whose grant ended while it is connected goes at once; it may come
 * back to give what it has. */
static void cut_revoked(struct node *n, uint64_t now_ms)
{
	uint64_t roster = ledger_roster_version(n->ledger);

	if (roster == n->roster || now_ms - n->checked_ms < CHECK_MS)
		return;
	n->roster = roster;
	n->checked_ms = now_ms;
	for (struct peer *p = n->peers; p; p = p->next) {
		struct stmt *s;
		bool is_revoked;
		if (!p->is_open || !p->session)
			continue;
		s = store_query(ledger_store(n->ledger), Q_SEAT_GET);
		stmt_bind_id(s, ":roster", ledger_roster(n->ledger));
		stmt_bind_id(s, ":seat", session_peer(p->session));
		is_revoked = stmt_step(s) == 1 &&
			     !(stmt_is_null(s, 6) && stmt_is_null(s, 12));
		stmt_reset(s);
		if (is_revoked && !p->is_revoked)
			node_end_session(p, ERR_NOT_PERMITTED);
	}
}

/* Covers begin and end, emergency access runs out; once an hour. The round's
 * commit makes it durable. */
static void follow_clock(struct node *n)
{
	int64_t hour = env_now_s(n->cfg.env) / 3600;
	int r;

	if (hour == n->clock_hour)
		return;
	n->clock_hour = hour;
	r = ledger_begin(n->ledger);
	if (r == 0)
		r = feed_follow_clock(n->ledger);
	if (r < 0)
		note_event("clock.failed", "error=%s detail=%s", err_name(r),
		    err_detail());
}

static void on_tick(void *ctx, uint64_t now_ms)
{
	struct node *n = ctx;
	int64_t idle_ms = (int64_t)n->cfg.until_idle_s * 1000;
	bool has_guest = false;
	int r;

	for (struct peer *p = n->peers; p; p = p->next) {
		has_guest = has_guest || p->channel;
		r = p->session ? session_tick(p->session, now_ms) : 0;
		if (r < 0)
			node_end_session(p, r);
		else if (p->session && channel_is_expired(p->channel))
			node_end_session(p, ERR_EXPIRED);
		else if (p->session && session_is_due(p->session))
			node_make_busy(p);
		if (p->session)
			node_flush(p);
	}
	inbox_tick(n);
	cut_revoked(n, now_ms);
	node_tell_crews(n, now_ms);
	follow_clock(n);
	if (!n->busy)
		store_rest(ledger_store(n->ledger));
	note_refused(n);
	if (has_guest)
		n->last_seen_ms = now_ms;
	if (idle_ms > 0 && (int64_t)(now_ms - n->last_seen_ms) >= idle_ms)
		net_loop_stop(n->loop);
}

static void on_signal(void *ctx)
{
	struct node *n = ctx;
	struct signalfd_siginfo info;

	if (read(n->signals, &info, sizeof(info)) > 0)
		note_event("node.signal", "number=%u", info.ssi_signo);
	net_loop_stop(n->loop);
}

/* ---- beginning and end -------------------------------------------------- */

static void set_limits(struct node *n)
{
	limits_defaults(&n->limits_cfg);
	for (size_t i = 0; i < n->site->limit_count; i++) {
		const struct site_limit *from = &n->site->limits[i];
		struct limits_row *row =
		    &n->limits_cfg.prefix[n->limits_cfg.prefixes];
		if (!net_prefix_parse(row, from->prefix)) {
			note_event("site.limit", "bad=%.60s", from->prefix);
			continue;
		}
		row->half_open = (unsigned)from->half_open;
		row->failures = (unsigned)from->failures;
		row->refill_ms = n->limits_cfg.any.refill_ms;
		n->limits_cfg.prefixes++;
	}
	n->limits = limits_new(&n->limits_cfg);
}

static int listen_all(struct node *n)
{
	struct buf path = {0}, text = {0};
	int fd = -1, ctl = fcntl(n->cfg.ctl, F_DUPFD_CLOEXEC, 3), r;

	r = net_listen(&fd, &n->port, n->cfg.host, n->cfg.port);
	if (r == 0)
		r = net_loop_listen(n->loop, fd);
	if (r == 0 && ctl < 0)
		r = err_set(ERR_IO, "control socket");
	if (r == 0)
		r = net_loop_listen_ctl(n->loop, ctl);
	else
		net_close(&ctl);
	home_path(&path, home_dir(n->cfg.home), "port");
	buf_printf(&text, "%u\n", n->port);
	if (r == 0)
		r = program_write(buf_text(&path), &text, 0644);
	buf_fini(&path);
	buf_fini(&text);
	return r;
}

static int watch_signals(struct node *n)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* Whoever collects the log may die; the centre goes on. */
	signal(SIGPIPE, SIG_IGN);
	n->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (n->signals < 0)
		return err_set(ERR_IO, "signalfd");
	return net_loop_watch(n->loop, n->signals, on_signal, n);
}

static void set_up(struct node *n)
{
	const struct identity *me = home_identity(n->cfg.home);

	n->ledger = home_ledger(n->cfg.home);
	n->site = home_site(n->cfg.home);
	n->channel_cfg = (struct channel_cfg){.org = n->site->org,
	    .node = me->seat,
	    .static_sk = me->dh->bytes,
	    .find_psk = node_find_psk,
	    .ctx = n};
	n->handlers = (struct net_handlers){
	    on_open, on_bytes, on_close, node_turn, on_tick, on_refuse, n};
	n->stats.started_s = env_now_s(n->cfg.env);
	n->last_seen_ms = env_mono_ms(n->cfg.env);
	net_raise_files(FILES_WANTED);
	set_limits(n);
}

int node_new(struct node **out, const struct node_cfg *cfg)
{
	struct node *n = mem_new(sizeof(*n));
	int r;

	n->cfg = *cfg;
	n->signals = -1;
	set_up(n);
	r = net_loop_new(&n->loop, &n->handlers, n->limits, cfg->env);
	if (r == 0)
		r = listen_all(n);
	if (r == 0)
		r = watch_signals(n);
	if (r == 0)
		r = inbox_open(n);
	if (r < 0)
		node_free(&n);
	else
		*out = n;
	return r;
}

int node_run(struct node *n)
{
	int r = 0;

	note_event("node.serving", "port=%u", n->port);
	publish_note_passed(home_store(n->cfg.home));
	while (r == 0 && !net_loop_is_stopped(n->loop)) {
		r = net_loop_step(n->loop, node_has_more(n) ? 0 : -1);
		node_run_job(n);
	}
	note_event("node.stopped", "commits=%llu",
	    (unsigned long long)n->stats.commits);
	return n->failure < 0 ? n->failure : r;
}

void node_free(struct node **at)
{
	struct node *n = *at;

	if (!n)
		return;
	*at = NULL;
	if (n->loop)
		net_loop_free(&n->loop);
	inbox_close(n);
	if (n->signals >= 0)
		close(n->signals);
	limits_free(&n->limits);
	free(n->heard);
	free(n);
}
