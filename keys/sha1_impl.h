/*
 * sha1_impl.h - the two ways to take whole blocks, for sha1*.c and the test
 * that they agree. p has n blocks of 64 bytes.
 */
#ifndef SUIFANG_KEYS_SHA1_IMPL_H
#define SUIFANG_KEYS_SHA1_IMPL_H

#include "core/base.h"

void sha1_blocks_plain(uint32_t h[5], const uint8_t *p, size_t n);
/* Only where sha1_x86_can(); asking is slow. */
bool sha1_x86_can(void);
void sha1_blocks_x86(uint32_t h[5], const uint8_t *p, size_t n);

#endif
