/*
 * script_merge_kit.h - small scripts as JSON text, for tests that put two of
 * them together.
 */
#ifndef SUIFANG_TESTS_SCRIPT_MERGE_KIT_H
#define SUIFANG_TESTS_SCRIPT_MERGE_KIT_H

#include "core/script_merge.h"
#include "tests/script_call.h"

#define SCRIPT(id, items)                                                      \
	"{\"resourceType\":\"Questionnaire\",\"id\":\"" id                     \
	"\",\"status\":\"active\",\"language\":\"en\",\"version\":\"1\","      \
	"\"contained\":[{\"resourceType\":\"ValueSet\",\"id\":\"v\","          \
	"\"status\":\"active\",\"compose\":{\"include\":[{\"system\":\"" id    \
	"\",\"concept\":[{\"code\":\"x\"},{\"code\":\"y\"}]}]}}],\"item\":"    \
	"[" items "]}"
#define Q(link, more) "{\"linkId\":\"" link "\",\"text\":\"t\"," more "}"
#define INT "\"type\":\"integer\""
#define WHEN(q)                                                                \
	"\"enableWhen\":[{\"question\":\"" q                                   \
	"\",\"operator\":\"exists\",\"answerBoolean\":true}]"
#define CODE(c) "\"code\":[{\"code\":\"" c "\"}]"
#define MIN(n)                                                                 \
	"\"extension\":[{\"url\":\"" EXT "minValue\",\"valueInteger\":" n "}]"

#define XB(name)                                                               \
	"\"extension\":[{\"url\":\"" EXT name "\",\"valueBoolean\":true}]"
#define MAX(n)                                                                 \
	"\"extension\":[{\"url\":\"" EXT "maxValue\",\"valueInteger\":" n "}]"
#define SELF                                                                   \
	"\"extension\":[{\"url\":\"" OWN "self-report\",\"valueBoolean\":"     \
	"true}]"
#define UNIT(u)                                                                \
	"\"extension\":[{\"url\":\"" EXT                                       \
	"questionnaire-unit\",\"valueCoding\":{\"code\":\"" u "\"}}]"
#define XSUM                                                                   \
	"\"extension\":[{\"url\":"                                             \
	"\"http://hl7.org/fhir/uv/sdc/StructureDefinition/"                    \
	"sdc-questionnaire-initialExpression\",\"valueExpression\":{"          \
	"\"language\":\"text/fhirpath\",\"expression\":\"1\"}}]"
#define RESPONDENT(text)                                                       \
	"{\"linkId\":\"who\",\"text\":\"" text                                 \
	"\",\"type\":\"choice\",\"extension\":[{\"url\":\"" OWN                \
	"role\",\"valueCode\":\"respondent\"}],\"answerOption\":["             \
	"{\"valueCoding\":{\"code\":\"self\"}},{\"valueCoding\":"              \
	"{\"code\":\"spouse\"}}]},"
#define WHO RESPONDENT("who")
#define WHO2 RESPONDENT("whoever")
#define GRP "\"type\":\"group\""
#define UNDER(link, more, items)                                               \
	"{\"linkId\":\"" link "\",\"text\":\"t\"," more ",\"item\":[" items "]}"
#define WHENV(q, v)                                                            \
	"\"enableWhen\":[{\"question\":\"" q                                   \
	"\",\"operator\":\"=\",\"answerInteger\":" v "}]"
#define WHEN2(q, how)                                                          \
	"\"enableBehavior\":\"" how "\",\"enableWhen\":[{\"question\":\"" q    \
	"\",\"operator\":\"=\",\"answerInteger\":1},{\"question\":\"" q        \
	"\",\"operator\":\">\",\"answerInteger\":4}]"

/* Loads both strictly and merges them; must succeed. */
struct script_merged *merge_two(
    struct script *two[2], const char *a, const char *b);
/* Every question of a part has a place in the whole, and the same type. */
void merge_check_places(const struct script_merged *m);
/* A random call through the whole leaves each part complete. */
void merge_check_call(const struct script_merged *m, uint64_t seed);

#endif
