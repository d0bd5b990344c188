/*
 * board_plan.c - deciding a reassignment: pure functions over what board.c
 * has read.
 */
#include "core/board.h"
#include "core/json.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#define FREE_TRIES 32     /* a working day of quarters of an hour */
#define PACE_LEAST_S 1800 /* one call at once is no pace */
#define CLASH_S 900 /* two promises nearer than this cannot both be kept */

const char *const board_reasons[] = {
    "load", "sick_leave", "leave", "skill", "request", "left", "other", NULL};

/* Is a word in a list with semicolons? */
static bool list_has(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; p && *p;) {
		const char *end = strchr(p, ';');
		size_t len = end ? (size_t)(end - p) : strlen(p);
		if (len == n && memcmp(p, word, n) == 0)
			return true;
		p = end ? end + 1 : NULL;
	}
	return false;
}

static bool may_script(const struct board_member *who, const char *script)
{
	return !*script || !*who->skills || strcmp(who->skills, "*") == 0 ||
	       list_has(who->skills, script);
}

/* Everybody speaks the common language. */
static bool speaks(const struct board_member *who, const char *dialect)
{
	return !*dialect || strcmp(dialect, "普通话") == 0 ||
	       list_has(who->dialects, dialect);
}

static bool follows(
    const struct board_plan *plan, const char *member, const char *pathway)
{
	if (!*pathway)
		return true;
	for (size_t i = 0; i < plan->path_count; i++)
		if (strcmp(plan->paths[i].member, member) == 0 &&
		    strcmp(plan->paths[i].pathway, pathway) == 0)
			return true;
	return false;
}

static bool is_near(int64_t a, int64_t b)
{
	return (a > b ? a - b : b - a) < CLASH_S;
}

/* Has the member a promise at that time, here or among the moves? */
static bool is_booked(const struct board_plan *plan, const char *member,
    const struct board_move *moving)
{
	int64_t due_s = moving->promised_s;

	if (!due_s)
		return false;
	for (size_t i = 0; i < plan->slot_count; i++)
		if (strcmp(plan->slots[i].member, member) == 0 &&
		    is_near(plan->slots[i].due_s, due_s))
			return true;
	for (size_t i = 0; i < plan->count; i++) {
		const struct board_move *m = &plan->moves[i];
		if (m != moving && m->promised_s &&
		    strcmp(m->to, member) == 0 && is_near(m->promised_s, due_s))
			return true;
	}
	return false;
}

/* ---- order --------------------------------------------------------------- */

static int by_patient(const void *a, const void *b)
{
	return id_cmp(&((const struct board_move *)a)->patient,
	    &((const struct board_move *)b)->patient);
}

static int by_risk(const void *a, const void *b)
{
	const struct board_move *x = a, *y = b;

	if (x->is_high != y->is_high)
		return x->is_high ? -1 : 1;
	if (x->is_overdue != y->is_overdue)
		return x->is_overdue ? -1 : 1;
	return by_patient(a, b);
}

/* ---- choice -------------------------------------------------------------- */

/* Is a's share of its capacity in use smaller than b's? */
static bool is_freer(const struct board_target *a, const struct board_target *b)
{
	int64_t ca = a->who->capacity > 0 ? a->who->capacity : 1;
	int64_t cb = b->who->capacity > 0 ? b->who->capacity : 1;

	return (a->who->queue + a->gets) * cb < (b->who->queue + b->gets) * ca;
}

/* BOARD_MOVES, or why this one cannot take the patient. */
static enum board_left fits(const struct board_plan *plan,
    const struct board_target *t, const struct board_move *m, enum board_by by)
{
	if (!t->is_chosen || strcmp(t->who->member, m->from) == 0)
		return BOARD_NOBODY;
	if (!may_script(t->who, m->script))
		return BOARD_SCRIPT;
	if (by == BOARD_BY_DISEASE &&
	    !follows(plan, t->who->member, m->pathway))
		return BOARD_DISEASE;
	if (by == BOARD_BY_DIALECT && !speaks(t->who, m->dialect))
		return BOARD_DIALECT;
	return BOARD_MOVES;
}

struct choice {
	struct board_target *best;
	bool clashes;
	enum board_left left; /* why there is none */
};

static void consider(struct choice *c, const struct board_plan *plan,
    struct board_target *t, const struct board_move *m)
{
	bool clashes = is_booked(plan, t->who->member, m);

	if (c->best && clashes && !c->clashes)
		return;
	if (c->best && clashes == c->clashes && !is_freer(t, c->best))
		return;
	c->best = t;
	c->clashes = clashes;
}

static struct choice choose(const struct board_plan *plan,
    struct board_target *targets, int n, struct board_move *m, enum board_by by)
{
	struct choice c = {NULL, false, BOARD_NOBODY};

	for (int i = 0; i < n; i++) {
		enum board_left left = fits(plan, &targets[i], m, by);
		if (left == BOARD_MOVES)
			consider(&c, plan, &targets[i], m);
		else if (left != BOARD_NOBODY)
			c.left = left;
	}
	return c;
}

static void give(struct board_move *m, struct board_target *t, bool clashes)
{
	text_copy(m->to, sizeof(m->to), t->who->member);
	m->left = BOARD_MOVES;
	m->clashes = clashes;
	t->gets++;
	t->high += m->is_high;
	t->overdue += m->is_overdue;
	t->clashes += clashes;
	t->calls += m->in_call;
}

/* What the rule says before anybody is looked for. */
static enum board_left left_by_rule(
    const struct board_move *m, const struct board_rule *rule)
{
	if (m->is_done && !rule->with_done)
		return BOARD_FINISHED;
	if (m->promised_s && !rule->keep_promises)
		return BOARD_PROMISED;
	return rule->by == BOARD_BY_HAND ? BOARD_HAND : BOARD_MOVES;
}

static void decide(struct board_plan *plan, struct board_target *targets, int n,
    struct board_move *m, const struct board_rule *rule)
{
	struct choice c;

	m->left = left_by_rule(m, rule);
	if (m->left != BOARD_MOVES)
		return;
	c = choose(plan, targets, n, m, rule->by);
	m->left = c.left;
	if (c.best)
		give(m, c.best, c.clashes);
}

static void give_fixed(struct board_plan *plan, struct board_target *targets,
    int n, struct board_move *m)
{
	char to[sizeof(m->to)];

	text_copy(to, sizeof(to), m->to);
	m->to[0] = '\0';
	m->left = BOARD_HAND;
	for (int i = 0; i < n && *to; i++)
		if (strcmp(targets[i].who->member, to) == 0)
			give(m, &targets[i], is_booked(plan, to, m));
}

/* The next quarter of an hour in which the new agent has promised nothing. */
static int64_t next_free(
    const struct board_plan *plan, const struct board_move *m)
{
	struct board_move later = *m;

	for (int i = 0; i < FREE_TRIES; i++) {
		later.promised_s += CLASH_S;
		if (!is_booked(plan, m->to, &later))
			return later.promised_s;
	}
	return 0;
}

static void propose(struct board_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct board_move *m = &plan->moves[i];
		m->free_s = m->clashes ? next_free(plan, m) : 0;
	}
}

void board_plan_make(struct board_plan *plan, struct board_target *targets,
    int n, const struct board_rule *rule)
{
	for (int i = 0; i < n; i++)
		targets[i].gets = targets[i].high = targets[i].overdue =
		    targets[i].clashes = targets[i].calls = 0;
	if (plan->count)
		qsort(plan->moves, plan->count, sizeof(*plan->moves),
		    rule->high_first ? by_risk : by_patient);
	for (size_t i = 0; i < plan->count; i++) {
		plan->moves[i].clashes = false;
		if (!plan->moves[i].is_fixed)
			plan->moves[i].to[0] = '\0';
	}
	for (size_t i = 0; i < plan->count; i++)
		if (plan->moves[i].is_fixed)
			give_fixed(plan, targets, n, &plan->moves[i]);
	for (size_t i = 0; i < plan->count; i++)
		if (!plan->moves[i].is_fixed)
			decide(plan, targets, n, &plan->moves[i], rule);
	propose(plan);
}

/* ---- the forecast ------------------------------------------------------- */

static int overdue_after(
    const struct board_plan *plan, const struct board_target *t)
{
	int n = t->who->overdue + t->overdue;

	for (size_t i = 0; i < plan->count; i++)
		n -= plan->moves[i].to[0] && plan->moves[i].is_overdue &&
		     strcmp(plan->moves[i].from, t->who->member) == 0;
	return n;
}

/* Patients finished in a thousand hours; 0: not known. */
static int64_t pace_of(const struct board_member *who, int64_t now_s)
{
	int64_t worked = now_s - who->first_s;

	if (who->done == 0 || who->first_s == 0)
		return 0;
	return who->done * INT64_C(3600000) /
	       (worked > PACE_LEAST_S ? worked : PACE_LEAST_S);
}

void board_forecast_make(struct board_forecast *out,
    const struct board_plan *plan, const struct board_target *targets, int n,
    int64_t now_s)
{
	int64_t sum = 0, slowest_s = 0, known = 0;

	*out = (struct board_forecast){0};
	for (int i = 0; i < n; i++) {
		int64_t pace = pace_of(targets[i].who, now_s);
		sum += pace;
		known += pace > 0;
		out->overdue += overdue_after(plan, &targets[i]);
	}
	out->an_hour = (int)((sum + 500) / 1000);
	if (!known)
		return;
	for (int i = 0; i < n; i++) {
		int64_t pace = pace_of(targets[i].who, now_s), needs;
		needs = overdue_after(plan, &targets[i]) * INT64_C(3600000) /
			(pace ? pace : sum / known);
		slowest_s = needs > slowest_s ? needs : slowest_s;
	}
	out->clear_s = now_s + slowest_s;
}

size_t board_plan_draft(struct draft *draft, const struct board_plan *plan,
    size_t from, const struct board_sign *sign)
{
	for (; from < plan->count && draft->count < DRAFT_ENTRIES_MAX; from++) {
		const struct board_move *m = &plan->moves[from];
		json_t *body;
		if (!m->to[0])
			continue;
		body = json_object();
		draft_put_id(body, "patient", &m->patient);
		json_put_str(body, "member", m->to);
		json_put_str(body, "prior", m->prior);
		json_put_str(body, "reason", sign->reason);
		draft_put_id(body, "batch", sign->batch);
		draft_add(draft, KIND_ASSIGNED, &m->team, body);
	}
	return from;
}
