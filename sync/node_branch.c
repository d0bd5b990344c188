/* node_branch.c - what the centre keeps as branches, for an operator to look
 * at: which there are, their records, and what a release made of them. */
#include "core/clock.h"
#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/tr.h"
#include "sync/branch.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/log_verbs.h"
#include "sync/node_verbs.h"
#include "sync/record.h"
#include "sync/request.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A kept record, as far as finding the ends of branches needs it. */
struct kept {
	struct id seat;
	struct hash name, prev;
	int64_t at_s; /* when the centre got it */
};

struct kept_list {
	struct kept *items;
	size_t n;
};

static int read_all(struct kept_list *out, const struct request *q)
{
	struct stmt *s = store_query(home_store(q->home), Q_FORK_TIPS);
	struct record *rec = mem_new(sizeof(*rec));
	size_t n;
	int r;

	while ((r = stmt_step(s)) == 1) {
		struct kept k = {.at_s = stmt_int(s, 3)};
		const void *frame = stmt_blob(s, 2, &n);
		if ((r = record_read(rec, frame, n)) < 0)
			break;
		stmt_id(&k.seat, s, 0);
		stmt_hash(&k.name, s, 1);
		k.prev = rec->prev;
		if ((out->n & (out->n + 1)) == 0)
			out->items = mem_grow(
			    out->items, (out->n + 1) * 2, sizeof(*out->items));
		out->items[out->n++] = k;
	}
	stmt_reset(s);
	free(rec);
	return r;
}

static bool is_tip(const struct kept_list *all, const struct kept *k)
{
	for (size_t i = 0; i < all->n; i++)
		if (hash_cmp(&all->items[i].prev, &k->name) == 0)
			return false;
	return true;
}

/* By which record it was said again: 1, "A017.3-5" and what was left out. */
static int say_taken(struct buf *out, int64_t *skipped, const struct request *q,
    const struct id *seat, const struct hash *name)
{
	struct stmt *s = store_query(home_store(q->home), Q_BRANCH_TAKEN);
	char hex[HASH_HEX];
	struct id by = {{0}};
	int64_t seq = 0;
	int r;

	hash_hex(hex, name);
	stmt_bind_id(s, ":roster", ledger_roster(home_ledger(q->home)));
	stmt_bind_id(s, ":seat", seat);
	stmt_bind_text(s, ":record", hex);
	if ((r = stmt_step(s)) == 1) {
		stmt_id(&by, s, 0);
		seq = stmt_int(s, 1);
		*skipped = stmt_int(s, 2);
	}
	stmt_reset(s);
	if (r == 1 && out) {
		log_say_seat(out, q->home, &by);
		buf_printf(out, "-%" PRId64, seq);
	}
	return r;
}

/* "released to A017.3", or that it was not. */
static int say_release(struct buf *out, const struct request *q,
    const struct id *seat, const struct hash *tip)
{
	struct stmt *s = store_query(home_store(q->home), Q_BRANCH_RELEASES);
	struct id from, to = {{0}};
	struct hash hash;
	int r, found = 0;

	stmt_bind_id(s, ":roster", ledger_roster(home_ledger(q->home)));
	while ((r = stmt_step(s)) == 1 && !found) {
		stmt_id(&from, s, 0);
		found = id_cmp(&from, seat) == 0 &&
			hash_parse(&hash, stmt_text(s, 1)) &&
			hash_cmp(&hash, tip) == 0;
		stmt_id(&to, s, 2);
	}
	stmt_reset(s);
	if (!found) {
		buf_str(out, _("kept, not released"));
	} else {
		buf_printf(out, "%s ", _("released to"));
		log_say_seat(out, q->home, &to);
	}
	return r < 0 ? r : 0;
}

static int say_tip(const struct request *q, const struct kept *k)
{
	struct branch_part *list = NULL;
	char hex[HASH_HEX], at[TIME_TEXT];
	int64_t skipped, left_out = 0;
	int n = branch_walk(&list, home_ledger(q->home), &k->seat, &k->name);
	int r = n < 0 ? n : 0, taken = 0;

	for (int i = 0; r >= 0 && i < n; i++) {
		r = say_taken(NULL, &skipped, q, &k->seat, &list[i].name);
		taken += r == 1;
		left_out += r == 1 ? skipped : 0;
	}
	if (r >= 0 && n > 0) {
		hash_hex(hex, &k->name);
		time_text(at, k->at_s, log_zone(q));
		buf_printf(q->out, "%s\n  ", hex);
		log_say_seat(q->out, q->home, &k->seat);
		buf_printf(q->out, "-%" PRIu64 "..%" PRIu64 "  %s  ",
		    list[0].seq, list[n - 1].seq, at);
		r = say_release(q->out, q, &k->seat, &k->name);
		buf_printf(q->out, "  %s %d/%d  %s %" PRId64 "\n",
		    _("said again:"), taken, n, _("entries left out:"),
		    left_out);
	}
	free(list);
	return r < 0 ? r : 0;
}

int verb_branch_list(const struct request *q, bool *stop)
{
	struct kept_list all = {0};
	int r = read_all(&all, q);

	(void)stop;
	if (r == 0 && all.n == 0)
		buf_str(q->out, _("No branch is kept.\n"));
	for (size_t i = 0; r == 0 && i < all.n; i++)
		if (is_tip(&all, &all.items[i]))
			r = say_tip(q, &all.items[i]);
	free(all.items);
	return r;
}

/* ---- one of them ---- */

static int say_part(const struct request *q, const struct id *seat,
    const struct hash *name, struct record *rec)
{
	struct stmt *s = store_query(home_store(q->home), Q_FORK_GET);
	char at[TIME_TEXT];
	int64_t skipped = 0;
	size_t n;
	int r;

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_hash(s, ":hash", name);
	if ((r = stmt_step(s)) == 1) {
		const void *frame = stmt_blob(s, 0, &n);
		r = record_read(rec, frame, n);
	}
	stmt_reset(s);
	if (r < 0)
		return r;
	time_text(at, rec->at_s, log_zone(q));
	buf_printf(q->out, "%s  ", at);
	log_say_seat(q->out, q->home, seat);
	buf_printf(q->out, "-%" PRIu64, rec->seq);
	for (uint32_t i = 0; i < rec->count; i++)
		buf_printf(
		    q->out, "%s%s", i ? ", " : "  ", rec->entries[i].kind);
	buf_str(q->out, "  -> ");
	r = say_taken(q->out, &skipped, q, seat, name);
	if (r == 1 && skipped)
		buf_printf(
		    q->out, "  %s %" PRId64, _("entries left out:"), skipped);
	buf_str(q->out, r == 1 ? "\n" : "-\n");
	return r < 0 ? r : 0;
}

/* Whose it is. */
static int find_branch(
    struct id *seat, const struct request *q, const struct hash *tip)
{
	struct kept_list all = {0};
	int r = read_all(&all, q);

	if (r == 0)
		r = ERR_NOT_FOUND;
	for (size_t i = 0; r == ERR_NOT_FOUND && i < all.n; i++)
		if (hash_cmp(&all.items[i].name, tip) == 0) {
			*seat = all.items[i].seat;
			r = 0;
		}
	free(all.items);
	return r;
}

int verb_branch_show(const struct request *q, bool *stop)
{
	const char *word = log_argument(q, 0);
	const char *slash = word ? strrchr(word, '/') : NULL;
	struct record *rec = mem_new(sizeof(*rec));
	struct branch_part *list = NULL;
	struct id seat;
	struct hash tip;
	int n = 0, r;

	(void)stop;
	/* Words that are no options come as paths. */
	word = slash ? slash + 1 : word;
	if (!word || !hash_parse(&tip, word))
		r = err_set(ERR_USAGE, "BRANCH");
	else
		r = find_branch(&seat, q, &tip);
	if (r == 0)
		r = n = branch_walk(&list, home_ledger(q->home), &seat, &tip);
	for (int i = 0; r >= 0 && i < n; i++)
		r = say_part(q, &seat, &list[i].name, rec);
	free(list);
	free(rec);
	return r < 0 ? r : 0;
}
