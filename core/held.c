/*
 * held.c - grouping what is held by the piece of work it came from.
 */
#include "core/held.h"

#include "core/kind.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/verdict.h"

#include <stdlib.h>
#include <string.h>

/* A pause that no call has. */
#define PAUSE_S 7200

const struct held_reason held_reasons[HELD_REASONS] = {
    {"good-faith", N_("said in good faith, the work counts")},
    {"checked", N_("checked with who said it")},
    {"care", N_("the patient's care needs it")},
};

const char *held_reason_text(const char *code)
{
	for (size_t i = 0; i < HELD_REASONS; i++)
		if (strcmp(held_reasons[i].code, code) == 0)
			return held_reasons[i].text;
	return "";
}

/* ---- groups ------------------------------------------------------------- */

static int by_work(const void *a, const void *b)
{
	const struct office_held *x = a, *y = b;
	int c = id_cmp(&x->stream, &y->stream);

	if (c == 0)
		c = id_cmp(&x->seat, &y->seat);
	if (c == 0)
		c = (x->seq > y->seq) - (x->seq < y->seq);
	return c ? c : x->index - y->index;
}

static bool is_kind(const struct office_held *h, enum kind kind)
{
	return strcmp(h->kind, kind_info(kind)->name) == 0;
}

/* The contact ends a call: what comes in a later record is other work. */
static bool goes_on(const struct office_held *rows, struct held_group g)
{
	const struct office_held *last = &rows[g.from + g.count - 1],
				 *next = last + 1;

	if (id_cmp(&last->stream, &next->stream) != 0 ||
	    id_cmp(&last->seat, &next->seat) != 0 ||
	    (last->verdict == VERDICT_HELD_ERASED) !=
		(next->verdict == VERDICT_HELD_ERASED) ||
	    g.count == HELD_GROUP_MAX)
		return false;
	if (last->seq == next->seq)
		return true;
	for (int i = 0; i < g.count; i++)
		if (is_kind(&rows[g.from + i], KIND_CONTACT_RECORDED))
			return false;
	return next->at_s - last->at_s < PAUSE_S;
}

static void put_newest_first(
    struct held_group *out, int n, const struct office_held *rows)
{
	for (int i = 1; i < n; i++) {
		struct held_group g = out[i];
		int k = i;
		for (; k > 0 && rows[out[k - 1].from].at_s < rows[g.from].at_s;
		     k--)
			out[k] = out[k - 1];
		out[k] = g;
	}
}

int held_groups(
    struct held_group *out, int max, struct office_held *rows, int n)
{
	int count = 0;

	qsort(rows, (size_t)(n > 0 ? n : 0), sizeof(*rows), by_work);
	for (int i = 0; i < n && count < max; count++) {
		struct held_group g = {i, 1};
		while (g.from + g.count < n && goes_on(rows, g))
			g.count++;
		out[count] = g;
		i += g.count;
	}
	put_newest_first(out, count, rows);
	return count;
}

static bool is_in(const struct office_held *rows, const struct held_group *g,
    const struct ref *entry)
{
	for (int i = g->from; i < g->from + g->count; i++)
		if (id_cmp(&rows[i].seat, &entry->seat) == 0 &&
		    rows[i].seq == entry->seq &&
		    rows[i].index == (int)entry->index)
			return true;
	return false;
}

bool held_group_of(struct held_group *out, struct office_held *rows, int n,
    const struct ref *entry)
{
	struct held_group *groups =
	    mem_array((size_t)(n > 0 ? n : 1), sizeof(*groups));
	int count = held_groups(groups, n, rows, n);
	bool found = false;

	for (int i = 0; i < count && !found; i++)
		if ((found = is_in(rows, &groups[i], entry)))
			*out = groups[i];
	free(groups);
	return found;
}

const char *held_group_kind(const struct office_held *rows, int n)
{
	for (int i = 0; i < n; i++)
		if (is_kind(&rows[i], KIND_CONTACT_RECORDED))
			return rows[i].kind;
	return rows[0].kind;
}

/* ---- release ------------------------------------------------------------ */

static void put_ref(json_t *o, const struct office_held *h)
{
	char text[REF_TEXT];

	ref_text(text, &(struct ref){h->seat, h->seq, (unsigned)h->index});
	json_put_str(o, "entry", text);
}

void held_release_draft(struct draft *draft, const struct office_held *rows,
    int n, const char *reason)
{
	json_t *body = json_object(), *also = n > 1 ? json_array() : NULL;

	put_ref(body, &rows[0]);
	json_put_str(body, "reason", reason);
	for (int i = 1; i < n; i++) {
		json_t *o = json_object();
		put_ref(o, &rows[i]);
		json_array_append_new(also, o);
	}
	if (also)
		json_put(body, "also", also);
	draft_add(draft, KIND_RELEASED, &rows[0].stream, body);
}

int held_released(struct held_release *out, struct store *store,
    const struct id *stream, const struct ref *ref)
{
	struct stmt *s = store_query(store, Q_RELEASED_BY);
	char text[REF_TEXT];
	int rc;

	ref_text(text, ref);
	stmt_bind_id(s, ":stream", stream);
	stmt_bind_text(s, ":ref", text);
	rc = stmt_step(s);
	if (rc == 1) {
		*out = (struct held_release){.at_s = stmt_int(s, 1)};
		STMT_COPY(out->member, s, 0);
		STMT_COPY(out->reason, s, 2);
	}
	stmt_reset(s);
	return rc;
}
