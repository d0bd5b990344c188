/* interval.c - choosing among dynamic interval rules. */
#include "core/interval.h"

#include "core/err.h"
#include "core/json.h"

#include <stdio.h>
#include <string.h>

static const char *const members[] = {
    "id",
    "version",
    "when",
    "days",
    "open_days",
    "close_days",
    "refer",
    "script",
    "why",
    "source",
    NULL,
};

void interval_decide(struct interval *out, const struct interval_rule *rules,
    size_t n, const struct facts *facts, int64_t now_s)
{
	struct interval best = {0};

	for (size_t i = 0; i < n; i++) {
		struct cond_trace trace;

		trace.n = 0;
		if (!cond_holds(rules[i].when, facts, now_s, &trace))
			continue;
		if (rules[i].refers && !best.refer)
			best.refer = rules + i;
		if (best.rule && best.rule->days <= rules[i].days)
			continue;
		best.rule = rules + i;
		best.inputs = trace;
	}
	*out = best;
}

static int read_days(struct interval_rule *out, const json_t *j)
{
	static const int64_t versions[2] = {1, 1000000};
	static const int64_t days[2] = {1, 3660};
	static const int64_t opens[2] = {-366, 0};
	static const int64_t closes[2] = {0, 366};
	int64_t v[4];
	int r = content_int(&v[0], j, "version", versions);

	if (!r)
		r = content_int(&v[1], j, "days", days);
	if (!r)
		r = content_int(&v[2], j, "open_days", opens);
	if (!r)
		r = content_int(&v[3], j, "close_days", closes);
	if (r)
		return r;
	out->version = (int)v[0];
	out->days = (int)v[1];
	out->open_days = (int)v[2];
	out->close_days = (int)v[3];
	return 0;
}

int interval_rule_read(
    struct interval_rule *out, const json_t *j, const char *at)
{
	char when[64];
	int r = content_members(j, at, members);

	snprintf(when, sizeof(when), "%s.when", at);
	if (!r)
		r = content_id(&out->id, j, "id", at);
	if (!r)
		r = read_days(out, j);
	if (!r)
		r = content_words(&out->why, j, "why", at);
	if (!r && json_object_get(j, "script"))
		r = content_id(&out->script, j, "script", at);
	if (!r)
		r = cond_compile(&out->when, json_object_get(j, "when"), when);
	out->refers = json_flag(j, "refer");
	return r;
}

void interval_rule_fini(struct interval_rule *rule)
{
	cond_free(&rule->when);
}
