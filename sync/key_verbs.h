/*
 * key_verbs.h - the verbs of suifang-key by who speaks them: the root
 * (key_root.c), a seat that comes in (key_enrol.c), a seat that lets others
 * in (key_seat.c), a seat that looks after its own files (key_own.c).
 */
#ifndef SUIFANG_SYNC_KEY_VERBS_H
#define SUIFANG_SYNC_KEY_VERBS_H

#include "core/base.h"
#include "keys/keyfile.h"
#include "keys/statement.h"
#include "sync/program.h"

struct home;

int key_root_init(struct program *p);
int key_root_sign(struct program *p);
int key_root_rollover(struct program *p);
int key_node_cert(struct program *p);
/* --org and the root's own --key; asks for its passphrase. *site is freed
 * with free(). ERR_ORGANISATION: another root. */
struct keyring;
struct site;
NODISCARD int key_open_root(
    struct site **site, struct keyring **root, struct program *p);
/* key_rescue.c */
int key_root_rescue(struct program *p);
int key_root_check(struct program *p);
int key_root_reseal(struct program *p);

int key_enrol(struct program *p);

int key_member_grant(struct program *p);
int key_member_revoke(struct program *p);
/* --roster: every row of the table; ERR_QUARANTINED when some are of no use,
 * the others are granted. */
NODISCARD int key_roster_grant(struct home *home, const struct program *p);
int key_erasure_request(struct program *p);
int key_erasure_approve(struct program *p);
int key_erasure_list(struct program *p);
int key_release(struct program *p);
int key_branch_release(struct program *p);
int key_code_issue(struct program *p);
int key_seat_grant(struct program *p);
int key_seat_revoke(struct program *p);
int key_sync(struct program *p);

int key_site(struct program *p);
int key_passwd(struct program *p);
int key_vault_check(struct program *p);
int key_vault_rekey(struct program *p);

/* --kdf floor|usual|strong|measure; when it was not said, fallback, and where
 * that is NULL, measured. */
NODISCARD int key_kdf(struct keyfile_kdf *out, const struct program *p,
    const struct keyfile_kdf *fallback);
/* --days N from now as a time; 0 or absent: as long as the format allows. */
NODISCARD int key_until(int64_t *out, const struct program *p);
/* The statement that --request asks the root for; ERR_FORMAT when it is of
 * another kind. */
NODISCARD int key_read_request(
    struct statement *out, const struct program *p, enum statement_what what);
/* Asks for the passphrase and opens the home of a seat; in the process that
 * owns it, it is open already. */
NODISCARD int key_open_home(struct home **out, struct program *p);
void key_close_home(struct home **home, const struct program *p);
/* Exchanges with the centre until settled. */
NODISCARD int key_exchange(struct home *home, const struct program *p);
/* The same unless --offline; says where what was recorded is now. */
NODISCARD int key_settle(struct home *home, const struct program *p);

/*
 * key_live.c: the verbs of a seat while its terminal runs. key_live is their
 * run function: it asks the process that owns the home, and where there is
 * none it does the work here. key_answer is the owner's end: the words of
 * one call (verb, options, arguments) with the proof that whoever asks knows
 * the passphrase; challenge: what the owner gave out for this call.
 */
int key_live(struct program *p);

struct key_ask {
	const char *const *words;
	size_t count;
	const char *proof; /* hex, or NULL */
	const struct hash *challenge;
};
NODISCARD int key_answer(
    struct program_owner *owner, const struct key_ask *ask);
/* What proves it: a hash over the wrap of the home's keys, the challenge and
 * the words. */
void key_proof(
    char out[HASH_HEX], const struct secret *wrap, const struct key_ask *ask);

extern const struct program_def key_program;

#endif
