/* log_verbs.c - show, verify and export of a home's log. */
#include "sync/log_verbs.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/held.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/verdict.h"
#include "sync/audit.h"
#include "sync/commit.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/log_git.h"
#include "sync/request.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MOST 20

const char *log_option(const struct request *q, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 1; i < q->count; i++) {
		const char *w = q->words[i];
		if (strncmp(w, "--", 2) != 0 || strncmp(w + 2, name, n) != 0)
			continue;
		if (w[2 + n] == '\0')
			return "";
		if (w[2 + n] == '=')
			return w + 3 + n;
	}
	return NULL;
}

const char *log_argument(const struct request *q, size_t index)
{
	for (size_t i = 1; i < q->count; i++)
		if (strncmp(q->words[i], "--", 2) != 0 && index-- == 0)
			return q->words[i];
	return NULL;
}

void log_fault(void *ctx, const char *record, int code, const char *why)
{
	buf_printf(ctx, "%s  %s (%s)\n", record, tr(err_text(code)), why);
}

void log_count(struct buf *out, const char *label, uint64_t n)
{
	buf_printf(out, "%s %" PRIu64 "  ", label, n);
}

int32_t log_zone(const struct request *q)
{
	struct stmt *s = store_query(home_store(q->home), Q_SETTINGS_GET);
	int32_t zone = 28800;

	stmt_bind_id(s, ":roster", ledger_roster(home_ledger(q->home)));
	if (stmt_step(s) == 1 && !stmt_is_null(s, 2))
		zone = (int32_t)stmt_int(s, 2);
	stmt_reset(s);
	return zone;
}

static struct audit audit_of(const struct request *q)
{
	return (struct audit){.ledger = home_ledger(q->home),
	    .node_dh_pk = home_site(q->home)->node.dh_pk,
	    .breathe = q->breathe,
	    .ctx = q->ctx};
}

/* ---- show --------------------------------------------------------------- */

void log_say_seat(struct buf *out, struct home *home, const struct id *seat)
{
	struct stmt *s = store_query(home_store(home), Q_SEAT_GET);
	const struct ledger_node *node = &ledger_cfg(home_ledger(home))->node;

	stmt_bind_id(s, ":roster", ledger_roster(home_ledger(home)));
	stmt_bind_id(s, ":seat", seat);
	if (id_cmp(seat, &node->seat) == 0)
		buf_str(out, _("centre"));
	else if (stmt_step(s) == 1)
		buf_printf(out, "%s.%" PRId64, stmt_text(s, 2), stmt_int(s, 3));
	else
		buf_hex(out, seat->b, sizeof(seat->b));
	stmt_reset(s);
}

static void say_short(
    struct buf *out, const struct request *q, const struct record *r)
{
	log_say_seat(out, q->home, &r->seat);
	buf_printf(out, "-%" PRIu64, r->seq);
}

/* ERR_NOT_FOUND where the store has no such entry. */
static int load_verdict(
    int *out, const struct request *q, const struct record *r, uint32_t i)
{
	struct stmt *s = store_query(home_store(q->home), Q_ENTRY_GET);
	int rc;

	stmt_bind_id(s, ":stream", &r->entries[i].stream);
	stmt_bind_int(s, ":lamport", (int64_t)r->lamport);
	stmt_bind_id(s, ":seat", &r->seat);
	stmt_bind_int(s, ":seq", (int64_t)r->seq);
	stmt_bind_int(s, ":idx", (int64_t)i + 1);
	rc = stmt_step(s);
	if (rc == 1)
		*out = (int)stmt_int(s, 0);
	stmt_reset(s);
	return rc == 0 ? ERR_NOT_FOUND : (rc < 0 ? rc : 0);
}

/* The centre's word, and what a supervisor said of it since. */
static int say_verdict(
    const struct request *q, const struct record *r, uint32_t i, int verdict)
{
	const struct ref ref = {r->seat, r->seq, i + 1};
	struct held_release by;
	char when[TIME_TEXT];
	int rc = 0;

	if (verdict_is_held(verdict))
		rc = held_released(
		    &by, home_store(q->home), &r->entries[i].stream, &ref);
	buf_str(q->out, tr(verdict_text(verdict)));
	if (rc == 1) {
		time_text(when, by.at_s, log_zone(q));
		buf_printf(
		    q->out, _("; released by %s at %s"), by.member, when);
	}
	return rc < 0 ? rc : 0;
}

static int say_kinds(const struct request *q, const struct record *r)
{
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < r->count; i++) {
		int verdict = VERDICT_NONE;
		buf_printf(q->out, "%s%s", i ? ", " : "  ", r->entries[i].kind);
		if (load_verdict(&verdict, q, r, i) < 0 ||
		    verdict == VERDICT_ADMITTED || verdict == VERDICT_NONE)
			continue;
		buf_str(q->out, " [");
		rc = say_verdict(q, r, i, verdict);
		buf_str(q->out, "]");
	}
	return rc;
}

static int say_row(const struct request *q, const struct stmt *s,
    struct record *r, int32_t zone_s)
{
	char at[TIME_TEXT];
	size_t n;
	const void *frame = stmt_blob(s, 1, &n);
	int rc = record_read(r, frame, n);

	if (rc < 0)
		return rc;
	time_text(at, r->at_s, zone_s);
	if (stmt_is_null(s, 0))
		buf_printf(q->out, "%8s  %s  ", "-", at);
	else
		buf_printf(q->out, "%8" PRId64 "  %s  ", stmt_int(s, 0), at);
	say_short(q->out, q, r);
	if ((rc = say_kinds(q, r)) < 0)
		return rc;
	buf_str(q->out, "\n");
	return 0;
}

static int show_recent(const struct request *q, struct record *r)
{
	const char *most = log_option(q, "most");
	struct stmt *s = store_query(home_store(q->home), Q_RECORD_RECENT);
	int32_t zone_s = log_zone(q);
	int64_t n = MOST;
	int rc;

	if (most && !text_int(&n, most, 1, INT32_MAX))
		return err_set(ERR_USAGE, "--most %s", most);
	stmt_bind_int(s, ":most", n);
	while ((rc = stmt_step(s)) == 1)
		if ((rc = say_row(q, s, r, zone_s)) < 0)
			break;
	stmt_reset(s);
	return rc;
}

int log_find_seat(struct id *out, struct home *home, const char *name)
{
	const char *dot = strrchr(name, '.');
	struct buf member = {0};
	int64_t ordinal;
	struct stmt *s;
	int rc;

	if (strlen(name) == ID_HEX - 1)
		return id_parse(out, name) ? 0 : ERR_USAGE;
	if (strcmp(name, _("centre")) == 0 || strcmp(name, "centre") == 0) {
		*out = ledger_cfg(home_ledger(home))->node.seat;
		return 0;
	}
	if (!dot || !text_int(&ordinal, dot + 1, 1, INT32_MAX))
		return ERR_USAGE;
	buf_add(&member, name, (size_t)(dot - name));
	s = store_query(home_store(home), Q_SEAT_BY_SHORT);
	stmt_bind_id(s, ":roster", ledger_roster(home_ledger(home)));
	stmt_bind_text(s, ":member", buf_text(&member));
	stmt_bind_int(s, ":ordinal", ordinal);
	rc = stmt_step(s);
	if (rc == 1 && !stmt_id(out, s, 0))
		rc = ERR_DAMAGED;
	stmt_reset(s);
	buf_fini(&member);
	return rc == 0 ? ERR_NOT_FOUND : (rc < 0 ? rc : 0);
}

static int load_name(struct sha1 *out, const struct request *q,
    const struct id *seat, int64_t seq)
{
	struct stmt *s = store_query(home_store(q->home), Q_RECORD_GET);
	size_t n;
	int rc;

	stmt_bind_id(s, ":seat", seat);
	stmt_bind_int(s, ":seq", seq);
	rc = stmt_step(s);
	if (rc == 1) {
		const void *sha1 = stmt_blob(s, 1, &n);
		rc = n == sizeof(out->b) ? 0 : ERR_DAMAGED;
		if (rc == 0)
			memcpy(out->b, sha1, n);
	} else if (rc == 0) {
		rc = ERR_NOT_FOUND;
	}
	stmt_reset(s);
	return rc;
}

/* The record's commit as the git library serves it, its SHA-1 checked. */
static int say_commit(
    struct record *r, const struct request *q, const struct sha1 *name)
{
	const struct audit audit = audit_of(q);
	uint8_t pk[SIGN_PUBLIC];
	struct log_git *git = NULL;
	struct buf commit = {0};
	int rc = log_git_open(&git, &audit);

	if (rc == 0)
		rc = gitodb_read(log_git_db(git), &commit, name);
	if (rc == 0)
		rc = commit_parse(r, pk, commit.data, commit.len);
	if (rc == 0)
		buf_add(q->out, commit.data, commit.len);
	log_git_close(&git);
	buf_fini(&commit);
	return rc;
}

static int show_one(const struct request *q, struct record *r, const char *name)
{
	const char *dash = strrchr(name, '-');
	struct buf seat_name = {0};
	struct sha1 git;
	struct id seat;
	int64_t seq;
	int rc = ERR_USAGE;

	if (dash && text_int(&seq, dash + 1, 1, INT64_MAX)) {
		buf_add(&seat_name, name, (size_t)(dash - name));
		rc = log_find_seat(&seat, q->home, buf_text(&seat_name));
		buf_fini(&seat_name);
	}
	if (rc == 0)
		rc = load_name(&git, q, &seat, seq);
	if (rc == 0)
		rc = say_commit(r, q, &git);
	if (rc < 0)
		return err_set(rc, "%s", name);
	buf_str(q->out, "\n");
	for (uint32_t i = 0; i < r->count; i++) {
		int verdict = VERDICT_NONE;
		if ((rc = load_verdict(&verdict, q, r, i)) < 0)
			return rc;
		buf_printf(q->out, "%u  %s  ", i + 1, r->entries[i].kind);
		if ((rc = say_verdict(q, r, i, verdict)) < 0)
			return rc;
		buf_str(q->out, "\n");
	}
	return 0;
}

static int verb_show(const struct request *q)
{
	struct record *r = mem_new(sizeof(*r));
	const char *name = log_argument(q, 0);
	int rc = name ? show_one(q, r, name) : show_recent(q, r);

	free(r);
	return rc;
}

/* ---- verify and export -------------------------------------------------- */

static int verb_verify(const struct request *q)
{
	const struct audit audit = audit_of(q);
	struct audit_report report = {0};
	int r = audit_run(&report, &audit, log_fault, q->out);

	if (r < 0 && r != ERR_CHECK)
		return r;
	log_count(q->out, _("records:"), report.records);
	log_count(q->out, _("seats:"), report.seats);
	log_count(q->out, _("boxes:"), report.boxes);
	log_count(q->out, _("boxes not here:"), report.withheld);
	log_count(q->out, _("places:"), report.leaves);
	log_count(q->out, _("forks:"), report.forks);
	buf_str(q->out, "\n");
	return r;
}

/* An export of headers only: the same records, no boxes. */
struct headers {
	struct export_source inner;
	int (*visit)(void *visitor, const struct export_item *item);
	void *visitor;
};

static int visit_header(void *ctx, const struct export_item *item)
{
	struct headers *h = ctx;
	struct export_item bare = *item;

	bare.boxes = NULL;
	return h->visit(h->visitor, &bare);
}

static int each_header(void *ctx,
    int (*visit)(void *visitor, const struct export_item *item), void *visitor)
{
	struct headers *h = ctx;

	h->visit = visit;
	h->visitor = visitor;
	return h->inner.each(h->inner.ctx, visit_header, h);
}

static int verb_export(const struct request *q)
{
	struct audit audit = audit_of(q);
	struct headers headers = {.inner = audit_source(&audit)};
	struct export_source bare = {each_header, &headers};
	struct export_report report = {0};
	const char *dir = log_argument(q, 0);
	int r;

	if (!dir)
		return err_set(ERR_USAGE, "DIR");
	r = export_write(
	    &report, dir, log_option(q, "headers") ? &bare : &headers.inner);
	if (r < 0)
		return r;
	log_count(q->out, _("records:"), report.records);
	log_count(q->out, _("seats:"), report.seats);
	log_count(q->out, _("boxes:"), report.boxes);
	log_count(q->out, _("boxes not here:"), report.withheld);
	buf_printf(q->out, "%s\n", dir);
	return 0;
}

/* ---- the view ----------------------------------------------------------- */

static void say_digest(
    void *ctx, const char *table, const struct hash *digest, uint64_t rows)
{
	struct buf *out = ctx;
	char hex[HASH_HEX];

	hash_hex(hex, digest);
	buf_printf(out, "%s %s %" PRIu64 "\n", hex, table, rows);
}

static int verb_digest(const struct request *q)
{
	struct ledger *l = home_ledger(q->home);
	int r = ledger_digest(l, say_digest, q->out);

	if (r == 0 && log_option(q, "streams"))
		r = ledger_digest_streams(l, say_digest, q->out);
	return r;
}

static int verb_rebuild(const struct request *q)
{
	return ledger_rebuild(home_ledger(q->home), NULL, NULL);
}

/* ---- the table ---------------------------------------------------------- */

static const struct verb {
	const char *name;
	int (*run)(const struct request *q);
} verbs[] = {
    {"show", verb_show},
    {"verify", verb_verify},
    {"rebuild", verb_rebuild},
    {"digest", verb_digest},
    {"export", verb_export},
    {"pack", verb_pack},
    {"unpack", verb_unpack},
};

static const struct verb *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

int log_request(const struct request *q)
{
	const struct verb *v = q->count ? find(q->words[0]) : NULL;

	return v ? v->run(q) : err_set(ERR_USAGE, "no such request");
}
