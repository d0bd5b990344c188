/*
 * scan.h - a strict reader of canonical text: the first thing out of place
 * sets bad, and everything after it reads as zeros. Must not know formats.
 */
#ifndef SUIFANG_SYNC_SCAN_H
#define SUIFANG_SYNC_SCAN_H

#include "core/base.h"

struct scan {
	const char *p;
	const char *end;
	bool bad;
};

/* text has n > 0 bytes and outlives the scan. */
struct scan scan_of(const void *text, size_t n) NONNULL;
/* Exactly these characters. */
void scan_text(struct scan *s, const char *text) NONNULL;
/* 2n lower-case hex digits into n bytes. */
void scan_hex(struct scan *s, void *out, size_t n) NONNULL;
/* A decimal without sign or leading zeros, at most INT53_MAX. */
uint64_t scan_number(struct scan *s) NONNULL;
/* 16 lower-case hex digits. */
uint64_t scan_hex64(struct scan *s) NONNULL;
/* Whether the next character is c. */
bool scan_is_at(const struct scan *s, char c) NONNULL;
/* True when nothing was out of place and every byte was read. */
bool scan_is_done(const struct scan *s) NONNULL;

#endif
