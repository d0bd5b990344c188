/*
 * shift.c - a seat at work: ledger, connection, desk.
 */
#include "tui/shift.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/text.h"
#include "keys/identity.h"
#include "sync/client.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "tui/app.h"

#include <stdlib.h>
#include <string.h>

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

static void sync_state(void *ctx, struct desk_sync *out)
{
	struct shift *s = ctx;
	struct client_status status;

	client_status(&status, s->client);
	*out = (struct desk_sync){
	    .is_online = status.state == CLIENT_ONLINE,
	    .unsent = status.unsent,
	    .heard_s = status.state == CLIENT_ONLINE ? status.synced_s
						     : status.since_s,
	    .rtt_ms = -1,
	};
}

static void sync_now(void *ctx)
{
	client_retry(((struct shift *)ctx)->client);
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
	    .log = {record, undo, next_seq, ledger},
	    .sync_state = sync_state,
	    .sync_now = sync_now,
	    .sync_ctx = s,
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

	s->watched_fd = -1;
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
	};
	s->client = client_new(&cfg);
	shift_learn(s);
	if (!s->desk.catalog) {
		shift_close(&s);
		return ERR_DAMAGED;
	}
	*out = s;
	return 0;
}

void shift_close(struct shift **shift)
{
	struct shift *s = *shift;

	if (!s)
		return;
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

void shift_turn(struct shift *s, struct app *app)
{
	uint64_t now = env_mono_ms(s->desk.env), wake;
	int fd;

	client_step(s->client);
	fd = client_fd(s->client);
	if (s->watched_fd >= 0 && s->watched_fd != fd)
		app_unwatch(app, s->watched_fd);
	if (fd >= 0)
		app_watch(app, fd, client_events(s->client), woken, s);
	s->watched_fd = fd;
	wake = client_wake_ms(s->client);
	if (wake != UINT64_MAX)
		app_timer(app, wake > now ? wake - now : 1, on_time, s);
}

void shift_leave(struct shift *s, struct app *app)
{
	if (s->watched_fd >= 0)
		app_unwatch(app, s->watched_fd);
	s->watched_fd = -1;
	app_untimer(app, on_time, s);
}
