/*
 * admit_root.c - a statement of the organisation root counts by the root's
 * own signature, whoever brings it. Who the root is today follows from the
 * log: the first one vouches for itself (the organisation is its hash), each
 * next one is named by the one before and has accepted. A root that has
 * handed over can say nothing more.
 */
#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "keys/statement.h"
#include "sync/ledger_more.h"

#include <stdlib.h>
#include <string.h>

#define HANDOVERS_MAX 64

/* Calls take with each admitted statement of that kind until it is true. */
static int find(struct ledger *l, const char *what,
    bool (*take)(uint8_t root[SIGN_PUBLIC], const struct statement *s),
    uint8_t root[SIGN_PUBLIC])
{
	struct stmt *q = store_query(l->cfg.store, Q_STATEMENT_ROOTS);
	struct statement s;
	int r;

	stmt_bind_id(q, ":roster", &l->roster);
	stmt_bind_text(q, ":what", what);
	while ((r = stmt_step(q)) == 1) {
		const char *text = stmt_text(q, 0);
		if (statement_read(&s, text, strlen(text)) == 0 &&
		    take(root, &s))
			break;
	}
	stmt_reset(q);
	return r;
}

static bool take_first(uint8_t root[SIGN_PUBLIC], const struct statement *s)
{
	memcpy(root, s->root_pk, SIGN_PUBLIC);
	return true;
}

/* The hand-over by this root; its successor takes the place. */
static bool take_next(uint8_t root[SIGN_PUBLIC], const struct statement *s)
{
	if (statement_rollover_check(s, root) < 0)
		return false;
	memcpy(root, s->root_pk, SIGN_PUBLIC);
	return true;
}

/* Today's root by the log; by the site file before the log has begun. */
static int root_now(struct ledger *l, uint8_t root[SIGN_PUBLIC])
{
	int r;

	memcpy(root, l->cfg.root_pk, SIGN_PUBLIC);
	r = find(l, statement_name(STATEMENT_GENESIS), take_first, root);
	for (int i = 0; r == 1 && i < HANDOVERS_MAX; i++)
		r = find(
		    l, statement_name(STATEMENT_ROLLOVER), take_next, root);
	return r < 0 ? r : 0;
}

static bool is_founder(const struct statement *s, const struct id *org)
{
	struct id hashed;

	identity_org(&hashed, s->root_pk);
	return id_cmp(&hashed, org) == 0;
}

static bool is_right(const struct statement *s,
    const struct statement_source *source, const struct id *org,
    const uint8_t root[SIGN_PUBLIC])
{
	struct statement again;
	const uint8_t *signer =
	    s->what == STATEMENT_GENESIS ? s->root_pk : root;

	if (s->what == STATEMENT_GENESIS && !is_founder(s, org))
		return false;
	if (s->what == STATEMENT_ROLLOVER &&
	    statement_rollover_check(s, root) < 0)
		return false;
	return statement_verify(&again, source, org, signer) == 0;
}

int ledger_admit_statement(
    struct ledger *l, const struct id *org, const json_t *body)
{
	const struct statement_source source = {json_str(body, "what", ""),
	    json_str(body, "text", ""), json_str(body, "signature", "")};
	uint8_t root[SIGN_PUBLIC];
	struct statement s;
	int r = root_now(l, root);

	if (r < 0)
		return r;
	if (statement_read(&s, source.text, strlen(source.text)) < 0 ||
	    !is_right(&s, &source, org, root))
		return VERDICT_HELD_GRANT;
	return VERDICT_ADMITTED;
}

/* ---- nodes of now and before ---- */

/* Any root of this organisation may have signed it in its time. */
static int verify_by_roots(struct statement *out, struct ledger *l,
    const struct statement_source *source)
{
	uint8_t root[SIGN_PUBLIC];
	int r, more;

	memcpy(root, l->cfg.root_pk, SIGN_PUBLIC);
	more = find(l, statement_name(STATEMENT_GENESIS), take_first, root);
	r = statement_verify(out, source, &l->cfg.me->org, root);
	for (int i = 0; r < 0 && more == 1 && i < HANDOVERS_MAX; i++) {
		more = find(
		    l, statement_name(STATEMENT_ROLLOVER), take_next, root);
		if (more == 1)
			r = statement_verify(
			    out, source, &l->cfg.me->org, root);
	}
	return more < 0 ? more : r;
}

/* The text and signature of one row, copied before other queries run. */
struct said {
	char *text, *signature;
};

static bool is_wanted(
    const char *text, uint64_t incarnation, const struct id *seat)
{
	struct statement s;

	return statement_read(&s, text, strlen(text)) == 0 &&
	       s.what == STATEMENT_NODE &&
	       (incarnation ? s.incarnation == incarnation
			    : id_cmp(&s.seat, seat) == 0);
}

int ledger_find_node(struct statement *out, struct ledger *l,
    uint64_t incarnation, const struct id *seat)
{
	const char *what = statement_name(STATEMENT_NODE);
	struct stmt *q = store_query(l->cfg.store, Q_STATEMENT_SIGNED);
	struct said said = {0};
	int r;

	stmt_bind_id(q, ":roster", &l->roster);
	stmt_bind_text(q, ":what", what);
	while ((r = stmt_step(q)) == 1 && !said.text)
		if (is_wanted(stmt_text(q, 0), incarnation, seat)) {
			said.text = mem_strdup(stmt_text(q, 0));
			said.signature = mem_strdup(stmt_text(q, 1));
		}
	stmt_reset(q);
	if (r >= 0)
		r = said.text ? verify_by_roots(out, l,
				    &(struct statement_source){
					what, said.text, said.signature})
			      : ERR_NOT_FOUND;
	free(said.text);
	free(said.signature);
	return r;
}

int ledger_old_node(
    struct statement *out, struct ledger *l, const struct id *seat)
{
	return ledger_find_node(out, l, 0, seat);
}

/* A body of l->rec that says what a root said; NULL when it does not. */
static json_t *statement_in(
    struct ledger *l, const struct boxes *boxes, uint32_t i)
{
	json_t *body = NULL;

	if (strcmp(l->rec.entries[i].kind,
		kind_info(KIND_ROOT_STATEMENT)->name) != 0 ||
	    l->rec.entries[i].mode != MODE_CLEAR || boxes->len[i] == 0 ||
	    json_load(&body, (const char *)boxes->at[i], boxes->len[i],
		boxes->len[i]) < 0)
		return NULL;
	return body;
}

/* The founder's key, if the record brings it: before anything is folded
 * there is only today's root to go by. */
static bool find_founder(
    uint8_t root[SIGN_PUBLIC], struct ledger *l, const struct boxes *boxes)
{
	bool found = false;

	for (uint32_t i = 0; i < l->rec.count && !found; i++) {
		json_t *body = statement_in(l, boxes, i);
		const char *text = json_str(body, "text", "");
		struct statement s;
		found = body && statement_read(&s, text, strlen(text)) == 0 &&
			s.what == STATEMENT_GENESIS &&
			is_founder(&s, &l->cfg.me->org);
		if (found)
			memcpy(root, s.root_pk, SIGN_PUBLIC);
		json_decref(body);
	}
	return found;
}

static bool vouches(struct statement *out, struct ledger *l, const json_t *body,
    const uint8_t *founder)
{
	const struct statement_source source = {statement_name(STATEMENT_NODE),
	    json_str(body, "text", ""), json_str(body, "signature", "")};

	if (strcmp(json_str(body, "what", ""), source.what) != 0)
		return false;
	return (verify_by_roots(out, l, &source) == 0 ||
		   (founder && statement_verify(out, &source, &l->cfg.me->org,
				   founder) == 0)) &&
	       id_cmp(&out->seat, &l->rec.seat) == 0;
}

int ledger_vouch(
    struct statement *out, struct ledger *l, const struct boxes *boxes)
{
	uint8_t founder[SIGN_PUBLIC];
	bool has_founder, found = false;

	if (boxes->count < l->rec.count || l->cfg.node.incarnation == 1)
		return ERR_NOT_FOUND;
	has_founder = find_founder(founder, l, boxes);
	for (uint32_t i = 0; i < l->rec.count && !found; i++) {
		json_t *body = statement_in(l, boxes, i);
		found =
		    body && vouches(out, l, body, has_founder ? founder : NULL);
		json_decref(body);
	}
	return found ? 0 : ERR_NOT_FOUND;
}
