/*
 * kept.c - what the centre knows of a patient from one record to the next:
 * who reads it and who has it. Each would be a query a record, and hardly
 * ever changes.
 */
#include "sync/ledger_more.h"

#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

struct kept_stream *kept_stream(struct ledger *l, const struct id *stream)
{
	size_t i = (size_t)(stream->b[14] << 8 | stream->b[15]);
	struct kept_stream *k = &l->kept.streams[i % KEPT_STREAMS];

	if (id_cmp(&k->stream, stream) != 0 ||
	    k->since != l->kept.streams_since)
		*k = (struct kept_stream){
		    .stream = *stream, .since = l->kept.streams_since};
	return k;
}

int kept_readers(
    struct ledger *l, struct stmt_ids *out, const struct id *stream)
{
	struct kept_stream *k = kept_stream(l, stream);
	struct stmt_ids all = {0};
	struct stmt *s;
	int r = 0;

	if (!k->has_readers) {
		s = store_query(l->cfg.store, Q_FEED_SEATS_OF_STREAM);
		stmt_bind_id(s, ":stream", stream);
		r = stmt_ids(&all, s);
		k->has_readers = r == 0 && all.n <= ARRAY_LEN(k->readers);
		k->reader_count = k->has_readers ? (unsigned)all.n : 0;
		for (unsigned i = 0; i < k->reader_count; i++)
			k->readers[i] = all.items[i];
	}
	for (size_t i = 0; r == 0 && i < (all.n ? all.n : k->reader_count);
	     i++) {
		out->items = mem_room(out->items, out->n, sizeof(*out->items));
		out->items[out->n++] = all.n ? all.items[i] : k->readers[i];
	}
	free(all.items);
	return r;
}

void kept_forget_readers(struct ledger *l, const struct id *stream)
{
	if (stream)
		kept_stream(l, stream)->has_readers = false;
	else
		l->kept.streams_since++;
}

/* Does one row of the list make it theirs? */
static bool is_theirs(
    const struct id *team, const char *member, const struct seat_grant *who)
{
	return strcmp(member, who->member) == 0 ||
	       (who->role == 'S' && id_cmp(team, &who->team) == 0);
}

int kept_is_owner(
    struct ledger *l, const struct id *patient, const struct seat_grant *who)
{
	struct kept_stream *k = kept_stream(l, patient);
	bool is_found = false;
	unsigned rows = 0;
	struct stmt *s;
	int r;

	if (k->has_owner == l->kept.assignments + 1)
		return is_theirs(&k->owner_team, k->owner, who);
	s = store_query(l->cfg.store, Q_ASSIGN_WHO);
	stmt_bind_id(s, ":patient", patient);
	/* With a row left r is 1: one of several owners is not kept. */
	while ((r = stmt_step(s)) == 1 && !is_found) {
		stmt_id(&k->owner_team, s, 0);
		stmt_text_copy(k->owner, sizeof(k->owner), s, 1);
		is_found = is_theirs(&k->owner_team, stmt_text(s, 1), who);
		rows++;
	}
	k->has_owner = r == 0 && rows == 1 ? l->kept.assignments + 1 : 0;
	stmt_reset(s);
	return r < 0 ? r : is_found;
}
