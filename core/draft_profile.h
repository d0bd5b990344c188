/*
 * draft_profile.h - the entries that a profile (core/profile.h) makes where
 * it differs from what is recorded: the level of risk, tags set and taken
 * away. A level that a person set stays until a person gives it back.
 */
#ifndef SUIFANG_DRAFT_PROFILE_H
#define SUIFANG_DRAFT_PROFILE_H

#include "core/base.h"
#include "core/casefile.h"
#include "core/draft.h"
#include "core/profile.h"

struct profile_day {
	int64_t today;
	int32_t zone_s;
	bool keeps_level; /* of draft_profile_lowers, where that is not meant */
};

/* Would the profile put a level that rules recorded lower? A call that was
 * cut short asked too little to say so: what was not asked is not absent. */
bool draft_profile_lowers(
    const struct casefile *file, const struct profile *p);

/* risk.set and tag.set; file says what stands, all zeros for nobody yet. */
void draft_profile(struct draft *draft, const struct id *patient,
    const struct casefile *file, const struct profile *p,
    const struct profile_day *day);

/* What contact.recorded has of it: members risk, risk_rule, risk_version and
 * scores, with the inputs of each. */
void draft_profile_put(json_t *body, const struct profile *p);

/* A person's level with the reason; level NULL: as the rules say again, and
 * ERR_NOT_FOUND where their table could not be read. */
NODISCARD int draft_risk(struct draft *draft, const struct id *patient,
    const char *level, const char *reason, const struct profile *p);

#endif
