/*
 * fuzz_unpack.c - files that a person carries, at both ends. First byte: a
 * letter for the centre (0), a reply for the terminal as it is (1), a reply
 * that the centre's own key signs whatever it says (2). What is refused must
 * leave nothing behind, and write no reply.
 */
#include "tests/fuzz/fuzz.h"

#include "core/buf.h"
#include "core/store.h"
#include "keys/hash.h"
#include "keys/sign.h"
#include "sync/carry.h"
#include "tests/fuzz_world.h"

#define NONCE_AT (16 + 16 + 16) /* magic, organisation, seat */
#define NONCE 64

static int64_t records(struct ledger *l)
{
	struct stmt *s = store_query(ledger_store(l), Q_RECORD_COUNT);
	int64_t n;

	FUZZ_HOLDS(stmt_step(s) == 1);
	n = stmt_int(s, 0);
	stmt_reset(s);
	return n;
}

static void letter(struct ledger *node, const struct buf *file)
{
	struct carry_report report = {0};
	struct buf reply = {0};
	int64_t before = records(node);
	int r = carry_take(&reply, &report, node, file);

	FUZZ_HOLDS(r <= 0);
	FUZZ_HOLDS(r == 0 || (reply.len == 0 && records(node) == before));
	buf_fini(&reply);
}

static void sign(struct buf *file, const struct identity *centre)
{
	uint8_t signature[SIGNATURE];
	struct buf text = {0};
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_REPLY);

	buf_add(&text, prefix, n);
	buf_add(&text, file->data, file->len);
	sign_detached(signature, centre->sign, text.data, text.len);
	buf_add(file, signature, sizeof(signature));
	buf_fini(&text);
}

/* As if it answered the letter that this terminal wrote last. */
static void expect_nonce(struct ledger *seat, const struct buf *file)
{
	if (file->len < NONCE_AT + NONCE)
		return;
	FUZZ_HOLDS(ledger_begin(seat) == 0);
	FUZZ_HOLDS(store_meta_set(ledger_store(seat), "carry.nonce",
		       file->data + NONCE_AT, NONCE) == 0);
	FUZZ_HOLDS(ledger_commit(seat) == 0);
}

static void reply(struct ledger *seat, const struct buf *file)
{
	struct carry_report report = {0};
	int64_t before = records(seat);
	int r;

	expect_nonce(seat, file);
	r = carry_accept(&report, seat, file);
	FUZZ_HOLDS(r <= 0);
	FUZZ_HOLDS(r == 0 || records(seat) == before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct world_seat *seat = fuzz_world();
	struct world_seat *node = &seat->world->node;
	struct buf file = {0};

	if (n == 0)
		return 0;
	buf_add(&file, data + 1, n - 1);
	if (data[0] == 2)
		sign(&file, node->me);
	if (data[0] == 0)
		letter(node->ledger, &file);
	else
		reply(seat->ledger, &file);
	buf_fini(&file);
	return 0;
}
