/* import_roster.c - members of a call team, read from a table. */
#include "sync/import_roster.h"

#include "core/kind.h"
#include "core/tr.h"
#include "sync/import_csv.h"

#include <string.h>

#define MEMBER_MAX 16

static const struct csv_column columns[] = {
    {"member", offsetof(struct import_member, member), true},
    {"name", offsetof(struct import_member, name), true},
    {"role", offsetof(struct import_member, role), true},
    {"name_en", offsetof(struct import_member, name_en), false},
    {"team", offsetof(struct import_member, team), false},
    {"team_en", offsetof(struct import_member, team_en), false},
    {"dialects", offsetof(struct import_member, dialects), false},
    {"scripts", offsetof(struct import_member, scripts), false},
    {"phone", offsetof(struct import_member, phone), false},
};

struct reading {
	struct import_member member;
	import_member_fn *each;
	void *ctx;
};

static bool is_staff_number(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789-_");

	return n > 0 && n <= MEMBER_MAX && s[n] == '\0';
}

static int check_member(const struct import_member *m, const struct csv *at)
{
	char role = role_letter(m->role);

	if (!is_staff_number(m->member))
		return csv_refuse(at, "member",
		    N_("A staff number has letters and digits, at most 16."));
	if (!*m->name)
		return csv_refuse(at, "name", N_("The name is empty."));
	if (role == 0 || role == 'N')
		return csv_refuse(at, "role",
		    N_("No such role. Use agent, supervisor, clinician, "
		       "reviewer, auditor or operator."));
	return 0;
}

static int read_member(void *ctx, const struct csv *at)
{
	struct reading *r = ctx;
	int bad = check_member(&r->member, at);

	return bad ? bad : r->each(r->ctx, &r->member);
}

int import_roster(struct import_batch *b, const struct import_text *file,
    import_member_fn *each, void *ctx)
{
	struct reading reading = {.each = each, .ctx = ctx};
	const struct csv_form form = {columns, ARRAY_LEN(columns),
	    &reading.member, read_member, &reading};

	return import_csv(b, file, &form);
}
