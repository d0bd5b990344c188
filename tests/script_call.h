/*
 * script_call.h - a script made of a few items and a call through it, for
 * tests that type answers and look at what happens.
 */
#ifndef SUIFANG_TESTS_SCRIPT_CALL_H
#define SUIFANG_TESTS_SCRIPT_CALL_H

#include "core/script_run.h"

#define ZONE (8 * 3600)
#define NOW INT64_C(1795312800) /* 2026-11-22 10:00 +08:00 */
#define EXT "http://hl7.org/fhir/StructureDefinition/"
#define OWN "urn:suifang:ext:"

struct call {
	struct script *s;
	struct script_run *run;
	struct script_verdict v;
};

/* items: the members of Questionnaire.item; must be strictly valid. */
struct call call_open(const char *items);
void call_close(struct call *c);
struct script_place call_place(const struct call *c, const char *link);
int call_say(struct call *c, const char *link, const char *typed);
int call_say_at(struct call *c, const char *link, uint32_t occ, const char *s);
/* A reason instead of an answer. */
int call_absent(struct call *c, const char *link, enum script_absent why);
bool call_shows(const struct call *c, const char *link);
/* The answer at the first place, or NULL. */
const struct script_answer *call_heard(const struct call *c, const char *link);

/* Identity, a required number, a required text, a free one. */
extern const char call_required_items[];
/* A repeating group of at most three, and a question about all of them. */
extern const char call_drug_items[];

#endif
