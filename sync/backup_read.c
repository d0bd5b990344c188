/* backup_read.c - one pass over a backup, and the check of everything in it
 * without a store. */
#include "core/err.h"
#include "core/id.h"
#include "core/json.h"
#include "core/kind.h"
#include "core/mem.h"
#include "keys/hash.h"
#include "keys/statement.h"
#include "sync/backup_impl.h"
#include "sync/checkpoint.h"
#include "sync/merkle_edge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- one pass ---- */

static int take(struct buf *out, const struct backup_source *source, size_t n)
{
	int r = source->read(source->ctx, out, n);

	if (r == 0 && out->len != n)
		r = err_set(ERR_TRUNCATED, "the backup ends too early");
	return r;
}

static int pass_head(struct backup_report *out,
    const struct backup_source *source, struct buf *b)
{
	const size_t magic = sizeof(BACKUP_MAGIC) - 1;
	struct reader in;
	int r = take(b, source, BACKUP_HEAD);

	if (r < 0)
		return r;
	if (memcmp(b->data, BACKUP_MAGIC, magic) != 0)
		return err_set(ERR_FORMAT, "not a backup");
	in = reader_of(b->data + magic, BACKUP_HEAD - magic);
	reader_copy(out->org.b, &in, sizeof(out->org.b));
	out->incarnation = reader_u64(&in);
	out->order.size = reader_u64(&in);
	return 0;
}

static int pass_waiting(struct backup_report *out,
    const struct backup_visitor *v, const struct buf *b, enum msg msg)
{
	struct msg_offer m = {.has_proof = 0};
	int r = msg == MSG_OFFER ? wire_read_offer(&m, b->data, b->len)
				 : wire_read_give(&m.give, b->data, b->len);

	out->waiting++;
	return r < 0 ? r : v->waiting(v->ctx, &m);
}

static int pass_note(struct backup_report *out, const struct backup_visitor *v,
    const struct buf *b, enum msg msg)
{
	struct msg_checkpoint m;
	struct msg_show show;
	int r;

	if (msg == MSG_CHECKPOINT) {
		out->checkpoints++;
		r = wire_read_checkpoint(&m, b->data, b->len);
		if (r == 0 && m.proof_len > 0)
			r = err_set(ERR_FORMAT, "a checkpoint");
		return r < 0 ? r : v->checkpoint(v->ctx, m.note, m.note_len);
	}
	r = wire_read_show(&show, b->data, b->len);
	return r < 0 ? r : v->shown(v->ctx, show.note, show.len);
}

static int pass_record(struct backup_report *out,
    const struct backup_visitor *v, const struct buf *b)
{
	struct msg_record m;
	int r = wire_read_record(&m, b->data, b->len);

	if (r < 0)
		return r;
	if (m.n != 0 || m.give.seals_len != 0)
		return err_set(ERR_FORMAT, "place %" PRIu64, out->records);
	if (m.leaf.pos != out->records || m.leaf.node_s < out->at_s)
		return err_set(ERR_DAMAGED, "place %" PRIu64, out->records);
	out->at_s = m.leaf.node_s;
	out->records++;
	for (uint32_t i = 0; i < m.give.boxes.count; i++) {
		out->boxes += m.give.boxes.len[i] > 0;
		out->erased += m.give.boxes.len[i] == 0;
	}
	return v->record(v->ctx, &m);
}

static int pass_block(struct backup_report *out, const struct backup_visitor *v,
    const struct buf *b)
{
	struct msg_give give;
	enum msg msg = wire_peek(b->data, b->len);
	int r;

	if (msg != MSG_RECORD && out->records != out->order.size)
		return err_set(ERR_TRUNCATED, "records are missing");
	switch ((int)msg) {
	case MSG_RECORD:
		return pass_record(out, v, b);
	case MSG_CHECKPOINT:
	case MSG_SHOW:
		return pass_note(out, v, b, msg);
	case MSG_BRANCH:
		out->branches++;
		r = wire_read_give(&give, b->data, b->len);
		return r < 0 ? r : v->branch(v->ctx, &give);
	case MSG_OFFER:
	case MSG_GIVE:
		return pass_waiting(out, v, b, msg);
	default:
		return err_set(ERR_FORMAT, "a block of another kind");
	}
}

int backup_pass(struct backup_report *out, const struct backup_source *source,
    const struct backup_visitor *v)
{
	struct buf b = {0};
	uint32_t n = 1;
	int r;

	memset(out, 0, sizeof(*out));
	r = pass_head(out, source, &b);
	while (r == 0) {
		struct reader in;
		if ((r = take(&b, source, 4)) < 0)
			break;
		in = reader_of(b.data, 4);
		if ((n = reader_u32(&in)) == 0)
			break;
		if (n > BACKUP_BLOCK_MAX)
			r = err_set(ERR_FORMAT, "a block of %u bytes", n);
		else if ((r = take(&b, source, n)) == 0)
			r = pass_block(out, v, &b);
	}
	if (r == 0)
		r = source->read(source->ctx, &b, 1);
	if (r == 0 && b.len > 0)
		r = err_set(ERR_FORMAT, "bytes after the end");
	buf_fini(&b);
	return r == ERR_PROTOCOL ? ERR_FORMAT : r;
}

int backup_boxes(
    struct boxes *out, const struct msg_give *m, const void *data, size_t n)
{
	struct record *r = mem_new(sizeof(*r));
	int err = record_read(r, m->frame, m->frame_len);

	memset(out, 0, sizeof(*out));
	if (err == 0 && n > 0)
		err = boxes_read(out, r->count, data, n);
	else
		out->count = r->count;
	free(r);
	return err;
}

/* ---- who signed ---- */

static json_t *clear_body(const struct record *r, const struct boxes *boxes,
    uint32_t i, enum kind kind)
{
	json_t *body = NULL;

	if (strcmp(r->entries[i].kind, kind_info(kind)->name) != 0 ||
	    r->entries[i].mode != MODE_CLEAR || boxes->len[i] == 0 ||
	    json_load(&body, (const char *)boxes->at[i], boxes->len[i],
		boxes->len[i]) < 0)
		return NULL;
	return body;
}

struct signer {
	struct id seat;
	uint8_t sign_pk[SIGN_PUBLIC];
	struct chain_head head;
};

#define NODES_MAX 64

struct checker {
	const struct backup_roots *roots;
	struct backup_report *report;
	struct merkle_edge edge;
	struct signer *signers; /* by seat */
	size_t count;
	/* Certificates with a valid signature of a root. */
	struct statement nodes[NODES_MAX];
	size_t node_count;
	struct checkpoint newest;
	struct record rec;
	struct buf scratch;
};

static struct signer *find_signer(
    struct checker *c, const struct id *seat, size_t *at)
{
	size_t low = 0, high = c->count;

	while (low < high) {
		size_t mid = (low + high) / 2;
		int d = id_cmp(&c->signers[mid].seat, seat);
		if (d == 0)
			return &c->signers[mid];
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*at = low;
	return NULL;
}

static struct signer *add_signer(
    struct checker *c, const struct id *seat, const uint8_t pk[SIGN_PUBLIC])
{
	size_t at = 0;
	struct signer *s = find_signer(c, seat, &at);

	if (s)
		return s;
	c->signers = mem_room(c->signers, c->count, sizeof(*c->signers));
	memmove(
	    &c->signers[at + 1], &c->signers[at], (c->count - at) * sizeof(*s));
	c->count++;
	s = &c->signers[at];
	memset(s, 0, sizeof(*s));
	s->seat = *seat;
	memcpy(s->sign_pk, pk, SIGN_PUBLIC);
	return s;
}

static void learn_node(struct checker *c, const json_t *body)
{
	const struct statement_source source = {
	    NULL, json_str(body, "text", ""), json_str(body, "signature", "")};
	struct statement s;

	for (size_t i = 0; i < c->roots->count; i++)
		if (c->node_count < NODES_MAX &&
		    statement_verify(
			&s, &source, c->roots->org, c->roots->pk[i]) == 0 &&
		    s.what == STATEMENT_NODE) {
			c->nodes[c->node_count++] = s;
			add_signer(c, &s.seat, s.sign_pk);
			return;
		}
}

static void learn_seat(struct checker *c, const json_t *body)
{
	struct id seat;
	struct hash pk;

	if (id_parse(&seat, json_str(body, "seat", "")) &&
	    hash_parse(&pk, json_str(body, "sign_key", "")))
		add_signer(c, &seat, pk.b);
}

/* Keys that this record brings. */
static void learn(struct checker *c, const struct boxes *boxes)
{
	for (uint32_t i = 0; i < c->rec.count && i < boxes->count; i++) {
		json_t *node =
		    clear_body(&c->rec, boxes, i, KIND_ROOT_STATEMENT);
		json_t *seat = clear_body(&c->rec, boxes, i, KIND_SEAT_GRANTED);
		if (node)
			learn_node(c, node);
		if (seat)
			learn_seat(c, seat);
		json_decref(node);
		json_decref(seat);
	}
}

/* ---- verifying ---- */

static int check_signed(struct checker *c, const struct leaf *leaf)
{
	size_t at;
	struct signer *s = find_signer(c, &c->rec.seat, &at);
	struct commit_name name;
	int r;

	if (!s)
		return err_set(ERR_SIGNATURE, "a seat that nobody let in");
	r = commit_check(&name, &c->rec, s->sign_pk, &c->scratch);
	if (r < 0)
		return r;
	if (hash_cmp(&name.hash, &leaf->record) != 0 ||
	    leaf->count != c->rec.count || leaf->seq != c->rec.seq ||
	    id_cmp(&leaf->seat, &c->rec.seat) != 0)
		return err_set(ERR_DAMAGED, "not the record of its place");
	/* A hole in a seat's log is no fault: the order is what counts. */
	if (c->rec.seq == s->head.seq + 1 &&
	    (r = chain_follows(&s->head, &c->rec)) < 0)
		return r;
	if (c->rec.seq > s->head.seq)
		s->head = (struct chain_head){c->rec.seq, name};
	return 0;
}

static int verify_record(void *ctx, const struct msg_record *m)
{
	struct checker *c = ctx;
	const struct merkle_store tree = merkle_edge_store(&c->edge);
	struct merkle_leaf leaf = {.record = m->leaf.record,
	    .seat = m->leaf.seat,
	    .seq = m->leaf.seq,
	    .node_s = m->leaf.node_s};
	struct hash hash;
	int r = record_read(&c->rec, m->give.frame, m->give.frame_len);

	if (r == 0)
		r = boxes_check(&m->give.boxes, &c->rec);
	if (r == 0) {
		learn(c, &m->give.boxes);
		r = check_signed(c, &m->leaf);
	}
	if (r < 0)
		return err_set(r, "place %" PRIu64, m->leaf.pos);
	merkle_verdicts(&leaf.verdicts, m->leaf.verdicts, m->leaf.count);
	merkle_leaf_hash(&hash, &leaf);
	return merkle_append(&tree, m->leaf.pos, &hash);
}

static int open_note(
    struct checkpoint *out, struct checker *c, const uint8_t *note, size_t n)
{
	for (size_t i = 0; i < c->node_count; i++)
		if (checkpoint_open(out, note, n, c->nodes[i].check_pk) == 0 &&
		    out->incarnation == c->nodes[i].incarnation &&
		    id_cmp(&out->org, c->roots->org) == 0)
			return 0;
	return err_set(ERR_SIGNATURE, "a checkpoint");
}

static int verify_checkpoint(void *ctx, const uint8_t *note, size_t n)
{
	struct checker *c = ctx;
	struct checkpoint at;
	int r = open_note(&at, c, note, n);

	if (r == 0 && at.tree.size < c->newest.tree.size)
		r = err_set(ERR_DAMAGED, "checkpoints out of order");
	if (r == 0)
		c->newest = at;
	return r;
}

static int verify_shown(void *ctx, const uint8_t *note, size_t n)
{
	struct checkpoint at;

	return open_note(&at, ctx, note, n);
}

static int verify_branch(void *ctx, const struct msg_give *m)
{
	struct checker *c = ctx;
	int r = record_read(&c->rec, m->frame, m->frame_len);

	return r < 0 ? r : boxes_check(&m->boxes, &c->rec);
}

static int verify_waiting(void *ctx, const struct msg_offer *m)
{
	return verify_branch(ctx, &m->give);
}

static int verify_end(struct backup_report *out, struct checker *c)
{
	const struct merkle_store tree = merkle_edge_store(&c->edge);
	struct hash root;
	int r = merkle_root(&root, &tree, out->order.size);

	if (r < 0)
		return r;
	if (id_cmp(&out->org, c->roots->org) != 0)
		return err_set(ERR_ORGANISATION, "another organisation's");
	if (c->newest.tree.size != out->order.size ||
	    c->newest.incarnation != out->incarnation ||
	    hash_cmp(&root, &c->newest.tree.root) != 0)
		return err_set(ERR_CHECK,
		    "the order is not the one that the centre signed");
	out->order.root = root;
	return 0;
}

int backup_verify(struct backup_report *out, const struct backup_source *source,
    const struct backup_roots *roots)
{
	struct checker *c = mem_new(sizeof(*c));
	const struct backup_visitor visitor = {verify_record, verify_checkpoint,
	    verify_shown, verify_branch, verify_waiting, c};
	int r;

	c->roots = roots;
	c->report = out;
	r = backup_pass(out, source, &visitor);
	if (r == 0)
		r = verify_end(out, c);
	free(c->signers);
	buf_fini(&c->scratch);
	free(c);
	return r;
}
