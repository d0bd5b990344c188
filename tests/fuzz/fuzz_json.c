/*
 * fuzz_json.c - hostile JSON: refused, or canonical after one pass, and
 * within its bounds.
 */
#include "tests/fuzz/fuzz.h"

#include "core/json.h"
#include "core/text.h"

#define MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	struct buf once = {0}, twice = {0};
	json_t *value, *again;

	if (json_load(&value, text, n, MAX) < 0)
		return 0;
	FUZZ_HOLDS(n <= MAX && utf8_is_valid(text, n));
	json_canonical(&once, value);
	/* Escapes may lengthen a text, but never make it unreadable. */
	FUZZ_HOLDS(json_load(&again, buf_text(&once), once.len, 8 * MAX) == 0);
	json_canonical(&twice, again);
	FUZZ_HOLDS(once.len == twice.len);
	FUZZ_HOLDS(memcmp(buf_text(&once), buf_text(&twice), once.len) == 0);
	FUZZ_HOLDS(json_equal(value, again));
	json_decref(value);
	json_decref(again);
	buf_fini(&once);
	buf_fini(&twice);
	return 0;
}
