/*
 * key_live.c - the verbs of a seat while its terminal runs: the program asks
 * the process that owns the home and proves that it knows the passphrase;
 * the owner does it with the ledger that it has open.
 */
#include "core/err.h"
#include "core/mem.h"
#include "core/tr.h"
#include "keys/hash.h"
#include "keys/secret.h"
#include "sync/ctl.h"
#include "sync/home.h"
#include "sync/key_verbs.h"

#include <stdlib.h>
#include <string.h>

static const struct live {
	const char *verb;
	int (*run)(struct program *p);
} verbs[] = {
    {"member grant", key_member_grant},
    {"member revoke", key_member_revoke},
    {"code issue", key_code_issue},
    {"seat grant", key_seat_grant},
    {"revoke", key_seat_revoke},
    {"erasure request", key_erasure_request},
    {"erasure approve", key_erasure_approve},
    {"erasure list", key_erasure_list},
    {"release", key_release},
    {"branch release", key_branch_release},
    {"sync", key_sync},
};

static int run_verb(struct program *p)
{
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(verbs[i].verb, p->verb->name) == 0)
			return verbs[i].run(p);
	return err_set(ERR_USAGE, "not while the terminal runs");
}

void key_proof(
    char out[HASH_HEX], const struct secret *wrap, const struct key_ask *ask)
{
	struct buf words = {0};
	struct hash h;

	for (size_t i = 0; i < ask->count; i++)
		buf_block(&words, ask->words[i], strlen(ask->words[i]));
	hash_prefixed(&h, PREFIX_ASK,
	    (const struct part[]){{wrap->bytes, wrap->len},
		{ask->challenge->b, sizeof(ask->challenge->b)},
		{words.data, words.len}},
	    3);
	hash_hex(out, &h);
	buf_fini(&words);
}

/* ---- the owner's end ---------------------------------------------------- */

/* A hash over a secret says nothing by how long it takes to compare. */
static bool is_proved(const struct home *home, const struct key_ask *ask)
{
	char want[HASH_HEX];

	if (!ask->proof || hash_is_zero(ask->challenge))
		return false;
	key_proof(want, home_wrap(home), ask);
	return strcmp(want, ask->proof) == 0;
}

int key_answer(struct program_owner *owner, const struct key_ask *ask)
{
	struct buf copy = {0};
	struct program p;
	char **argv = mem_array(ask->count * 8 + 1, sizeof(*argv));
	char *save = NULL;
	int argc = 0, r = 0;

	if (!is_proved(owner->home, ask))
		r = err_set(ERR_PASSPHRASE, "not proved");
	/* The verb is one word here and may be two on the command line. */
	buf_str(&copy, ask->count ? ask->words[0] : "");
	for (char *w = strtok_r((char *)(uintptr_t)buf_text(&copy), " ", &save);
	     w && argc < 8; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	for (size_t i = 1; i < ask->count; i++)
		argv[argc++] = (char *)(uintptr_t)ask->words[i];
	if (r == 0)
		r = program_parse(&p, &key_program, argc, argv);
	if (r == 0) {
		p.owner = owner;
		r = run_verb(&p);
		program_fini(&p);
	}
	free(argv);
	buf_fini(&copy);
	return r;
}

/* ---- the asker's end ---------------------------------------------------- */

/* "key", the verb, its options as "--name=value" or "--name". */
static void collect(struct ctl_words *words, const struct program *p)
{
	static const char *const own[] = {
	    "home", "lang", "passphrase-fd", "version", "help"};

	ctl_word(words, "key");
	ctl_word(words, "%s", p->verb->name);
	for (size_t i = 0; i < p->option_count; i++) {
		bool is_own = false;
		for (size_t j = 0; j < ARRAY_LEN(own); j++)
			is_own = is_own || strcmp(p->names[i], own[j]) == 0;
		if (!is_own)
			ctl_word(words, "--%s%s%s", p->names[i],
			    p->values[i][0] ? "=" : "", p->values[i]);
	}
}

static int ask_challenge(struct hash *out, const char *dir)
{
	static const char *const words[] = {"challenge"};
	struct buf answer = {0};
	int r = ctl_call(&(struct ctl_asking){
	    .dir = dir, .words = words, .count = 1, .answer = &answer});

	if (r == 0 && !hash_parse(out, buf_text(&answer)))
		r = err_set(ERR_FORMAT, "challenge");
	buf_fini(&answer);
	return r;
}

static int prove(char proof[HASH_HEX], struct program *p, const char *dir,
    const struct key_ask *ask)
{
	struct keyfile_opener opener = {.env = program_env()};
	struct keyring *ring = NULL;
	struct buf path = {0};
	int r = 0;

	if (!p->passphrase)
		r = program_passphrase(
		    &p->passphrase, p, _("Passphrase"), false);
	home_path(&path, dir, "seat.key");
	opener.passphrase = p->passphrase;
	if (r == 0)
		r = keyfile_unlock(&ring, buf_text(&path), &opener);
	if (r == 0)
		key_proof(proof, ring->lease, ask);
	if (ring)
		keyring_free(&ring);
	buf_fini(&path);
	return r;
}

/* CTL_NOBODY: nobody owns the home. */
static int ask_owner(
    struct program *p, const char *dir, const char *const *words, size_t count)
{
	struct hash challenge;
	char proof[HASH_HEX];
	int r = ask_challenge(&challenge, dir);

	if (r == 0)
		r = prove(proof, p, dir,
		    &(struct key_ask){.words = words + 1,
			.count = count - 1,
			.challenge = &challenge});
	if (r != 0)
		return r;
	r = ctl_call(&(struct ctl_asking){
	    .dir = dir, .words = words, .count = count, .proof = proof});
	if (r == 0 && !program_has(p, "offline"))
		program_say(_("Received by the centre."));
	else if (r == 0)
		program_say(_("Saved here; the centre has not received it."));
	return r;
}

int key_live(struct program *p)
{
	struct ctl_words words = {0};
	char *dir = program_home_dir(p);
	int r;

	collect(&words, p);
	r = ask_owner(p, dir, words.items, words.count);
	if (r == CTL_NOBODY)
		r = run_verb(p);
	ctl_words_fini(&words);
	free(dir);
	return r;
}
