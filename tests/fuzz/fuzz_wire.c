/*
 * fuzz_wire.c - a message of a session, whatever its number claims: refused,
 * or written back byte for byte.
 */
#include "tests/fuzz/fuzz.h"

#include "sync/presence.h"
#include "sync/wire_bulk.h"
#include "sync/wire_restore.h"

static int read_number(struct buf *out, const uint8_t *data, size_t n)
{
	uint64_t number;
	int r = wire_read_number(&number, data, n);

	if (r == 0)
		wire_number(out, wire_peek(data, n), number);
	return r;
}

static int read_give(struct buf *out, const uint8_t *data, size_t n)
{
	struct msg_give m;
	int r = wire_read_give(&m, data, n);

	if (r == 0)
		wire_give(out, &m);
	return r;
}

static int read_record(struct buf *out, const uint8_t *data, size_t n)
{
	struct msg_record m;
	int r = wire_read_record(&m, data, n);

	if (r == 0)
		wire_record(out, &m);
	return r;
}

#define SIMPLE(name)                                                           \
	static int read_##name(struct buf *out, const uint8_t *data, size_t n) \
	{                                                                      \
		struct msg_##name m;                                           \
		int r = wire_read_##name(&m, data, n);                         \
		if (r == 0)                                                    \
			wire_##name(out, &m);                                  \
		return r;                                                      \
	}
SIMPLE(hello)
SIMPLE(welcome)
SIMPLE(receipt)
SIMPLE(keys)
SIMPLE(withdraw)
SIMPLE(checkpoint)
SIMPLE(hold)
SIMPLE(offer)
SIMPLE(prove)
SIMPLE(proof)

static int read_crew(struct buf *out, const uint8_t *data, size_t n)
{
	struct crew_seat crew[PRESENCE_SEATS];
	size_t count;
	int r = wire_read_crew(crew, &count, data, n);

	if (r == 0)
		wire_crew(out, crew, count);
	return r;
}

static int read_show(struct buf *out, const uint8_t *data, size_t n)
{
	struct msg_show m;
	int r = wire_read_show(&m, data, n);

	if (r == 0 && m.len > 0)
		wire_show(out, m.note, m.len);
	else if (r == 0)
		wire_shown(out, &m.brought);
	return r;
}

static int read_branch(struct buf *out, const uint8_t *data, size_t n)
{
	struct msg_give m;
	int r = wire_read_give(&m, data, n);

	if (r == 0)
		wire_branch(out, &m);
	return r;
}

SIMPLE(attest)
SIMPLE(leases)
SIMPLE(stream)
SIMPLE(lease)
SIMPLE(directory)

static int read_part(struct buf *out, const uint8_t *data, size_t n)
{
	struct msg_record m;
	int r = wire_read_record(&m, data, n);

	if (r == 0)
		wire_part(out, &m);
	return r;
}

static int read_basis(struct buf *out, const uint8_t *data, size_t n)
{
	struct msg_checkpoint m;
	int r = wire_read_checkpoint(&m, data, n);

	if (r == 0)
		wire_basis(out, &m);
	return r;
}

static int read_rows(struct buf *out, const uint8_t *data, size_t n)
{
	enum msg msg = wire_peek(data, n);

	return msg == MSG_LEASES      ? read_leases(out, data, n)
	       : msg == MSG_DIRECTORY ? read_directory(out, data, n)
				      : read_crew(out, data, n);
}

static int read_any(struct buf *out, const uint8_t *data, size_t n)
{
	switch (wire_peek(data, n)) {
	case MSG_NONE:
		return -1;
	case MSG_HELLO:
		return read_hello(out, data, n);
	case MSG_WELCOME:
		return read_welcome(out, data, n);
	case MSG_GIVE:
		return read_give(out, data, n);
	case MSG_RECEIPT:
		return read_receipt(out, data, n);
	case MSG_RECORD:
		return read_record(out, data, n);
	case MSG_KEYS:
		return read_keys(out, data, n);
	case MSG_WITHDRAW:
		return read_withdraw(out, data, n);
	case MSG_CHECKPOINT:
		return read_checkpoint(out, data, n);
	case MSG_SHOW:
		return read_show(out, data, n);
	case MSG_HOLD:
		return read_hold(out, data, n);
	case MSG_OFFER:
		return read_offer(out, data, n);
	case MSG_PROVE:
		return read_prove(out, data, n);
	case MSG_PROOF:
		return read_proof(out, data, n);
	case MSG_BRANCH:
		return read_branch(out, data, n);
	case MSG_PART:
		return read_part(out, data, n);
	case MSG_BASIS:
		return read_basis(out, data, n);
	case MSG_ATTEST:
		return read_attest(out, data, n);
	case MSG_STREAM:
		return read_stream(out, data, n);
	case MSG_LEASE:
		return read_lease(out, data, n);
	case MSG_LEASES:
	case MSG_DIRECTORY:
	case MSG_CREW:
		return read_rows(out, data, n);
	case MSG_PRESENCE:
	case MSG_TAKEN:
	case MSG_BACKED:
	case MSG_ASK:
	case MSG_OWED:
	case MSG_TOOK:
	case MSG_PING:
	case MSG_PONG:
	case MSG_BYE:
		return read_number(out, data, n);
	}
	return -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf out = {0};

	if (read_any(&out, data, n) == 0) {
		FUZZ_HOLDS(out.len == n);
		FUZZ_HOLDS(memcmp(out.data, data, n) == 0);
	}
	buf_fini(&out);
	return 0;
}
