/* door.c - a terminal's end of the control socket's protocol (ctl.h). */
#define _GNU_SOURCE
#include "sync/door.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/tr.h"
#include "keys/secret.h"
#include "sync/client.h"
#include "sync/ctl.h"
#include "sync/home.h"
#include "sync/key_verbs.h"
#include "sync/log_verbs.h"
#include "sync/net.h"
#include "sync/request.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_MS 10000 /* for a whole line to come */
#define SETTLE_MS 15000  /* for the centre to have what was recorded */
#define ANSWER_MS 60000  /* for the answer to be read */
#define SOON_MS 100      /* while something waits for the centre */

enum guest_state {
	GUEST_SPEAKS,
	GUEST_WAITS, /* for the centre */
	GUEST_LISTENS
};

struct guest {
	int fd;
	enum guest_state state;
	uint64_t until_ms;
	struct buf in, out, late;
};

struct door {
	struct door_cfg cfg;
	int listener;
	struct hash challenge; /* zeros: none is out */
	struct guest guests[DOOR_GUESTS];
	size_t count;
};

static uint64_t now_ms(const struct door *d)
{
	return env_mono_ms(d->cfg.env);
}

int door_new(struct door **out, const struct door_cfg *cfg)
{
	struct buf path = {0};
	int fd = -1, r;

	home_path(&path, home_dir(cfg->home), "ctl.sock");
	r = net_listen_ctl(&fd, buf_text(&path));
	buf_fini(&path);
	if (r < 0)
		return r;
	*out = mem_new(sizeof(**out));
	(*out)->cfg = *cfg;
	(*out)->listener = fd;
	return 0;
}

static void drop(struct door *d, size_t i)
{
	struct guest *g = &d->guests[i];

	net_close(&g->fd);
	secret_wipe(g->out.data, g->out.cap);
	secret_wipe(g->late.data, g->late.cap);
	buf_fini(&g->in);
	buf_fini(&g->out);
	buf_fini(&g->late);
	*g = d->guests[--d->count];
}

void door_free(struct door **at)
{
	struct door *d = *at;
	struct buf path = {0};

	if (!d)
		return;
	*at = NULL;
	while (d->count > 0)
		drop(d, 0);
	home_path(&path, home_dir(d->cfg.home), "ctl.sock");
	net_unlisten_ctl(&d->listener, buf_text(&path));
	buf_fini(&path);
	free(d);
}

/* ---- one request -------------------------------------------------------- */

static void finish(struct door *d, struct guest *g, int code)
{
	ctl_finish(&g->out, code, code < 0 ? err_told() : "");
	g->state = GUEST_LISTENS;
	g->until_ms = now_ms(d) + ANSWER_MS;
}

/* One use, whatever comes of it. */
static int run_key(
    struct door *d, struct guest *g, const struct ctl_request *asked)
{
	struct program_owner owner = {
	    .home = d->cfg.home, .out = &g->out, .late = &g->late};
	struct hash challenge = d->challenge;
	int r;

	d->challenge = (struct hash){{0}};
	r = key_answer(&owner, &(struct key_ask){.words = asked->words + 1,
				   .count = asked->count - 1,
				   .proof = asked->proof,
				   .challenge = &challenge});
	if (r == 0 && owner.is_unsettled) {
		g->state = GUEST_WAITS;
		g->until_ms = now_ms(d) + SETTLE_MS;
		client_retry(d->cfg.client);
	}
	return r;
}

static int run_log(
    struct door *d, struct guest *g, const struct ctl_request *asked)
{
	/* It writes below a session, which would then speak of the past. */
	if (strcmp(asked->words[0], "unpack") == 0)
		client_hang_up(d->cfg.client);
	return log_request(&(struct request){.home = d->cfg.home,
	    .env = d->cfg.env,
	    .words = asked->words,
	    .count = asked->count,
	    .out = &g->out});
}

static int give_challenge(struct door *d, struct guest *g)
{
	char hex[HASH_HEX];

	env_random(d->cfg.env, d->challenge.b, sizeof(d->challenge.b));
	hash_hex(hex, &d->challenge);
	buf_str(&g->out, hex);
	return 0;
}

static int run(struct door *d, struct guest *g, const struct ctl_request *asked)
{
	if (strcmp(asked->words[0], "challenge") == 0)
		return give_challenge(d, g);
	if (strcmp(asked->words[0], "key") == 0)
		return run_key(d, g, asked);
	return run_log(d, g, asked);
}

static void answer(struct door *d, struct guest *g, size_t line_len)
{
	enum lang was = tr_lang(), lang;
	struct ctl_request asked;
	int r = ctl_read(&asked, buf_text(&g->in), line_len);

	if (r == 0) {
		if (tr_parse(&lang, asked.lang) == 0)
			tr_use(lang);
		r = run(d, g, &asked);
		tr_use(was);
		ctl_request_fini(&asked);
	}
	if (g->state == GUEST_SPEAKS)
		finish(d, g, r);
}

/* ---- guests ------------------------------------------------------------- */

static void let_in(struct door *d)
{
	int fd = -1;

	while (d->count < DOOR_GUESTS &&
	       net_accept_ctl(&fd, d->listener) == 0 && fd >= 0)
		d->guests[d->count++] = (struct guest){
		    .fd = fd, .until_ms = now_ms(d) + REQUEST_MS};
}

static int listen_to(struct door *d, struct guest *g)
{
	const uint8_t *lf;
	int r = net_read(&g->in, g->fd);

	if (g->in.len > CTL_LINE_MAX)
		return ERR_TOO_LARGE;
	lf = g->in.len ? memchr(g->in.data, '\n', g->in.len) : NULL;
	if (!lf)
		return r;
	answer(d, g, (size_t)(lf - g->in.data));
	return 0;
}

static void wait_for_centre(struct door *d, struct guest *g)
{
	struct client_status s;

	client_status(&s, d->cfg.client);
	if (s.is_settled) {
		buf_add(&g->out, g->late.data, g->late.len);
		finish(d, g, 0);
	} else if (now_ms(d) >= g->until_ms) {
		finish(
		    d, g, err_set(ERR_UNREACHABLE, "saved; not yet received"));
	}
}

/* Negative when this guest is done with. */
static int serve(struct door *d, struct guest *g)
{
	int r = 0;

	if (g->state == GUEST_SPEAKS)
		r = listen_to(d, g);
	if (g->state == GUEST_WAITS)
		wait_for_centre(d, g);
	if (r == 0 && g->state == GUEST_LISTENS) {
		r = net_write(&g->out, g->fd);
		if (r == 0 && g->out.len == 0)
			return ERR_UNREACHABLE;
	}
	if (r == 0 && g->state != GUEST_WAITS && now_ms(d) >= g->until_ms)
		r = ERR_EXPIRED;
	return r;
}

void door_step(struct door *d)
{
	let_in(d);
	for (size_t i = 0; i < d->count;)
		if (serve(d, &d->guests[i]) < 0)
			drop(d, i);
		else
			i++;
}

size_t door_fds(struct door_fd out[DOOR_GUESTS + 1], const struct door *d)
{
	size_t n = 0;

	if (d->count < DOOR_GUESTS)
		out[n++] = (struct door_fd){d->listener, POLLIN};
	for (size_t i = 0; i < d->count; i++) {
		const struct guest *g = &d->guests[i];
		if (g->state == GUEST_SPEAKS)
			out[n++] = (struct door_fd){g->fd, POLLIN};
		else if (g->state == GUEST_LISTENS)
			out[n++] = (struct door_fd){g->fd, POLLOUT};
	}
	return n;
}

uint64_t door_wake_ms(const struct door *d)
{
	uint64_t wake = UINT64_MAX;

	for (size_t i = 0; i < d->count; i++) {
		const struct guest *g = &d->guests[i];
		uint64_t at =
		    g->state == GUEST_WAITS ? now_ms(d) + SOON_MS : g->until_ms;
		if (at < wake)
			wake = at;
	}
	return wake;
}
