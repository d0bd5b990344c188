/*
 * admit_erase.c - who may ask for an erasure and who may approve it: two
 * persons, never against a legal hold, never what is no patient.
 */
#include "core/err.h"
#include "sync/ledger_more.h"

#include <string.h>

static int person_of(struct ledger *l, const struct id *seat, char out[20])
{
	struct seat_grant grant;
	int r = ledger_load_grant(l, seat, &grant);

	memcpy(out, grant.member, 20);
	return r;
}

/* A supervisor asks for patients of the own team. */
static int is_own_patient(
    struct ledger *l, const struct seat_grant *who, const struct id *patient)
{
	struct stmt *s = store_query(l->cfg.store, Q_ASSIGN_NOW);
	struct id team;
	int r, ours = 0;

	stmt_bind_id(s, ":patient", patient);
	while ((r = stmt_step(s)) == 1) {
		stmt_id(&team, s, 0);
		ours = ours || id_cmp(&team, &who->team) == 0;
	}
	return r < 0 ? r : ours;
}

static int is_patient(struct ledger *l, const struct id *stream)
{
	struct stmt *s = store_query(l->cfg.store, Q_ENTRY_SEALED);

	stmt_bind_id(s, ":stream", stream);
	return stmt_has_row(s);
}

int admit_erasure_request(
    struct ledger *l, const struct seat_grant *who, const json_t *body)
{
	const json_t *streams = json_list(body, "streams");
	struct id id = {{0}};
	int r = 1;

	for (size_t i = 0; r == 1 && i < json_array_size(streams); i++) {
		const json_t *item = json_array_get(streams, i);
		if (!id_parse(&id, json_str(item, "stream", "")))
			return VERDICT_HELD_SHAPE;
		if ((r = is_patient(l, &id)) == 0)
			return VERDICT_HELD_SHAPE;
		if (r == 1 && who->role == 'S')
			r = is_own_patient(l, who, &id);
	}
	if (r < 0)
		return r;
	if (json_array_size(streams) == 0)
		return VERDICT_HELD_SHAPE;
	return r ? VERDICT_ADMITTED : VERDICT_HELD_ROLE;
}

int admit_erasure_approval(
    struct ledger *l, const struct record *rec, const json_t *body)
{
	struct stmt *s = store_query(l->cfg.store, Q_ERASURE_GET);
	char asked[20] = "", approves[20] = "";
	struct id requester = {{0}};
	bool is_open = false, is_held = false;
	int r;

	stmt_bind_id(s, ":roster", &l->roster);
	stmt_bind_text(s, ":request", json_str(body, "request", ""));
	if ((r = stmt_step(s)) == 1) {
		stmt_id(&requester, s, 0);
		is_open = stmt_is_null(s, 1);
		is_held = stmt_int(s, 2) != 0;
	}
	stmt_reset(s);
	if (r <= 0)
		return r < 0 ? r : VERDICT_HELD_SHAPE;
	if (!is_open || is_held)
		return VERDICT_HELD_STALE;
	if ((r = person_of(l, &requester, asked)) < 0 ||
	    (r = person_of(l, &rec->seat, approves)) < 0)
		return r == ERR_NOT_PERMITTED ? VERDICT_HELD_ROLE : r;
	return strcmp(asked, approves) != 0 ? VERDICT_ADMITTED
					    : VERDICT_HELD_ROLE;
}
