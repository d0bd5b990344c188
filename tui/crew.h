/*
 * crew.h - how each agent of a team stands now, in words: on a call, idle,
 * away, offline, off duty or covered, and how long ago the centre heard the
 * seat. From what the centre told last and from the roster; invents nothing
 * where it told nothing.
 */
#ifndef SUIFANG_TUI_CREW_H
#define SUIFANG_TUI_CREW_H

#include "core/base.h"
#include "sync/presence.h"
#include "tui/draw.h"

#define CREW_STALE_S 1800

struct board_member;
struct desk;

struct crew_standing {
	bool is_known; /* the centre told of a seat of this member */
	enum presence state;
	int64_t heard_s; /* 0: not known */
};

/* One for each member; 0 or an error of the store. */
NODISCARD int crew_read(struct crew_standing *out, struct desk *d,
    const struct board_member *members, int n);

/* "on call", "off duty"; "-" where nothing is known. */
const char *crew_state(
    const struct crew_standing *c, const struct board_member *m);
enum look crew_state_look(
    const struct crew_standing *c, const struct board_member *m);
/* "now", "40 min !"; "-" where it is not known. */
void crew_heard(char *out, size_t size, const struct crew_standing *c,
    const struct desk *d);
bool crew_is_stale(const struct crew_standing *c, const struct desk *d);

#endif
