/* fuzz_hello.c - what is read as a hello is written back byte for byte. */
#include "tests/fuzz/fuzz.h"

#include "core/err.h"
#include "sync/hello.h"

static void check_same(struct buf *b, const uint8_t *data, size_t n)
{
	FUZZ_HOLDS(b->len == n && memcmp(b->data, data, n) == 0);
	buf_fini(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct id org = {{1, 2, 3}};
	struct hello hello;
	struct hello_answer answer;
	struct buf b = {0};

	if (hello_read(&hello, data, n) == 0) {
		FUZZ_HOLDS(n <= HELLO_MAX);
		hello_write(&b, &hello);
		check_same(&b, data, n);
		int r = hello_decide(&answer, &hello, &org, &org);
		FUZZ_HOLDS((r == 0) == (answer.version == HELLO_VERSION));
		FUZZ_HOLDS(hello_judge(&answer, &hello) == r);
	}
	if (hello_answer_read(&answer, data, n) == 0) {
		FUZZ_HOLDS(n <= HELLO_MAX);
		hello_answer_write(&b, &answer);
		check_same(&b, data, n);
	}
	return 0;
}
