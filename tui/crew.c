/* crew.c - how each agent stands now. */
#include "tui/crew.h"

#include "core/board.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"
#include "tui/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A person with two terminals stands as the busier one does. */
static void add(struct crew_standing *c, const struct crew_seat *seat)
{
	static const int weight[] = {[PRESENCE_OFFLINE] = 0,
	    [PRESENCE_AWAY] = 1,
	    [PRESENCE_IDLE] = 2,
	    [PRESENCE_CALL] = 3};

	c->is_known = true;
	if (weight[seat->state] > weight[c->state])
		c->state = (enum presence)seat->state;
	if (seat->heard_s > c->heard_s)
		c->heard_s = seat->heard_s;
}

static const char *member_of(
    const struct board_seat *seats, int n, const struct id *seat)
{
	for (int i = 0; i < n; i++)
		if (id_cmp(&seats[i].seat, seat) == 0)
			return seats[i].member;
	return "";
}

int crew_read(struct crew_standing *out, struct desk *d,
    const struct board_member *members, int n)
{
	size_t count = 0;
	const struct crew_seat *crew =
	    d->crew ? d->crew(d->sync_ctx, &count) : NULL;
	struct board_seat *seats;
	int of_team;

	memset(out, 0, (size_t)n * sizeof(*out));
	if (!crew)
		return 0;
	seats = mem_array(PRESENCE_SEATS, sizeof(*seats));
	of_team = board_seats(seats, PRESENCE_SEATS, d->store, &d->team);
	for (size_t i = 0; i < count; i++) {
		const char *who = member_of(seats, of_team, &crew[i].seat);
		for (int k = 0; k < n; k++)
			if (strcmp(members[k].member, who) == 0)
				add(&out[k], &crew[i]);
	}
	free(seats);
	return of_team < 0 ? of_team : 0;
}

const char *crew_state(
    const struct crew_standing *c, const struct board_member *m)
{
	static const char *const words[] = {[PRESENCE_OFFLINE] = N_("offline"),
	    [PRESENCE_IDLE] = N_("idle"),
	    [PRESENCE_CALL] = N_("on call"),
	    [PRESENCE_AWAY] = N_("away")};

	if (*m->covered_by)
		return _("absent");
	if (!m->is_active)
		return _("off duty");
	return c->is_known ? tr(words[c->state]) : "-";
}

enum look crew_state_look(
    const struct crew_standing *c, const struct board_member *m)
{
	if (*m->covered_by || !m->is_active)
		return LOOK_LATE;
	return !c->is_known || c->state == PRESENCE_OFFLINE ? LOOK_DIM
	       : c->state == PRESENCE_CALL                  ? LOOK_DONE
							    : LOOK_TEXT;
}

static int64_t age_s(const struct crew_standing *c, const struct desk *d)
{
	int64_t age = desk_now_s(d) - c->heard_s;

	return age < 0 ? 0 : age;
}

bool crew_is_stale(const struct crew_standing *c, const struct desk *d)
{
	return c->heard_s && age_s(c, d) > CREW_STALE_S;
}

void crew_heard(
    char *out, size_t size, const struct crew_standing *c, const struct desk *d)
{
	int64_t age = age_s(c, d);
	const char *mark = crew_is_stale(c, d) ? " !" : "";

	if (!c->is_known || !c->heard_s)
		text_copy(out, size, "-");
	else if (age < 60)
		text_copy(out, size, _("now"));
	else if (age < 2 * 3600)
		snprintf(out, size, _("%d min%s"), (int)(age / 60), mark);
	else if (age < 2 * DAY_S)
		snprintf(out, size, _("%d h%s"), (int)(age / 3600), mark);
	else
		snprintf(out, size, _("%d d%s"), (int)(age / DAY_S), mark);
}
