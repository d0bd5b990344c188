/*
 * fuzz_notetag.c - any bytes as a note: hits lie within it, in order and
 * apart, and what is suggested was said. Bytes that look like a
 * dictionary are refused with a reason, or read themselves.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/own.h"

#include "core/err.h"
#include "core/notetag.h"

#define HITS 64

static void read_note(const struct notetag *t, const char *note, size_t n)
{
	struct notetag_hit hits[HITS];
	struct notetag_hit some[HITS];
	size_t found = notetag_run(hits, HITS, t, note, n);
	size_t kept = notetag_suggest(some, HITS, t, note, n);
	size_t end = 0;

	for (size_t i = 0; i < found && i < HITS; i++) {
		FUZZ_HOLDS(hits[i].at >= end && hits[i].len > 0);
		end = hits[i].at + hits[i].len;
		FUZZ_HOLDS(end <= n && end <= NOTETAG_TEXT_MAX);
	}
	FUZZ_HOLDS(kept <= found);
	for (size_t i = 0; i < kept; i++)
		FUZZ_HOLDS(some[i].sense == NOTETAG_SAID);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct notetag *own; /* read once, kept for every run */
	const char *note = (const char *)data;
	struct notetag *t = NULL;

	if (n && data[0] != '{') {
		own = own ? own : own_notes();
		read_note(own, note, n);
	} else if (notetag_parse(&t, note, n)) {
		FUZZ_HOLDS(!t && *err_detail());
	} else {
		read_note(t, note, n);
	}
	notetag_free(&t);
	return 0;
}
