/* script_walk.c - random scripts, random calls. */
#include "tests/script_walk.h"

#include "core/err.h"

#include <stdio.h>
#include <string.h>

uint32_t walk_below(struct walk_random *r, uint32_t n)
{
	uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) % n);
}

/* ---- a call --------------------------------------------------------- */

static void number_text(
    char *out, size_t size, const struct script_item *it, uint32_t n)
{
	int64_t lo = it->min.has ? it->min.at.num : 0;

	snprintf(out, size, "%lld", (long long)(lo + n));
}

static void choice_text(
    char *out, size_t size, const struct script_item *it, struct walk_random *r)
{
	const char *a, *b;

	if (it->n_options == 0) {
		snprintf(out, size, "free");
		return;
	}
	a = it->options[walk_below(r, it->n_options)].key;
	b = it->options[walk_below(r, it->n_options)].key;
	if (it->repeats && strcmp(a, b) != 0)
		snprintf(out, size, "%s,%s", a, b);
	else
		snprintf(out, size, "%s", a);
}

static void any_text(
    char *out, size_t size, const struct script_item *it, struct walk_random *r)
{
	switch (it->type) {
	case SCRIPT_BOOLEAN:
		snprintf(out, size, "%u", 1 + walk_below(r, 2));
		return;
	case SCRIPT_INTEGER:
	case SCRIPT_DECIMAL:
	case SCRIPT_QUANTITY:
		number_text(out, size, it, walk_below(r, 12));
		return;
	case SCRIPT_DATE:
		snprintf(out, size, "202601%02u", 1 + walk_below(r, 28));
		return;
	case SCRIPT_DATETIME:
		snprintf(out, size, "202601%02u0930", 1 + walk_below(r, 28));
		return;
	case SCRIPT_TIME:
		snprintf(out, size, "%02u30", walk_below(r, 24));
		return;
	case SCRIPT_CHOICE:
	case SCRIPT_OPEN_CHOICE:
		choice_text(out, size, it, r);
		return;
	case SCRIPT_GROUP:
	case SCRIPT_DISPLAY:
	case SCRIPT_STRING:
	case SCRIPT_TEXT:
	case SCRIPT_URL:
	case SCRIPT_ATTACHMENT:
	case SCRIPT_REFERENCE:
	case SCRIPT_TYPE_COUNT:
		break;
	}
	snprintf(out, size, "t%u", walk_below(r, 3));
}

bool walk_answer(struct script_run *run, struct walk_random *r, uint32_t slot)
{
	struct script_slot s = script_run_slot(run, slot);
	const struct script_item *it =
	    script_item(script_run_script(run), s.item);
	struct script_place at = {s.item, s.occ, true};
	char text[64];

	if (it->type == SCRIPT_GROUP)
		return it->repeats && walk_below(r, 4) == 0 &&
		       script_run_add(run, s.item, s.occ) == 0;
	if (s.state != SCRIPT_SLOT_OPEN && s.state != SCRIPT_SLOT_ANSWERED)
		return false;
	any_text(text, sizeof(text), it, r);
	if (walk_below(r, 8) > 0 &&
	    script_run_type(run, at, text, NULL, NULL) == 0)
		return true;
	if (script_run_absent(run, at, SCRIPT_ABSENT_DECLINED, NULL, NULL) == 0)
		return true;
	return script_run_type(run, at, "1", NULL, NULL) == 0;
}

int walk_finish(struct script_run *run, struct walk_random *r, int limit)
{
	uint32_t at = 0;

	for (int step = 0; step < limit; step++) {
		at = script_run_next(run, at);
		if (at == SCRIPT_NONE)
			return step;
		if (!walk_answer(run, r, at))
			return -1;
	}
	return -1;
}

/* ---- a script ------------------------------------------------------- */

struct maker {
	struct buf *out;
	struct walk_random *r;
	uint32_t n, max;
};

static const char *const kinds[] = {"boolean", "integer", "decimal", "date",
    "dateTime", "time", "string", "text", "choice", "open-choice", "quantity",
    "group", "display", "attachment"};

static void put_options(struct maker *m)
{
	uint32_t n = 1 + walk_below(m->r, 4);

	buf_str(m->out, ",\"answerOption\":[");
	for (uint32_t i = 0; i < n; i++)
		buf_printf(m->out,
		    "%s{\"valueCoding\":{\"code\":\"c%u\"},"
		    "\"extension\":[{\"url\":\"http://hl7.org/fhir/"
		    "StructureDefinition/ordinalValue\",\"valueDecimal\":%u}]}",
		    i ? "," : "", (unsigned)i, (unsigned)i);
	buf_str(m->out, "]");
}

/* Of any item, before or after: circles and misfits are part of the test. */
static void put_condition(struct maker *m)
{
	static const char *const answers[] = {
	    "\"operator\":\"exists\",\"answerBoolean\":true",
	    "\"operator\":\"exists\",\"answerBoolean\":false",
	    "\"operator\":\"=\",\"answerCoding\":{\"code\":\"c1\"}",
	    "\"operator\":\"!=\",\"answerCoding\":{\"code\":\"c0\"}",
	    "\"operator\":\">\",\"answerInteger\":5",
	    "\"operator\":\"<=\",\"answerInteger\":3",
	    "\"operator\":\">=\",\"answerDate\":\"2026-01-15\"",
	    "\"operator\":\"<\",\"answerString\":\"t1\"",
	    "\"operator\":\"=\",\"answerBoolean\":true"};
	uint32_t n = 1 + walk_below(m->r, 3);

	buf_printf(m->out, ",\"enableBehavior\":\"%s\",\"enableWhen\":[",
	    walk_below(m->r, 2) ? "any" : "all");
	for (uint32_t i = 0; i < n; i++)
		buf_printf(m->out, "%s{\"question\":\"q%u\",%s}", i ? "," : "",
		    (unsigned)walk_below(m->r, m->max),
		    answers[walk_below(m->r, ARRAY_LEN(answers))]);
	buf_str(m->out, "]");
}

static void put_items(struct maker *m, int depth);

static void put_item(struct maker *m, int depth)
{
	const char *kind = kinds[walk_below(m->r, ARRAY_LEN(kinds))];

	buf_printf(m->out, "{\"linkId\":\"q%u\",\"type\":\"%s\"",
	    (unsigned)m->n++, kind);
	if (walk_below(m->r, 3) == 0)
		buf_str(m->out, ",\"required\":true");
	if (walk_below(m->r, 5) == 0)
		buf_str(m->out, ",\"repeats\":true");
	if (strstr(kind, "choice"))
		put_options(m);
	if (strcmp(kind, "integer") == 0 && walk_below(m->r, 3) == 0)
		buf_str(m->out, ",\"initial\":[{\"valueInteger\":4}]");
	if (walk_below(m->r, 3) == 0)
		put_condition(m);
	if (strcmp(kind, "group") == 0 || walk_below(m->r, 6) == 0)
		put_items(m, depth + 1);
	buf_str(m->out, "}");
}

static void put_items(struct maker *m, int depth)
{
	uint32_t n = 1 + walk_below(m->r, depth ? 4 : m->max);

	buf_str(m->out, depth ? ",\"item\":[" : "\"item\":[");
	for (uint32_t i = 0; i < n && m->n < m->max && depth < 5; i++) {
		if (i)
			buf_str(m->out, ",");
		put_item(m, depth);
	}
	buf_str(m->out, "]");
}

void walk_script(struct buf *out, struct walk_random *r, uint32_t max)
{
	struct maker m = {out, r, 0, max};

	buf_str(
	    out, "{\"resourceType\":\"Questionnaire\",\"status\":\"draft\",");
	put_items(&m, 0);
	buf_str(out, "}");
}
