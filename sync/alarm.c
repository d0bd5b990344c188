/* alarm.c - evidence in the store, and one number that says it is open. */
#include "sync/alarm.h"

#include "core/err.h"
#include "core/store.h"
#include "core/tr.h"

#define RAISED "alarm.code"

bool alarm_is_one(int code)
{
	switch (code) {
	case ERR_SIGNATURE:
	case ERR_CHAIN:
	case ERR_FORK:
	case ERR_RECEIPT:
	case ERR_PROTOCOL:
	case ERR_FORMAT:
	case ERR_DAMAGED:
	case ERR_GAP:
	case ERR_NOT_PERMITTED: /* a record of nobody the roster knows */
	case ERR_ORGANISATION:
	case ERR_UNPROVED:
		return true;
	default:
		return false;
	}
}

const char *alarm_text(int code)
{
	if (code == ERR_FORK)
		return N_("The centre shows another history than the one it "
			  "signed. Nothing of it was taken: call your "
			  "operator.");
	if (code == ERR_RECEIPT)
		return N_("The centre has lost what it once confirmed. Your "
			  "records are kept here: call your operator.");
	return N_("The centre sent something that does not check. Nothing of "
		  "it was taken: call your operator.");
}

static int keep(struct store *store, const struct alarm *a)
{
	struct stmt *s = store_query(store, Q_EVIDENCE_PUT);

	stmt_bind_int(s, ":at_s", a->at_s);
	stmt_bind_int(s, ":code", a->code);
	stmt_bind_text(s, ":detail", a->detail);
	stmt_bind_blob(s, ":message", a->message,
	    a->len < ALARM_MESSAGE_MAX ? a->len : ALARM_MESSAGE_MAX);
	stmt_bind_int(s, ":most", ALARM_EVIDENCE_MAX);
	return stmt_run(s);
}

int alarm_keep(struct store *store, const struct alarm *a)
{
	int r = keep(store, a);

	return r < 0 ? r : store_meta_set_int(store, RAISED, a->code);
}

int alarm_raise(struct store *store, const struct alarm *a)
{
	int r = store_begin(store);

	if (r < 0)
		return r;
	if ((r = alarm_keep(store, a)) == 0)
		return store_commit(store);
	store_rollback(store);
	return r;
}

int alarm_lower(struct store *store)
{
	int64_t code = 0;
	int r = store_meta_get_int(store, RAISED, 0, &code);

	if (r < 0 || code == 0)
		return r;
	if ((r = store_begin(store)) < 0)
		return r;
	r = store_meta_set_int(store, RAISED, 0);
	if (r == 0)
		return store_commit(store);
	store_rollback(store);
	return r;
}

int alarm_read(struct alarm_state *out, struct store *store)
{
	struct stmt *s = store_query(store, Q_EVIDENCE_LAST);
	int64_t code = 0;
	int r = store_meta_get_int(store, RAISED, 0, &code);

	if (r < 0)
		return r;
	*out = (struct alarm_state){.code = (int)code};
	r = stmt_step(s);
	if (r == 1) {
		out->last_s = stmt_int(s, 1);
		out->count = (uint64_t)stmt_int(s, 2);
	}
	stmt_reset(s);
	return r < 0 ? r : 0;
}
