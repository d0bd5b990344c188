/*
 * fuzz_channel.c - any bytes at any stage. First byte: which end listens
 * (bit 0), whether the handshake is over (bit 1), enrolment (bit 2), and the
 * size of the pieces that arrive (high bits). Without the keys nothing may
 * ever come out as a message, nor may a handshake end by itself.
 */
#include "tests/fuzz/fuzz.h"

#include "core/err.h"
#include "sync/channel.h"
#include "tests/channel_pair.h"

static void feed(
    struct channel *ch, const uint8_t *data, size_t n, size_t piece)
{
	const uint8_t *msg;
	size_t len;
	int first = 0;

	for (size_t at = 0; at < n; at += piece) {
		size_t size = n - at < piece ? n - at : piece;
		int r = channel_feed(ch, data + at, size);
		FUZZ_HOLDS(first == 0 || r == first);
		first = r;
	}
	FUZZ_HOLDS(!channel_next(&msg, &len, ch));
	FUZZ_HOLDS(first == 0 || !channel_is_ready(ch));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct channel_pair p;
	bool is_open;

	if (n < 1)
		return 0;
	is_open = data[0] & 2;
	channel_pair_init(&p, data[0] & 4 ? PURPOSE_ENROL : PURPOSE_SESSION, 1);
	channel_pair_open(&p);
	if (is_open)
		channel_pair_run(&p);
	struct channel *ch = data[0] & 1 ? p.client : p.node;
	FUZZ_HOLDS(channel_is_ready(ch) == is_open);
	feed(ch, data + 1, n - 1, 1 + (size_t)(data[0] >> 3) * 40);
	FUZZ_HOLDS(is_open || !channel_is_ready(ch));
	channel_pair_fini(&p);
	return 0;
}
