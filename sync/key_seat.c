/*
 * key_seat.c - a seat that lets others in: grants to people, one-time codes,
 * grants to their terminals, revocations. Each is a record of this seat; the
 * centre's verdict says whether its role was enough.
 */
#include "core/asset.h"
#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/kind.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/tr.h"
#include "keys/enrol.h"
#include "keys/secret.h"
#include "sync/home.h"
#include "sync/key_verbs.h"
#include "sync/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct id *roster(const struct home *home)
{
	return ledger_roster(home_ledger(home));
}

static int record(struct home *home, enum kind kind, json_t *body)
{
	struct draft draft = {0};
	int r;

	draft_add(&draft, kind, roster(home), body);
	r = ledger_record(home_ledger(home), &draft, NULL);
	draft_fini(&draft);
	return r;
}

/* Brings this seat up to date before it decides. Offline is allowed. */
static void refresh(struct home *home, const struct program *p)
{
	if (!program_has(p, "offline") && key_exchange(home, p) < 0)
		program_say(_("The centre cannot be reached; this is what "
			      "was known here."));
}

/* ---- people ------------------------------------------------------------- */

/* By its id, or by its name where this seat knows the team. */
static int find_team(struct id *out, struct home *home, const char *name)
{
	struct stmt *s = store_query(home_store(home), Q_TEAM_BY_NAME);
	int r;

	if (id_parse(out, name))
		return 0;
	stmt_bind_text(s, ":name", name);
	r = stmt_step(s);
	if (r == 1 && !stmt_id(out, s, 0))
		r = ERR_DAMAGED;
	stmt_reset(s);
	return r < 0 ? r : r == 1 ? 0 : err_set(ERR_NOT_FOUND, "%s", name);
}

/* One of the queues that the program itself knows? A hospital may publish
 * others, so it is only said. */
static bool is_usual_queue(const json_t *queues, const char *id, size_t n)
{
	size_t i;
	const json_t *q;

	json_array_foreach (json_list(queues, "queues"), i, q) {
		const char *name = json_str(q, "id", "");
		if (strlen(name) == n && memcmp(name, id, n) == 0)
			return true;
	}
	return false;
}

/* "cardiology,neurology": no empty names, nothing but letters and "-". */
static int put_queues(json_t *body, const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const struct asset *usual = asset_find("settings/queues.json");
	json_t *queues = NULL;
	size_t n;
	int r = 0;

	if (!text)
		return 0;
	if (usual &&
	    json_load(&queues, usual->data, usual->len, usual->len) < 0)
		queues = NULL;
	for (const char *p = text; r == 0; p += n + 1) {
		n = strcspn(p, ",");
		if (n == 0 || strspn(p, letters) < n)
			r = err_set(ERR_USAGE, "--queues %s", text);
		else if (!is_usual_queue(queues, p, n))
			program_say(_("No queue of the program's own: %.*s"),
			    (int)n, p);
		if (p[n] == '\0')
			break;
	}
	json_put_str(body, "queues", text);
	json_decref(queues);
	return r;
}

static int member_body(json_t *body, struct home *home, struct program *p)
{
	const char *team = program_opt(p, "team", NULL);
	struct id team_id;
	int64_t until;
	int r = key_until(&until, p);

	if (r == 0 && (!program_has(p, "member") || !program_has(p, "name") ||
			  !role_letter(program_opt(p, "role", ""))))
		r = err_set(ERR_USAGE, "--member, --name, --role");
	if (r == 0)
		r = put_queues(body, program_opt(p, "queues", NULL));
	if (r == 0 && team)
		r = find_team(&team_id, home, team);
	if (r < 0)
		return r;
	json_put_str(body, "member", program_opt(p, "member", NULL));
	json_put_str(body, "name", program_opt(p, "name", NULL));
	json_put_str(body, "name_en", program_opt(p, "name-en", NULL));
	json_put_str(body, "role", program_opt(p, "role", NULL));
	if (team)
		draft_put_id(body, "team", &team_id);
	json_put_int(body, "from_s", env_now_s(program_env()));
	json_put_int(body, "until_s", until);
	return 0;
}

int key_member_grant(struct program *p)
{
	struct home *home = NULL;
	json_t *body = json_object();
	int r = key_open_home(&home, p), bad = 0;

	if (r == 0)
		refresh(home, p);
	if (r == 0 && program_has(p, "roster")) {
		r = bad = key_roster_grant(home, p);
		if (r == ERR_QUARANTINED)
			r = 0;
	} else if (r == 0) {
		r = member_body(body, home, p);
		if (r == 0)
			r = record(
			    home, KIND_MEMBER_GRANTED, json_incref(body));
	}
	if (r == 0)
		r = key_settle(home, p);
	if (r == 0)
		r = bad;
	json_decref(body);
	key_close_home(&home, p);
	return r;
}

int key_member_revoke(struct program *p)
{
	struct home *home = NULL;
	json_t *body;
	int r = key_open_home(&home, p);

	if (r == 0) {
		refresh(home, p);
		body = json_object();
		json_put_str(body, "member", program_opt(p, "member", ""));
		json_put_str(body, "reason", program_opt(p, "reason", "left"));
		r = record(home, KIND_MEMBER_REVOKED, body);
	}
	if (r == 0)
		r = key_settle(home, p);
	key_close_home(&home, p);
	return r;
}

/* ---- codes -------------------------------------------------------------- */

static int role_of(char role[16], struct home *home, const char *member)
{
	struct stmt *s = store_query(home_store(home), Q_MEMBER_GET);
	int r;

	stmt_bind_id(s, ":roster", roster(home));
	stmt_bind_text(s, ":member", member);
	r = stmt_step(s);
	if (r == 1)
		snprintf(role, 16, "%s", stmt_text(s, 0));
	stmt_reset(s);
	return r < 0 ? r : r == 1 ? 0 : err_set(ERR_NOT_FOUND, "%s", member);
}

/* 1 when the roster knows a code of this ticket, used or not. */
static int is_taken(struct home *home, const char *ticket)
{
	struct stmt *s = store_query(home_store(home), Q_CODE_GET);

	stmt_bind_id(s, ":roster", roster(home));
	stmt_bind_text(s, ":ticket", ticket);
	return stmt_has_row(s);
}

/* A code follows from whom it is for and until when, so a second one in the
 * same second would be the first again, burnt or used: it ends sooner. */
static int issue(
    struct enrol_code *code, struct home *home, struct enrol_for *whom)
{
	uint8_t ticket[ENROL_TICKET];
	char hex[2 * ENROL_TICKET + 1];
	json_t *body;
	int r;

	for (whom->until_s++, r = 1; r == 1;) {
		whom->until_s--;
		r = enrol_derive(code, home_identity(home)->dh,
		    home_site(home)->node.dh_pk, whom);
		if (r < 0)
			return r;
		enrol_ticket(ticket, &whom->org, code);
		hex_encode(hex, ticket, sizeof(ticket));
		r = is_taken(home, hex);
	}
	if (r < 0)
		return r;
	body = json_object();
	json_put_str(body, "ticket", hex);
	json_put_str(body, "member", whom->member);
	json_put_str(body, "role", whom->role);
	json_put_str(body, "terminal", whom->terminal);
	json_put_int(body, "until_s", whom->until_s);
	return record(home, KIND_CODE_ISSUED, body);
}

/* A code that the centre does not know yet would only be refused: so it is
 * shown when the centre has it. */
static int show(
    const struct enrol_code *code, struct home *home, const struct program *p)
{
	char shown[ENROL_SHOWN];
	int r = key_settle(home, p);

	if (r < 0)
		return r;
	enrol_show(shown, code);
	program_print_late(p, "%s\n", shown);
	secret_wipe(shown, sizeof(shown));
	return 0;
}

int key_code_issue(struct program *p)
{
	struct home *home = NULL;
	struct enrol_code code;
	char role[16];
	struct enrol_for whom = {.member = program_opt(p, "member", ""),
	    .terminal = program_opt(p, "terminal", ""),
	    .role = role};
	int r = key_open_home(&home, p);

	if (r == 0) {
		refresh(home, p);
		whom.org = home_site(home)->org;
		whom.until_s = env_now_s(program_env()) + ENROL_CODE_S;
		r = role_of(role, home, whom.member);
	}
	if (r == 0)
		r = issue(&code, home, &whom);
	if (r == 0)
		r = show(&code, home, p);
	secret_wipe(&code, sizeof(code));
	key_close_home(&home, p);
	return r;
}

/* ---- terminals ---------------------------------------------------------- */

/* Somebody who came with a code of this seat's making. */
struct pending {
	struct enrol_request req;
	struct id seat;
	char words[ENROL_WORDS];
	char sign_key[HASH_HEX], dh_key[HASH_HEX];
};

/* False when the row does not hold together: then nobody should grant it. */
static bool read_pending(
    struct pending *out, const struct stmt *s, const struct id *org)
{
	uint8_t handshake[ENROL_HANDSHAKE];
	struct id seat;

	*out = (struct pending){.req = {.org = *org}};
	snprintf(
	    out->req.member, sizeof(out->req.member), "%s", stmt_text(s, 1));
	snprintf(out->req.terminal, sizeof(out->req.terminal), "%s",
	    stmt_text(s, 3));
	snprintf(out->sign_key, HASH_HEX, "%s", stmt_text(s, 5));
	snprintf(out->dh_key, HASH_HEX, "%s", stmt_text(s, 6));
	if (!stmt_id(&out->seat, s, 4) ||
	    !hex_decode(out->req.sign_pk, SIGN_PUBLIC, out->sign_key) ||
	    !hex_decode(out->req.dh_pk, DH_KEY, out->dh_key) ||
	    !hex_decode(handshake, sizeof(handshake), stmt_text(s, 7)))
		return false;
	identity_seat(&seat, org, out->req.sign_pk, out->req.dh_pk);
	enrol_words(out->words, handshake, &out->req);
	return id_cmp(&seat, &out->seat) == 0;
}

static int load_pending(struct pending **out, size_t *count, struct home *home)
{
	struct stmt *s = store_query(home_store(home), Q_CODE_PENDING);
	const struct id *org = &home_site(home)->org;
	struct pending *list = NULL;
	struct id issuer;
	size_t n = 0;
	int r;

	stmt_bind_id(s, ":roster", roster(home));
	while ((r = stmt_step(s)) == 1) {
		if (!stmt_id(&issuer, s, 8) ||
		    id_cmp(&issuer, &home_identity(home)->seat) != 0)
			continue;
		list = mem_grow(list, n + 1, sizeof(*list));
		if (read_pending(&list[n], s, org))
			n++;
	}
	*out = list;
	*count = n;
	return r;
}

static int64_t next_ordinal(struct home *home, const char *member)
{
	struct stmt *s = store_query(home_store(home), Q_SEAT_ORDINAL);
	int64_t n = 1;

	stmt_bind_id(s, ":roster", roster(home));
	stmt_bind_text(s, ":member", member);
	if (stmt_step(s) == 1)
		n = stmt_int(s, 0);
	stmt_reset(s);
	return n;
}

static int grant(
    struct home *home, const struct pending *who, const struct program *p)
{
	json_t *body = json_object();
	int64_t until = 0;
	int r = key_until(&until, p);

	draft_put_id(body, "seat", &who->seat);
	json_put_str(body, "sign_key", who->sign_key);
	json_put_str(body, "dh_key", who->dh_key);
	json_put_str(body, "member", who->req.member);
	json_put_int(body, "ordinal", next_ordinal(home, who->req.member));
	json_put_str(body, "terminal", who->req.terminal);
	json_put_int(body, "from_s", env_now_s(program_env()));
	json_put_int(body, "until_s", until);
	if (r < 0)
		json_decref(body);
	else
		r = record(home, KIND_SEAT_GRANTED, body);
	return r;
}

static bool is_wanted(const struct pending *who, const struct program *p)
{
	const char *words = program_opt(p, "words", NULL);

	if (words)
		return strcmp(words, who->words) == 0;
	return program_has(p, "yes");
}

static int grant_wanted(struct home *home, struct program *p, size_t *granted)
{
	struct pending *list = NULL;
	size_t n = 0;
	int r = load_pending(&list, &n, home);

	*granted = 0;
	for (size_t i = 0; r == 0 && i < n; i++) {
		bool wanted = is_wanted(&list[i], p);
		program_print(p, "%s %s %s %s\n", wanted ? "+" : " ",
		    list[i].req.member, list[i].req.terminal, list[i].words);
		if (wanted)
			r = grant(home, &list[i], p);
		*granted += wanted && r == 0;
	}
	free(list);
	return r;
}

int key_seat_grant(struct program *p)
{
	struct home *home = NULL;
	size_t granted = 0;
	int r = key_open_home(&home, p);

	if (r == 0) {
		refresh(home, p);
		r = grant_wanted(home, p, &granted);
	}
	if (r == 0 && granted > 0)
		r = key_settle(home, p);
	else if (r == 0 && program_has(p, "words"))
		r = err_set(ERR_NOT_FOUND, "nobody with these words");
	key_close_home(&home, p);
	return r;
}

/* ---- revoking ----------------------------------------------------------- */

static int revoke_one(
    struct home *home, const struct id *seat, const char *reason)
{
	json_t *body = json_object();

	draft_put_id(body, "seat", seat);
	json_put_str(body, "reason", reason);
	return record(home, KIND_SEAT_REVOKED, body);
}

/* The member's living seats, at one terminal or everywhere. */
static int load_seats(
    struct id **out, size_t *count, struct home *home, const struct program *p)
{
	struct stmt *s = store_query(home_store(home), Q_SEAT_LIST);
	const char *terminal = program_opt(p, "terminal", NULL);
	struct id *list = NULL;
	size_t n = 0;
	int r;

	stmt_bind_id(s, ":roster", roster(home));
	while ((r = stmt_step(s)) == 1) {
		if (strcmp(stmt_text(s, 1), program_opt(p, "member", "")) !=
			0 ||
		    !stmt_is_null(s, 4) ||
		    (terminal && strcmp(stmt_text(s, 3), terminal) != 0))
			continue;
		list = mem_grow(list, n + 1, sizeof(*list));
		if (stmt_id(&list[n], s, 0))
			n++;
	}
	*out = list;
	*count = n;
	return r;
}

int key_seat_revoke(struct program *p)
{
	struct home *home = NULL;
	struct id *list = NULL;
	size_t n = 0;
	int r = key_open_home(&home, p);

	if (r == 0) {
		refresh(home, p);
		r = load_seats(&list, &n, home, p);
	}
	for (size_t i = 0; r == 0 && i < n; i++)
		r = revoke_one(
		    home, &list[i], program_opt(p, "reason", "lost"));
	if (r == 0)
		r = n ? key_settle(home, p)
		      : err_set(ERR_NOT_FOUND, "no such seat");
	free(list);
	key_close_home(&home, p);
	return r;
}
