/*
 * node_admit.c - what the organisation root signed goes into the log: the
 * node's own beginning, and the first operators.
 */
#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "keys/statement.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/node_verbs.h"
#include "sync/program.h"
#include "sync/request.h"

#include <string.h>

static void put_hex(json_t *body, const char *key, const uint8_t pk[32])
{
	char hex[HASH_HEX];

	hex_encode(hex, pk, 32);
	json_put_str(body, key, hex);
}

static void draft_statement(struct draft *draft, const struct id *roster,
    enum statement_what what, const struct paper *paper)
{
	json_t *body = paper_json(paper);

	json_put_str(body, "what", statement_name(what));
	draft_add(draft, KIND_ROOT_STATEMENT, roster, body);
}

static void draft_settings(
    struct draft *draft, const struct id *roster, const struct site *site)
{
	json_t *body = json_object();

	json_put_str(body, "name", site->name);
	json_put_str(body, "name_en", site->name_en);
	json_put_int(body, "zone_s", 28800);
	draft_add(draft, KIND_SETTINGS_SET, roster, body);
}

/* Is it in the log already? */
static bool is_said(struct home *home, const struct paper *paper)
{
	struct stmt *s = store_query(home_store(home), Q_STATEMENT_HAS);
	bool is_there;

	stmt_bind_id(s, ":roster", ledger_roster(home_ledger(home)));
	stmt_bind_text(s, ":text", paper->text);
	is_there = stmt_step(s) == 1;
	stmt_reset(s);
	return is_there;
}

static void draft_new(struct draft *draft, struct home *home,
    enum statement_what what, const struct paper *paper)
{
	if (!is_said(home, paper))
		draft_statement(
		    draft, ledger_roster(home_ledger(home)), what, paper);
}

int node_found(struct home *home)
{
	const struct site *site = home_site(home);
	struct ledger *ledger = home_ledger(home);
	struct draft draft = {0};
	bool is_new = !is_said(home, &site->genesis);
	int r = 0;

	draft_new(&draft, home, STATEMENT_GENESIS, &site->genesis);
	for (size_t i = 0; i < site->rollover_count; i++)
		draft_new(
		    &draft, home, STATEMENT_ROLLOVER, &site->rollovers[i]);
	for (size_t i = 0; i < site->restore_count; i++)
		draft_new(&draft, home, STATEMENT_INCARNATION,
		    &site->incarnations[i]);
	draft_new(&draft, home, STATEMENT_NODE, &site->certificate);
	if (is_new)
		draft_settings(&draft, ledger_roster(ledger), site);
	if (draft.count > 0)
		r = ledger_record(ledger, &draft, NULL);
	draft_fini(&draft);
	return r;
}

static int draft_operator(
    struct draft *draft, const struct id *roster, const struct statement *s)
{
	json_t *member = json_object(), *seat = json_object();

	json_put_str(member, "member", s->member);
	json_put_str(member, "name", s->name);
	json_put_str(member, "role", "operator");
	json_put_int(member, "from_s", s->from_s);
	json_put_int(member, "until_s", s->until_s);
	draft_add(draft, KIND_MEMBER_GRANTED, roster, member);
	draft_put_id(seat, "seat", &s->seat);
	put_hex(seat, "sign_key", s->sign_pk);
	put_hex(seat, "dh_key", s->dh_pk);
	json_put_str(seat, "member", s->member);
	json_put_int(seat, "ordinal", 1);
	json_put_str(seat, "terminal", s->terminal);
	json_put_int(seat, "from_s", s->from_s);
	json_put_int(seat, "until_s", s->until_s);
	draft_add(draft, KIND_SEAT_GRANTED, roster, seat);
	return 0;
}

static int admit(struct home *home, const struct paper *paper)
{
	const struct site *site = home_site(home);
	const struct id *roster = ledger_roster(home_ledger(home));
	const struct statement_source source = {
	    statement_name(STATEMENT_OPERATOR), paper->text, paper->signature};
	struct statement s;
	struct draft draft = {0};
	int r = statement_verify(&s, &source, &site->org, site->root_pk);

	if (r < 0)
		return r;
	draft_statement(&draft, roster, STATEMENT_OPERATOR, paper);
	r = draft_operator(&draft, roster, &s);
	if (r == 0)
		r = ledger_record(home_ledger(home), &draft, NULL);
	draft_fini(&draft);
	return r;
}

int verb_admit(const struct request *q, bool *stop)
{
	struct paper paper;
	json_t *value = NULL;
	int r;

	(void)stop;
	if (q->count != 2)
		return err_set(ERR_USAGE, "FILE");
	r = program_read_json(&value, q->words[1]);
	if (r == 0)
		r = paper_read(&paper, value);
	json_decref(value);
	return r == 0 ? admit(q->home, &paper) : r;
}
