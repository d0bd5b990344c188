/*
 * node_enrol.c - a new seat knocks with a one-time code. The node checks the
 * code, keeps the request as a record, and waits for the person who issued
 * the code to grant the seat; it grants nothing itself.
 */
#include "core/clock.h"
#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/note.h"
#include "core/store.h"
#include "keys/enrol.h"
#include "keys/secret.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/node_impl.h"

#include <stdio.h>
#include <string.h>

#define TICKET_HEX (2 * ENROL_TICKET + 1)
#define TRIES_NAME 40

/* A code as the roster knows it. */
struct known_code {
	char member[ENROL_MEMBER + 1];
	char role[16];
	char terminal[ENROL_TERMINAL + 1];
	int64_t until_s;
	bool is_used;
	bool has_issuer;
	uint8_t issuer_dh[DH_KEY];
};

static void ticket_hex(char out[TICKET_HEX], const uint8_t ticket[ENROL_TICKET])
{
	hex_encode(out, ticket, ENROL_TICKET);
}

static int load_code(struct known_code *out, const struct node *n,
    const uint8_t ticket[ENROL_TICKET])
{
	struct stmt *s = store_query(ledger_store(n->ledger), Q_CODE_GET);
	char hex[TICKET_HEX];
	int r;

	*out = (struct known_code){0};
	ticket_hex(hex, ticket);
	stmt_bind_id(s, ":roster", ledger_roster(n->ledger));
	stmt_bind_text(s, ":ticket", hex);
	r = stmt_step(s);
	if (r == 1) {
		snprintf(
		    out->member, sizeof(out->member), "%s", stmt_text(s, 0));
		snprintf(out->role, sizeof(out->role), "%s", stmt_text(s, 1));
		snprintf(out->terminal, sizeof(out->terminal), "%s",
		    stmt_text(s, 2));
		out->until_s = stmt_int(s, 3);
		out->is_used = stmt_int(s, 4) != 0;
		out->has_issuer =
		    stmt_is_null(s, 6) &&
		    hex_decode(out->issuer_dh, DH_KEY, stmt_text(s, 5));
	}
	stmt_reset(s);
	return r < 0 ? r : r == 1 ? 0 : ERR_CODE;
}

/* ---- wrong tries -------------------------------------------------------- */

static void tries_name(char out[TRIES_NAME], const uint8_t ticket[ENROL_TICKET])
{
	char hex[TICKET_HEX];

	ticket_hex(hex, ticket);
	snprintf(out, TRIES_NAME, "enrol.tries.%s", hex);
}

static int record_used(struct node *n, json_t *body)
{
	struct draft draft = {0};
	int r;

	draft_add(&draft, KIND_CODE_USED, ledger_roster(n->ledger), body);
	r = ledger_record(n->ledger, &draft, NULL);
	draft_fini(&draft);
	return r;
}

static int burn(struct node *n, const uint8_t ticket[ENROL_TICKET])
{
	json_t *body = json_object();
	char hex[TICKET_HEX];

	ticket_hex(hex, ticket);
	json_put_str(body, "ticket", hex);
	json_put_flag(body, "burnt", true);
	note_event("enrol.burnt", "ticket=%s", hex);
	return record_used(n, body);
}

/* Durable, so that a restart does not give new tries. */
static int count_try(struct node *n, const uint8_t ticket[ENROL_TICKET])
{
	char name[TRIES_NAME];
	int64_t tries;
	int r;

	tries_name(name, ticket);
	r = store_meta_get_int(ledger_store(n->ledger), name, 0, &tries);
	if (r == 0)
		r = ledger_begin(n->ledger);
	if (r == 0)
		r = store_meta_set_int(
		    ledger_store(n->ledger), name, tries + 1);
	if (r == 0 && tries + 1 == ENROL_TRIES)
		r = burn(n, ticket);
	return r == 0 ? node_commit(n) : r;
}

static const char *why_refused(
    const struct node *n, const struct known_code *code, int loaded)
{
	if (loaded < 0)
		return "unknown";
	if (code->is_used)
		return "used";
	if (env_now_s(n->cfg.env) >= code->until_s)
		return "expired";
	return code->has_issuer ? "wrong" : "issuer";
}

void node_wrong_try(struct peer *p)
{
	const uint8_t *ticket = channel_ticket(p->channel);
	struct known_code code;
	char hex[TICKET_HEX];
	int r;

	if (!ticket)
		return;
	ticket_hex(hex, ticket);
	r = load_code(&code, p->node, ticket);
	note_event("enrol.refused", "ticket=%s why=%s", hex,
	    why_refused(p->node, &code, r));
	if (r < 0 || code.is_used)
		return;
	if (node_commit(p->node) < 0 || count_try(p->node, ticket) < 0)
		note_event(
		    "enrol.failed", "ticket=%s detail=%s", hex, err_detail());
}

/* ---- the code ----------------------------------------------------------- */

static int check_code(const struct node *n, const struct known_code *code)
{
	if (code->is_used || !code->has_issuer ||
	    env_now_s(n->cfg.env) >= code->until_s)
		return err_set(ERR_CODE, "used, expired or orphaned");
	return 0;
}

int node_find_psk(
    uint8_t psk[CHANNEL_KEY], void *ctx, const uint8_t ticket[CHANNEL_TICKET])
{
	struct node *n = ctx;
	struct known_code known;
	struct enrol_code code;
	uint8_t again[ENROL_TICKET];
	int r = load_code(&known, n, ticket);

	if (r == 0)
		r = check_code(n, &known);
	if (r == 0)
		r = enrol_derive(&code, home_identity(n->cfg.home)->dh,
		    known.issuer_dh,
		    &(struct enrol_for){n->site->org, known.member, known.role,
			known.terminal, known.until_s});
	if (r < 0)
		return r;
	enrol_ticket(again, &n->site->org, &code);
	if (memcmp(again, ticket, sizeof(again)) != 0)
		r = err_set(ERR_CODE, "ticket and issuer do not agree");
	else
		enrol_psk(psk, &n->site->org, &code);
	secret_wipe(&code, sizeof(code));
	return r;
}

/* ---- the request -------------------------------------------------------- */

static void put_hex(json_t *body, const char *key, const void *data, size_t n)
{
	char hex[2 * CHANNEL_HASH + 1];

	hex_encode(hex, data, n);
	json_put_str(body, key, hex);
}

static int keep_request(struct peer *p, const struct enrol_request *req)
{
	json_t *body = json_object();
	struct id seat;

	identity_seat(&seat, &req->org, req->sign_pk, req->dh_pk);
	put_hex(body, "ticket", req->ticket, sizeof(req->ticket));
	draft_put_id(body, "seat", &seat);
	put_hex(body, "sign_key", req->sign_pk, sizeof(req->sign_pk));
	put_hex(body, "dh_key", req->dh_pk, sizeof(req->dh_pk));
	put_hex(body, "handshake", channel_handshake_hash(p->channel),
	    CHANNEL_HASH);
	return record_used(p->node, body);
}

static int read_request(struct enrol_request *req, struct peer *p)
{
	const struct buf *payload = channel_payload(p->channel);
	struct known_code code;
	int r;

	*req = (struct enrol_request){.org = p->node->site->org};
	memcpy(req->ticket, channel_ticket(p->channel), sizeof(req->ticket));
	memcpy(req->dh_pk, channel_peer_static(p->channel), DH_KEY);
	r = enrol_payload_read(req, payload->data, payload->len);
	if (r == 0)
		r = load_code(&code, p->node, req->ticket);
	if (r == 0)
		r = check_code(p->node, &code);
	if (r == 0 && (strcmp(code.member, req->member) != 0 ||
			  strcmp(code.terminal, req->terminal) != 0))
		r = err_set(ERR_CODE, "for another member or terminal");
	return r;
}

/* The answer is one byte: 0, or why not (a positive error code). */
static int answer(struct peer *p, int code)
{
	uint8_t byte = (uint8_t)-code;

	return channel_send(p->channel, &byte, sizeof(byte));
}

int node_enrol(struct peer *p)
{
	struct enrol_request req;
	char hex[TICKET_HEX];
	int r = node_commit(p->node);

	if (r == 0)
		r = read_request(&req, p);
	if (r == 0)
		r = keep_request(p, &req);
	if (r == 0)
		r = node_commit(p->node);
	ticket_hex(hex, channel_ticket(p->channel));
	note_event("enrol.request", "ticket=%s result=%s", hex,
	    r == 0 ? "kept" : err_name(r));
	if (answer(p, r) == 0)
		node_flush(p);
	net_finish(p->conn, r);
	return 0;
}
