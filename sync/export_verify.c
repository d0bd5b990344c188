/* export_verify.c - reads an exported repository back and doubts it all. */
#include "sync/export.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/tr.h"
#include "keys/hash.h"
#include "keys/sign.h"
#include "sync/commit.h"
#include "sync/gitodb.h"
#include "sync/scan.h"

#define PATH_TEXT 4096
#define LINE_TEXT 512
#define FAULT_NAME 128
#define KEY_TEXT (SSH_PUBLIC_TEXT - 1)

/* A line of allowed_signers. */
struct signer {
	struct id seat;
	struct id org;
	uint8_t sign_pk[SIGN_PUBLIC];
};

struct verifier {
	struct export_report report;
	struct gitodb *db;
	struct signer *signers;
	size_t signers_n;
	struct buf shallow; /* text of the file, "" without one */
	struct record *record;
	struct buf commit, scratch, box;
	export_fault_fn *fault;
	void *ctx;
	uint64_t faults;
};

/* One chain, from its tip down. */
struct descent {
	const struct signer *signer;
	const char *ref;
	struct sha1 name;  /* to be read next */
	struct hash hash;  /* what the record above calls it */
	uint64_t above;    /* seq of the record above, 0 at the tip */
	struct sha1 child; /* name of the record above */
};

static void report_fault(
    struct verifier *v, const char *record, int code, const char *why)
{
	v->faults++;
	if (v->fault)
		v->fault(v->ctx, record, code, why);
}

/* Where a record should be: its seat and seq, or the ref and git's name. */
static void descent_fault(
    struct verifier *v, const struct descent *d, int code, const char *why)
{
	char name[FAULT_NAME], hex[SHA1_HEX], seat[ID_HEX];

	sha1_hex(hex, &d->name);
	if (d->above && d->signer) {
		id_hex(seat, &d->signer->seat);
		snprintf(name, sizeof(name), "%s-%" PRIu64, seat, d->above - 1);
	} else {
		snprintf(name, sizeof(name), "%.80s %.12s", d->ref, hex);
	}
	report_fault(v, name, code, why);
}

/* <seat>@<org> namespaces="git" ssh-ed25519 <base64> x25519:<hex> */
static bool parse_signer(struct signer *out, const char *line)
{
	struct scan s;
	struct signer row;
	struct id seat;
	uint8_t dh_pk[DH_KEY];
	char key[SSH_PUBLIC_TEXT];

	if (!*line)
		return false;
	s = scan_of(line, strlen(line));
	scan_hex(&s, row.seat.b, sizeof(row.seat.b));
	scan_text(&s, "@");
	scan_hex(&s, row.org.b, sizeof(row.org.b));
	scan_text(&s, " namespaces=\"git\" ");
	if (s.bad || s.end - s.p < KEY_TEXT)
		return false;
	memcpy(key, s.p, KEY_TEXT);
	key[KEY_TEXT] = '\0';
	s.p += KEY_TEXT;
	scan_text(&s, " x25519:");
	scan_hex(&s, dh_pk, sizeof(dh_pk));
	scan_text(&s, "\n");
	if (!scan_is_done(&s) || ssh_public_parse(row.sign_pk, key) < 0)
		return false;
	/* The seat's name is made of its keys, so this line proves itself. */
	identity_seat(&seat, &row.org, row.sign_pk, dh_pk);
	if (id_cmp(&seat, &row.seat) != 0)
		return false;
	*out = row;
	return true;
}

static FILE *open_file(const char *dir, const char *name)
{
	char path[PATH_TEXT];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return fopen(path, "rb");
}

static int load_signers(struct verifier *v, const char *dir)
{
	char line[LINE_TEXT], where[FAULT_NAME];
	FILE *f = open_file(dir, "allowed_signers");
	size_t n = 0;
	struct signer row;

	if (!f)
		return err_set(ERR_NOT_FOUND, "%s/allowed_signers", dir);
	while (fgets(line, sizeof(line), f)) {
		n++;
		if (!parse_signer(&row, line)) {
			snprintf(
			    where, sizeof(where), "allowed_signers:%zu", n);
			report_fault(
			    v, where, ERR_SIGNATURE, "not a seat and its keys");
			continue;
		}
		v->signers =
		    mem_grow(v->signers, v->signers_n + 1, sizeof(row));
		v->signers[v->signers_n++] = row;
	}
	fclose(f);
	return 0;
}

static void load_shallow(struct verifier *v, const char *dir)
{
	char line[LINE_TEXT];
	FILE *f = open_file(dir, "shallow");

	while (f && fgets(line, sizeof(line), f))
		buf_str(&v->shallow, line);
	if (f)
		fclose(f);
}

static bool is_shallow(const struct verifier *v, const struct sha1 *name)
{
	char hex[SHA1_HEX];

	sha1_hex(hex, name);
	return strstr(buf_text(&v->shallow), hex) != NULL;
}

static void check_boxes(struct verifier *v, const char *name)
{
	for (uint32_t i = 0; i < v->record->count; i++) {
		const struct record_entry *e = &v->record->entries[i];
		int rc;

		buf_clear(&v->box);
		rc = gitodb_box(v->db, &v->box, &e->box);
		if (rc == ERR_NOT_FOUND) {
			v->report.withheld++;
			continue;
		}
		if (rc == 0)
			rc = record_box_check(e, buf_text(&v->box), v->box.len);
		if (rc == 0)
			v->report.boxes++;
		else
			report_fault(v, name, rc, "box");
	}
}

/* What links v->record to the one above it and to its ref. */
static const char *check_links(
    const struct verifier *v, const struct descent *d)
{
	struct hash hash;

	hash_blake2b256(&hash, v->commit.data, v->commit.len);
	if (id_cmp(&v->record->seat, &d->signer->seat) != 0 ||
	    id_cmp(&v->record->org, &d->signer->org) != 0)
		return "author";
	if (d->above && v->record->seq != d->above - 1)
		return "seq";
	if (d->above && hash_cmp(&hash, &d->hash) != 0)
		return "prev of the record above names other bytes";
	return NULL;
}

/* Checks the record that d names and moves d to its parent. */
static int descend(struct verifier *v, struct descent *d)
{
	char name[RECORD_NAME];
	const char *why;
	int rc;

	buf_clear(&v->commit);
	rc = gitodb_read(v->db, &v->commit, &d->name);
	if (rc == 0)
		rc = commit_accept(
		    v->record, d->signer->sign_pk, &v->commit, &v->scratch);
	if (rc < 0) {
		descent_fault(
		    v, d, rc, rc == ERR_NOT_FOUND ? _("missing") : err_told());
		return rc;
	}
	record_name(name, v->record);
	why = check_links(v, d);
	if (why)
		descent_fault(v, d, ERR_CHAIN, why);
	check_boxes(v, name);
	v->report.records++;
	d->child = d->name;
	d->above = v->record->seq;
	d->name = v->record->parent;
	d->hash = v->record->prev;
	return 0;
}

static const struct signer *signer_of(const struct verifier *v, const char *hex)
{
	struct id seat;

	if (strlen(hex) < ID_HEX - 1 || !hex_decode(seat.b, 16, hex))
		return NULL;
	for (size_t i = 0; i < v->signers_n; i++)
		if (id_cmp(&v->signers[i].seat, &seat) == 0)
			return &v->signers[i];
	return NULL;
}

static int visit_ref(void *ctx, const char *ref, const struct sha1 *name)
{
	static const char *const kinds[] = {
	    "refs/heads/", "refs/segments/", "refs/forks/"};
	struct verifier *v = ctx;
	struct descent d = {.ref = ref, .name = *name};
	size_t kind = 0;

	while (kind < ARRAY_LEN(kinds) &&
	       strncmp(ref, kinds[kind], strlen(kinds[kind])) != 0)
		kind++;
	if (kind == ARRAY_LEN(kinds))
		return 0;
	d.signer = signer_of(v, ref + strlen(kinds[kind]));
	if (!d.signer) {
		descent_fault(v, &d, ERR_SIGNATURE, "no key for this seat");
		return 0;
	}
	v->report.seats += kind == 0;
	/* A fork's record stands alone: below it the chain is another's. */
	while (descend(v, &d) == 0 && d.above > 1 && kind != 2)
		if (is_shallow(v, &d.child)) {
			v->report.is_sparse = true;
			break;
		}
	return 0;
}

int export_verify(struct export_report *out, const char *dir,
    export_fault_fn *fault, void *ctx)
{
	struct verifier v = {.fault = fault, .ctx = ctx};
	int rc = gitodb_open(&v.db, dir);

	v.record = mem_new(sizeof(*v.record));
	if (rc == 0)
		rc = load_signers(&v, dir);
	if (rc == 0) {
		load_shallow(&v, dir);
		rc = gitodb_each_ref(v.db, visit_ref, &v);
	}
	if (rc == 0)
		*out = v.report;
	if (rc == 0 && v.faults)
		rc = ERR_CHECK;
	gitodb_close(&v.db);
	buf_fini(&v.shallow);
	buf_fini(&v.commit);
	buf_fini(&v.scratch);
	buf_fini(&v.box);
	free(v.signers);
	free(v.record);
	return rc;
}
