/* draft.c - collecting the entries of one save. */
#include "core/draft.h"

#include "core/mem.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

unsigned draft_add(
    struct draft *draft, enum kind kind, const struct id *stream, json_t *body)
{
	assert(draft->count < DRAFT_ENTRIES_MAX);
	draft->entries = mem_grow(
	    draft->entries, draft->count + 1, sizeof(struct draft_entry));
	draft->entries[draft->count++] =
	    (struct draft_entry){kind, *stream, body};
	return (unsigned)draft->count;
}

void draft_fini(struct draft *draft)
{
	for (size_t i = 0; i < draft->count; i++)
		json_decref(draft->entries[i].body);
	free(draft->entries);
	*draft = (struct draft){0};
}

json_t *draft_last(const struct draft *draft)
{
	assert(draft->count > 0);
	return draft->entries[draft->count - 1].body;
}

void draft_put_id(json_t *body, const char *key, const struct id *id)
{
	char hex[ID_HEX];

	id_hex(hex, id);
	json_put_str(body, key, hex);
}

void draft_alert_no(
    char out[ALERT_NO_TEXT], const char *member, unsigned ordinal, uint64_t seq)
{
	snprintf(out, ALERT_NO_TEXT, "%.16s.%u-%" PRIu64, member, ordinal, seq);
}
