/*
 * key_verbs.h - the verbs of suifang-key by who speaks them: the root
 * (key_root.c), a seat that comes in (key_enrol.c), a seat that lets others
 * in (key_seat.c), a seat that looks after its own files (key_own.c).
 */
#ifndef SUIFANG_SYNC_KEY_VERBS_H
#define SUIFANG_SYNC_KEY_VERBS_H

#include "core/base.h"
#include "keys/keyfile.h"
#include "sync/program.h"

struct home;

int key_root_init(struct program *p);
int key_root_sign(struct program *p);
int key_root_rollover(struct program *p);
int key_node_cert(struct program *p);

int key_enrol(struct program *p);

int key_member_grant(struct program *p);
int key_member_revoke(struct program *p);
int key_code_issue(struct program *p);
int key_seat_grant(struct program *p);
int key_seat_revoke(struct program *p);
int key_sync(struct program *p);

int key_passwd(struct program *p);
int key_vault_check(struct program *p);
int key_vault_rekey(struct program *p);

/* --kdf floor|usual|strong|measure; fallback when it was not said. */
NODISCARD int key_kdf(struct keyfile_kdf *out, const struct program *p,
    const struct keyfile_kdf *fallback);
/* --days N from now as a time; 0 or absent: as long as the format allows. */
NODISCARD int key_until(int64_t *out, const struct program *p);
/* Asks for the passphrase and opens the home of a seat. */
NODISCARD int key_open_home(struct home **out, struct program *p);
/* --home or the usual folder; freed with free(). */
char *key_home_dir(const struct program *p);
/* Exchanges with the centre until settled. */
NODISCARD int key_exchange(struct home *home);
/* The same unless --offline; says where what was recorded is now. */
NODISCARD int key_settle(struct home *home, const struct program *p);

#endif
