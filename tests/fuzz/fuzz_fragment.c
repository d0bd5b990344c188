/*
 * fuzz_fragment.c - pieces of messages as an authenticated but hostile peer
 * may seal them. Input: u16 length and bytes, repeated; the last piece takes
 * what is left. Every message that comes out must cut back to the very
 * pieces that made it.
 */
#include "tests/fuzz/fuzz.h"

#include "core/buf.h"
#include "sync/fragment.h"

static void check_message(
    const struct buf *pieces, const uint8_t *msg, size_t n)
{
	size_t padded;
	uint8_t *text = fragment_text(&padded, msg, n);

	FUZZ_HOLDS(n > 0 && n <= FRAGMENT_MESSAGE_MAX);
	FUZZ_HOLDS(padded == pieces->len);
	FUZZ_HOLDS(memcmp(text, pieces->data, padded) == 0);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct reader r = reader_of(data, n);
	struct fragments f = {0};
	struct buf pieces = {0};
	const uint8_t *msg;
	size_t len;

	while (reader_left(&r) > 2) {
		size_t want = reader_u16(&r);
		size_t have = reader_left(&r);
		size_t size = want < have ? want : have;
		const uint8_t *piece = reader_bytes(&r, size);
		buf_add(&pieces, piece, size);
		if (fragments_add(&f, piece, size) < 0)
			break;
		if (fragments_next(&msg, &len, &f)) {
			check_message(&pieces, msg, len);
			buf_clear(&pieces);
		}
	}
	FUZZ_HOLDS(!fragments_next(&msg, &len, &f));
	fragments_fini(&f);
	buf_fini(&pieces);
	return 0;
}
