/* anchor.c - the last receipt as text, and what it says of this terminal. */
#include "sync/anchor.h"

#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "core/text.h"
#include "core/tr.h"
#include "keys/hash.h"
#include "keys/sign.h"
#include "sync/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char first_line[] = "sf-receipt 1\n";

static void hex_line(
    struct buf *out, const char *name, const void *data, size_t n)
{
	char hex[2 * SIGNATURE + 1];

	hex_encode(hex, data, n);
	buf_printf(out, "%s %s\n", name, hex);
}

void anchor_text(struct buf *out, const struct msg_receipt *m)
{
	buf_printf(out, "%sseq %" PRIu64 "\n", first_line, m->seq);
	hex_line(out, "record", m->record.b, sizeof(m->record.b));
	hex_line(out, "signature", m->signature, sizeof(m->signature));
}

/* The bytes of "name <2n hex>\n" at *at, which moves behind them. */
static bool take_hex(const char **at, const char *name, void *out, size_t n)
{
	size_t skip = strlen(name) + 1;
	const char *hex = *at + skip;

	if (strncmp(*at, name, skip - 1) != 0 || hex[-1] != ' ' ||
	    strnlen(hex, 2 * n) != 2 * n || hex[2 * n] != '\n')
		return false;
	*at = hex + 2 * n + 1;
	return hex_decode(out, n, hex);
}

int anchor_parse(struct msg_receipt *out, const char *text, size_t len)
{
	struct msg_receipt m = {0};
	const char *at = text + strlen(first_line);
	int used = 0;

	if (strlen(text) != len || len > ANCHOR_MAX ||
	    strncmp(text, first_line, strlen(first_line)) != 0 ||
	    sscanf(at, "seq %" SCNu64 "%n", &m.seq, &used) != 1 ||
	    at[used] != '\n')
		return err_set(ERR_FORMAT, "receipt");
	at += used + 1;
	if (!take_hex(&at, "record", m.record.b, sizeof(m.record.b)) ||
	    !take_hex(&at, "signature", m.signature, sizeof(m.signature)))
		return err_set(ERR_FORMAT, "receipt");
	*out = m;
	return 0;
}

void anchor_signed(
    struct buf *out, const struct id *org, const struct msg_receipt *m)
{
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_RECEIPT);

	buf_add(out, prefix, n);
	buf_add(out, org->b, 16);
	buf_add(out, m->seat.b, 16);
	buf_u64(out, m->seq);
	buf_add(out, m->record.b, 32);
}

static bool is_signed(struct ledger *ledger, const struct msg_receipt *m)
{
	const struct ledger_cfg *cfg = ledger_cfg(ledger);
	struct msg_receipt own = *m;
	struct buf text = {0};
	bool ok;

	own.seat = cfg->me->seat;
	anchor_signed(&text, &cfg->me->org, &own);
	ok =
	    sign_is_valid(m->signature, cfg->node.sign_pk, text.data, text.len);
	buf_fini(&text);
	return ok;
}

int anchor_compare(
    struct freshness *out, struct ledger *ledger, const struct msg_receipt *m)
{
	uint64_t head = ledger_next_seq(ledger) - 1;
	struct hash name;
	struct stmt *q;
	int r;

	if (!is_signed(ledger, m))
		return 0;
	out->missing = m->seq > head ? m->seq - head : 0;
	out->is_other = false;
	if (out->missing)
		return 0;
	q = store_query(ledger_store(ledger), Q_RECORD_GET);
	stmt_bind_id(q, ":seat", &ledger_cfg(ledger)->me->seat);
	stmt_bind_int(q, ":seq", (int64_t)m->seq);
	r = stmt_step(q);
	if (r == 1 && stmt_hash(&name, q, 0))
		out->is_other = hash_cmp(&name, &m->record) != 0;
	stmt_reset(q);
	return r < 0 ? r : 0;
}

void freshness_text(struct buf *out, const struct freshness *f)
{
	if (f->missing) {
		buf_printf(out,
		    _("The data here is older than what the centre has "
		      "received: %llu saves are missing. Connect to the "
		      "centre and wait until they are back before you save. "
		      "If nobody restored this computer, call your operator."),
		    (unsigned long long)f->missing);
		buf_str(out, "\n");
	}
	if (f->is_other)
		buf_printf(out, "%s\n",
		    _("The newest save that the centre confirmed is not the "
		      "one stored here. Do not save here: keep the folder "
		      "and call your operator."));
	if (f->was_cut)
		buf_printf(out, "%s\n",
		    _("The last save before the power failure was cut off. "
		      "Everything that was confirmed is here; look whether "
		      "your last entry is there, and enter it again if it "
		      "is not."));
}
