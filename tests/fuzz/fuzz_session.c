/*
 * fuzz_session.c - messages of an authenticated peer against a real ledger.
 * First byte: to the node (bit 0) or to the terminal, and with the session
 * already open (bit 1); then messages, each led by its u32 length. Whatever
 * comes, nothing of it may stay after the rollback.
 */
#include "tests/fuzz/fuzz.h"

#include "core/buf.h"
#include "tests/fuzz_world.h"

#define MESSAGES 32

static void speak(struct session *to, struct ledger *ledger, struct reader *in)
{
	size_t n;
	int r = 0;

	for (int i = 0; i < MESSAGES && r == 0 && reader_left(in) > 4; i++) {
		const uint8_t *msg = reader_block(in, &n, 1 << 20);
		if (!msg)
			break;
		r = session_message(to, msg, n);
	}
	ledger_rollback(ledger);
	if (r == 0)
		r = session_pump(to);
	FUZZ_HOLDS(r <= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct world_seat *seat = fuzz_world();
	struct reader in = reader_of(data, n);
	uint8_t how = reader_u8(&in);
	uint64_t own = ledger_next_seq(seat->ledger);
	uint64_t nodes = ledger_next_seq(seat->world->node.ledger);

	fuzz_world_connect(seat, how & 2);
	if (how & 1)
		speak(seat->there, seat->world->node.ledger, &in);
	else
		speak(seat->here, seat->ledger, &in);
	world_cut(seat);
	FUZZ_HOLDS(ledger_next_seq(seat->ledger) == own);
	FUZZ_HOLDS(ledger_next_seq(seat->world->node.ledger) == nodes);
	return 0;
}
