/* base64.h - standard base64 with padding, strict in reading. */
#ifndef SUIFANG_KEYS_BASE64_H
#define SUIFANG_KEYS_BASE64_H

#include "core/base.h"
#include "core/buf.h"

/* Characters for n bytes, without a NUL. */
size_t base64_length(size_t n);
void base64_add(struct buf *out, const void *data, size_t n);
/* Exactly base64_length(n) characters that base64_add writes for n bytes. */
bool base64_decode(void *out, size_t n, const char *text);

#endif
