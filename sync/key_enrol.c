/*
 * key_enrol.c - a new terminal: its keys are made here and never leave, then
 * it asks to be let in: by a one-time code at the centre, or, for the first
 * operator, by a request file that the root signs.
 */
#include "core/err.h"
#include "core/mem.h"
#include "core/tr.h"
#include "keys/enrol.h"
#include "keys/secret.h"
#include "sync/channel.h"
#include "sync/home.h"
#include "sync/key_verbs.h"
#include "sync/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_MS 100
#define CONNECT_MS 10000
#define ANSWER_MS 10000

/* All that one enrolment holds. */
struct enrolling {
	struct program *p;
	char *dir;
	struct site *site;
	struct identity *me;
	struct enrol_request req;
	struct enrol_code code;
	uint8_t psk[ENROL_PSK];
	struct buf payload;
	struct channel *channel;
	int fd;
	bool was_answered; /* the node spoke */
};

/* ---- the connection ----------------------------------------------------- */

static int dial(struct enrolling *e)
{
	char address[NET_ADDRESS_TEXT];
	struct net_dial *d = NULL;
	uint64_t until = env_mono_ms(program_env()) + CONNECT_MS;
	int r;

	site_address(address, sizeof(address), e->site);
	r = net_dial_new(&d, program_opt(e->p, "address", address));
	while (r == 0) {
		r = net_dial_step(&e->fd, d);
		if (r < 0 || e->fd >= 0)
			break;
		if (env_mono_ms(program_env()) > until)
			r = err_set(ERR_UNREACHABLE, "connect");
		else
			net_wait(net_dial_fd(d), true, STEP_MS);
	}
	net_dial_free(&d);
	return r;
}

static void open_channel(struct enrolling *e, struct channel_cfg *cfg)
{
	*cfg = (struct channel_cfg){.org = e->site->org,
	    .static_sk = e->me->dh->bytes,
	    .purpose = PURPOSE_ENROL,
	    .node_pk = e->site->node.dh_pk,
	    .ticket = e->req.ticket,
	    .psk = e->psk,
	    .payload = e->payload.data,
	    .payload_len = e->payload.len};
	e->channel = channel_new_initiator(cfg, program_env());
}

/* A node that does not take the code hangs up in mid handshake: it tells
 * strangers no more than that. */
static int refused(const struct enrolling *e, int code)
{
	if (code == ERR_UNREACHABLE && e->was_answered)
		return err_set(ERR_CODE, "the centre hung up");
	return code;
}

/* Exchanges until the node's one-byte answer is there. */
static int converse(struct enrolling *e)
{
	uint64_t until = env_mono_ms(program_env()) + ANSWER_MS;
	struct buf in = {0};
	const uint8_t *msg;
	size_t n;
	int r = 0;

	while (r == 0 && !channel_next(&msg, &n, e->channel)) {
		struct buf *out = channel_out(e->channel);
		r = net_write(out, e->fd);
		if (r == 0 && env_mono_ms(program_env()) > until)
			r = err_set(ERR_UNREACHABLE, "no answer");
		if (r < 0)
			break;
		net_wait(e->fd, out->len > 0, STEP_MS);
		buf_clear(&in);
		r = net_read(&in, e->fd);
		e->was_answered = e->was_answered || in.len > 0;
		if (in.len > 0)
			r = channel_feed(e->channel, in.data, in.len);
	}
	if (r == 0)
		r = n == 1 && msg[0] == 0
			? 0
			: err_set(n == 1 ? -(int)msg[0] : ERR_PROTOCOL,
			      "the centre's answer");
	buf_fini(&in);
	return refused(e, r);
}

static int ask_centre(struct enrolling *e)
{
	struct channel_cfg cfg;
	char words[ENROL_WORDS];
	int r;

	enrol_ticket(e->req.ticket, &e->site->org, &e->code);
	enrol_psk(e->psk, &e->site->org, &e->code);
	enrol_payload_write(&e->payload, &e->req, e->me->sign);
	r = dial(e);
	if (r < 0)
		return r;
	open_channel(e, &cfg);
	r = converse(e);
	if (r == 0) {
		enrol_words(words, channel_handshake_hash(e->channel), &e->req);
		program_say(_("Read these six words to the person who gave "
			      "you the code; they must see the same:"));
		printf("%s\n", words);
	}
	return r;
}

/* ---- the request file --------------------------------------------------- */

static int write_request(struct enrolling *e)
{
	struct statement s = {.what = STATEMENT_OPERATOR,
	    .org = e->site->org,
	    .seat = e->me->seat};
	const char *name = program_opt(e->p, "name", "");
	struct paper paper;
	json_t *value;
	int r;

	if (!*name || strlen(name) >= sizeof(s.name))
		return err_set(ERR_USAGE, "--name");
	snprintf(s.member, sizeof(s.member), "%s", e->req.member);
	snprintf(s.name, sizeof(s.name), "%s", name);
	snprintf(s.terminal, sizeof(s.terminal), "%s", e->req.terminal);
	memcpy(s.sign_pk, e->me->sign_pk, SIGN_PUBLIC);
	memcpy(s.dh_pk, e->me->dh_pk, DH_KEY);
	paper_make(&paper, &s, e->me->sign);
	value = paper_json(&paper);
	r = program_write_json(program_opt(e->p, "request", ""), value);
	json_decref(value);
	return r;
}

/* ---- both --------------------------------------------------------------- */

static int read_call(struct enrolling *e)
{
	const char *member = program_opt(e->p, "member", "");
	const char *terminal = program_opt(e->p, "terminal", "");
	int r = home_read_site(&e->site, program_opt(e->p, "site", ""));

	if (r < 0)
		return r;
	if (!*member || strlen(member) > ENROL_MEMBER || !*terminal ||
	    strlen(terminal) > ENROL_TERMINAL)
		return err_set(ERR_USAGE, "--member, --terminal");
	if (program_has(e->p, "code") == program_has(e->p, "request"))
		return err_set(ERR_USAGE, "--code | --request");
	strcpy(e->req.member, member);
	strcpy(e->req.terminal, terminal);
	e->req.org = e->site->org;
	if (program_has(e->p, "code"))
		r = enrol_parse(&e->code, program_opt(e->p, "code", ""));
	return r;
}

static int make_home(struct enrolling *e)
{
	struct home_new n = {.dir = e->dir,
	    .member = e->req.member,
	    .me = e->me,
	    .env = program_env(),
	    .site_path = program_opt(e->p, "site", "")};
	struct secret *passphrase = NULL;
	int r = key_kdf(&n.kdf, e->p, NULL);

	if (r == 0)
		r = program_passphrase(
		    &passphrase, e->p, _("New passphrase"), true);
	n.passphrase = passphrase;
	if (r == 0)
		r = home_create(&n);
	secret_free(&passphrase);
	return r;
}

static void make_keys(struct enrolling *e)
{
	e->me = identity_new(&e->site->org, program_env());
	memcpy(e->req.sign_pk, e->me->sign_pk, SIGN_PUBLIC);
	memcpy(e->req.dh_pk, e->me->dh_pk, DH_KEY);
}

/* Keys that the centre has not taken are of no use: the next try makes new
 * ones. */
static int enrol(struct enrolling *e)
{
	int r = read_call(e);

	if (r < 0)
		return r;
	program_say_swap();
	make_keys(e);
	r = make_home(e);
	if (r < 0)
		return r;
	r = program_has(e->p, "code") ? ask_centre(e) : write_request(e);
	if (r < 0)
		home_discard(e->dir);
	return r;
}

int key_enrol(struct program *p)
{
	struct enrolling e = {.p = p, .dir = program_home_dir(p), .fd = -1};
	int r = enrol(&e);

	if (r == 0 && program_has(p, "code"))
		program_say(_("Then they let this terminal in: suifang-key "
			      "seat grant"));
	channel_free(&e.channel);
	net_close(&e.fd);
	buf_fini(&e.payload);
	if (e.me)
		identity_free(&e.me);
	secret_wipe(e.psk, sizeof(e.psk));
	secret_wipe(&e.code, sizeof(e.code));
	free(e.site);
	free(e.dir);
	return r;
}
