/* export.c - writes the log as a bare git repository with one pack. */
#include "sync/export.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2.h>

#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "keys/sign.h"
#include "sync/chain.h"
#include "sync/commit.h"
#include "sync/packfile.h"

#define PATH_TEXT 4096
#define REF_NAME 96

struct seat_row {
	struct id seat;
	struct id org;
	uint8_t sign_pk[SIGN_PUBLIC];
	uint8_t dh_pk[DH_KEY];
	struct chain_head head;
};

struct box_row {
	struct hash box;
	struct sha1 blob;
	bool is_written;
};

struct ref_row {
	char name[REF_NAME];
	struct sha1 target;
};

struct exporter {
	struct export_report report;
	struct seat_row *seats; /* by seat */
	size_t seats_n;
	struct box_row *boxes; /* by hash, after the first pass distinct */
	size_t boxes_n, boxes_cap;
	struct ref_row *refs;
	size_t refs_n, refs_cap;
	struct buf shallow; /* names without their parent, as text */
	struct id first_seat;
	int64_t at_s; /* newest record's */
	struct pack pack;
	git_repository *repo;
	git_indexer *indexer;
	git_indexer_progress stats; /* the indexer's memory between calls */
	struct buf bytes;           /* scratch */
};

/* Before a call whose failure system_error may have to explain. */
static void forget_errors(void)
{
	errno = 0;
	git_error_clear();
}

/* The library's own tidying may have taken errno; then what it says of the
 * failure ends in the system's words for it. */
static int reason_of(const git_error *e)
{
	static const int known[] = {
	    ENOSPC, EDQUOT, EACCES, EROFS, EPERM, ENOTDIR};
	size_t n = e && e->message ? strlen(e->message) : 0;

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		const char *words = strerror(known[i]);
		size_t len = strlen(words);

		if (n >= len && strcmp(e->message + n - len, words) == 0)
			return known[i];
	}
	return errno;
}

static int system_error(const char *what)
{
	const git_error *e = git_error_last();
	int why = reason_of(e);
	int code = why == ENOSPC || why == EDQUOT ? ERR_NO_SPACE
		   : why == EACCES || why == EROFS || why == EPERM
		       ? ERR_READ_ONLY
		   : why == ENOTDIR ? ERR_EXISTS
				    : ERR_IO;

	return err_set(code, "%s: %s", what,
	    e ? e->message : (why ? strerror(why) : "error"));
}

static void *row_new(void *rows, size_t *n, size_t *cap, size_t size)
{
	void **at = rows;

	if (*n == *cap) {
		*cap = *cap ? *cap * 2 : 64;
		*at = mem_grow(*at, *cap, size);
	}
	return (uint8_t *)*at + size * (*n)++;
}

/* Where the seat's row is or would be. */
static size_t seat_place(const struct exporter *x, const struct id *seat)
{
	size_t lo = 0, hi = x->seats_n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (id_cmp(&x->seats[mid].seat, seat) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool has_seat(const struct exporter *x, size_t i, const struct id *seat)
{
	return i < x->seats_n && id_cmp(&x->seats[i].seat, seat) == 0;
}

static void add_seat(struct exporter *x, const struct export_item *item)
{
	size_t i = seat_place(x, &item->record->seat);
	struct seat_row row = {
	    .seat = item->record->seat, .org = item->record->org};

	if (has_seat(x, i, &row.seat))
		return;
	if (x->seats_n == 0)
		x->first_seat = row.seat;
	memcpy(row.sign_pk, item->sign_pk, SIGN_PUBLIC);
	memcpy(row.dh_pk, item->dh_pk, DH_KEY);
	x->seats = mem_grow(x->seats, x->seats_n + 1, sizeof(row));
	memmove(x->seats + i + 1, x->seats + i, (x->seats_n - i) * sizeof(row));
	x->seats[i] = row;
	x->seats_n++;
}

static bool has_box(const struct export_item *item, uint32_t i)
{
	return item->boxes && i < item->boxes->count && item->boxes->len[i] > 0;
}

/* First pass: seats, and which boxes there are. */
static int visit_count(void *ctx, const struct export_item *item)
{
	struct exporter *x = ctx;
	const struct record *r = item->record;

	add_seat(x, item);
	x->report.records++;
	if (r->at_s > x->at_s)
		x->at_s = r->at_s;
	for (uint32_t i = 0; i < r->count; i++) {
		struct box_row *row;
		if (!has_box(item, i)) {
			x->report.withheld++;
			continue;
		}
		row = row_new(
		    &x->boxes, &x->boxes_n, &x->boxes_cap, sizeof(*row));
		*row = (struct box_row){.box = r->entries[i].box};
	}
	return 0;
}

static int box_row_cmp(const void *a, const void *b)
{
	return hash_cmp(&((const struct box_row *)a)->box,
	    &((const struct box_row *)b)->box);
}

static void sort_boxes(struct exporter *x)
{
	size_t n = 0;

	if (x->boxes_n == 0)
		return;
	qsort(x->boxes, x->boxes_n, sizeof(*x->boxes), box_row_cmp);
	for (size_t i = 1; i < x->boxes_n; i++)
		if (box_row_cmp(&x->boxes[n], &x->boxes[i]) != 0)
			x->boxes[++n] = x->boxes[i];
	x->boxes_n = n + 1;
	x->report.boxes = x->boxes_n;
}

static size_t folders(const struct exporter *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->boxes_n; i++)
		n += i == 0 || x->boxes[i].box.b[0] != x->boxes[i - 1].box.b[0];
	return n;
}

/* refs/<kind>/<seat>, with /<seq>-<hash> for a kind that has many. */
static void add_ref(struct exporter *x, const char *kind, const struct id *seat,
    const struct chain_head *head)
{
	struct ref_row *row =
	    row_new(&x->refs, &x->refs_n, &x->refs_cap, sizeof(*row));
	char seat_hex[ID_HEX], hash[HASH_HEX];

	id_hex(seat_hex, seat);
	hash_hex(hash, &head->name.hash);
	row->target = head->name.git;
	if (strcmp(kind, "heads") == 0)
		snprintf(row->name, REF_NAME, "refs/heads/%s", seat_hex);
	else
		snprintf(row->name, REF_NAME, "refs/%s/%s/%" PRIu64 "-%.8s",
		    kind, seat_hex, head->seq, hash);
}

static void add_shallow(struct exporter *x, const struct chain_head *head)
{
	buf_hex(&x->shallow, head->name.git.b, sizeof(head->name.git.b));
	buf_str(&x->shallow, "\n");
	x->report.is_sparse = true;
}

/* Moves the seat's head to a record just written; a record that does not
 * follow it begins a new segment, and the old one keeps a ref. */
static void link_record(struct exporter *x, const struct export_item *item,
    const struct chain_head *now)
{
	const struct record *r = item->record;
	struct seat_row *row = &x->seats[seat_place(x, &r->seat)];

	if (item->is_branch) {
		add_ref(x, "forks", &r->seat, now);
		return;
	}
	if (r->seq != 1 && chain_follows(&row->head, r) < 0) {
		if (row->head.seq > 0)
			add_ref(x, "segments", &r->seat, &row->head);
		add_shallow(x, now);
	}
	row->head = *now;
}

static int write_box(
    struct exporter *x, const struct export_item *item, uint32_t i)
{
	struct box_row key = {.box = item->record->entries[i].box};
	const uint8_t *data = item->boxes->at[i];
	size_t n = item->boxes->len[i];
	struct box_row *row =
	    bsearch(&key, x->boxes, x->boxes_n, sizeof(*x->boxes), box_row_cmp);

	if (!row)
		return err_set(ERR_INVALID, "export: source changed");
	if (row->is_written)
		return 0;
	row->is_written = true;
	commit_blob_name(&row->blob, data, n);
	return pack_add(&x->pack, PACK_BLOB, data, n);
}

/* Second pass: objects into the pack. */
static int visit_write(void *ctx, const struct export_item *item)
{
	struct exporter *x = ctx;
	const struct record *r = item->record;
	struct chain_head now = {.seq = r->seq};
	int rc;

	if (!has_seat(x, seat_place(x, &r->seat), &r->seat) ||
	    x->pack.left == 0)
		return err_set(ERR_INVALID, "export: source changed");
	buf_clear(&x->bytes);
	commit_write(&x->bytes, r, item->sign_pk);
	commit_name_of(&now.name, x->bytes.data, x->bytes.len);
	link_record(x, item, &now);
	rc = pack_add(&x->pack, PACK_COMMIT, x->bytes.data, x->bytes.len);
	for (uint32_t i = 0; i < r->count && rc == 0; i++)
		if (has_box(item, i))
			rc = write_box(x, item, i);
	return rc;
}

static int write_tree(
    struct exporter *x, struct sha1 *name, const struct buf *tree)
{
	commit_tree_name(name, tree->data, tree->len);
	return pack_add(&x->pack, PACK_TREE, tree->data, tree->len);
}

/* Appends the folder of boxes[from..] that share a first byte; its end. */
static size_t put_folder(const struct exporter *x, size_t from, struct buf *out)
{
	size_t i = from;

	for (;
	     i < x->boxes_n && x->boxes[i].box.b[0] == x->boxes[from].box.b[0];
	     i++) {
		buf_str(out, "100644 ");
		buf_hex(out, x->boxes[i].box.b + 1, 31);
		buf_u8(out, 0);
		buf_add(out, x->boxes[i].blob.b, sizeof(x->boxes[i].blob.b));
	}
	return i;
}

static int write_box_trees(struct exporter *x, struct sha1 *root_name)
{
	struct buf root = {0}, folder = {0};
	int rc = 0;

	for (size_t i = 0, next; i < x->boxes_n && rc == 0; i = next) {
		struct sha1 name;
		buf_clear(&folder);
		next = put_folder(x, i, &folder);
		rc = write_tree(x, &name, &folder);
		buf_str(&root, "40000 ");
		buf_hex(&root, x->boxes[i].box.b, 1);
		buf_u8(&root, 0);
		buf_add(&root, name.b, sizeof(name.b));
	}
	if (rc == 0)
		rc = write_tree(x, root_name, &root);
	buf_fini(&root);
	buf_fini(&folder);
	return rc;
}

/* The commit of refs/notes/boxes; not a record, and not signed. */
static int write_notes(struct exporter *x)
{
	struct ref_row *row;
	struct commit_name name;
	char tree[SHA1_HEX], org[ID_HEX];
	struct sha1 root;
	int rc = write_box_trees(x, &root);

	if (rc < 0)
		return rc;
	sha1_hex(tree, &root);
	id_hex(org, &x->seats[0].org);
	buf_clear(&x->bytes);
	buf_printf(&x->bytes, "tree %s\n", tree);
	for (int i = 0; i < 2; i++)
		buf_printf(&x->bytes, "%s boxes <boxes@%s> %" PRId64 " +0000\n",
		    i ? "committer" : "author", org, x->at_s);
	buf_str(&x->bytes, "\nboxes\n");
	commit_name_of(&name, x->bytes.data, x->bytes.len);
	row = row_new(&x->refs, &x->refs_n, &x->refs_cap, sizeof(*row));
	snprintf(row->name, REF_NAME, "refs/notes/boxes");
	row->target = name.git;
	return pack_add(&x->pack, PACK_COMMIT, x->bytes.data, x->bytes.len);
}

static int sink(void *ctx, const void *data, size_t n)
{
	struct exporter *x = ctx;

	forget_errors();
	if (git_indexer_append(x->indexer, data, n, &x->stats) < 0)
		return system_error("pack");
	return 0;
}

static int write_pack(
    struct exporter *x, const char *dir, const struct export_source *source)
{
	char path[PATH_TEXT];
	/* Records, boxes, the empty tree; folders, their root, its commit. */
	uint64_t total = x->report.records + x->boxes_n + 1 +
			 (x->boxes_n ? folders(x) + 2 : 0);
	int rc;

	if (total > UINT32_MAX)
		return err_set(ERR_TOO_LARGE, "export: objects in one pack");
	forget_errors();
	snprintf(path, sizeof(path), "%s/objects/pack", dir);
	if (git_indexer_new(&x->indexer, path, 0444, NULL, NULL) < 0)
		return system_error(path);
	x->pack.sink = sink;
	x->pack.ctx = x;
	pack_init(&x->pack, (uint32_t)total);
	rc = pack_add(&x->pack, PACK_TREE, "", 0);
	if (rc == 0)
		rc = source->each(source->ctx, visit_write, x);
	if (rc == 0 && x->boxes_n)
		rc = write_notes(x);
	if (rc == 0 && x->pack.left != 0)
		rc = err_set(ERR_INVALID, "export: source changed");
	if (rc == 0)
		rc = pack_finish(&x->pack);
	forget_errors();
	if (rc == 0 && git_indexer_commit(x->indexer, &x->stats) < 0)
		rc = system_error("pack");
	return rc;
}

static int write_file(const char *dir, const char *name, const struct buf *text)
{
	char path[PATH_TEXT];
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	forget_errors();
	f = fopen(path, "wb");
	if (!f)
		return system_error(path);
	ok = fwrite(buf_text(text), 1, text->len, f) == text->len;
	ok = fflush(f) == 0 && ok;
	ok = fsync(fileno(f)) == 0 && ok;
	ok = fclose(f) == 0 && ok;
	return ok ? 0 : system_error(path);
}

static int write_signers(const struct exporter *x, const char *dir)
{
	struct buf text = {0};
	int rc;

	for (size_t i = 0; i < x->seats_n; i++) {
		const struct seat_row *row = &x->seats[i];
		char key[SSH_PUBLIC_TEXT], seat[ID_HEX], org[ID_HEX];
		ssh_public_text(key, row->sign_pk);
		id_hex(seat, &row->seat);
		id_hex(org, &row->org);
		buf_printf(&text, "%s@%s namespaces=\"git\" %s x25519:", seat,
		    org, key);
		buf_hex(&text, row->dh_pk, DH_KEY);
		buf_str(&text, "\n");
	}
	rc = write_file(dir, "allowed_signers", &text);
	buf_fini(&text);
	return rc;
}

static int write_refs(struct exporter *x)
{
	forget_errors();
	for (size_t i = 0; i < x->seats_n; i++)
		if (x->seats[i].head.seq > 0)
			add_ref(
			    x, "heads", &x->seats[i].seat, &x->seats[i].head);
	for (size_t i = 0; i < x->refs_n; i++) {
		git_reference *ref = NULL;
		git_oid oid;
		memcpy(oid.id, x->refs[i].target.b, sizeof(oid.id));
		if (git_reference_create(
			&ref, x->repo, x->refs[i].name, &oid, 0, NULL) < 0)
			return system_error(x->refs[i].name);
		git_reference_free(ref);
	}
	return 0;
}

static int set_head(struct exporter *x)
{
	char ref[REF_NAME] = "refs/heads/";

	if (x->seats_n == 0)
		return 0;
	id_hex(ref + strlen(ref), &x->first_seat);
	return git_repository_set_head(x->repo, ref) < 0 ? system_error(ref)
							 : 0;
}

static int check_empty(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int n = 0;

	if (!d)
		return errno == ENOENT ? 0 : system_error(dir);
	while (n <= 2 && (e = readdir(d)))
		n++;
	closedir(d);
	return n > 2 ? err_set(ERR_INVALID, "%s: not empty", dir) : 0;
}

static int create(struct exporter *x, const char *dir)
{
	git_repository_init_options opts;

	if (git_repository_init_options_init(
		&opts, GIT_REPOSITORY_INIT_OPTIONS_VERSION) < 0)
		return system_error(dir);
	opts.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKDIR |
		     GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
	forget_errors();
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	if (git_repository_init_ext(&x->repo, dir, &opts) < 0)
		return system_error(dir);
	return 0;
}

static int write_all(
    struct exporter *x, const char *dir, const struct export_source *source)
{
	int rc = source->each(source->ctx, visit_count, x);

	sort_boxes(x);
	x->report.seats = x->seats_n;
	if (rc == 0)
		rc = create(x, dir);
	if (rc == 0)
		rc = write_pack(x, dir, source);
	if (rc == 0)
		rc = write_signers(x, dir);
	if (rc == 0 && x->shallow.len)
		rc = write_file(dir, "shallow", &x->shallow);
	if (rc == 0)
		rc = write_refs(x);
	return rc == 0 ? set_head(x) : rc;
}

static int remove_one(
    const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path) < 0 && errno != EBUSY ? -1 : 0;
}

/* A part of an export is none, and would stand in the way of the next try. */
static void take_back(const char *dir)
{
	(void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int export_write(struct export_report *out, const char *dir,
    const struct export_source *source)
{
	struct exporter x = {0};
	int rc;

	forget_errors();
	rc = check_empty(dir);
	if (rc < 0)
		return rc;
	rc = write_all(&x, dir, source);
	if (rc == 0)
		*out = x.report;
	git_indexer_free(x.indexer);
	git_repository_free(x.repo);
	pack_fini(&x.pack);
	buf_fini(&x.bytes);
	buf_fini(&x.shallow);
	free(x.seats);
	free(x.boxes);
	free(x.refs);
	if (rc < 0)
		take_back(dir);
	return rc;
}
