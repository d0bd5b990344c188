/*
 * shift.c - a seat at work: ledger, connection, desk.
 */
#include "tui/shift.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/text.h"
#include "keys/identity.h"
#include "keys/keyfile.h"
#include "sync/alarm.h"
#include "sync/anchor.h"
#include "sync/audit.h"
#include "sync/client.h"
#include "sync/home.h"
#include "sync/lease.h"
#include "sync/ledger.h"
#include "tui/app.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* While somebody types, a key waits no longer than for a few records. */
#define TYPING_MS 2000
#define TYPING_PATIENCE_MS 1
#define PATIENCE_MS 20

#define WAIT_MS 1000

static int record(void *ctx, const struct draft *draft, uint64_t *seq)
{
	return ledger_record(ctx, draft, seq);
}

static int undo(void *ctx, const struct id *seat, uint64_t seq)
{
	return ledger_undo(ctx, seat, seq);
}

static uint64_t next_seq(void *ctx)
{
	return ledger_next_seq(ctx);
}

/* What waiting does not mend; a person must know that it is no matter of the
 * network. */
static int refusal(const struct client_status *status)
{
	if (status->is_revoked)
		return ERR_REVOKED;
	if (status->state == CLIENT_ONLINE || status->alarm ||
	    status->error == ERR_UNREACHABLE)
		return 0;
	return status->error;
}

struct desk_log shift_log(struct ledger *ledger)
{
	return (struct desk_log){record, undo, next_seq, ledger};
}

static void sync_state(void *ctx, struct desk_sync *out)
{
	struct shift *s = ctx;
	struct alarm_state alarm = {0};
	struct client_status status;
	int64_t left;

	client_status(&status, s->client);
	left = ledger_lease_left_s(home_ledger(s->home));
	if (alarm_read(&alarm, s->desk.store) < 0)
		alarm.count = 0;
	*out = (struct desk_sync){
	    .is_online = status.state == CLIENT_ONLINE,
	    .is_connecting = status.state == CLIENT_CONNECTING,
	    .is_current = status.is_current,
	    .unsent = status.unsent,
	    .given = status.given,
	    .taken = status.taken,
	    .in_feed = status.in_feed,
	    .is_recovering = status.is_recovering,
	    .heard_s = status.state == CLIENT_ONLINE ? status.synced_s
						     : status.since_s,
	    .rtt_ms = status.rtt_ms ? status.rtt_ms : -1,
	    .clock_is_back = ledger_clock_is_back(home_ledger(s->home)),
	    .has_lease = left != INT64_MAX,
	    .lease_left_s = left,
	    .alarm = status.alarm,
	    .refusal = refusal(&status),
	    .evidence = alarm.count,
	};
	text_copy(out->address, sizeof(out->address), status.address);
	desk_key_words(out->key, home_site(s->home)->node.dh_pk);
}

static const struct crew_seat *crew(void *ctx, size_t *count)
{
	return client_crew(count, ((struct shift *)ctx)->client);
}

static void freshness(void *ctx, struct freshness *out)
{
	home_freshness(out, ((struct shift *)ctx)->home);
}

static void sync_now(void *ctx)
{
	client_retry(((struct shift *)ctx)->client);
}

static int passwd(
    void *ctx, const struct secret *old_one, const struct secret *new_one)
{
	const struct shift *s = ctx;
	struct keyfile_opener opener = {
	    .passphrase = old_one, .env = s->desk.env};
	struct keyfile_public pub;
	struct buf path = {0};
	int rc;

	home_path(&path, home_dir(s->home), "seat.key");
	rc = keyfile_read(&pub, buf_text(&path));
	if (rc == 0)
		rc =
		    keyfile_passwd(buf_text(&path), &opener, new_one, &pub.kdf);
	buf_fini(&path);
	return rc;
}

/* Keeps the first fault. */
static void take_fault(void *ctx, const char *record, int code, const char *why)
{
	struct desk_verify *out = ctx;

	(void)code;
	if (!out->fault[0])
		snprintf(out->fault, sizeof(out->fault), "%.30s: %.45s", record,
		    why);
}

static int verify(void *ctx, struct desk_verify *out)
{
	const struct shift *s = ctx;
	struct audit audit = {.ledger = home_ledger(s->home),
	    .node_dh_pk = home_site(s->home)->node.dh_pk};
	struct audit_report report = {0};
	int rc;

	*out = (struct desk_verify){.records = 0};
	rc = audit_run(&report, &audit, take_fault, out);
	out->records = report.records;
	out->seats = report.seats;
	out->places = report.leaves;
	return rc;
}

/* Of a fault only the reason: the record is the one asked about. */
static void take_reason(
    void *ctx, const char *record, int code, const char *why)
{
	struct desk_proof *out = ctx;

	(void)record;
	(void)code;
	if (!out->fault[0])
		text_copy(out->fault, sizeof(out->fault), why);
}

static int prove(
    void *ctx, struct desk_proof *out, const struct id *seat, uint64_t seq)
{
	const struct shift *s = ctx;
	struct audit audit = {.ledger = home_ledger(s->home),
	    .node_dh_pk = home_site(s->home)->node.dh_pk};
	struct ref ref = {.seat = *seat, .seq = seq, .index = 1};
	struct audit_proof p = {.size = 0};
	int rc;

	*out = (struct desk_proof){.size = 0};
	rc = audit_prove(
	    &p, &audit, &ref, (struct audit_faults){take_reason, out});
	if (rc < 0 && rc != ERR_CHECK)
		return rc;
	snprintf(out->key, sizeof(out->key), "%02x%02x %02x%02x %02x%02x",
	    p.sign_pk[0], p.sign_pk[1], p.sign_pk[2], p.sign_pk[3],
	    p.sign_pk[4], p.sign_pk[5]);
	hash_hex(out->hash, &p.name.hash);
	for (size_t i = 0; i < sizeof(p.name.git.b); i++)
		snprintf(out->git + 2 * i, 3, "%02x", p.name.git.b[i]);
	out->is_linked = p.is_linked;
	out->boxes = (int)p.boxes;
	out->withheld = (int)p.withheld;
	out->is_placed = p.is_placed;
	out->placed_s = p.place.node_s;
	out->size = p.size;
	return rc;
}

static void read_terminal(struct desk *d)
{
	struct stmt *s = store_query(d->store, Q_DESK_SEAT);

	stmt_bind_id(s, ":seat", &d->seat);
	if (stmt_step(s) == 1)
		text_copy(d->terminal, sizeof(d->terminal), stmt_text(s, 0));
	stmt_reset(s);
}

bool shift_learn(struct shift *s)
{
	struct ledger *ledger = home_ledger(s->home);
	struct desk *d = &s->desk;
	char before = d->role;

	d->role = ledger_role(ledger);
	d->ordinal = ledger_ordinal(ledger);
	d->team = ledger_team(ledger);
	if (*ledger_member(ledger))
		text_copy(d->member, sizeof(d->member), ledger_member(ledger));
	read_terminal(d);
	return desk_init(d) == 0 && d->role != before;
}

static void set_desk(struct shift *s, const struct env *env)
{
	struct ledger *ledger = home_ledger(s->home);

	s->desk = (struct desk){
	    .store = home_store(s->home),
	    .env = env,
	    .seat = home_identity(s->home)->seat,
	    .log = shift_log(ledger),
	    .sync_state = sync_state,
	    .freshness = freshness,
	    .sync_now = sync_now,
	    .crew = crew,
	    .sync_ctx = s,
	    .keys = {.passwd = passwd,
		.verify = verify,
		.prove = prove,
		.ctx = s},
	};
	text_copy(s->desk.home, sizeof(s->desk.home), home_dir(s->home));
}

int shift_open(struct shift **out, const char *dir,
    const struct secret *passphrase, const struct env *env)
{
	struct shift *s = mem_new(sizeof(*s));
	struct home_opts opts = {
	    .dir = dir, .env = env, .passphrase = passphrase};
	int rc = home_open(&s->home, &opts);

	if (rc < 0) {
		free(s);
		return rc;
	}
	set_desk(s, env);
	struct client_cfg cfg = {
	    .ledger = home_ledger(s->home),
	    .site = home_site(s->home),
	    .env = env,
	    .address = home_address(s->home),
	    .home = s->home,
	};
	s->client = client_new(&cfg);
	/* Without a door the terminal works all the same. */
	if (door_new(&s->door, &(struct door_cfg){s->home, s->client, env}) < 0)
		s->door = NULL;
	shift_learn(s);
	if (!s->desk.catalog) {
		shift_close(&s);
		return ERR_DAMAGED;
	}
	*out = s;
	return 0;
}

static void keep_holding(struct shift *s, bool is_last)
{
	holding_keep(&s->holding,
	    &(struct holding_world){
		s->home, s->client, s->desk.env, s->desk.zone_s},
	    is_last);
}

void shift_close(struct shift **shift)
{
	struct shift *s = *shift;

	if (!s)
		return;
	keep_holding(s, true);
	door_free(&s->door);
	client_free(&s->client);
	desk_fini(&s->desk);
	home_close(&s->home);
	free(s);
	*shift = NULL;
}

/* The step is made in shift_turn; waking is all that is needed here. */
static void woken(void *ctx, short revents)
{
	(void)ctx;
	(void)revents;
}

static void on_time(void *ctx)
{
	(void)ctx;
}

static void unwatch(struct shift *s, struct app *app)
{
	while (s->watched_count > 0)
		app_unwatch(app, s->watched[--s->watched_count]);
}

static void watch(struct shift *s, struct app *app, int fd, short events)
{
	app_watch(app, fd, events, woken, s);
	s->watched[s->watched_count++] = fd;
}

static uint64_t step_door(struct shift *s, struct app *app)
{
	struct door_fd fds[DOOR_GUESTS + 1];
	size_t n;

	if (!s->door)
		return UINT64_MAX;
	n = door_fds(fds, s->door);
	for (size_t i = 0; i < n; i++)
		watch(s, app, fds[i].fd, fds[i].events);
	return door_wake_ms(s->door);
}

void shift_turn(struct shift *s, struct app *app)
{
	uint64_t now = env_mono_ms(s->desk.env), wake, other;

	unwatch(s, app);
	if (s->door)
		door_step(s->door);
	client_patience(s->client, app_idle_ms(app) < TYPING_MS
				       ? TYPING_PATIENCE_MS
				   : client_is_bulk(s->client) ? CLIENT_BULK_MS
							       : PATIENCE_MS);
	client_presence(s->client, s->presence);
	client_step(s->client);
	keep_holding(s, false);
	if (app_idle_ms(app) >= TYPING_MS)
		store_rest(s->desk.store);
	if (client_fd(s->client) >= 0)
		watch(s, app, client_fd(s->client), client_events(s->client));
	wake = client_wake_ms(s->client);
	other = step_door(s, app);
	if (other < wake)
		wake = other;
	if (wake != UINT64_MAX)
		app_timer(app, wake > now ? wake - now : 1, on_time, s);
}

void shift_wait(struct shift *s, int fd)
{
	struct pollfd fds[DOOR_GUESTS + 3];
	struct door_fd doors[DOOR_GUESTS + 1];
	uint64_t now, wake;
	size_t n, m;

	do {
		client_step(s->client);
		keep_holding(s, false);
		if (s->door)
			door_step(s->door);
		now = env_mono_ms(s->desk.env);
		wake = client_wake_ms(s->client);
		fds[0] = (struct pollfd){fd, POLLIN, 0};
		fds[1] = (struct pollfd){
		    client_fd(s->client), client_events(s->client), 0};
		n = 2;
		m = s->door ? door_fds(doors, s->door) : 0;
		for (size_t i = 0; i < m; i++)
			fds[n++] =
			    (struct pollfd){doors[i].fd, doors[i].events, 0};
		if (s->door && door_wake_ms(s->door) < wake)
			wake = door_wake_ms(s->door);
		wake = wake < now ? 0 : wake - now;
		store_rest(s->desk.store);
		(void)poll(fds, n, wake < WAIT_MS ? (int)wake : WAIT_MS);
	} while (!fds[0].revents);
}

void shift_leave(struct shift *s, struct app *app)
{
	unwatch(s, app);
	app_untimer(app, on_time, s);
}
