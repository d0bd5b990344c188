/*
 * review.c - the scorecard, the sample, the entry of a review.
 */
#include "core/review.h"

#include "core/err.h"
#include "core/json.h"
#include "core/store.h"
#include "core/tr.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* ---- the card ------------------------------------------------------------ */

static int read_item(struct review_item *it, const json_t *j, const char *at)
{
	static const char *const names[] = {
	    "id", "points", "name", "fatal", NULL};
	static const int64_t range[2] = {1, 100};
	int64_t points = 0;
	int r = content_members(j, at, names);

	if (r == 0)
		r = content_id(&it->id, j, "id", at);
	if (r == 0)
		r = content_words(&it->name, j, "name", at);
	if (r == 0)
		r = content_int(&points, j, "points", range);
	it->points = (int)points;
	it->is_fatal = json_flag(j, "fatal");
	return r;
}

static int read_items(struct review_card *c)
{
	const json_t *list = json_list(c->root, "items");
	size_t total = json_array_size(list);
	int r = 0;

	if (total == 0 || total > REVIEW_ITEMS_MAX)
		return err_set(ERR_INVALID, _("$.items: none or too many"));
	for (size_t i = 0; i < total && r == 0; i++) {
		char at[40];
		snprintf(at, sizeof(at), "$.items[%zu]", i);
		r = read_item(
		    &c->items[c->count++], json_array_get(list, i), at);
	}
	return r;
}

int review_card_parse(struct review_card *out, const char *json, size_t n)
{
	static const int64_t range[2] = {1, 100};
	struct review_card c = {.root = NULL};
	int64_t per_week = 0, pass = 0;
	int r = content_parse(&c.root, &c.head, json, n);

	if (r == 0)
		r = content_int(&per_week, c.root, "per_week", range);
	if (r == 0)
		r = content_int(&pass, c.root, "pass", range);
	if (r == 0)
		r = read_items(&c);
	if (r < 0) {
		review_card_fini(&c);
		return r;
	}
	c.per_week = (int)per_week;
	c.pass = (int)pass;
	*out = c;
	return 0;
}

void review_card_fini(struct review_card *card)
{
	json_decref(card->root);
	*card = (struct review_card){.root = NULL};
}

/* ---- the sample ---------------------------------------------------------- */

static void read_call(void *row, const struct stmt *s)
{
	struct review_call *c = row;

	*c = (struct review_call){
	    .at_s = stmt_int(s, 2),
	    .seconds = stmt_int(s, 9),
	    .has_recording = *stmt_text(s, 10) != '\0',
	    .rank = (int)stmt_int(s, 12),
	    .is_reviewed = !stmt_is_null(s, 13),
	    .total = (int)stmt_int(s, 13),
	    .best = (int)stmt_int(s, 14),
	    .passed = stmt_int(s, 15) != 0,
	};
	stmt_id(&c->patient, s, 0);
	stmt_hash(&c->record, s, 11);
	STMT_COPY(c->ref, s, 1);
	STMT_COPY(c->member, s, 3);
	STMT_COPY(c->agent, s, 4);
	STMT_COPY(c->agent_en, s, 5);
	STMT_COPY(c->name, s, 6);
	STMT_COPY(c->name_en, s, 7);
	STMT_COPY(c->disposition, s, 8);
}

void review_bind_sample(struct stmt *query)
{
	const uint8_t limit = REVIEW_SAMPLED;

	stmt_bind_blob(query, ":sampled", &limit, 1);
}

int review_sample(struct review_call *out, int max, struct store *store,
    const struct review_ask *ask)
{
	struct stmt *s = store_query(store, Q_REVIEW_SAMPLE);

	stmt_bind_id(s, ":team", &ask->team);
	stmt_bind_int(s, ":from_s", ask->from_s);
	stmt_bind_int(s, ":until_s", ask->until_s);
	stmt_bind_int(s, ":most", ask->most);
	review_bind_sample(s);
	stmt_bind_int(s, ":max", max);
	return stmt_rows(out, sizeof(*out), max, s, read_call);
}

/* ---- scores -------------------------------------------------------------- */

bool review_is_whole(
    const struct review_card *card, const struct review_score *score)
{
	for (int i = 0; i < card->count; i++)
		if (score->points[i] < 0)
			return false;
	return true;
}

int review_total(
    const struct review_card *card, const struct review_score *score)
{
	int total = 0;

	for (int i = 0; i < card->count; i++)
		total += score->points[i] > 0 ? score->points[i] : 0;
	return total;
}

int review_best(const struct review_card *card)
{
	int best = 0;

	for (int i = 0; i < card->count; i++)
		best += card->items[i].points;
	return best;
}

bool review_passes(
    const struct review_card *card, const struct review_score *score)
{
	for (int i = 0; i < card->count; i++)
		if (card->items[i].is_fatal && score->points[i] == 0)
			return false;
	return review_total(card, score) * 100 >=
	       review_best(card) * card->pass;
}

void review_draft(struct draft *draft, const struct review_call *call,
    const struct review_card *card, const struct review_score *score)
{
	json_t *body = json_object(), *items = json_array();

	assert(review_is_whole(card, score));
	for (int i = 0; i < card->count; i++) {
		json_t *item = json_object();
		json_put_str(item, "item", card->items[i].id);
		json_put_int(item, "points", score->points[i]);
		json_array_append_new(items, item);
	}
	json_put_str(body, "contact", call->ref);
	json_put_str(body, "card", card->head.id);
	json_put_int(body, "version", card->head.version);
	json_put_int(body, "total", review_total(card, score));
	json_put_int(body, "best", review_best(card));
	json_put_flag(body, "passed", review_passes(card, score));
	if (score->note[0])
		json_put_str(body, "note", score->note);
	json_put(body, "items", items);
	draft_add(draft, KIND_CALL_REVIEWED, &call->patient, body);
}
