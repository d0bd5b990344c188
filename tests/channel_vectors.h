/*
 * channel_vectors.h - the handshake with fixed ephemeral keys, against
 * vectors that others wrote. Never linked into a product.
 */
#ifndef SUIFANG_TESTS_CHANNEL_VECTORS_H
#define SUIFANG_TESTS_CHANNEL_VECTORS_H

/* Runs every vector of Noise XK and XKpsk3 with ChaChaPoly and BLAKE2b in a
 * file of cacophony's JSON form, both sides, and prints passed and failed
 * per pattern; other patterns are skipped and counted. Returns the number
 * that failed, or a negative code when the file cannot be used or holds no
 * vector of ours. */
int channel_vector_for_test(const char *json_path);

#endif
