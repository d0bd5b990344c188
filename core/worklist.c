/*
 * worklist.c - the urgent front as a small array of keys, the rest by two
 * index ranges of the view.
 */
#include "core/worklist.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/search.h"
#include "core/store.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#define FRONT_MAX 2048
#define SLOTS 4096 /* twice the front: a probe is short */
#define FOUND_MAX 200
/* Ready before the filter opens; more would weigh on every terminal. */
#define PREPARED_MAX 30000
#define SOON_S 900

struct work_key {
	struct id patient;
	enum work_class class;
	int64_t sort;
};

struct worklist {
	struct store *store;
	struct work_scope scope;
	struct work_key *front;
	int front_count;
	uint16_t slots[SLOTS]; /* of the front by patient: its place + 1 */
	struct search *search;
	char typed[128];
	enum work_facet facet;
};

struct worklist *worklist_new(struct store *store)
{
	struct worklist *w = mem_new(sizeof(*w));

	w->store = store;
	w->front = mem_array(FRONT_MAX, sizeof(*w->front));
	return w;
}

void worklist_free(struct worklist **w)
{
	if (!*w)
		return;
	free((*w)->front);
	search_free(&(*w)->search);
	free(*w);
	*w = NULL;
}

static int64_t today(const struct worklist *w)
{
	return day_of(w->scope.now_s, w->scope.zone_s);
}

/* Where the patient's slot is, or would be. FNV-1a: handles may be alike. */
static uint16_t *slot_of(struct worklist *w, const struct id *patient)
{
	uint32_t h = UINT32_C(2166136261);

	for (size_t i = 0; i < sizeof(patient->b); i++)
		h = (h ^ patient->b[i]) * UINT32_C(16777619);
	for (h ^= h >> 16;; h++) {
		uint16_t *slot = &w->slots[h % SLOTS];
		if (*slot == 0 ||
		    id_cmp(&w->front[*slot - 1].patient, patient) == 0)
			return slot;
	}
}

static bool is_in_front(struct worklist *w, const struct id *patient)
{
	return *slot_of(w, patient) != 0;
}

static void put_front(struct worklist *w, const struct work_key *key)
{
	uint16_t *slot = slot_of(w, &key->patient);

	if (*slot || w->front_count == FRONT_MAX)
		return;
	w->front[w->front_count++] = *key;
	*slot = (uint16_t)w->front_count;
}

static int add_front(struct worklist *w, struct stmt *s, enum work_class class)
{
	int rc;

	while ((rc = stmt_step(s)) == 1) {
		struct work_key key = {.class = class, .sort = stmt_int(s, 1)};
		if (stmt_id(&key.patient, s, 0))
			put_front(w, &key);
	}
	return rc;
}

static struct stmt *scoped(struct worklist *w, enum query_id id)
{
	struct stmt *s = store_query(w->store, id);

	stmt_bind_text(s, ":member", w->scope.member);
	stmt_bind_int(s, ":today", today(w));
	return s;
}

static int read_front(struct worklist *w)
{
	struct stmt *s = scoped(w, Q_WORK_ALERTS);
	int rc;

	stmt_bind_int(s, ":max", FRONT_MAX / 4);
	rc = add_front(w, s, WORK_ALERT);
	if (rc < 0)
		return rc;
	s = scoped(w, Q_WORK_CALLBACKS);
	stmt_bind_int(s, ":soon_s", w->scope.now_s + SOON_S);
	stmt_bind_int(s, ":max", FRONT_MAX / 4);
	rc = add_front(w, s, WORK_CALLBACK);
	if (rc < 0)
		return rc;
	s = scoped(w, Q_WORK_URGENT);
	stmt_bind_int(s, ":now_s", w->scope.now_s);
	stmt_bind_int(s, ":max", FRONT_MAX / 2);
	return add_front(w, s, WORK_URGENT);
}

static int more_search(struct worklist *w, int max)
{
	if (!w->search)
		w->search = search_begin(w->store, today(w));
	return search_more(w->search, max);
}

int worklist_prepare(struct worklist *w, int max)
{
	if (w->search && search_count(w->search) >= PREPARED_MAX)
		return 0;
	return more_search(w, max);
}

static int read_found(struct worklist *w)
{
	struct id found[FOUND_MAX];
	int n, rc = more_search(w, INT32_MAX);

	if (rc < 0)
		return rc;
	n = search_find(found, FOUND_MAX, w->search, w->typed);
	for (int i = 0; i < n; i++)
		put_front(w, &(struct work_key){
				 .patient = found[i], .class = WORK_FOUND});
	return 0;
}

void worklist_facet(struct worklist *w, enum work_facet facet)
{
	w->facet = facet;
}

/* Overdue is a fact of the row; the other parts are classes. */
static bool is_in_facet(struct worklist *w, const struct work_key *key)
{
	static const enum work_class classes[] = {
	    [WORK_ONLY_ALERTS] = WORK_ALERT,
	    [WORK_ONLY_CALLBACKS] = WORK_CALLBACK,
	    [WORK_ONLY_URGENT] = WORK_URGENT,
	};
	struct work_row row = {.has_due = false};

	if (w->facet != WORK_ONLY_OVERDUE)
		return key->class == classes[w->facet];
	return worklist_row(&row, w->store, &key->patient) == 0 &&
	       row.has_due && row.due_day < today(w);
}

static void clear_front(struct worklist *w)
{
	w->front_count = 0;
	memset(w->slots, 0, sizeof(w->slots));
}

/* A row moves forward in the front or not at all. */
static void keep_facet(struct worklist *w)
{
	int all = w->front_count;

	clear_front(w);
	for (int i = 0; i < all; i++) {
		struct work_key key = w->front[i];
		if (is_in_facet(w, &key))
			put_front(w, &key);
	}
}

static int reload(struct worklist *w)
{
	int rc;

	clear_front(w);
	rc = w->typed[0] ? read_found(w) : read_front(w);
	if (rc >= 0 && !w->typed[0] && w->facet != WORK_ALL)
		keep_facet(w);
	return rc < 0 ? rc : 0;
}

int worklist_refresh(struct worklist *w, const struct work_scope *scope)
{
	w->scope = *scope;
	if (w->search &&
	    search_generation(w->search) != store_generation(w->store))
		search_free(&w->search);
	return reload(w);
}

int worklist_filter(struct worklist *w, const char *typed)
{
	text_copy(w->typed, sizeof(w->typed), typed);
	return reload(w);
}

/* ---- one row ------------------------------------------------------------ */

static void read_person(struct work_row *r, const struct stmt *s)
{
	text_copy(r->name, sizeof(r->name), stmt_text(s, 0));
	text_copy(r->name_en, sizeof(r->name_en), stmt_text(s, 1));
	r->sex = stmt_text(s, 2)[0] == 'm'   ? 'm'
		 : stmt_text(s, 2)[0] == 'f' ? 'f'
					     : 0;
	r->has_birth = !stmt_is_null(s, 3);
	r->birth_day = stmt_int(s, 3);
	text_copy(r->risk, sizeof(r->risk), stmt_text(s, 4));
	r->is_dead = !stmt_is_null(s, 21);
	text_copy(r->member, sizeof(r->member), stmt_text(s, 22));
}

static void read_due(struct work_row *r, const struct stmt *s)
{
	text_copy(r->pathway, sizeof(r->pathway), stmt_text(s, 5));
	text_copy(r->step, sizeof(r->step), stmt_text(s, 6));
	text_copy(r->script, sizeof(r->script), stmt_text(s, 7));
	r->open_day = stmt_int(s, 8);
	r->has_due = !stmt_is_null(s, 9);
	r->due_day = stmt_int(s, 9);
	r->close_day = stmt_int(s, 10);
	r->attempts = (int)stmt_int(s, 11);
	r->not_before_s = stmt_int(s, 12);
	text_copy(r->why_zh, sizeof(r->why_zh), stmt_text(s, 13));
	text_copy(r->why_en, sizeof(r->why_en), stmt_text(s, 14));
	r->due_count = (int)stmt_int(s, 23);
}

static void read_state(struct work_row *r, const struct stmt *s)
{
	r->has_callback = !stmt_is_null(s, 15);
	r->callback_s = stmt_int(s, 15);
	r->alerts = (int)stmt_int(s, 16);
	r->to_verify = (int)stmt_int(s, 17);
	text_copy(r->disposition, sizeof(r->disposition), stmt_text(s, 18));
	r->snoozed_s = stmt_int(s, 19);
	r->is_refused = stmt_int(s, 20) != 0;
	r->snoozes = (int)stmt_int(s, 24);
	r->is_unproved = stmt_int(s, 25) != 0;
}

int worklist_row(
    struct work_row *row, struct store *store, const struct id *patient)
{
	struct stmt *s = store_query(store, Q_WORK_ROW);
	int rc;

	stmt_bind_id(s, ":stream", patient);
	rc = stmt_step(s);
	if (rc <= 0)
		return rc < 0 ? rc : ERR_NOT_FOUND;
	row->patient = *patient;
	read_person(row, s);
	read_due(row, s);
	read_state(row, s);
	stmt_reset(s);
	return 0;
}

/* ---- pages -------------------------------------------------------------- */

/* Place of a row in the front: its own, or where it would stand. */
static int front_place(struct worklist *w, const struct work_row *row)
{
	int i = *slot_of(w, &row->patient);

	if (i > 0)
		return i - 1;
	for (i = 0; i < w->front_count; i++)
		if (w->front[i].class > row->class ||
		    (w->front[i].class == row->class &&
			w->front[i].sort >= row->sort))
			return i;
	return i;
}

static int put(struct worklist *w, struct work_row *rows, int n,
    const struct work_key *key)
{
	int rc = worklist_row(&rows[n], w->store, &key->patient);

	rows[n].class = key->class;
	rows[n].sort = key->sort;
	return rc == ERR_NOT_FOUND ? n : rc < 0 ? rc : n + 1;
}

static int page_front(
    struct worklist *w, struct work_row *rows, int max, int at, int dir)
{
	int n = 0;

	for (; n >= 0 && n < max && at >= 0 && at < w->front_count; at += dir)
		n = put(w, rows, n, &w->front[at]);
	return n;
}

/* Keys of the routine part beyond `after` in the direction; returns how many
 * were written. The statement is free again before rows are read. */
static int rest_keys(struct worklist *w, struct work_key *keys, int max,
    const struct work_key *after, int dir)
{
	struct stmt *s = scoped(w, dir < 0 ? Q_WORK_BEFORE : Q_WORK_AFTER);
	int n = 0, rc;

	stmt_bind_int(s, ":now_s", w->scope.now_s);
	stmt_bind_int(s, ":day", after->sort);
	stmt_bind_id(s, ":stream", &after->patient);
	stmt_bind_int(s, ":max", max);
	while ((rc = stmt_step(s)) == 1 && n < max) {
		keys[n] = (struct work_key){
		    .class = WORK_ROUTINE, .sort = stmt_int(s, 1)};
		if (stmt_id(&keys[n].patient, s, 0))
			n++;
	}
	stmt_reset(s);
	return rc < 0 ? rc : n;
}

static int page_rest(struct worklist *w, struct work_row *rows, int max,
    struct work_key after, int dir)
{
	struct work_key keys[64];
	int want = ARRAY_LEN(keys), n = 0, got;

	if (w->facet != WORK_ALL && w->facet != WORK_ONLY_OVERDUE)
		return 0;
	do {
		got = rest_keys(w, keys, want, &after, dir);
		/* in order of due day: the rest is not overdue */
		while (w->facet == WORK_ONLY_OVERDUE && dir > 0 && got > 0 &&
		       keys[got - 1].sort >= today(w))
			got--;
		for (int i = 0; i < got && n >= 0 && n < max; i++) {
			after = keys[i];
			if (!is_in_front(w, &keys[i].patient))
				n = put(w, rows, n, &keys[i]);
		}
	} while (got == want && n >= 0 && n < max);
	return got < 0 ? got : n;
}

static const struct work_key before_all = {
    .class = WORK_ROUTINE, .sort = -INT53_MAX};
static const struct work_key after_all = {
    .class = WORK_ROUTINE, .sort = INT53_MAX};

/* The key just before a row, so that the row itself is read again. */
static struct work_key just_before(struct work_key key)
{
	for (int i = 15; i >= 0; i--)
		if (key.patient.b[i]-- != 0)
			return key;
	key.sort--;
	memset(key.patient.b, 0xff, sizeof(key.patient.b));
	return key;
}

static int page_forward(struct worklist *w, struct work_row *rows, int max,
    const struct work_row *from, int dir)
{
	struct work_key after = before_all;
	int n = 0, m;

	if (from && from->class == WORK_ROUTINE) {
		after =
		    (struct work_key){from->patient, WORK_ROUTINE, from->sort};
		if (dir == 0)
			after = just_before(after);
	} else {
		int at = from ? front_place(w, from) : 0;
		if (from && dir > 0 && at < w->front_count &&
		    id_cmp(&w->front[at].patient, &from->patient) == 0)
			at++;
		n = page_front(w, rows, max, at, 1);
	}
	if (n < 0 || n == max || w->typed[0])
		return n;
	m = page_rest(w, rows + n, max - n, after, 1);
	return m < 0 ? m : n + m;
}

static int page_backward(struct worklist *w, struct work_row *rows, int max,
    const struct work_row *from)
{
	struct work_key before = after_all;
	int n = 0, m;

	if (from && from->class != WORK_ROUTINE)
		return page_front(w, rows, max, front_place(w, from) - 1, -1);
	if (w->facet == WORK_ONLY_OVERDUE)
		before =
		    (struct work_key){.class = WORK_ROUTINE, .sort = today(w)};
	if (from)
		before =
		    (struct work_key){from->patient, WORK_ROUTINE, from->sort};
	if (!w->typed[0])
		n = page_rest(w, rows, max, before, -1);
	if (n < 0 || n == max)
		return n;
	m = page_front(w, rows + n, max - n, w->front_count - 1, -1);
	return m < 0 ? m : n + m;
}

int worklist_page(struct worklist *w, struct work_row *rows, int max,
    const struct work_row *from, int dir)
{
	memset(rows, 0, (size_t)max * sizeof(*rows));
	return dir < 0 ? page_backward(w, rows, max, from)
		       : page_forward(w, rows, max, from, dir);
}

int worklist_counts(struct worklist *w, struct work_counts *out)
{
	struct stmt *s = scoped(w, Q_WORK_COUNTS);
	int64_t midnight = today(w) * DAY_S - w->scope.zone_s;
	struct work_counts c = {0};
	int rc = stmt_step(s);

	if (rc == 1) {
		c.today = (int)stmt_int(s, 0);
		c.overdue = (int)stmt_int(s, 1);
	}
	stmt_reset(s);
	if (rc < 0)
		return rc;
	s = store_query(w->store, Q_WORK_DONE);
	stmt_bind_text(s, ":member", w->scope.member);
	stmt_bind_int(s, ":from_s", midnight);
	rc = stmt_step(s);
	if (rc == 1)
		c.done = (int)stmt_int(s, 0);
	stmt_reset(s);
	if (rc < 0)
		return rc;
	s = store_query(w->store, Q_UNPROVED_COUNT);
	rc = stmt_step(s);
	if (rc == 1)
		c.unproved = (int)stmt_int(s, 0);
	stmt_reset(s);
	if (rc < 0)
		return rc;
	*out = c;
	return 0;
}
