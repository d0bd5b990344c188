/*
 * key_erase.c - an erasure asked for by one person and approved by another:
 * suifang-key erasure request, list, approve. What it does is erase.h.
 */
#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/kind.h"
#include "core/store.h"
#include "core/tr.h"
#include "sync/home.h"
#include "sync/key_verbs.h"
#include "sync/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAMS_MAX 16

/* "HEX[,HEX...]" as the body's list. */
static int put_streams(json_t *body, const char *text)
{
	json_t *list = json_array();
	char one[ID_HEX];
	struct id id;
	size_t n;

	json_put(body, "streams", list);
	for (const char *p = text; *p; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		snprintf(one, sizeof(one), "%.*s", (int)n, p);
		if (n != ID_HEX - 1 || !id_parse(&id, one) ||
		    json_array_size(list) == STREAMS_MAX)
			return err_set(ERR_USAGE, "--patient %s", text);
		json_t *item = json_object();
		draft_put_id(item, "stream", &id);
		(void)json_array_append_new(list, item);
	}
	return json_array_size(list) ? 0 : err_set(ERR_USAGE, "--patient");
}

static int record(
    struct home *home, enum kind kind, json_t *body, char ref[REF_TEXT])
{
	struct ledger *l = home_ledger(home);
	struct ref name = {home_identity(home)->seat, 0, 1};
	struct draft draft = {0};
	int r;

	draft_add(&draft, kind, ledger_roster(l), body);
	r = ledger_record(l, &draft, &name.seq);
	draft_fini(&draft);
	ref_text(ref, &name);
	return r;
}

/* Brings this seat up to date before it decides. Offline is allowed. */
static void refresh(struct home *home, const struct program *p)
{
	if (!program_has(p, "offline") && key_exchange(home, p) < 0)
		program_say(_("The centre cannot be reached; this is what "
			      "was known here."));
}

int key_erasure_request(struct program *p)
{
	struct home *home = NULL;
	json_t *body = json_object();
	char ref[REF_TEXT];
	int r = put_streams(body, program_opt(p, "patient", ""));

	json_put_str(body, "reason", program_opt(p, "reason", "patient"));
	json_put_flag(body, "legal_hold", program_has(p, "hold"));
	if (r == 0)
		r = key_open_home(&home, p);
	if (r == 0)
		refresh(home, p);
	if (r == 0)
		r = record(
		    home, KIND_ERASURE_REQUESTED, json_incref(body), ref);
	if (r == 0)
		program_print(p, "%s\n", ref);
	if (r == 0)
		r = key_settle(home, p);
	json_decref(body);
	key_close_home(&home, p);
	return r;
}

static void list(struct home *home, const struct program *p)
{
	struct stmt *s = store_query(home_store(home), Q_ERASURE_LIST);
	char hex[ID_HEX];
	struct id id;

	stmt_bind_id(s, ":roster", ledger_roster(home_ledger(home)));
	while (stmt_step(s) == 1) {
		stmt_id(&id, s, 1);
		id_hex(hex, &id);
		program_print(p, "%s %s %s %s %s\n", stmt_text(s, 0), hex,
		    stmt_text(s, 2), stmt_text(s, 4),
		    *stmt_text(s, 5) ? stmt_text(s, 5)
		    : stmt_int(s, 3) ? _("legal hold")
				     : _("waits for a second person"));
	}
	stmt_reset(s);
}

int key_erasure_list(struct program *p)
{
	struct home *home = NULL;
	int r = key_open_home(&home, p);

	if (r == 0)
		list(home, p);
	key_close_home(&home, p);
	return r;
}

int key_erasure_approve(struct program *p)
{
	struct home *home = NULL;
	json_t *body = json_object();
	char ref[REF_TEXT];
	int r;

	json_put_str(body, "request", program_opt(p, "request", ""));
	r = key_open_home(&home, p);
	if (r == 0)
		refresh(home, p);
	if (r == 0)
		r = record(home, KIND_ERASURE_APPROVED, json_incref(body), ref);
	if (r == 0)
		r = key_settle(home, p);
	json_decref(body);
	key_close_home(&home, p);
	return r;
}
