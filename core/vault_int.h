/*
 * vault_int.h - what the vault's own files share: the constants of format 1,
 * the sealing functions, and one open file as the VFS sees it. Included by
 * core/vault*.c only.
 */
#ifndef SUIFANG_VAULT_INT_H
#define SUIFANG_VAULT_INT_H

#include <sqlite3.h>

#include "core/base.h"
#include "core/vault.h"

/* Registered as PREFIX_VAULT in keys/prefix.def, which this layer may not
 * include; a test compares the two. The NUL counts. */
#define VAULT_CONTEXT "sf-vault/1"

/* ---- format 1; docs/VAULT.md ------------------------------------------- */
enum {
	VF_VERSION = 1,
	VF_NONCE = 24,
	VF_TAG = 16,
	VF_ID = 16,    /* "SFV" version | 8 random | 4 key check */
	VF_CLEAR = 24, /* clear bytes at the start of page 1 */
	VF_WAL_HEADER = 32,
	VF_WAL_FRAME = 24, /* SQLite's frame header */
	VF_WAL_CLEAR = 16, /* of it: page, commit size, salts */
	VF_JOURNAL_HEADER = 28,
	VF_SLOT = 80,    /* "SFVJ" | file id | instance | header | mac */
	VF_SLOT_1 = 256, /* offset of the second slot in its sector */
	VF_SECTOR = 512, /* the smallest header sector */
	VF_BLOCK = 4096, /* plain bytes of one temporary block */
	VF_PAGE_MAX = 65536
};

enum vault_kind {
	VK_DB,
	VK_WAL,
	VK_JOURNAL,
	VK_TEMP,
	VK_CLEAR
};

/* What a seal is bound to: authenticated, never stored. */
struct vault_bind {
	uint8_t b[33]; /* kind | place, 8 bytes | up to 24 more */
	uint8_t len;
};
struct vault_bind vault_bind(
    enum vault_kind kind, uint64_t place, const void *more, size_t n);

/* Seals text of len bytes in place; nonce and tag go to seal[40]. */
void vault_seal(uint8_t *text, size_t len, uint8_t seal[VAULT_RESERVE],
    const uint8_t *key, const struct vault_bind *bind);
/* Opens in place; false (text undefined) when anything was changed. */
bool vault_unseal(uint8_t *text, size_t len, const uint8_t *seal,
    const uint8_t *key, const struct vault_bind *bind);
/* Key of one kind of file that belongs to the database id. */
void vault_subkey(uint8_t out[VAULT_KEY], const uint8_t *key,
    const uint8_t id[VF_ID], enum vault_kind kind);
void vault_mac(
    uint8_t *out, size_t n, const uint8_t *key, const void *data, size_t len);
void vault_new_id(uint8_t id[VF_ID], const uint8_t *key);
bool vault_id_is_of_key(const uint8_t id[VF_ID], const uint8_t *key);
uint8_t *vault_key_new(void); /* locked memory; NULL when there is none */
void vault_key_free(uint8_t *key);
void vault_random(void *p, size_t n); /* from the system */
void vault_wipe(void *p, size_t n);

/* ---- one registered VFS: one key ---------------------------------------- */
struct vault_file;
struct vault {
	sqlite3_vfs vfs;
	sqlite3_vfs *base;
	uint8_t *key;
	int why;           /* ERR_ code of the first refusal */
	uint32_t why_page; /* its page; 0: no single page */
	bool was_cut;
	bool may_sync_later; /* the next sync of the log */
	bool is_shared;      /* several connections: only SQLite's own tests */
	struct vault_file *dbs;  /* open databases */
	struct vault_file *logs; /* open logs and journals */
	char name[32];
};
NODISCARD int vault_new(
    struct vault **out, const char *base_vfs, const uint8_t key[VAULT_KEY]);
void vault_free(struct vault **v);
/* Remembers the first reason and returns SQLite's code. */
int vault_refuse(struct vault *v, int why, int rc);

#define VAULT_FCNTL 0x53465601      /* void ** gets the struct vault */
#define VAULT_FCNTL_FILE 0x53465602 /* void ** gets the struct vault_file */

static inline uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}
static inline void put_be32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

#endif
