/*
 * sign.h - Ed25519 signatures, plain and in OpenSSH's SSHSIG form, which
 * stock git and ssh-keygen check. Format: OpenSSH PROTOCOL.sshsig, version 1,
 * hash sha512, key type ssh-ed25519, and nothing else. Must not know what is
 * signed.
 */
#ifndef SUIFANG_KEYS_SIGN_H
#define SUIFANG_KEYS_SIGN_H

#include "core/base.h"
#include "core/buf.h"
#include "keys/identity.h"

#define SIGNATURE 64
#define SSHSIG_NAMESPACE_MAX 32
#define SSH_PUBLIC_TEXT 81 /* "ssh-ed25519 " + 68 base64 + NUL */

struct secret;

/* Detached Ed25519 of the bytes themselves; callers put a registered prefix
 * first. secret has SIGN_SECRET bytes. */
void sign_detached(uint8_t out[SIGNATURE], const struct secret *secret,
    const void *data, size_t n) NONNULL;
bool sign_is_valid(const uint8_t signature[SIGNATURE],
    const uint8_t pk[SIGN_PUBLIC], const void *data, size_t n) NONNULL;

/* The same over SSHSIG's to-be-signed bytes of data in a namespace ("git",
 * at most SSHSIG_NAMESPACE_MAX characters). */
void sshsig_sign(uint8_t out[SIGNATURE], const struct secret *secret,
    const char *space, const struct buf *data) NONNULL;
bool sshsig_is_valid(const uint8_t signature[SIGNATURE],
    const uint8_t pk[SIGN_PUBLIC], const char *space,
    const struct buf *data) NONNULL;

/* What an armoured signature says. */
struct sshsig {
	uint8_t pk[SIGN_PUBLIC];
	uint8_t signature[SIGNATURE];
	char space[SSHSIG_NAMESPACE_MAX + 1];
};

/* Appends the armour: lines of 70 columns, each but the first led by lead
 * ("" for a file, " " inside a commit header), each ended by LF. */
void sshsig_armor(
    struct buf *out, const struct sshsig *sig, const char *lead) NONNULL;

/* Reads the exact text that sshsig_armor writes, nothing before or after
 * it. ERR_FORMAT for every other form. */
NODISCARD int sshsig_dearmor(
    struct sshsig *out, const char *text, size_t n, const char *lead) NONNULL;

/* "ssh-ed25519 AAAA..." as in allowed_signers and .pub files. */
void ssh_public_text(
    char out[SSH_PUBLIC_TEXT], const uint8_t pk[SIGN_PUBLIC]) NONNULL;
NODISCARD int ssh_public_parse(
    uint8_t pk[SIGN_PUBLIC], const char *text) NONNULL;

#endif
