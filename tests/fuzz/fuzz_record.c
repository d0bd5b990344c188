/*
 * fuzz_record.c - a record's frame, or (first byte odd) its commit: refused,
 * or exactly the bytes that its values give, in both forms.
 */
#include "tests/fuzz/fuzz.h"

#include "core/mem.h"
#include "sync/commit.h"

static void check_frame(struct record *r, const uint8_t *data, size_t n)
{
	static const uint8_t pk[SIGN_PUBLIC] = {7};
	uint8_t pk_back[SIGN_PUBLIC];
	struct buf frame = {0}, commit = {0};

	record_write(&frame, r);
	FUZZ_HOLDS(n <= RECORD_FRAME_MAX && frame.len == n);
	FUZZ_HOLDS(memcmp(frame.data, data, n) == 0);
	commit_write(&commit, r, pk);
	FUZZ_HOLDS(commit.len == record_commit_size(r));
	FUZZ_HOLDS(commit.len <= COMMIT_MAX);
	FUZZ_HOLDS(commit_parse(r, pk_back, commit.data, commit.len) == 0);
	FUZZ_HOLDS(memcmp(pk, pk_back, sizeof(pk)) == 0);
	buf_fini(&frame);
	buf_fini(&commit);
}

static void check_commit(struct record *r, const uint8_t pk[SIGN_PUBLIC],
    const uint8_t *data, size_t n)
{
	struct buf commit = {0}, frame = {0};

	commit_write(&commit, r, pk);
	FUZZ_HOLDS(commit.len == n && memcmp(commit.data, data, n) == 0);
	record_write(&frame, r);
	FUZZ_HOLDS(record_read(r, frame.data, frame.len) == 0);
	buf_fini(&commit);
	buf_fini(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct record *r;
	uint8_t pk[SIGN_PUBLIC];

	if (n < 1)
		return 0;
	r = mem_new(sizeof(*r));
	if (data[0] & 1) {
		if (commit_parse(r, pk, data + 1, n - 1) == 0)
			check_commit(r, pk, data + 1, n - 1);
	} else if (record_read(r, data + 1, n - 1) == 0) {
		check_frame(r, data + 1, n - 1);
	}
	free(r);
	return 0;
}
