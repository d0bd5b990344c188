/*
 * keyfile_tries.h - how often a passphrase was wrong in a row, kept beside
 * the key file. It slows a person at the keyboard; somebody who has the disk
 * deletes it and meets Argon2id alone.
 */
#ifndef SUIFANG_KEYS_KEYFILE_TRIES_H
#define SUIFANG_KEYS_KEYFILE_TRIES_H

#include "core/base.h"

/* Zero when nothing is recorded or it cannot be read. */
void keyfile_tries_get(uint32_t *n, int64_t *at_s, const char *path);
/* Best effort; n = 0 forgets. */
void keyfile_tries_set(const char *path, uint32_t n, int64_t at_s);

#endif
