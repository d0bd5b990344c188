/* import_members.c - grants and teams from the rows of a roster. */
#include "sync/import_members.h"

#include "core/err.h"
#include "core/json.h"
#include "core/store.h"
#include "sync/import_body.h"

#include <string.h>

/* Calls a day that one place in a team stands for, until a supervisor says
 * otherwise. */
#define CAPACITY 40

static bool is_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

int import_team(struct id *out, struct store *store, const char *name)
{
	struct stmt *q = store_query(store, Q_IMPORT_TEAMS);
	size_t n = 0;
	int r;

	*out = (struct id){0};
	while ((r = stmt_step(q)) == 1) {
		n++;
		if (!*name || is_equal(stmt_text(q, 1), name))
			(void)!stmt_id(out, q, 0);
	}
	if (!*name && n != 1)
		*out = (struct id){0};
	if (r == 0 && *name && id_is_zero(out))
		r = err_set(ERR_NOT_FOUND, "no team %s", name);
	return r;
}

/* 2 = granted just so already, 1 = otherwise, 0 = not at all, or an error. */
static int is_granted(const struct import_staff *staff,
    const struct import_member *m, const struct id *team)
{
	struct stmt *q = store_query(staff->store, Q_IMPORT_MEMBER);
	struct id held = {0};
	int r;

	stmt_bind_text(q, ":member", m->member);
	r = stmt_step(q);
	if (r == 1) {
		(void)!stmt_id(&held, q, 3);
		r = 1 + (is_equal(stmt_text(q, 0), m->name) &&
			    is_equal(stmt_text(q, 1), m->name_en) &&
			    is_equal(stmt_text(q, 2), m->role) &&
			    id_cmp(&held, team) == 0 &&
			    is_equal(stmt_text(q, 4), m->dialects) &&
			    is_equal(stmt_text(q, 5), m->phone) &&
			    stmt_int(q, 6) >= staff->until_s);
	}
	stmt_reset(q);
	return r;
}

/* 1 = has the place already, 0 = not, or an error. */
static int is_placed(const struct import_staff *staff,
    const struct import_member *m, const struct id *team)
{
	struct stmt *q = store_query(staff->store, Q_IMPORT_TEAM_MEMBER);
	int r;

	stmt_bind_id(q, ":team", team);
	stmt_bind_text(q, ":member", m->member);
	r = stmt_step(q);
	if (r == 1)
		r = stmt_int(q, 1) == 1 &&
		    is_equal(stmt_text(q, 2), m->scripts);
	stmt_reset(q);
	return r;
}

static json_t *grant(const struct import_staff *staff,
    const struct import_member *m, const struct id *team)
{
	json_t *o = json_object();

	json_put_str(o, "member", m->member);
	import_put_text(o, "name", m->name, 64);
	import_put_text(o, "name_en", m->name_en, 64);
	json_put_str(o, "role", m->role);
	if (!id_is_zero(team))
		draft_put_id(o, "team", team);
	import_put_text(o, "dialects", m->dialects, 100);
	import_put_text(o, "phone", m->phone, 32);
	json_put_int(o, "from_s", env_now_s(staff->env));
	json_put_int(o, "until_s", staff->until_s);
	return o;
}

static json_t *place(const struct import_member *m)
{
	json_t *o = json_object();

	json_put_str(o, "member", m->member);
	json_put_int(o, "capacity", is_equal(m->role, "agent") ? CAPACITY : 0);
	json_put_flag(o, "active", true);
	import_put_text(o, "skills", m->scripts, 200);
	return o;
}

/* The member's team, made in this save when nobody has named it before. */
static int find_team(struct id *out, struct draft *draft,
    const struct import_staff *staff, const struct import_member *m)
{
	json_t *o;
	int r;

	*out = (struct id){0};
	if (!*m->team)
		return 0;
	r = import_team(out, staff->store, m->team);
	if (r != ERR_NOT_FOUND)
		return r;
	env_random(staff->env, out->b, sizeof(out->b));
	o = json_object();
	import_put_text(o, "name", m->team, 64);
	import_put_text(o, "name_en", m->team_en, 64);
	draft_add(draft, KIND_TEAM_SET, out, o);
	return 0;
}

int import_member(struct draft *out, enum import_change *change,
    const struct import_staff *staff, const struct import_member *member)
{
	struct id team;
	int r = find_team(&team, out, staff, member), granted, placed = 1;

	if (r)
		return r;
	granted = is_granted(staff, member, &team);
	if (granted >= 0 && !id_is_zero(&team))
		placed = is_placed(staff, member, &team);
	if (granted < 0 || placed < 0)
		return granted < 0 ? granted : placed;
	if (granted < 2)
		draft_add(out, KIND_MEMBER_GRANTED, &staff->roster,
		    grant(staff, member, &team));
	if (!placed)
		draft_add(out, KIND_TEAM_MEMBER, &team, place(member));
	*change = out->count == 0 ? IMPORT_SAME
		  : granted       ? IMPORT_ADDED
				  : IMPORT_NEW;
	return 0;
}
