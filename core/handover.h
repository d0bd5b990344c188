/*
 * handover.h - the end of a shift: what is left open on this seat, the
 * hand-overs given and taken, and the team to hand over to. Reads only; the
 * entry is built by the caller.
 */
#ifndef SUIFANG_HANDOVER_H
#define SUIFANG_HANDOVER_H

#include "core/base.h"
#include "core/id.h"

struct store;

struct handover_row {
	char ref[REF_TEXT], from[24], to[24];
	int64_t day, accepted_s; /* 0: not accepted yet */
	int unfinished, promises, alerts, unsent;
};

/* Those given by a member or to them, newest first. Returns how many, or an
 * error. */
int handover_read(struct handover_row *out, int max, struct store *store,
    const struct id *team, const char *member);

struct team_person {
	char member[24], name[96], name_en[96];
};
/* Who is at work in the team, except one. */
int handover_people(struct team_person *out, int max, struct store *store,
    const struct id *team, const char *except);

/* Alerts that a member raised and nobody has closed. */
NODISCARD int handover_alerts(
    int *out, struct store *store, const char *member);

#endif
