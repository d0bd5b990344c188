/*
 * id.h - fixed-size names as bytes and as lower-case hex, compared as bytes.
 */
#ifndef SUIFANG_ID_H
#define SUIFANG_ID_H

#include "core/base.h"

/* Writes 2n hex digits and a NUL to out. */
void hex_encode(char *out, const void *data, size_t n);
/* Exactly 2n lower-case digits, then anything; false when not. */
bool hex_decode(void *out, size_t n, const char *hex);

void id_hex(char out[ID_HEX], const struct id *id);
/* s must be 32 lower-case digits and nothing more. */
bool id_parse(struct id *out, const char *s);
int id_cmp(const struct id *a, const struct id *b);
bool id_is_zero(const struct id *id);

void hash_hex(char out[HASH_HEX], const struct hash *h);
bool hash_parse(struct hash *out, const char *s);
int hash_cmp(const struct hash *a, const struct hash *b);
bool hash_is_zero(const struct hash *h);

/*
 * A ref names one entry for ever: "<seat hex>-<seq>-<index>", index from 1.
 * As text because bodies and SQL carry it.
 */
#define REF_TEXT 64
struct ref {
	struct id seat;
	uint64_t seq;
	unsigned index;
};
void ref_text(char out[REF_TEXT], const struct ref *ref);
bool ref_parse(struct ref *out, const char *s);

#endif
