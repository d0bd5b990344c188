/*
 * keyfile.h - the one file that holds a seat's, a node's or a root's keys: a
 * passphrase gives a key that wraps MASTER, MASTER gives the rest. Format in
 * docs/VAULT.md. Knows nothing of what the keys open.
 *
 *   passphrase -Argon2id-> KEK -> MASTER -> vault page key
 *                                        -> wrap of the identity
 *                                        -> wrap of the lease key
 */
#ifndef SUIFANG_KEYS_KEYFILE_H
#define SUIFANG_KEYS_KEYFILE_H

#include "core/base.h"
#include "keys/identity.h"

struct env;
struct secret;

#define KEYFILE_MEMBER 32 /* bytes of a member's name with the NUL */

/* Cost of one guess. All zero: no passphrase, the file is mode 0400. */
struct keyfile_kdf {
	uint32_t memory_kib;
	uint32_t passes;
};
#define KEYFILE_FLOOR ((struct keyfile_kdf){65536, 2})
#define KEYFILE_USUAL ((struct keyfile_kdf){262144, 3})
#define KEYFILE_STRONG ((struct keyfile_kdf){1048576, 4}) /* the root's */

/* Measures this machine with the caller's clock: at most KEYFILE_USUAL's
 * memory, at least KEYFILE_FLOOR, about half a second. Takes 1 to 3 s. */
NODISCARD int keyfile_measure(struct keyfile_kdf *out, const struct env *env);

/* What lies in the file in clear. */
struct keyfile_public {
	char member[KEYFILE_MEMBER];
	struct id org;
	struct id seat;
	uint8_t sign_pk[SIGN_PUBLIC];
	uint8_t dh_pk[DH_KEY];
	struct keyfile_kdf kdf;
	bool is_rekeying; /* two MASTERs: a re-key was begun, not ended */
};

/* What it opens; all secrets belong to it. */
struct keyring {
	struct keyfile_public pub;
	struct identity *me;
	struct secret *vault;      /* page key, SECRET_KEY bytes */
	struct secret *next_vault; /* NULL unless pub.is_rekeying */
	struct secret *lease;      /* wraps stream keys; outlives re-keys */
};
void keyring_free(struct keyring **ring) NONNULL;

/* A device that unwraps instead of a passphrase: gives KEK from the salt. */
struct keyfile_token {
	int (*kek)(void *ctx, uint8_t kek[32], const uint8_t salt[16]);
	void *ctx;
};

struct keyfile_new {
	const char *member; /* 1..31 printable ASCII characters, no space */
	const struct identity *me;
	const struct secret *passphrase;   /* NULL iff kdf is all zero */
	const struct keyfile_token *token; /* NULL: none */
	struct keyfile_kdf kdf;
	const struct env *env;
};

/* Writes a new file, mode 0600 or 0400, durably; never over an old one.
 * ERR_EXISTS when it is taken, ERR_INVALID below KEYFILE_FLOOR, disk codes. */
NODISCARD int keyfile_create(const char *path, const struct keyfile_new *n);

/* Public part only. ERR_NOT_FOUND, ERR_DAMAGED, ERR_NEWER. */
NODISCARD int keyfile_read(struct keyfile_public *out, const char *path);

struct keyfile_opener {
	const struct secret *passphrase;   /* NULL: file without one */
	const struct keyfile_token *token; /* NULL: none */
	const struct env *env;
};

/* Half a second and 256 MiB. Counts wrong tries beside the file; from the
 * fifth on ERR_WAIT, without trying, until keyfile_wait_s is over. Where
 * next_vault is set, a vault that says ERR_WRONG_KEY to the one key opens
 * with the other. ERR_PASSPHRASE, ERR_DAMAGED, ERR_NOT_PERMITTED when others
 * may read a file without passphrase. */
NODISCARD int keyfile_unlock(struct keyring **out, const char *path,
    const struct keyfile_opener *opener);

/* Seconds before the next try is allowed; 0: now. */
uint32_t keyfile_wait_s(const char *path, int64_t now_s);
/* Delay after that many wrong tries in a row: 5 s at the fifth, doubling to
 * 15 minutes. */
uint32_t keyfile_delay_s(uint32_t wrong);

/* Same MASTER under another passphrase and cost. */
NODISCARD int keyfile_passwd(const char *path,
    const struct keyfile_opener *opener, const struct secret *passphrase,
    const struct keyfile_kdf *kdf);

/* Adds a second MASTER; unlocking then gives both page keys. Again while one
 * is there: nothing changes. */
NODISCARD int keyfile_rekey_begin(
    const char *path, const struct keyfile_opener *opener);
/* Keeps the new MASTER (took_new) or the old one, and forgets the other. */
NODISCARD int keyfile_rekey_end(
    const char *path, const struct keyfile_opener *opener, bool took_new);

/* All of it: new MASTER, the vault copied under its page key, old MASTER
 * forgotten. Safe to run again after a crash at any point. base_vfs as in
 * core/vault.h; the vault must be closed. */
NODISCARD int keyfile_rekey_vault(const char *path,
    const struct keyfile_opener *opener, const char *vault_path,
    const char *base_vfs);

#endif
