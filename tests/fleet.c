/* fleet.c - a thousand seats in one process, without stores. */
#define _GNU_SOURCE
#include "tests/fleet.h"

#include "tests/bench.h"
#include "tests/programs.h"

#include "core/draft.h"
#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/store.h"
#include "keys/hash.h"
#include "keys/ring.h"
#include "keys/seal.h"
#include "keys/secret.h"
#include "sync/anchor.h"
#include "sync/commit.h"
#include "sync/ledger_impl.h"
#include "sync/net.h"
#include "sync/program.h"
#include "sync/session_impl.h"
#include "sync/site.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#define A_TEAM 10
#define A_RECORD 100 /* seats granted by one */
#define HALF_OPEN 3  /* the centre lets four of an address in at once */
#define EVENTS 256

static void must(int r)
{
	if (r < 0) {
		fprintf(stderr, "%s: %s\n", err_name(r), err_detail());
		abort();
	}
}

static json_t *hex(const void *data)
{
	char text[65];

	hex_encode(text, data, 32);
	return json_string(text);
}

/* ---- who they are ---- */

static struct id team_of(size_t seat)
{
	struct id id = {{0x7e}};

	id.b[14] = (uint8_t)(seat / A_TEAM >> 8);
	id.b[15] = (uint8_t)(seat / A_TEAM);
	return id;
}

static void draft_grant(struct draft *d, struct home *op,
    const struct fleet_seat *s, const struct id *team)
{
	const struct id *roster = ledger_roster(home_ledger(op));
	json_t *b = json_pack("{s:s,s:s,s:s,s:I,s:I}", "member", s->member,
	    "name", s->member, "role", "agent", "from_s", (json_int_t)0,
	    "until_s", (json_int_t)4000000000);

	draft_put_id(b, "team", team);
	draft_add(d, KIND_MEMBER_GRANTED, roster, b);
	b = json_pack("{s:s,s:i,s:s,s:I,s:I}", "member", s->member, "ordinal",
	    1, "terminal", "T", "from_s", (json_int_t)0, "until_s",
	    (json_int_t)4000000000);
	draft_put_id(b, "seat", &s->me->seat);
	json_put(b, "sign_key", hex(s->me->sign_pk));
	json_put(b, "dh_key", hex(s->me->dh_pk));
	draft_add(d, KIND_SEAT_GRANTED, roster, b);
}

/* By the operator, a hundred a record. */
static void grant_all(struct fleet *f, struct hospital *h)
{
	struct home *op;

	hospital_serve(h);
	op = hospital_open(h, "seats/O001", "o001");
	must(hospital_settle(op));
	for (size_t i = 0; i < f->n;) {
		struct draft d = {0};
		for (int k = 0; k < A_RECORD && i < f->n; k++, i++) {
			struct fleet_seat *s = &f->seats[i];
			const struct id team = team_of(i);
			snprintf(s->member, sizeof(s->member), "A%04u",
			    (unsigned)i % 10000);
			s->me =
			    identity_new(&home_site(op)->org, program_env());
			s->fd = -1;
			draft_grant(&d, op, s, &team);
		}
		must(ledger_record(home_ledger(op), &d, NULL));
		draft_fini(&d);
	}
	must(hospital_settle(op));
	home_close(&op);
	hospital_stop(h, SIGTERM);
}

static void give_patient(struct fleet_seat *s, size_t i, struct ledger *l)
{
	const struct id team = team_of(i);
	struct draft d = {0};
	json_t *b = json_pack("{s:s,s:s,s:i,s:[{s:s,s:s,s:b}]}", "name",
	    "欧阳建国", "sex", "male", "birth_day", -4000, "phones", "number",
	    "13800000000", "relation", "self", "consent", 1);

	env_random(program_env(), s->patient.b, sizeof(s->patient.b));
	draft_add(&d, KIND_PATIENT_REGISTERED, &s->patient, b);
	b = json_pack("{s:s,s:s}", "member", s->member, "reason", "initial");
	draft_put_id(b, "patient", &s->patient);
	draft_add(&d, KIND_ASSIGNED, &team, b);
	must(ledger_add(l, &d, NULL));
	draft_fini(&d);
}

static int take_key(void *ctx, const struct hash *kid, const struct secret *key)
{
	struct fleet_seat *s = ctx;

	secret_free(&s->key);
	s->key = secret_dup(key->bytes, SECRET_KEY);
	s->kid = *kid;
	return 0;
}

/* What the seat has, as if it had been there. */
static void load(struct fleet *f, struct fleet_seat *s, struct ledger *l)
{
	struct stmt *q = store_query(l->cfg.store, Q_FEED_TAIL);

	stmt_bind_id(q, ":seat", &s->me->seat);
	if (stmt_step(q) != 1)
		abort();
	s->feed = (uint64_t)stmt_int(q, 0);
	stmt_hash(&s->chain, q, 1);
	stmt_reset(q);
	must(ring_each(l->ring, &s->patient, take_key, s));
	f->seen = l->seen;
	s->lamport = l->seen_lmax;
}

void fleet_init(struct fleet *f, struct hospital *h, size_t n)
{
	struct home *node;
	struct ledger *l;

	*f = (struct fleet){.n = n};
	f->seats = mem_array(n, sizeof(*f->seats));
	grant_all(f, h);
	node = hospital_open(h, "node", NULL);
	l = home_ledger(node);
	must(ledger_begin(l));
	for (size_t i = 0; i < n; i++)
		give_patient(&f->seats[i], i, l);
	must(ledger_commit(l));
	home_close(&node);
	node = hospital_open(h, "node", NULL);
	f->site = mem_dup(home_site(node), sizeof(*f->site));
	for (size_t i = 0; i < n; i++)
		load(f, &f->seats[i], home_ledger(node));
	home_close(&node);
	f->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (f->epoll < 0)
		abort();
}

static void hang_up(struct fleet_seat *s)
{
	net_close(&s->fd);
	channel_free(&s->channel);
	s->is_open = false;
}

void fleet_fini(struct fleet *f)
{
	for (size_t i = 0; i < f->n; i++) {
		struct fleet_seat *s = &f->seats[i];
		hang_up(s);
		for (size_t k = s->work_done; k < s->work_count; k++)
			buf_fini(&s->work[k]);
		free(s->work);
		free(s->work_seq);
		secret_free(&s->key);
		identity_free(&s->me);
	}
	net_close(&f->epoll);
	free(f->seats);
	free(f->site);
}

/* ---- what they have to say ---- */

static const char text[] = "{\"text\":\"血压控制良好，已告知下次复诊时间\"}";

static void seal(struct fleet_seat *s, struct record *r, struct buf *box)
{
	struct record_entry *e = &r->entries[0];
	struct buf body = {0}, ad = {0};

	memset(e, 0, sizeof(*e));
	snprintf(
	    e->kind, sizeof(e->kind), "%s", kind_info(KIND_NOTE_ADDED)->name);
	e->version = (uint64_t)kind_info(KIND_NOTE_ADDED)->version;
	e->stream = s->patient;
	e->mode = MODE_STREAM;
	e->kid = s->kid;
	buf_add(&body, text, strlen(text));
	commit_box_ad(&ad, r, 0);
	must(seal_box(box, s->key, &ad, &body, program_env()));
	e->len = (uint32_t)box->len;
	hash_blake2b256(&e->box, box->data, box->len);
	buf_fini(&body);
	buf_fini(&ad);
}

/* One record more of the seat, as the message that gives it. */
static void make(struct fleet *f, struct fleet_seat *s, struct buf *out)
{
	static struct record r;
	struct buf frame = {0}, box = {0}, bytes = {0}, msg = {0};
	struct msg_give m = {0};

	memset(&r, 0, offsetof(struct record, entries));
	r.org = f->site->org;
	r.seat = s->me->seat;
	chain_continue(&r, &s->head);
	r.lamport = ++s->lamport;
	r.seen = f->seen;
	r.at_s = env_now_s(program_env());
	r.count = 1;
	seal(s, &r, &box);
	must(commit_sign(&r, s->me));
	record_write(&frame, &r);
	commit_write(&bytes, &r, s->me->sign_pk);
	commit_name_of(&s->head.name, bytes.data, bytes.len);
	s->head.seq = r.seq;
	m.frame = frame.data;
	m.frame_len = frame.len;
	m.boxes.count = 1;
	m.boxes.at[0] = box.data;
	m.boxes.len[0] = box.len;
	wire_give(&msg, &m);
	buf_block(out, msg.data, msg.len);
	buf_fini(&frame);
	buf_fini(&box);
	buf_fini(&bytes);
	buf_fini(&msg);
}

void fleet_work(struct fleet *f, struct fleet_seat *s, int syncs, int records)
{
	size_t n = s->work_count + (size_t)syncs;

	s->work = mem_grow(s->work, n, sizeof(*s->work));
	s->work_seq = mem_grow(s->work_seq, n, sizeof(*s->work_seq));
	for (int i = 0; i < syncs; i++) {
		struct buf *out = &s->work[s->work_count];
		*out = (struct buf){0};
		for (int k = 0; k < records; k++)
			make(f, s, out);
		s->work_seq[s->work_count++] = s->head.seq;
	}
}

/* ---- the session ---- */

static void flush(struct fleet_seat *s)
{
	must(net_write(channel_out(s->channel), s->fd));
}

static void send_hello(struct fleet_seat *s, const struct fleet *f)
{
	struct msg_hello m = {.seat = s->me->seat,
	    .feed = s->feed,
	    .chain = s->chain,
	    .size = f->seen.size};
	struct session bound = {0};

	memcpy(bound.handshake, channel_handshake_hash(s->channel),
	    sizeof(bound.handshake));
	wire_hello_signed(&bound.out, &m);
	session_bind(m.signature, &bound, 'T', s->me->sign);
	wire_hello(&bound.out, &m);
	must(channel_send(s->channel, bound.out.data, bound.out.len));
	buf_fini(&bound.out);
}

static void take_receipt(
    struct fleet *f, struct fleet_seat *s, const uint8_t *msg, size_t n)
{
	struct msg_receipt m;
	struct buf signed_text = {0};
	size_t done = 0;

	must(wire_read_receipt(&m, msg, n));
	anchor_signed(&signed_text, &f->site->org, &m);
	if (!sign_is_valid(m.signature, f->site->node.sign_pk, signed_text.data,
		signed_text.len))
		abort();
	buf_fini(&signed_text);
	s->received = m.seq;
	while (done < s->due_count && s->due[done].seq <= m.seq) {
		if (f->on_receipt)
			f->on_receipt(
			    f->ctx, s, bench_ms() - s->due[done].at_ms);
		done++;
	}
	s->due_count -= done;
	memmove(s->due, s->due + done, s->due_count * sizeof(*s->due));
}

static void take_item(struct fleet_seat *s, const uint8_t *msg, size_t n)
{
	static struct msg_record m;

	must(wire_read_record(&m, msg, n));
	s->feed = m.n;
	s->owes_took = true;
}

static void say_number(struct fleet_seat *s, enum msg what, uint64_t number)
{
	struct buf out = {0};

	wire_number(&out, what, number);
	must(channel_send(s->channel, out.data, out.len));
	buf_fini(&out);
}

static void leave(const struct fleet_seat *s, const uint8_t *msg, size_t n)
{
	uint64_t code = 0;

	must(wire_read_number(&code, msg, n));
	fprintf(
	    stderr, "the centre leaves %s: -%u\n", s->member, (unsigned)code);
	abort();
}

static void hear(
    struct fleet *f, struct fleet_seat *s, const uint8_t *msg, size_t n)
{
	switch ((int)wire_peek(msg, n)) {
	case MSG_WELCOME:
		s->is_open = true;
		break;
	case MSG_RECEIPT:
		take_receipt(f, s, msg, n);
		break;
	case MSG_RECORD:
		take_item(s, msg, n);
		break;
	case MSG_PING:
		say_number(s, MSG_PONG, 0);
		break;
	case MSG_CHECKPOINT:
	case MSG_BASIS:
	case MSG_ATTEST:
	case MSG_LEASE:
	case MSG_CREW:
		break;
	case MSG_BYE:
		leave(s, msg, n);
		break;
	default:
		fprintf(stderr, "message %d of the centre\n",
		    (int)wire_peek(msg, n));
		abort();
	}
}

static void read_some(struct fleet *f, struct fleet_seat *s)
{
	static struct buf in;
	bool was_ready = channel_is_ready(s->channel);
	const uint8_t *msg;
	size_t n;

	buf_clear(&in);
	must(net_read(&in, s->fd));
	must(channel_feed(s->channel, in.data, in.len));
	if (!was_ready && channel_is_ready(s->channel))
		send_hello(s, f);
	while (channel_next(&msg, &n, s->channel))
		hear(f, s, msg, n);
	if (s->owes_took)
		say_number(s, MSG_TOOK, s->feed);
	s->owes_took = false;
	flush(s);
}

void fleet_step(struct fleet *f, int timeout_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(f->epoll, events, EVENTS, timeout_ms);

	for (int i = 0; i < n; i++)
		read_some(f, events[i].data.ptr);
}

static void dial(struct fleet *f, struct fleet_seat *s)
{
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = s};
	struct net_dial *d;
	char address[NET_ADDRESS_TEXT];

	snprintf(
	    address, sizeof(address), "%.40s:%u", f->site->host, f->site->port);
	must(net_dial_new(&d, address));
	while (s->fd < 0) {
		must(net_dial_step(&s->fd, d));
		if (s->fd < 0)
			net_wait(net_dial_fd(d), true, 10);
	}
	net_dial_free(&d);
	s->cfg = (struct channel_cfg){.org = f->site->org,
	    .static_sk = s->me->dh->bytes,
	    .purpose = PURPOSE_SESSION,
	    .node_pk = f->site->node.dh_pk};
	s->channel = channel_new_initiator(&s->cfg, program_env());
	if (epoll_ctl(f->epoll, EPOLL_CTL_ADD, s->fd, &e) < 0)
		abort();
	flush(s);
}

void fleet_connect(struct fleet *f)
{
	size_t open = 0;

	for (size_t next = 0; open < f->n;) {
		while (next < f->n && next - open < HALF_OPEN)
			dial(f, &f->seats[next++]);
		fleet_step(f, 1000);
		while (open < next && f->seats[open].is_open)
			open++;
	}
}

bool fleet_give(struct fleet_seat *s, double due_ms)
{
	struct buf *work = &s->work[s->work_done];
	struct reader in;
	const uint8_t *msg;
	size_t n;

	if (s->work_done == s->work_count || s->due_count == FLEET_DUE)
		return false;
	in = reader_of(work->data, work->len);
	while (reader_left(&in) > 0) {
		msg = reader_block(&in, &n, 1 << 20);
		must(channel_send(s->channel, msg, n));
	}
	s->due[s->due_count++] =
	    (struct fleet_due){s->work_seq[s->work_done], due_ms};
	s->work_done++;
	buf_fini(work);
	flush(s);
	return true;
}
