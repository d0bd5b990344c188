/* import_quarantine.c - input that waits for a person (an edge: it writes
 * files). */
#include "sync/import_quarantine.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "sync/home.h"
#include "sync/program.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int add_one(
    struct store *store, const struct import_problem *p, int64_t now_s)
{
	struct stmt *q = store_query(store, Q_IMPORT_QUARANTINE);

	stmt_bind_text(q, ":file", p->file);
	stmt_bind_text(q, ":place", p->where);
	stmt_bind_text(q, ":reason", p->why);
	stmt_bind_text(q, ":detail", p->detail);
	stmt_bind_text(q, ":original", p->original);
	stmt_bind_int(q, ":at_s", now_s);
	return stmt_run(q);
}

int import_quarantine(
    const struct import_batch *b, struct store *store, int64_t now_s)
{
	int r;

	if (import_problem_count(b) == 0)
		return 0;
	r = store_begin(store);
	for (size_t i = 0; r == 0 && i < import_problem_count(b); i++)
		r = add_one(store, import_problem_at(b, i), now_s);
	if (r == 0)
		return store_commit(store);
	store_rollback(store);
	return r;
}

/* Rows of the quarantine: number, time, file, place, reason, detail,
 * original. */
static struct stmt *rows(struct store *store)
{
	struct stmt *q = store_query(store, Q_QUARANTINE_LIST);

	stmt_bind_int(q, ":from", 0);
	return q;
}

int quarantine_list(struct buf *out, struct store *store, int32_t zone_s)
{
	struct stmt *q = rows(store);
	size_t n = 0;
	int r;

	for (; (r = stmt_step(q)) == 1; n++) {
		char day[TIME_TEXT];
		time_text(day, stmt_int(q, 1), zone_s);
		buf_printf(out, "%" PRId64 "  %s  %s%s%s: %s%s%s%s%s\n",
		    stmt_int(q, 0), day, stmt_text(q, 2),
		    *stmt_text(q, 3) ? " " : "", stmt_text(q, 3),
		    tr(stmt_text(q, 4)), *stmt_text(q, 5) ? " (" : "",
		    stmt_text(q, 5), *stmt_text(q, 5) ? ")" : "",
		    *stmt_text(q, 6) ? " *" : "");
	}
	if (r == 0 && n == 0)
		buf_str(out, _("Nothing is in quarantine.\n"));
	else if (r == 0)
		buf_str(out,
		    _("Those with * can be put right here: import quarantine "
		      "DIR writes them, import back DIR takes them in.\n"));
	return r;
}

static int write_one(const struct stmt *q, const char *dir)
{
	struct buf path = {0}, text = {0};
	int r;

	buf_printf(&path, "%s/%" PRId64 ".json", dir, stmt_int(q, 0));
	buf_printf(&text, "%s\n", stmt_text(q, 6));
	r = program_write(buf_text(&path), &text, 0600);
	buf_fini(&path);
	buf_fini(&text);
	return r;
}

int quarantine_write(struct buf *out, struct store *store, const char *dir)
{
	struct stmt *q = rows(store);
	size_t n = 0;
	int r = home_make(dir);

	if (r < 0)
		return r;
	while ((r = stmt_step(q)) == 1) {
		if (!*stmt_text(q, 6))
			continue;
		r = write_one(q, dir);
		if (r < 0)
			break;
		n++;
	}
	stmt_reset(q);
	if (r == 0)
		buf_printf(out,
		    _("%zu written to %s. They hold patients' data: correct "
		      "them, take them back (import back), remove them.\n"),
		    n, dir);
	return r;
}

int quarantine_drop(struct store *store, int64_t number)
{
	struct stmt *q = store_query(store, Q_QUARANTINE_DROP);
	int r = store_begin(store);

	if (r)
		return r;
	stmt_bind_int(q, ":id", number);
	r = stmt_step(q);
	stmt_reset(q);
	if (r == 1)
		return store_commit(store);
	store_rollback(store);
	return r < 0 ? r : err_set(ERR_NOT_FOUND, "%" PRId64, number);
}

int64_t quarantine_number(const char *path)
{
	const char *slash = strrchr(path, '/'),
		   *name = slash ? slash + 1 : path;
	const char *dot = strchr(name, '.');
	char number[24];
	int64_t n;

	if (!dot || strcmp(dot, ".json") != 0 ||
	    (size_t)(dot - name) >= sizeof(number))
		return 0;
	snprintf(number, sizeof(number), "%.*s", (int)(dot - name), name);
	return text_int(&n, number, 1, INT64_MAX) ? n : 0;
}
