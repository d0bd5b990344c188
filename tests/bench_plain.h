/*
 * bench_plain.h - the yardstick of what takes records in: as many Ed25519
 * signatures verified and rows written into plain SQLite, with a FULL commit
 * after each batch.
 */
#ifndef SUIFANG_TESTS_BENCH_PLAIN_H
#define SUIFANG_TESTS_BENCH_PLAIN_H

#include "tests/bench.h"

struct bench_plain {
	double cpu_ms, wall_ms;
	struct bench_samples batches; /* of the wall clock */
};

/* n rows of 700 bytes in a file of its own in dir; the caller ends the
 * samples. */
void bench_plain(
    struct bench_plain *out, const char *dir, size_t n, size_t batch);

#endif
