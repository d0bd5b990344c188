/*
 * fuzz_keyfile.c - the text of a key file, before any passphrase: refused, or
 * written back byte for byte, with a cost of guessing within bounds.
 */
#include "tests/fuzz/fuzz.h"

#include "core/buf.h"
#include "keys/keyfile_impl.h"

static void try_text(const char *text, size_t n)
{
	struct keyfile_image image;
	struct buf out = {0};

	if (keyfile_parse(&image, text, n) < 0)
		return;
	keyfile_print(&out, &image);
	FUZZ_HOLDS(out.len == n && memcmp(out.data, text, n) == 0);
	FUZZ_HOLDS(strlen(image.pub.member) < KEYFILE_MEMBER);
	FUZZ_HOLDS(image.pub.kdf.memory_kib <= 4194304);
	FUZZ_HOLDS(image.pub.kdf.passes <= 64);
	buf_fini(&out);
}

/* The file is read into a buffer that ends in a NUL. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = malloc(n + 1);

	FUZZ_HOLDS(text != NULL);
	if (n > 0)
		memcpy(text, data, n);
	text[n] = '\0';
	try_text(text, n);
	free(text);
	return 0;
}
