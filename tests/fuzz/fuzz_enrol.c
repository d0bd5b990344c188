/*
 * fuzz_enrol.c - what a person types as a one-time code, and what a stranger
 * sends as new keys in message 3.
 */
#include "tests/fuzz/fuzz.h"

#include "core/text.h"
#include "keys/enrol.h"

static void try_code(const char *typed)
{
	struct enrol_code code, again;
	char shown[ENROL_SHOWN];

	if (enrol_parse(&code, typed) < 0)
		return;
	FUZZ_HOLDS(strlen(code.text) == ENROL_CODE);
	enrol_show(shown, &code);
	FUZZ_HOLDS(enrol_parse(&again, shown) == 0);
	FUZZ_HOLDS(strcmp(code.text, again.text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct enrol_request req = {.org = {{1}}, .dh_pk = {2}};
	char *typed = malloc(n + 1);

	FUZZ_HOLDS(typed != NULL);
	if (n > 0)
		memcpy(typed, data, n);
	typed[n] = '\0';
	try_code(typed);
	free(typed);
	if (enrol_payload_read(&req, data, n) == 0) {
		FUZZ_HOLDS(n <= ENROL_PAYLOAD_MAX);
		FUZZ_HOLDS(strlen(req.member) <= ENROL_MEMBER);
		FUZZ_HOLDS(strlen(req.terminal) <= ENROL_TERMINAL);
		FUZZ_HOLDS(utf8_is_valid(req.member, strlen(req.member)));
		FUZZ_HOLDS(utf8_is_valid(req.terminal, strlen(req.terminal)));
	}
	return 0;
}
