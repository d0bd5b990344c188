/*
 * text.h - UTF-8 from outside: validated, stripped of control characters,
 * cut at character boundaries. Widths belong to the screen, not here.
 */
#ifndef SUIFANG_TEXT_H
#define SUIFANG_TEXT_H

#include "core/base.h"
#include "core/buf.h"

/* Length in bytes of the character at s (1..4) and its code point, or 0 when
 * the bytes are not the shortest valid UTF-8 form. n = bytes available. */
size_t utf8_decode(uint32_t *out, const char *s, size_t n);
/* Bytes written to out (1..4); code points above U+10FFFF write U+FFFD. */
size_t utf8_encode(char out[4], uint32_t c);
bool utf8_is_valid(const char *s, size_t n);
size_t utf8_count(const char *s);

/* C0, DEL, C1, U+2028/9, bidirectional overrides and other invisible
 * controls that could disturb a screen or disguise a text. */
bool text_is_control(uint32_t c);

/* Appends s with control characters removed, tabs and newlines as one space,
 * bad bytes as U+FFFD, leading and trailing spaces dropped. */
void text_clean(struct buf *out, const char *s, size_t n);

/* Copies at most size - 1 bytes, never half a character. */
void text_copy(char *out, size_t size, const char *s);

/* ASCII case-insensitive. */
bool text_has(const char *hay, const char *needle);

/* A whole number within lo..hi that a person or a peer wrote: digits, with a
 * minus before them at most, and nothing else. */
bool text_int(int64_t *out, const char *s, int64_t lo, int64_t hi);

/* Full-width ASCII (U+FF01..FF5E) and the ideographic space as ASCII. */
uint32_t text_halfwidth(uint32_t c);

#endif
