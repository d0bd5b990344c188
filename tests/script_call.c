/* script_call.c - a call in a test. */
#include "tests/script_call.h"

#include "core/buf.h"
#include "tests/test.h"

struct call call_open(const char *items)
{
	struct call c = {0};
	struct script_report rep;
	struct buf b = {0};

	buf_printf(&b,
	    "{\"resourceType\":\"Questionnaire\",\"status\":\"draft\","
	    "\"url\":\"urn:x\",\"version\":\"3\",\"item\":[%s]}",
	    items);
	if (script_load(&c.s, buf_text(&b), b.len, SCRIPT_STRICT, &rep) != 0)
		fail_msg("%s at %s", rep.at[0].rule, rep.at[0].path);
	buf_fini(&b);
	c.run = script_run_new(c.s, NULL, ZONE);
	return c;
}

void call_close(struct call *c)
{
	script_run_free(&c->run);
	script_free(&c->s);
}

struct script_place call_place(const struct call *c, const char *link)
{
	struct script_place at = {.item = script_find(c->s, link)};

	if (at.item == SCRIPT_NONE)
		fail_msg("no item %s", link);
	return at;
}

int call_say(struct call *c, const char *link, const char *typed)
{
	return script_run_type(c->run, call_place(c, link), typed, NULL, &c->v);
}

bool call_shows(const struct call *c, const char *link)
{
	return script_run_find(c->run, script_find(c->s, link), 0) !=
	       SCRIPT_NONE;
}

const struct script_answer *call_heard(const struct call *c, const char *link)
{
	return script_run_answer(c->run, script_find(c->s, link), 0);
}

int call_say_at(struct call *c, const char *link, uint32_t occ, const char *s)
{
	struct script_place at = call_place(c, link);

	at.occ = occ;
	return script_run_type(c->run, at, s, NULL, &c->v);
}

int call_absent(struct call *c, const char *link, enum script_absent why)
{
	return script_run_absent(c->run, call_place(c, link), why, NULL, &c->v);
}

const char call_required_items[] =
    "{\"linkId\":\"who\",\"type\":\"choice\",\"required\":true,"
    "\"extension\":[{\"url\":\"" OWN "role\",\"valueCode\":\"identity\"}],"
    "\"answerOption\":[{\"valueCoding\":{\"code\":\"ok\"}}]},"
    "{\"linkId\":\"bp\",\"type\":\"integer\",\"required\":true},"
    "{\"linkId\":\"s\",\"type\":\"string\",\"required\":true},"
    "{\"linkId\":\"free\",\"type\":\"string\"}";

const char call_drug_items[] =
    "{\"linkId\":\"drug\",\"type\":\"group\",\"repeats\":true,"
    "\"extension\":[{\"url\":\"" EXT "questionnaire-maxOccurs\","
    "\"valueInteger\":3}],\"item\":["
    "{\"linkId\":\"name\",\"type\":\"string\"},"
    "{\"linkId\":\"times\",\"type\":\"integer\",\"enableWhen\":["
    "{\"question\":\"name\",\"operator\":\"exists\","
    "\"answerBoolean\":true}]}]},"
    "{\"linkId\":\"any\",\"type\":\"string\",\"enableWhen\":["
    "{\"question\":\"times\",\"operator\":\">\",\"answerInteger\":2}]}";
