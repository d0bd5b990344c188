/* gitodb.c - a git object backend over frames, and repositories read back. */
#include "sync/gitodb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "sync/commit.h"

#define CACHE_BYTES (8 * 1024 * 1024) /* the library's default is 256 MB */

struct gitodb {
	git_repository *repo;
	git_odb *odb; /* borrowed by repo too */
	git_tree *boxes;
	struct gitodb_source source;
	struct record *record; /* scratch of the backend */
	struct buf frame;
	struct buf commit;
	int error; /* the source's own, which the library would mask */
};

struct backend {
	git_odb_backend parent; /* first: the library casts */
	struct gitodb *db;
};

/* Our code for the library's, after a failed call. */
static int error_of(struct gitodb *db, int rc)
{
	const git_error *e = git_error_last();
	int own = db ? db->error : 0;

	if (db)
		db->error = 0;
	if (rc >= 0)
		return 0;
	if (own < 0)
		return own;
	if (rc == GIT_ENOTFOUND)
		return ERR_NOT_FOUND;
	return err_set(ERR_DAMAGED, "git: %s", e ? e->message : "error");
}

static struct sha1 name_of(const git_oid *oid)
{
	struct sha1 name;

	memcpy(name.b, oid->id, sizeof(name.b));
	return name;
}

static git_oid oid_of(const struct sha1 *name)
{
	git_oid oid;

	memcpy(oid.id, name->b, sizeof(oid.id));
	return oid;
}

static bool is_empty_tree(const git_oid *oid)
{
	return git_oid_streq(oid, COMMIT_EMPTY_TREE) == 0;
}

/* Canonical bytes of a stored frame into db->commit. */
static int load_commit(struct gitodb *db, const git_oid *oid)
{
	struct sha1 name = name_of(oid);
	uint8_t pk[SIGN_PUBLIC];
	int rc;

	buf_clear(&db->frame);
	buf_clear(&db->commit);
	rc = db->source.frame(db->source.ctx, &db->frame, pk, &name);
	if (rc == 0)
		rc = record_read(db->record, db->frame.data, db->frame.len);
	if (rc == 0)
		commit_write(&db->commit, db->record, pk);
	if (rc < 0 && rc != ERR_NOT_FOUND)
		db->error = rc;
	return rc;
}

static int backend_read(void **out, size_t *len, git_object_t *type,
    git_odb_backend *parent, const git_oid *oid)
{
	struct gitodb *db = ((struct backend *)parent)->db;
	bool is_tree = is_empty_tree(oid);
	int rc;

	buf_clear(&db->commit);
	rc = is_tree ? 0 : load_commit(db, oid);
	if (rc < 0)
		return rc == ERR_NOT_FOUND ? GIT_ENOTFOUND : GIT_ERROR;
	*out = git_odb_backend_data_alloc(parent, db->commit.len + 1);
	if (!*out)
		return GIT_ERROR;
	/* With the NUL: the library's parsers run up to it. */
	memcpy(*out, buf_text(&db->commit), db->commit.len + 1);
	*len = db->commit.len;
	*type = is_tree ? GIT_OBJECT_TREE : GIT_OBJECT_COMMIT;
	return 0;
}

static int backend_read_header(size_t *len, git_object_t *type,
    git_odb_backend *parent, const git_oid *oid)
{
	struct gitodb *db = ((struct backend *)parent)->db;
	bool is_tree = is_empty_tree(oid);
	int rc = is_tree ? 0 : load_commit(db, oid);

	if (rc < 0)
		return rc == ERR_NOT_FOUND ? GIT_ENOTFOUND : GIT_ERROR;
	*len = is_tree ? 0 : db->commit.len;
	*type = is_tree ? GIT_OBJECT_TREE : GIT_OBJECT_COMMIT;
	return 0;
}

static int backend_exists(git_odb_backend *parent, const git_oid *oid)
{
	struct gitodb *db = ((struct backend *)parent)->db;

	return is_empty_tree(oid) || load_commit(db, oid) == 0;
}

static void backend_free(git_odb_backend *parent)
{
	free(parent);
}

static git_odb_backend *backend_new(struct gitodb *db)
{
	struct backend *b = mem_new(sizeof(*b));

	git_odb_init_backend(&b->parent, GIT_ODB_BACKEND_VERSION);
	b->parent.read = backend_read;
	b->parent.read_header = backend_read_header;
	b->parent.exists = backend_exists;
	b->parent.free = backend_free;
	b->db = db;
	return &b->parent;
}

static struct gitodb *db_new(void)
{
	struct gitodb *db = mem_new(sizeof(*db));

	db->record = mem_new(sizeof(*db->record));
	git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)CACHE_BYTES);
	/* Nothing of a repository's configuration is ever run. */
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	return db;
}

int gitodb_serve(struct gitodb **out, const struct gitodb_source *source)
{
	struct gitodb *db = db_new();
	git_odb_backend *backend = backend_new(db);
	int rc;

	db->source = *source;
	rc = git_odb_new(&db->odb);
	if (rc == 0)
		rc = git_odb_add_backend(db->odb, backend, 1);
	if (rc < 0)
		backend_free(backend); /* not yet the library's */
	else
		rc = git_repository_wrap_odb(&db->repo, db->odb);
	if (rc < 0) {
		rc = error_of(db, rc);
		gitodb_close(&db);
		return rc;
	}
	*out = db;
	return 0;
}

/* The tree of refs/notes/boxes; NULL when the export has none. */
static int open_boxes(struct gitodb *db)
{
	git_object *tree = NULL;
	int rc =
	    git_revparse_single(&tree, db->repo, "refs/notes/boxes^{tree}");

	db->boxes = (git_tree *)tree;
	return rc == GIT_ENOTFOUND ? 0 : rc;
}

int gitodb_open(struct gitodb **out, const char *dir)
{
	struct gitodb *db = db_new();
	int rc = git_repository_open_ext(&db->repo, dir,
	    GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE |
		GIT_REPOSITORY_OPEN_NO_DOTGIT,
	    NULL);

	if (rc == 0)
		rc = git_repository_odb(&db->odb, db->repo);
	if (rc == 0)
		rc = open_boxes(db);
	if (rc < 0) {
		rc = error_of(db, rc);
		gitodb_close(&db);
		return rc;
	}
	*out = db;
	return 0;
}

void gitodb_close(struct gitodb **db)
{
	if (!*db)
		return;
	git_tree_free((*db)->boxes);
	git_repository_free((*db)->repo);
	git_odb_free((*db)->odb);
	buf_fini(&(*db)->frame);
	buf_fini(&(*db)->commit);
	free((*db)->record);
	free(*db);
	*db = NULL;
}

static int read_object(
    struct gitodb *db, struct buf *out, const git_oid *oid, git_object_t type)
{
	git_odb_object *object = NULL;
	int rc = error_of(db, git_odb_read(&object, db->odb, oid));

	if (rc == 0 && git_odb_object_type(object) != type)
		rc = err_set(ERR_DAMAGED, "git: object of another type");
	if (rc == 0)
		buf_add(out, git_odb_object_data(object),
		    git_odb_object_size(object));
	git_odb_object_free(object);
	return rc;
}

int gitodb_read(struct gitodb *db, struct buf *out, const struct sha1 *name)
{
	git_oid oid = oid_of(name);

	return read_object(db, out, &oid, GIT_OBJECT_COMMIT);
}

int gitodb_box(struct gitodb *db, struct buf *out, const struct hash *box)
{
	char hex[HASH_HEX], path[HASH_HEX + 1];
	git_tree_entry *entry = NULL;
	int rc;

	if (!db->boxes)
		return ERR_NOT_FOUND;
	hash_hex(hex, box);
	snprintf(path, sizeof(path), "%.2s/%s", hex, hex + 2);
	rc = error_of(db, git_tree_entry_bypath(&entry, db->boxes, path));
	if (rc == 0)
		rc = read_object(
		    db, out, git_tree_entry_id(entry), GIT_OBJECT_BLOB);
	git_tree_entry_free(entry);
	return rc;
}

int gitodb_tip(struct gitodb *db, struct sha1 *out, const struct id *seat)
{
	char ref[sizeof("refs/heads/") + ID_HEX] = "refs/heads/";
	git_oid oid;
	int rc;

	if (db->source.tip)
		return db->source.tip(db->source.ctx, out, seat);
	id_hex(ref + strlen(ref), seat);
	rc = error_of(db, git_reference_name_to_id(&oid, db->repo, ref));
	if (rc == 0)
		*out = name_of(&oid);
	return rc;
}

int gitodb_walk(struct gitodb *db, const struct sha1 *tip,
    int (*visit)(void *ctx, const struct sha1 *name), void *ctx)
{
	git_revwalk *walk = NULL;
	git_oid oid = oid_of(tip);
	int rc = git_revwalk_new(&walk, db->repo), stop = 0;

	if (rc == 0)
		rc = git_revwalk_push(walk, &oid);
	while (rc == 0 && stop == 0) {
		rc = git_revwalk_next(&oid, walk);
		if (rc == 0) {
			struct sha1 name = name_of(&oid);
			stop = visit(ctx, &name);
		}
	}
	git_revwalk_free(walk);
	if (stop != 0)
		return stop;
	return error_of(db, rc == GIT_ITEROVER ? 0 : rc);
}

int gitodb_each_ref(struct gitodb *db,
    int (*visit)(void *ctx, const char *ref, const struct sha1 *name),
    void *ctx)
{
	git_reference_iterator *it = NULL;
	const char *ref;
	git_oid oid;
	int rc = git_reference_iterator_new(&it, db->repo), stop = 0;

	while (rc == 0 && stop == 0) {
		rc = git_reference_next_name(&ref, it);
		if (rc == 0)
			rc = git_reference_name_to_id(&oid, db->repo, ref);
		if (rc == 0) {
			struct sha1 name = name_of(&oid);
			stop = visit(ctx, ref, &name);
		}
	}
	git_reference_iterator_free(it);
	if (stop != 0)
		return stop;
	return error_of(db, rc == GIT_ITEROVER ? 0 : rc);
}
