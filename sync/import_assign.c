/* import_assign.c - a patient's first agent, by table or by load. */
#include "sync/import_assign.h"

#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "sync/import_csv.h"
#include "sync/import_known.h"
#include "sync/import_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct import_wish row;
	struct import_wishes *out;
	struct store *store;
};

static const struct csv_column columns[] = {
    {"patient", offsetof(struct import_wish, patient), true},
    {"member", offsetof(struct import_wish, member), true},
};

static int by_patient(const void *left, const void *right)
{
	const struct import_wish *a = left, *b = right;

	return strcmp(a->patient, b->patient);
}

/* 1 = an agent who takes patients, 0 = not, or an error. */
static int find_agent(struct id *team, struct store *store, const char *member)
{
	struct stmt *q = store_query(store, Q_IMPORT_AGENT);
	int r;

	stmt_bind_text(q, ":member", member);
	r = stmt_step(q);
	if (r == 1)
		(void)!stmt_id(team, q, 0);
	stmt_reset(q);
	return r;
}

static int read_wish(void *ctx, const struct csv *at)
{
	struct reading *w = ctx;
	struct import_wishes *out = w->out;
	int r = find_agent(&w->row.team, w->store, w->row.member);

	if (r < 0)
		return r;
	if (r == 0)
		return csv_refuse(at, "member",
		    N_("No agent of this number takes patients."));
	if (!*w->row.patient)
		return csv_refuse(
		    at, "patient", N_("It does not say whom it is about."));
	w->row.line = csv_line(at);
	out->rows = mem_grow(out->rows, out->count + 1, sizeof(*out->rows));
	out->rows[out->count++] = w->row;
	return 0;
}

static void refuse_row(struct import_batch *b, const char *file,
    const struct import_wish *row, const char *why)
{
	char line[32];
	const struct import_place at = {file, line, ""};

	snprintf(line, sizeof(line), "line %zu", row->line);
	(void)import_refuse(b, &at, "patient", why, row->patient);
}

/* A patient who is named twice: one row stays, the others are refused. */
static int refuse_doubles(
    struct import_wishes *w, struct import_batch *b, const char *file)
{
	size_t n = 0;

	for (size_t i = 0; i < w->count; i++)
		if (n &&
		    strcmp(w->rows[n - 1].patient, w->rows[i].patient) == 0)
			refuse_row(b, file, &w->rows[i],
			    N_("The patient is in the table twice."));
		else
			w->rows[n++] = w->rows[i];
	if (n == w->count)
		return 0;
	w->count = n;
	return ERR_QUARANTINED;
}

int import_wishes_read(struct import_wishes *out, struct import_batch *b,
    const struct import_text *file, struct store *store)
{
	struct reading reading = {.out = out, .store = store};
	const struct csv_form form = {
	    columns, ARRAY_LEN(columns), &reading.row, read_wish, &reading};
	int r = import_csv(b, file, &form), doubles;

	out->file = import_keep(b, file->name);
	if (r < 0 && r != ERR_QUARANTINED)
		return r;
	if (out->count)
		qsort(out->rows, out->count, sizeof(*out->rows), by_patient);
	doubles = refuse_doubles(out, b, file->name);
	return r ? r : doubles;
}

void import_wishes_close(struct import_wishes *w, struct import_batch *b)
{
	for (size_t i = 0; i < w->count; i++)
		if (!w->rows[i].is_met)
			refuse_row(b, w->file, &w->rows[i],
			    N_("No patient of this import has this "
			       "identifier."));
}

void import_wishes_fini(struct import_wishes *w)
{
	free(w->rows);
	*w = (struct import_wishes){0};
}

static struct import_wish *find_wish(
    const struct import_wishes *w, const char *patient)
{
	const struct import_wish key = {.patient = patient};

	return w->count
		   ? bsearch(&key, w->rows, w->count, sizeof(key), by_patient)
		   : NULL;
}

/* The row that names any identifier of the patient. */
static struct import_wish *wish_of(
    const struct import_wishes *w, const struct import_patient *p)
{
	struct import_wish *found = NULL;
	struct buf full = {0};

	for (size_t i = 0; w && !found && i < p->id_count; i++) {
		buf_clear(&full);
		buf_printf(&full, "%s|%s", p->ids[i].system, p->ids[i].value);
		found = find_wish(w, buf_text(&full));
		if (!found)
			found = find_wish(w, p->ids[i].value);
	}
	buf_fini(&full);
	return found;
}

static int least_burdened(char member[17], const struct import_post *post)
{
	struct stmt *q = store_query(post->store, Q_IMPORT_LOADS);
	int r;

	stmt_bind_id(q, ":team", &post->team);
	r = stmt_step(q);
	if (r == 1)
		text_copy(member, 17, stmt_text(q, 0));
	stmt_reset(q);
	return r < 0 ? r : 0;
}

static void add(struct draft *draft, const struct id *team,
    const struct id *stream, const char *member)
{
	json_t *body = json_object();

	draft_put_id(body, "patient", stream);
	json_put_str(body, "member", member);
	json_put_str(body, "reason", "initial");
	draft_add(draft, KIND_ASSIGNED, team, body);
}

int import_assign(char member[17], struct draft *draft,
    const struct import_post *post, const struct import_patient *p,
    const struct id *stream)
{
	struct import_wish *wish = wish_of(post->wishes, p);
	bool has = false;
	int r = import_known_member(&has, post->store, stream);

	member[0] = '\0';
	if (wish)
		wish->is_met = true;
	if (r || has)
		return r;
	if (wish)
		text_copy(member, 17, wish->member);
	else if (post->is_due && !id_is_zero(&post->team))
		r = least_burdened(member, post);
	if (r == 0 && *member)
		add(draft, wish ? &wish->team : &post->team, stream, member);
	return r;
}
