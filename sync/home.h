/*
 * home.h - the folder of one seat (an edge): HOME/{seat.key or node.key,
 * vault.db, site.json, receipt, holding, ctl.sock, port}. Opening it means:
 * read and verify the site, unlock the keys, open the vault, open the ledger;
 * every program does it here. One process owns a home at a time.
 */
#ifndef SUIFANG_SYNC_HOME_H
#define SUIFANG_SYNC_HOME_H

#include "core/base.h"
#include "core/buf.h"
#include "core/env.h"
#include "keys/identity.h"
#include "keys/keyfile.h"
#include "sync/site.h"

struct freshness;
struct ledger;
struct msg_receipt;
struct secret;
struct store;

struct home;

struct home_opts {
	const char *dir; /* NULL: $SUIFANG_HOME, else ~/.suifang */
	bool is_node;
	const struct env *env;           /* outlives the home */
	const struct secret *passphrase; /* of a seat; NULL on the node */
};

/* ERR_NOT_FOUND (no such home, or not set up), ERR_PASSPHRASE, ERR_IN_USE,
 * ERR_ORGANISATION (keys of another site), errors of site_read, of the key
 * file, of store_open and ledger_open. */
NODISCARD int home_open(struct home **out, const struct home_opts *opts);
void home_close(struct home **home);

struct ledger *home_ledger(const struct home *home);
struct store *home_store(const struct home *home);
const struct site *home_site(const struct home *home);
const struct identity *home_identity(const struct home *home);
const char *home_dir(const struct home *home);
/* What wraps this home's stream keys: who knows it knows the passphrase. */
const struct secret *home_wrap(const struct home *home);
/* Where the centre is: HOME/address if there is such a file ("host:port" on
 * one line), else NULL: as the site says. */
const char *home_address(const struct home *home);

/* Whether what lies here is the newest: looked at once, when it was opened
 * (was_cut), and against the last receipt, now. */
void home_freshness(struct freshness *out, const struct home *home);
/* Keeps a verified receipt beside the vault, where it is newer than what is
 * there. Best effort: a lost one makes the next comparison weaker only. */
void home_keep_receipt(struct home *home, const struct msg_receipt *receipt);

/* The same for a small file of the program's own, for its owner only. False
 * when it could not be written. */
bool home_keep_file(
    const struct home *home, const char *name, const struct buf *text);

/* The folder that opts, environment or habit name; appended to out. */
void home_dir_of(struct buf *out, const char *dir);
/* dir/name, appended. */
void home_path(struct buf *out, const char *dir, const char *name);
/* Removes those of these files of a home that are there. */
void home_unlink(const char *dir, const char *const *names, size_t count);
/* Whether the folder is the centre's. */
bool home_is_node(const char *dir);
/* ERR_NOT_FOUND where no keys are in the folder: said before anybody is asked
 * for a passphrase. */
NODISCARD int home_is_there(const char *dir);
/* Makes the folder, mode 0700; a folder that exists is fine. */
NODISCARD int home_make(const char *dir);
/* Reads and verifies a site file. *out is freed with free(). */
NODISCARD int home_read_site(struct site **out, const char *path);

/*
 * Sets a new home up: folder, key file, site file. ERR_IN_USE when there is
 * a key file already. The identity belongs to the caller.
 */
struct home_new {
	const char *dir;
	bool is_node;
	const char *member; /* "A017", "node" for the node */
	const struct identity *me;
	const struct secret *passphrase; /* NULL on the node */
	struct keyfile_kdf kdf;          /* zeros on the node */
	const struct env *env;
	const char *site_path; /* copied into the home; may be NULL */
};
NODISCARD int home_create(const struct home_new *new_home);

/* Takes back what home_create made, where nothing was stored since. */
void home_discard(const char *dir);

/* Copies a verified site file into the home. */
NODISCARD int home_put_site(const char *dir, const char *site_path);

/* What the node holds besides its identity, derived from its seed. */
struct node_keys {
	struct secret *seal_sk;  /* DH_KEY bytes: opens mode N keys */
	struct secret *check_sk; /* SIGN_SECRET bytes: signs checkpoints */
	uint8_t seal_pk[DH_KEY];
	uint8_t check_pk[SIGN_PUBLIC];
};
void node_keys_derive(struct node_keys *out, const struct identity *me);
void node_keys_fini(struct node_keys *keys);

#endif
