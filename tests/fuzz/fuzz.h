/*
 * fuzz.h - what every fuzz target includes. A target is one file
 * tests/fuzz/fuzz_<name>.c with this one function; its seeds lie in
 * tests/fuzz/corpus/<name>/. `make check` runs the seeds and mutations of
 * them, `make fuzz T=60` runs libFuzzer. A target must be deterministic,
 * leave nothing allocated, and abort() when a property does not hold.
 */
#ifndef SUIFANG_TESTS_FUZZ_H
#define SUIFANG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Has a screen of that name been drawn in this process? Of fuzz_screens. */
int fuzz_screens_saw(const char *name);

/* A property of the code under test; never compiled out. */
#define FUZZ_HOLDS(x)                                                          \
	do {                                                                   \
		if (!(x))                                                      \
			abort();                                               \
	} while (0)

#endif
