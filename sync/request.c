/* request.c - the table of an operator's requests, and the short ones. */
#include "sync/request.h"

#include "core/clock.h"
#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "core/tr.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/log_verbs.h"
#include "sync/node_backup.h"
#include "sync/node_erasures.h"
#include "sync/node_keys.h"
#include "sync/node_verbs.h"

#include <inttypes.h>
#include <string.h>

static int64_t scalar(const struct request *q, enum query_id id)
{
	struct stmt *s = store_query(home_store(q->home), id);
	int64_t v = stmt_step(s) == 1 ? stmt_int(s, 0) : 0;

	stmt_reset(s);
	return v;
}

static void say_time(struct buf *out, int64_t at_s, int32_t zone_s)
{
	char text[TIME_TEXT];

	time_text(text, at_s, zone_s);
	buf_str(out, text);
}

/* ---- status ------------------------------------------------------------- */

static void status_node(const struct request *q)
{
	const struct site *site = home_site(q->home);

	buf_printf(
	    q->out, "%s  %s:%u\n", site_name(site), site->host, site->port);
	if (!q->stats) {
		buf_printf(q->out, "%s\n", _("not serving"));
		return;
	}
	buf_printf(q->out, "%s ", _("serving since"));
	say_time(q->out, q->stats->started_s, log_zone(q));
	buf_printf(q->out, "\n%s %u  %s %u  %s %" PRIu64 "  %s %" PRIu64 "\n",
	    _("seats connected:"), q->stats->online, _("half-open:"),
	    q->stats->half_open, _("refused:"), q->stats->refused,
	    _("failed handshakes:"), q->stats->failed);
	buf_printf(q->out,
	    "%s %" PRIu64 "  %s %" PRIu64 "  %s %" PRIu64 " ms\n",
	    _("commits:"), q->stats->commits, _("receipts:"),
	    q->stats->receipts, _("slowest commit:"), q->stats->commit_ms);
}

static void status_log(const struct request *q)
{
	struct stmt *s = store_query(home_store(q->home), Q_CHECKPOINT_LAST);

	buf_printf(q->out, "%s %" PRId64 "  %s %" PRId64, _("records:"),
	    scalar(q, Q_RECORD_COUNT), _("held entries:"),
	    scalar(q, Q_ENTRY_HELD_COUNT));
	if (stmt_step(s) == 1) {
		char hex[HASH_HEX];
		struct hash root;
		stmt_hash(&root, s, 2);
		hash_hex(hex, &root);
		buf_printf(q->out, "  %s %" PRId64 " %s", _("order:"),
		    stmt_int(s, 0), hex);
	}
	stmt_reset(s);
	buf_str(q->out, "\n");
}

static int64_t meta(const struct request *q, const char *name)
{
	int64_t v = 0;

	return store_meta_get_int(home_store(q->home), name, 0, &v) < 0 ? 0 : v;
}

/* Contents come back by these, where terminals do not. */
static void status_keys(const struct request *q)
{
	int64_t copied_s = meta(q, NODE_KEYS_COPIED);

	if (copied_s > 0) {
		buf_printf(q->out, "%s ", _("stream keys on a second medium:"));
		say_time(q->out, copied_s, log_zone(q));
		buf_str(q->out, "\n");
	} else {
		buf_printf(q->out, "%s\n",
		    _("stream keys on a second medium: none; after a restore "
		      "they come back with the terminals"));
	}
}

/* What a restore and the next one rest on. */
static void status_backup(const struct request *q)
{
	int64_t size = meta(q, "backup.size");
	int64_t waiting = scalar(q, Q_SALVAGE_COUNT);

	if (meta(q, "recovery.open"))
		buf_printf(q->out, "%s %" PRId64 "  %s\n",
		    _("recovering: records that wait:"), waiting,
		    _("no leases, no new grants until recover close"));
	else if (waiting > 0)
		buf_printf(q->out, "%s %" PRId64 "\n",
		    _("without a place, for want of what is before them:"),
		    waiting);
	if (size > 0)
		buf_printf(q->out, "%s %" PRId64 "\n",
		    _("newest verified backup, records:"), size);
	else
		buf_printf(q->out, "%s\n", _("no verified backup yet"));
	status_keys(q);
}

static void status_seat(
    const struct request *q, const struct stmt *s, int32_t zone_s)
{
	struct seat_live live = {0};
	struct id seat;
	const char *state;

	stmt_id(&seat, s, 0);
	if (!stmt_is_null(s, 4))
		state = _("revoked");
	else if (q->look && q->look(&live, q->ctx, &seat))
		state = _("connected");
	else
		state = _("away");
	buf_printf(q->out, "%s.%" PRId64 "  %s  %s  %s  %" PRId64,
	    stmt_text(s, 1), stmt_int(s, 2), stmt_text(s, 3), stmt_text(s, 7),
	    state, stmt_int(s, 8));
	if (!stmt_is_null(s, 9)) {
		buf_str(q->out, "  ");
		say_time(q->out, stmt_int(s, 9), zone_s);
	}
	buf_str(q->out, "  ");
	log_count(q->out, _("lag:"), (uint64_t)stmt_int(s, 10));
	if (live.under_way || live.waiting)
		buf_printf(q->out, "%s %" PRIu64 " / %" PRIu64 " B  ",
		    _("under way:"), live.under_way, live.waiting);
	if (live.unsent)
		log_count(q->out, _("waiting there:"), live.unsent);
	buf_str(q->out, "\n");
}

static int run_status(const struct request *q, bool *stop)
{
	int32_t zone_s = log_zone(q);
	struct stmt *s;
	int r;

	(void)stop;
	status_node(q);
	status_log(q);
	status_backup(q);
	s = store_query(home_store(q->home), Q_SEAT_LIST);
	stmt_bind_id(s, ":roster", ledger_roster(home_ledger(q->home)));
	while ((r = stmt_step(s)) == 1)
		status_seat(q, s, zone_s);
	return r;
}

/* ---- short ones --------------------------------------------------------- */

static int run_stop(const struct request *q, bool *stop)
{
	if (!q->stats)
		return err_set(ERR_NOT_FOUND, "no node is serving here");
	*stop = true;
	return 0;
}

/* ---- the table ---------------------------------------------------------- */

static const struct verb {
	const char *name;
	int (*run)(const struct request *q, bool *stop);
} verbs[] = {
    {"status", run_status},
    {"stop", run_stop},
    {"admit", verb_admit},
    {"backup part", verb_backup_part},
    {"backup done", verb_backup_done},
    {"recover close", verb_recover_close},
    {"erasures", verb_erasures},
    {"keys backup", verb_keys_backup},
    {"keys take", verb_keys_take},
    {"branch list", verb_branch_list},
    {"branch show", verb_branch_show},
    {"publish", verb_publish},
    {"export fhir", verb_export_fhir},
    {"import fhir", verb_import_fhir},
    {"import roster", verb_import_roster},
    {"import quarantine", verb_import_quarantine},
    {"import back", verb_import_back},
};

static const struct verb *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

bool request_is_long(const char *verb)
{
	static const char *const all[] = {"verify", "export", "export fhir",
	    "import fhir", "import roster", "import back"};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (strcmp(all[i], verb) == 0)
			return true;
	return false;
}

int request_run(const struct request *q, bool *stop)
{
	const struct verb *v = q->count ? find(q->words[0]) : NULL;

	return v ? v->run(q, stop) : log_request(q);
}
