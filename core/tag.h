/*
 * tag.h - automatic tags: short marks on a patient that rules set from
 * facts, each with the reason it was set and the day it expires. Also the
 * general risk level (high, medium, low) of strata.h, which is a list of the
 * same rules. Pure.
 */
#ifndef SUIFANG_TAG_H
#define SUIFANG_TAG_H

#include "core/base.h"
#include "core/cond.h"
#include "core/content.h"

struct tag_rule {
	const char *id;
	int version;
	struct words name;
	struct words why;
	int expires_days;  /* 0: until the rule no longer holds */
	const char *group; /* risk level of strata.h, or "" */
	struct cond *when;
};

struct tag_set;

struct tag_hit {
	const struct tag_rule *rule;
	int64_t expires_s; /* 0: does not */
	struct cond_trace inputs;
};

/* ERR_INVALID with path and reason. */
NODISCARD int tag_set_parse(struct tag_set **out, const char *json, size_t n);
void tag_set_free(struct tag_set **set);

const struct content_head *tag_set_head(const struct tag_set *set);

/* In order of the file; returns how many hold, writes at most max. */
size_t tag_run(struct tag_hit *hits, size_t max, const struct tag_set *set,
    const struct facts *facts, int64_t now_s);

#endif
