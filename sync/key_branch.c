/*
 * key_branch.c - what a supervisor releases: a held call, and the branch of
 * a seat to its person's new seat: suifang-key release, branch release.
 */
#include "core/draft.h"
#include "core/err.h"
#include "core/held.h"
#include "core/id.h"
#include "core/kind.h"
#include "core/mem.h"
#include "core/office.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/verdict.h"
#include "sync/home.h"
#include "sync/key_verbs.h"
#include "sync/ledger.h"
#include "sync/log_verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int say(struct home *home, const struct program *p, struct draft *d)
{
	int r = ledger_record(home_ledger(home), d, NULL);

	draft_fini(d);
	return r < 0 ? r : key_settle(home, p);
}

/* "A017.2-118-1" or with the seat's hex. */
static int find_entry(struct ref *out, struct home *home, const char *name)
{
	char seat[100], number[24];
	const char *last = strrchr(name, '-'), *before = last;
	int64_t seq, index;
	int r;

	if (ref_parse(out, name))
		return 0;
	while (before && before > name && *--before != '-')
		;
	if (!last || before <= name || *before != '-' ||
	    (size_t)(before - name) >= sizeof(seat) ||
	    (size_t)(last - before) > sizeof(number))
		return err_set(ERR_USAGE, "--entry %s", name);
	snprintf(number, sizeof(number), "%.*s", (int)(last - before - 1),
	    before + 1);
	if (!text_int(&seq, number, 1, INT64_MAX) ||
	    !text_int(&index, last + 1, 0, UINT16_MAX))
		return err_set(ERR_USAGE, "--entry %s", name);
	memcpy(seat, name, (size_t)(before - name));
	seat[before - name] = '\0';
	out->seq = (uint64_t)seq;
	out->index = (unsigned)index;
	r = log_find_seat(&out->seat, home, seat);
	return r < 0 ? err_set(r, "--entry %s", name) : 0;
}

static int stream_of(struct id *out, struct home *home, const struct ref *ref)
{
	struct stmt *s = store_query(home_store(home), Q_ENTRY_STREAM_OF);
	int r;

	stmt_bind_id(s, ":seat", &ref->seat);
	stmt_bind_int(s, ":seq", (int64_t)ref->seq);
	stmt_bind_int(s, ":idx", ref->index);
	if ((r = stmt_step(s)) == 1)
		stmt_id(out, s, 0);
	stmt_reset(s);
	return r < 0 ? r : r == 1 ? 0 : ERR_NOT_FOUND;
}

/* More than this are released on the screen, the newest first. */
#define HELD_MAX 5000

/* All that was said with the entry, in one of its own. */
static int draft_whole(struct draft *out, struct office_held *rows, int n,
    const struct ref *ref, const char *reason)
{
	struct held_group g;

	if (!held_group_of(&g, rows, n, ref))
		return err_set(ERR_RULE, _("not held"));
	if (rows[g.from].verdict == VERDICT_HELD_ERASED)
		return err_set(
		    ERR_RULE, _("The patient is erased: this stays held."));
	held_release_draft(out, &rows[g.from], g.count, reason);
	return g.count;
}

static int release_held(
    struct home *home, const struct program *p, const struct ref *ref)
{
	struct office_held *rows = mem_array(HELD_MAX, sizeof(*rows));
	struct draft d = {0};
	int n = office_held(rows, HELD_MAX, home_store(home));
	int r =
	    n < 0 ? n
		  : draft_whole(&d, rows, n, ref, program_opt(p, "reason", ""));

	free(rows);
	if (r < 0)
		return r;
	program_say(
	    _("Entries that were said together and take effect: %d"), r);
	return say(home, p, &d);
}

static int release_entry(struct home *home, const struct program *p)
{
	const char *reason = program_opt(p, "reason", "");
	struct ref ref = {.seq = 0};
	struct id stream;
	int r;

	if (!*held_reason_text(reason))
		return err_set(ERR_USAGE, "--reason %s", reason);
	r = find_entry(&ref, home, program_opt(p, "entry", ""));
	if (r == 0)
		r = stream_of(&stream, home, &ref);
	if (r == 0)
		r = office_is_released(home_store(home), &stream, &ref);
	if (r != 0)
		return r < 0 ? r : err_set(ERR_RULE, _("released already"));
	return release_held(home, p, &ref);
}

/* The member's newest seat that is not revoked. */
static int newest_seat(struct id *out, struct home *home, const struct id *old)
{
	struct store *store = home_store(home);
	const struct id *roster = ledger_roster(home_ledger(home));
	struct stmt *s = store_query(store, Q_SEAT_GET);
	char member[20] = "";
	int r;

	stmt_bind_id(s, ":roster", roster);
	stmt_bind_id(s, ":seat", old);
	if (stmt_step(s) == 1)
		snprintf(member, sizeof(member), "%s", stmt_text(s, 2));
	stmt_reset(s);
	s = store_query(store, Q_SEAT_NEWEST);
	stmt_bind_id(s, ":roster", roster);
	stmt_bind_text(s, ":member", member);
	if ((r = stmt_step(s)) == 1)
		stmt_id(out, s, 0);
	stmt_reset(s);
	if (r < 0)
		return r;
	return r == 1 && id_cmp(out, old) != 0 ? 0
					       : err_set(ERR_NOT_FOUND, "--to");
}

static int release_branch(struct home *home, const struct program *p)
{
	const char *seat = program_opt(p, "seat", "");
	const char *to = program_opt(p, "to", NULL);
	struct id from = {{0}}, other = {{0}};
	struct draft d = {0};
	struct hash tip;
	json_t *body;
	int r = log_find_seat(&from, home, seat);

	if (r < 0)
		return err_set(r, "--seat %s", seat);
	if (!hash_parse(&tip, program_opt(p, "branch", "")))
		return err_set(ERR_USAGE, "--branch");
	r = to ? log_find_seat(&other, home, to)
	       : newest_seat(&other, home, &from);
	if (r < 0)
		return to ? err_set(r, "--to %s", to) : r;
	body = json_object();
	draft_put_id(body, "seat", &from);
	draft_put_id(body, "to", &other);
	json_put_str(body, "branch", program_opt(p, "branch", ""));
	draft_add(
	    &d, KIND_BRANCH_RELEASED, ledger_roster(home_ledger(home)), body);
	return say(home, p, &d);
}

static int run(
    struct program *p, int (*verb)(struct home *home, const struct program *p))
{
	struct home *home = NULL;
	int r = key_open_home(&home, p);

	if (r == 0 && !program_has(p, "offline") && key_exchange(home, p) < 0)
		program_say(_("The centre cannot be reached; this is what "
			      "was known here."));
	if (r == 0)
		r = verb(home, p);
	key_close_home(&home, p);
	return r;
}

int key_release(struct program *p)
{
	return run(p, release_entry);
}

int key_branch_release(struct program *p)
{
	return run(p, release_branch);
}
