/* channel_vectors.c - Noise test vectors, replayed on both sides. */
#include "tests/channel_vectors.h"

#include "core/err.h"
#include "core/id.h"
#include "core/json.h"
#include "keys/noise.h"
#include "tests/test.h"

#define FILE_MAX 4000000
#define TEXT_MAX 4096

struct side {
	struct noise hs;
	struct noise_cipher tx, rx;
	uint8_t static_sk[TEXT_MAX];
};

/* Bytes of a hex member; 0 when it is absent or not hex. */
static size_t hex_of(uint8_t *out, const json_t *object, const char *key)
{
	const char *hex = json_str(object, key, "");
	size_t n = strlen(hex) / 2;

	return n <= TEXT_MAX && hex_decode(out, n, hex) ? n : 0;
}

static bool start_side(struct side *s, const json_t *v, bool is_initiator)
{
	const char *const *keys =
	    is_initiator ? (const char *const[]){"init_static",
			       "init_ephemeral", "init_prologue", "init_psks"}
			 : (const char *const[]){"resp_static",
			       "resp_ephemeral", "resp_prologue", "resp_psks"};
	const json_t *psks = json_list(v, keys[3]);
	uint8_t key[32], once[TEXT_MAX], pk[TEXT_MAX], prologue[TEXT_MAX];
	struct noise_start start = {.is_initiator = is_initiator,
	    .has_psk = psks != NULL,
	    .static_sk = s->static_sk,
	    .ephemeral_sk = once,
	    .responder_pk = pk,
	    .prologue = prologue};

	if (hex_of(s->static_sk, v, keys[0]) != 32 ||
	    hex_of(once, v, keys[1]) != 32 ||
	    (is_initiator && hex_of(pk, v, "init_remote_static") != 32))
		return false;
	start.prologue_len = hex_of(prologue, v, keys[2]);
	noise_init(&s->hs, &start);
	if (!psks)
		return true;
	if (!hex_decode(key, 32, json_string_value(json_array_get(psks, 0))))
		return false;
	noise_set_psk(&s->hs, key);
	return true;
}

/* One handshake or transport message from one side to the other. */
static bool pass_message(struct side *from, struct side *to, const json_t *m)
{
	uint8_t text[TEXT_MAX], want[TEXT_MAX], back[TEXT_MAX];
	size_t n = hex_of(text, m, "payload"), back_n = 0;
	size_t want_n = hex_of(want, m, "ciphertext");
	struct buf sent = {0};
	bool ok;

	if (!noise_is_done(&from->hs)) {
		ok = noise_write(&sent, &from->hs, text, n) == 0 &&
		     noise_read(back, &back_n, &to->hs, sent.data, sent.len) ==
			 0;
	} else {
		noise_seal(&sent, &from->tx, text, n);
		back_n = n;
		ok = noise_open(back, &to->rx, sent.data, sent.len) == 0;
	}
	ok = ok && sent.len == want_n && memcmp(sent.data, want, want_n) == 0 &&
	     back_n == n && memcmp(back, text, n) == 0;
	buf_fini(&sent);
	return ok;
}

static bool run_vector(const json_t *v)
{
	struct side side[2] = {0};
	uint8_t hash[TEXT_MAX];
	const json_t *messages = json_list(v, "messages");

	if (!start_side(&side[0], v, true) || !start_side(&side[1], v, false) ||
	    json_array_size(messages) < 3)
		return false;
	for (size_t i = 0; i < json_array_size(messages); i++) {
		if (!pass_message(&side[i % 2], &side[(i + 1) % 2],
			json_array_get(messages, i)))
			return false;
		if (i != 2)
			continue;
		for (int s = 0; s < 2; s++)
			noise_split(&side[s].tx, &side[s].rx, &side[s].hs);
	}
	return hex_of(hash, v, "handshake_hash") == NOISE_HASH &&
	       memcmp(hash, side[0].hs.hash, NOISE_HASH) == 0 &&
	       memcmp(hash, side[1].hs.hash, NOISE_HASH) == 0;
}

int channel_vector_for_test(const char *json_path)
{
	static const char *const names[] = {"Noise_XK_25519_ChaChaPoly_BLAKE2b",
	    "Noise_XKpsk3_25519_ChaChaPoly_BLAKE2b"};
	int passed[2] = {0}, failed[2] = {0}, skipped = 0, r;
	size_t n;
	char *text = test_read_file(json_path, &n);
	json_t *root;
	const json_t *vectors;

	r = json_load(&root, text, n, FILE_MAX);
	free(text);
	if (r < 0)
		return r;
	vectors = json_list(root, "vectors");
	for (size_t i = 0; i < json_array_size(vectors); i++) {
		const json_t *v = json_array_get(vectors, i);
		const char *name = json_str(v, "protocol_name", "");
		size_t p = 0;
		while (p < 2 && strcmp(name, names[p]) != 0)
			p++;
		if (p == 2)
			skipped++;
		else if (run_vector(v))
			passed[p]++;
		else
			failed[p]++;
	}
	json_decref(root);
	for (int p = 0; p < 2; p++)
		printf("%s: %d passed, %d failed\n", names[p], passed[p],
		    failed[p]);
	printf("other patterns: %d skipped\n", skipped);
	if (passed[0] + passed[1] + failed[0] + failed[1] == 0)
		return err_set(ERR_NOT_FOUND, "no vector of ours");
	return failed[0] + failed[1];
}
