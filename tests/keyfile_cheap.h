/*
 * keyfile_cheap.h - one call that makes every key file of this process cheap
 * to open, for tests and the simulator. Never linked into a product.
 */
#ifndef SUIFANG_TESTS_KEYFILE_CHEAP_H
#define SUIFANG_TESTS_KEYFILE_CHEAP_H

/* Argon2id with 8 KiB and one pass from now on. */
void keyfile_cheap_for_test(void);

#endif
