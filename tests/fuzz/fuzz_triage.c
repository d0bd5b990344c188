/*
 * fuzz_triage.c - a rule pack from a stranger: it is refused with a reason,
 * or it loads and answers any facts within bounds. Bytes that cannot be a
 * pack are facts for the packs of the program.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/own.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/json.h"
#include "core/triage.h"

#define HITS 16

/* Three bytes a fact: which code, which value, which age. */
static void facts_of_bytes(struct facts *f, const uint8_t *data, size_t n)
{
	static const char *const codes[] = {"8480-6", "8462-4", "1558-6",
	    "29463-7", "htn-danger", "wound", "44260-8", "condition"};

	for (size_t i = 0; i + 2 < n && f->n < 200; i += 3) {
		const char *code = codes[data[i] % 8];
		int64_t at_s = 1795312800 - data[i + 2] * INT64_C(3600);
		char text[8] = {(char)('a' + data[i + 1] % 26), '\0'};

		if (data[i] & 8)
			facts_add_coded(f, code, text, at_s);
		else
			facts_add_number(
			    f, code, data[i + 1], data[i] >> 4 & 1, at_s);
		if (data[i] & 64)
			facts_age(f);
	}
}

static void ask(const struct triage *t, const struct facts *f)
{
	struct triage_hit hits[HITS];
	size_t n = triage_run(hits, HITS, t, f, 1795312800);

	FUZZ_HOLDS(n <= triage_total(t));
	FUZZ_HOLDS(triage_run(NULL, 0, t, f, 1795312800) == n);
	for (size_t i = 0; i < n && i < HITS; i++) {
		FUZZ_HOLDS(hits[i].inputs.n <= COND_INPUTS);
		FUZZ_HOLDS(hits[i].rule->id != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct triage *own; /* read once, kept for every run */
	struct triage *t = NULL;
	struct facts f = {0};

	facts_of_bytes(&f, data, n);
	if (n && data[0] != '{') {
		own = own ? own : own_triage();
		ask(own, &f);
	} else {
		t = triage_new();
		if (triage_add(t, (const char *)data, n) == 0)
			ask(t, &f);
		else
			FUZZ_HOLDS(triage_total(t) == 0 && *err_detail());
	}
	triage_free(&t);
	facts_fini(&f);
	return 0;
}
