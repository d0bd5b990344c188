/*
 * fuzz_sshsig.c - armoured signatures and public key lines: refused, or
 * written back character for character. First byte: which, and the lead.
 */
#include "tests/fuzz/fuzz.h"

#include "keys/sign.h"

static void try_key(const char *text)
{
	uint8_t pk[SIGN_PUBLIC];
	char back[SSH_PUBLIC_TEXT];

	if (ssh_public_parse(pk, text) < 0)
		return;
	ssh_public_text(back, pk);
	FUZZ_HOLDS(strncmp(text, back, strlen(back)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sshsig sig;
	struct buf out = {0};
	const char *lead;
	char *text;

	if (n < 1)
		return 0;
	lead = data[0] & 1 ? " " : "";
	text = malloc(n);
	FUZZ_HOLDS(text != NULL);
	memcpy(text, data + 1, n - 1);
	text[n - 1] = '\0';
	if (sshsig_dearmor(&sig, text, n - 1, lead) == 0) {
		sshsig_armor(&out, &sig, lead);
		FUZZ_HOLDS(out.len == n - 1);
		FUZZ_HOLDS(memcmp(out.data, text, n - 1) == 0);
	}
	try_key(text);
	free(text);
	buf_fini(&out);
	return 0;
}
