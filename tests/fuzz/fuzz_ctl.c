/*
 * fuzz_ctl.c - a line that came to the control socket.
 */
#include "tests/fuzz/fuzz.h"

#include "sync/ctl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ctl_request q;

	if (ctl_read(&q, (const char *)data, n) < 0)
		return 0;
	FUZZ_HOLDS(strcmp(q.lang, "zh") == 0 || strcmp(q.lang, "en") == 0);
	FUZZ_HOLDS(q.count > 0);
	for (size_t i = 0; i < q.count; i++)
		FUZZ_HOLDS(strlen(q.words[i]) < n);
	ctl_request_fini(&q);
	return 0;
}
