/*
 * log_pack.c - records carried by hand: a file of what a seat would give the
 * centre over the wire. "suifang-pack 1" LF | org | u32 count | for each
 * record u32 length | the `give` message. Signed and sealed as they are, so
 * the file needs no protection of its own.
 */
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "core/tr.h"
#include "sync/home.h"
#include "sync/log_verbs.h"
#include "sync/program.h"
#include "sync/request.h"
#include "sync/session_impl.h"
#include "sync/wire.h"

#include <inttypes.h>
#include <string.h>

#define MAGIC "suifang-pack 1\n"
#define PACK_MAX (256u << 20)
#define HEAD (sizeof(MAGIC) - 1 + 16 + 4)

static int add_record(struct buf *out, struct ledger *l, uint64_t seq)
{
	struct parcel p = {0};
	struct buf give = {0};
	int r = parcel_load(&p, l, &ledger_cfg(l)->me->seat, seq, NULL);

	if (r == 0) {
		wire_give(&give, &p.give);
		buf_block(out, give.data, give.len);
	}
	buf_fini(&give);
	parcel_fini(&p);
	return r;
}

/* The first own record to pack. */
static int first_to_pack(uint64_t *out, const struct request *q)
{
	struct ledger *l = home_ledger(q->home);
	struct stmt *s = store_query(home_store(q->home), Q_RECORD_UNSENT);
	int r;

	*out = 1;
	if (log_option(q, "all"))
		return 0;
	stmt_bind_id(s, ":seat", &ledger_cfg(l)->me->seat);
	stmt_bind_int(s, ":after", 0);
	stmt_bind_int(s, ":most", 1);
	r = stmt_step(s);
	*out = r == 1 ? (uint64_t)stmt_int(s, 0) : ledger_next_seq(l);
	stmt_reset(s);
	return r < 0 ? r : 0;
}

int verb_pack(const struct request *q)
{
	struct ledger *l = home_ledger(q->home);
	const char *path = log_argument(q, 0);
	struct buf out = {0};
	uint64_t seq = 0, end = ledger_next_seq(l);
	int r;

	if (!path)
		return err_set(ERR_USAGE, "FILE");
	if ((r = first_to_pack(&seq, q)) < 0)
		return r;
	buf_str(&out, MAGIC);
	buf_add(&out, ledger_cfg(l)->me->org.b, 16);
	buf_u32(&out, (uint32_t)(end - seq));
	for (uint64_t i = seq; r == 0 && i < end; i++) {
		r = add_record(&out, l, i);
		if (out.len > PACK_MAX)
			r = err_set(ERR_TOO_LARGE, "%s", path);
	}
	if (r == 0)
		r = program_write(path, &out, 0600);
	if (r == 0) {
		log_count(q->out, _("records:"), end - seq);
		buf_printf(q->out, "%s\n", path);
	}
	buf_fini(&out);
	return r;
}

struct taken {
	uint64_t records;
	uint64_t forks;
};

static int take_record(struct taken *taken, struct ledger *l, struct reader *in)
{
	struct msg_give m;
	struct incoming incoming;
	size_t n;
	const uint8_t *p = reader_block(in, &n, WIRE_BOXES_MAX * 2);
	int r;

	if (!p)
		return err_set(ERR_TRUNCATED, "pack");
	if ((r = wire_read_give(&m, p, n)) < 0)
		return r;
	incoming = (struct incoming){.frame = m.frame,
	    .frame_len = m.frame_len,
	    .seals = m.seals,
	    .seals_len = m.seals_len,
	    .boxes = &m.boxes};
	r = ledger_receive(l, &incoming);
	taken->records++;
	taken->forks += r == ERR_FORK;
	/* The other branch is kept as evidence; the rest goes on. */
	return r == ERR_FORK ? 0 : r;
}

/* All or none, so that a torn file changes nothing. */
static int take_all(struct taken *taken, struct ledger *l, struct reader *in)
{
	uint32_t count = reader_u32(in);
	int r = ledger_begin(l);

	for (uint32_t i = 0; r == 0 && i < count; i++)
		r = take_record(taken, l, in);
	if (r == 0 && !reader_is_done(in))
		r = err_set(ERR_FORMAT, "bytes after the last record");
	if (r == 0)
		return ledger_commit(l);
	ledger_rollback(l);
	return r;
}

static int check_head(struct reader *in, const struct ledger *l)
{
	const uint8_t *magic = reader_bytes(in, sizeof(MAGIC) - 1);
	const uint8_t *org = reader_bytes(in, 16);

	if (!magic || !org || memcmp(magic, MAGIC, sizeof(MAGIC) - 1) != 0)
		return err_set(ERR_FORMAT, "not a pack");
	if (memcmp(org, ledger_cfg(l)->me->org.b, 16) != 0)
		return err_set(ERR_NOT_PERMITTED, "another organisation");
	return 0;
}

int verb_unpack(const struct request *q)
{
	struct ledger *l = home_ledger(q->home);
	const char *path = log_argument(q, 0);
	struct buf data = {0};
	struct taken taken = {0};
	struct reader in;
	int r;

	if (!path)
		return err_set(ERR_USAGE, "FILE");
	/* Elsewhere a record without a place must not take effect. */
	if (!ledger_is_node(l))
		return err_set(ERR_NOT_PERMITTED, "only at the centre");
	if ((r = program_read(&data, path, PACK_MAX)) < 0)
		goto out;
	in = reader_of(data.data, data.len);
	if ((r = check_head(&in, l)) < 0)
		goto out;
	r = take_all(&taken, l, &in);
	if (r == 0) {
		log_count(q->out, _("records:"), taken.records);
		log_count(q->out, _("forks:"), taken.forks);
		buf_str(q->out, "\n");
	}
out:
	buf_fini(&data);
	return r;
}
