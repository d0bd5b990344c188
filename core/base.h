/*
 * base.h - what every file may assume: integer types, attributes, small
 * fixed-size values. Knows nothing of any other module.
 */
#ifndef SUIFANG_BASE_H
#define SUIFANG_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NODISCARD __attribute__((warn_unused_result))
#define NONNULL __attribute__((nonnull))
/* A function that uses instructions not every processor has. */
#define TARGET(features) __attribute__((target(features)))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Largest integer of the log format and of JSON numbers: 2^53 - 1. */
#define INT53_MAX INT64_C(9007199254740991)

/* A 128-bit name: an organisation, a seat, a stream. */
struct id {
	uint8_t b[16];
};

/* A BLAKE2b-256 or SHA-256 value, or a kid. */
struct hash {
	uint8_t b[32];
};

#define ID_HEX 33   /* characters of an id in hex, with the NUL */
#define HASH_HEX 65 /* the same of a hash */

#endif
