/* commit.c - canonical commit bytes of a record, its names and signature. */
#include "sync/commit.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <git2.h>

#include "core/err.h"
#include "core/id.h"
#include "keys/hash.h"
#include "keys/sha1.h"
#include "keys/sign.h"
#include "sync/scan.h"

#define SPACE "git"
#define GPGSIG "gpgsig "
#define GPGSIG_LEN 306

int commit_init(void)
{
	hash_init();
	return git_libgit2_init() < 0 ? ERR_NO_MEMORY : 0;
}

/* Appends v in decimal; printf is ten times slower and this is on the path
 * of every record that is checked. */
static void put_number(struct buf *out, uint64_t v)
{
	char text[20];
	size_t n = sizeof(text);

	do
		text[--n] = (char)('0' + v % 10);
	while (v /= 10);
	buf_add(out, text + n, sizeof(text) - n);
}

static void put_line_number(struct buf *out, const char *name, uint64_t v)
{
	buf_str(out, name);
	put_number(out, v);
	buf_str(out, "\n");
}

static void put_line_hex(
    struct buf *out, const char *name, const void *data, size_t n)
{
	buf_str(out, name);
	buf_hex(out, data, n);
	buf_str(out, "\n");
}

static void put_person(
    struct buf *out, const char *role, const struct record *r)
{
	buf_str(out, role);
	buf_hex(out, r->seat.b, sizeof(r->seat.b));
	buf_str(out, " <");
	buf_hex(out, r->seat.b, sizeof(r->seat.b));
	buf_str(out, "@");
	buf_hex(out, r->org.b, sizeof(r->org.b));
	buf_str(out, "> ");
	put_number(out, (uint64_t)r->at_s);
	buf_str(out, " +0000\n");
}

/* Header lines in front of gpgsig. */
static void put_headers(struct buf *out, const struct record *r)
{
	buf_str(out, "tree " COMMIT_EMPTY_TREE "\n");
	if (r->seq != 1)
		put_line_hex(out, "parent ", r->parent.b, sizeof(r->parent.b));
	put_person(out, "author ", r);
	put_person(out, "committer ", r);
}

/* The lines from "sf-record 1" to "entries". */
static void put_message_head(struct buf *out, const struct record *r)
{
	uint8_t incarnation[8];

	for (unsigned i = 0; i < 8; i++)
		incarnation[i] = (uint8_t)(r->seen.incarnation >> (56 - 8 * i));
	buf_str(out, "sf-record 1\n");
	put_line_hex(out, "org ", r->org.b, sizeof(r->org.b));
	put_line_hex(out, "seat ", r->seat.b, sizeof(r->seat.b));
	put_line_number(out, "seq ", r->seq);
	put_line_hex(out, "prev ", r->prev.b, sizeof(r->prev.b));
	put_line_number(out, "lamport ", r->lamport);
	buf_str(out, "seen ");
	buf_hex(out, incarnation, sizeof(incarnation));
	buf_str(out, " ");
	put_number(out, r->seen.size);
	put_line_hex(out, " ", r->seen.root.b, sizeof(r->seen.root.b));
	put_line_number(out, "entries ", r->count);
}

/* An entry's line up to and including the kid. */
static void put_entry_head(
    struct buf *out, const struct record *r, uint32_t index)
{
	const struct record_entry *e = &r->entries[index];

	buf_str(out, "entry ");
	put_number(out, (uint64_t)index + 1);
	buf_str(out, " ");
	buf_str(out, e->kind);
	buf_str(out, " ");
	put_number(out, e->version);
	buf_str(out, " ");
	buf_hex(out, e->stream.b, sizeof(e->stream.b));
	buf_str(out, " ");
	buf_add(out, &e->mode, 1);
	buf_str(out, " ");
	if (e->mode == MODE_CLEAR)
		buf_str(out, "-");
	else
		buf_hex(out, e->kid.b, sizeof(e->kid.b));
}

static void put_message(struct buf *out, const struct record *r)
{
	buf_str(out, "\n");
	put_message_head(out, r);
	for (uint32_t i = 0; i < r->count; i++) {
		put_entry_head(out, r, i);
		buf_str(out, " ");
		put_number(out, r->entries[i].len);
		put_line_hex(
		    out, " ", r->entries[i].box.b, sizeof(r->entries[i].box.b));
	}
}

/* Returns where the signature's line begins. */
static size_t write_signed(
    struct buf *out, const struct record *r, const uint8_t pk[SIGN_PUBLIC])
{
	struct sshsig sig = {.space = SPACE};
	size_t at;

	memcpy(sig.pk, pk, sizeof(sig.pk));
	memcpy(sig.signature, r->signature, sizeof(sig.signature));
	buf_reserve(out, record_commit_size(r));
	put_headers(out, r);
	at = out->len;
	buf_str(out, GPGSIG);
	sshsig_armor(out, &sig, " ");
	put_message(out, r);
	return at;
}

void commit_write(
    struct buf *out, const struct record *r, const uint8_t pk[SIGN_PUBLIC])
{
	(void)write_signed(out, r, pk);
}

void commit_write_payload(struct buf *out, const struct record *r)
{
	buf_reserve(out, record_commit_size(r));
	put_headers(out, r);
	put_message(out, r);
}

static uint64_t scan_line(struct scan *s, const char *name)
{
	uint64_t v;

	scan_text(s, name);
	v = scan_number(s);
	scan_text(s, "\n");
	return v;
}

/* Up to the next space; what may stand there record_check decides. */
static void scan_kind(struct scan *s, char kind[RECORD_KIND_MAX + 1])
{
	size_t n = 0;

	while (!s->bad && s->p < s->end && *s->p != ' ' && n < RECORD_KIND_MAX)
		kind[n++] = *s->p++;
	kind[n] = '\0';
}

static void scan_person(struct scan *s, const char *role, struct record *r)
{
	scan_text(s, role);
	scan_hex(s, r->seat.b, sizeof(r->seat.b));
	scan_text(s, " <");
	scan_hex(s, r->seat.b, sizeof(r->seat.b));
	scan_text(s, "@");
	scan_hex(s, r->org.b, sizeof(r->org.b));
	scan_text(s, "> ");
	r->at_s = (int64_t)scan_number(s);
	scan_text(s, " +0000\n");
}

static void scan_headers(struct scan *s, struct record *r)
{
	scan_text(s, "tree " COMMIT_EMPTY_TREE "\n");
	if (scan_is_at(s, 'p')) {
		scan_text(s, "parent ");
		scan_hex(s, r->parent.b, sizeof(r->parent.b));
		scan_text(s, "\n");
	}
	scan_person(s, "author ", r);
	scan_person(s, "committer ", r);
}

static void scan_signature(
    struct scan *s, struct record *r, uint8_t pk[SIGN_PUBLIC])
{
	const size_t n = GPGSIG_LEN - strlen(GPGSIG);
	struct sshsig sig;

	scan_text(s, GPGSIG);
	if (s->bad || (size_t)(s->end - s->p) < n ||
	    sshsig_dearmor(&sig, s->p, n, " ") < 0 ||
	    strcmp(sig.space, SPACE) != 0) {
		s->bad = true;
		return;
	}
	s->p += n;
	memcpy(r->signature, sig.signature, sizeof(r->signature));
	memcpy(pk, sig.pk, SIGN_PUBLIC);
}

static void scan_message_head(struct scan *s, struct record *r)
{
	uint64_t count;

	scan_text(s, "\nsf-record 1\norg ");
	scan_hex(s, r->org.b, sizeof(r->org.b));
	scan_text(s, "\nseat ");
	scan_hex(s, r->seat.b, sizeof(r->seat.b));
	r->seq = scan_line(s, "\nseq ");
	scan_text(s, "prev ");
	scan_hex(s, r->prev.b, sizeof(r->prev.b));
	r->lamport = scan_line(s, "\nlamport ");
	scan_text(s, "seen ");
	r->seen.incarnation = scan_hex64(s);
	scan_text(s, " ");
	r->seen.size = scan_number(s);
	scan_text(s, " ");
	scan_hex(s, r->seen.root.b, sizeof(r->seen.root.b));
	count = scan_line(s, "\nentries ");
	s->bad |= count > RECORD_ENTRIES_MAX;
	r->count = s->bad ? 0 : (uint32_t)count;
}

static void scan_entry(struct scan *s, struct record *r, uint32_t index)
{
	struct record_entry *e = &r->entries[index];
	uint64_t len;

	memset(e, 0, sizeof(*e));
	scan_text(s, "entry ");
	s->bad |= scan_number(s) != (uint64_t)index + 1;
	scan_text(s, " ");
	scan_kind(s, e->kind);
	scan_text(s, " ");
	e->version = scan_number(s);
	scan_text(s, " ");
	scan_hex(s, e->stream.b, sizeof(e->stream.b));
	scan_text(s, " ");
	e->mode = s->p < s->end ? *s->p++ : '\0';
	scan_text(s, " ");
	if (e->mode == MODE_CLEAR)
		scan_text(s, "-");
	else
		scan_hex(s, e->kid.b, sizeof(e->kid.b));
	scan_text(s, " ");
	len = scan_number(s);
	e->len = len > UINT32_MAX ? UINT32_MAX : (uint32_t)len;
	scan_text(s, " ");
	scan_hex(s, e->box.b, sizeof(e->box.b));
	scan_text(s, "\n");
}

/* The law of the format: writing what was read gives the same bytes. */
static int check_canonical(const struct record *r,
    const uint8_t pk[SIGN_PUBLIC], const void *bytes, size_t n)
{
	struct buf again = {0};
	int rc = 0;

	commit_write(&again, r, pk);
	if (again.len != n || memcmp(again.data, bytes, n) != 0)
		rc = err_set(ERR_FORMAT, "commit is not canonical");
	buf_fini(&again);
	return rc;
}

int commit_parse(
    struct record *out, uint8_t pk[SIGN_PUBLIC], const void *bytes, size_t n)
{
	struct scan s;
	int rc;

	if (n == 0 || n > COMMIT_MAX)
		return err_set(n ? ERR_TOO_LARGE : ERR_FORMAT, "commit size");
	s = scan_of(bytes, n);
	memset(out, 0, offsetof(struct record, entries));
	scan_headers(&s, out);
	scan_signature(&s, out, pk);
	scan_message_head(&s, out);
	for (uint32_t i = 0; i < out->count; i++)
		scan_entry(&s, out, i);
	if (!scan_is_done(&s))
		return err_set(ERR_FORMAT, "commit text at byte %zu",
		    n - (size_t)(s.end - s.p));
	rc = record_check(out);
	return rc < 0 ? rc : check_canonical(out, pk, bytes, n);
}

/* "commit 123" NUL, then the bytes. */
static void object_name(
    struct sha1 *out, const char *type, const void *data, size_t n)
{
	struct sha1_state st;
	char head[32];
	int len = snprintf(head, sizeof(head), "%s %zu", type, n);

	sha1_init(&st);
	sha1_update(&st, head, (size_t)len + 1);
	sha1_update(&st, data, n);
	sha1_final(out, &st);
}

void commit_name_of(struct commit_name *out, const void *bytes, size_t n)
{
	hash_blake2b256(&out->hash, bytes, n);
	object_name(&out->git, "commit", bytes, n);
}

void commit_blob_name(struct sha1 *out, const void *data, size_t n)
{
	object_name(out, "blob", data, n);
}

void commit_tree_name(struct sha1 *out, const void *data, size_t n)
{
	object_name(out, "tree", data, n);
}

int commit_sign(struct record *r, const struct identity *identity)
{
	struct buf payload = {0};
	int rc = record_check(r);

	assert(id_cmp(&r->org, &identity->org) == 0);
	assert(id_cmp(&r->seat, &identity->seat) == 0);
	if (rc < 0)
		return rc;
	commit_write_payload(&payload, r);
	sshsig_sign(r->signature, identity->sign, SPACE, &payload);
	buf_fini(&payload);
	return 0;
}

static int check_signed(const struct record *r, const uint8_t pk[SIGN_PUBLIC],
    const struct buf *payload)
{
	char name[RECORD_NAME];

	if (sshsig_is_valid(r->signature, pk, SPACE, payload))
		return 0;
	record_name(name, r);
	return err_set(ERR_SIGNATURE, "record %s: signature", name);
}

int commit_verify(
    const struct record *r, const uint8_t pk[SIGN_PUBLIC], struct buf *scratch)
{
	buf_clear(scratch);
	commit_write_payload(scratch, r);
	return check_signed(r, pk, scratch);
}

int commit_check(struct commit_name *name, const struct record *r,
    const uint8_t pk[SIGN_PUBLIC], struct buf *scratch)
{
	struct commit_name found;
	size_t at;
	int rc;

	buf_clear(scratch);
	at = write_signed(scratch, r, pk);
	commit_name_of(&found, scratch->data, scratch->len);
	/* What is signed is the same without the signature's own line. */
	scratch->len -= GPGSIG_LEN;
	memmove(scratch->data + at, scratch->data + at + GPGSIG_LEN,
	    scratch->len - at);
	rc = check_signed(r, pk, scratch);
	if (rc == 0)
		*name = found;
	return rc;
}

int commit_accept(struct record *out, const uint8_t pk[SIGN_PUBLIC],
    const struct buf *bytes, struct buf *scratch)
{
	uint8_t inner[SIGN_PUBLIC];
	char name[RECORD_NAME];
	int rc = commit_parse(out, inner, bytes->data, bytes->len);

	if (rc < 0)
		return rc;
	/* git takes the key from the signature, we take it from the grant. */
	if (memcmp(inner, pk, SIGN_PUBLIC) != 0) {
		record_name(name, out);
		return err_set(ERR_SIGNATURE, "record %s: key", name);
	}
	return commit_verify(out, pk, scratch);
}

void commit_box_ad(struct buf *out, const struct record *r, uint32_t index)
{
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_BOX);

	buf_add(out, prefix, n);
	put_message_head(out, r);
	put_entry_head(out, r, index);
}
