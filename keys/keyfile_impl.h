/*
 * keyfile_impl.h - what the key file's own sources share: the parsed text,
 * and everything it holds once opened. Included by keys/keyfile*.c and by
 * the tests' cheap setting only.
 */
#ifndef SUIFANG_KEYS_KEYFILE_IMPL_H
#define SUIFANG_KEYS_KEYFILE_IMPL_H

#include "keys/keyfile.h"
#include "keys/secret.h"

enum {
	KF_SALT = 16,
	KF_SEAL = 40, /* nonce 24 | tag 16 */
	KF_TEXT_MAX = 4096
};

enum keyfile_kind {
	KF_ARGON2ID,
	KF_NONE,
	KF_TOKEN
};

/* What is written, in the order of the file. */
struct keyfile_image {
	struct keyfile_public pub;
	enum keyfile_kind kind;
	uint8_t salt[KF_SALT];
	uint8_t master[SECRET_KEY + KF_SEAL];
	uint8_t next[SECRET_KEY + KF_SEAL];
	uint8_t identity[SIGN_SEED + DH_KEY + KF_SEAL];
	uint8_t lease[SECRET_KEY + KF_SEAL];
};

/* What it protects. */
struct keyfile_content {
	struct keyfile_public pub;
	enum keyfile_kind kind;
	struct secret *kek;
	struct secret *master;
	struct secret *next;     /* NULL unless re-keying */
	struct secret *identity; /* Ed25519 seed | X25519 secret */
	struct secret *lease;
	uint8_t salt[KF_SALT];
};
void keyfile_content_fini(struct keyfile_content *c);

/* Text <-> image; the head is what the seals are bound to. */
struct buf;
void keyfile_head(struct buf *out, const struct keyfile_image *image);
void keyfile_print(struct buf *out, const struct keyfile_image *image);
NODISCARD int keyfile_parse(
    struct keyfile_image *out, const char *text, size_t len);

/* Durable file access. */
NODISCARD int keyfile_load(struct keyfile_image *out, const char *path);
NODISCARD int keyfile_save(
    const char *path, const struct keyfile_image *image, bool replace);

/* Key of the passphrase or the token. */
NODISCARD int keyfile_kek(struct secret **out,
    const struct keyfile_image *image, const struct keyfile_opener *opener);

/* Subkeys of MASTER. */
enum keyfile_subkey {
	KF_VAULT = 1,
	KF_IDENTITY = 2,
	KF_LEASE = 3
};
struct secret *keyfile_subkey(
    const struct secret *master, enum keyfile_subkey which);

/* Everything at once; the pieces of a change. */
NODISCARD int keyfile_content_load(struct keyfile_content *out,
    const char *path, const struct keyfile_opener *opener);
NODISCARD int keyfile_content_save(const char *path,
    const struct keyfile_content *c, const struct env *env, bool replace);

/* The tests' cheap cost: when not zero, every new file gets it in place of
 * what was asked. No product writes it. */
extern struct keyfile_kdf keyfile_forced;
NODISCARD int keyfile_kdf_check(const struct keyfile_kdf *kdf);

#endif
