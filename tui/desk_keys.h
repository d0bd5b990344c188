/*
 * desk_keys.h - what a person may do with the keys of the seat, and have
 * looked at anew in the log. The program fills it in shift.c, tests as they
 * like.
 */
#ifndef SUIFANG_TUI_DESK_KEYS_H
#define SUIFANG_TUI_DESK_KEYS_H

#include "core/base.h"
#include "core/id.h"

struct secret;

/* What a person may do with the keys of the seat; as shift.h does it. All
 * take a second or more and may be NULL. */
struct desk_verify {
	uint64_t records, seats, places;
	char fault[80]; /* the first thing wrong; "" */
};
/* What was found of one record, looked at anew. */
struct desk_proof {
	char fault[80]; /* the first thing wrong; "" */
	char key[24];   /* fingerprint of the key that signed it */
	char hash[HASH_HEX], git[41];
	bool is_linked; /* the record before it is here, and is the one named */
	int boxes, withheld; /* contents here and matching; not here */
	bool is_placed;      /* its place names this record and its verdicts */
	int64_t placed_s;    /* when the centre gave it that place */
	uint64_t size;       /* of the newest signed checkpoint; 0: none */
};
/* The first eight bytes of a key as people compare them. */
#define KEY_WORDS 20
void desk_key_words(char out[KEY_WORDS], const uint8_t *key);

struct desk_keys {
	/* The same keys under another passphrase. */
	int (*passwd)(void *ctx, const struct secret *old_one,
	    const struct secret *new_one);
	/* Seals everything here under a new key. When it returns 0 this desk
	 * and its screens are gone. */
	int (*rekey)(void *rekey_ctx, const struct secret *passphrase);
	void *rekey_ctx;
	/* Doubts all that is stored of the log: 0, ERR_CHECK with a fault. */
	int (*verify)(void *ctx, struct desk_verify *out);
	/* One record: 0 or ERR_CHECK with a fault, both with *out. */
	int (*prove)(void *ctx, struct desk_proof *out, const struct id *seat,
	    uint64_t seq);
	void *ctx;
	/* What verify found last, and when; 0: not since the start. */
	struct desk_verify found;
	int64_t found_s;
};

#endif
