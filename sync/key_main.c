/* key_main.c - suifang-key: keys, codes and grants. */
#include "core/err.h"
#include "core/mem.h"
#include "core/tr.h"
#include "sync/client.h"
#include "sync/commit.h"
#include "sync/home.h"
#include "sync/key_verbs.h"
#include "sync/program.h"

#include <stdlib.h>
#include <string.h>

static const struct program_verb verbs[] = {
    {"root init", "key! org! name! name-en! kdf=", NULL,
	N_("Founds an organisation: the root's key file (keep it offline) "
	   "and the public file that a centre starts from."),
	key_root_init},
    {"root sign", "key! org! request! out! days=", NULL,
	N_("Signs the request of a first operator."), key_root_sign},
    {"root rollover", "key! new-key! org! kdf=", NULL,
	N_("Hands the organisation over to a new root key; then sign the "
	   "node's certificate again."),
	key_root_rollover},
    {"node cert", "key! org! request! host! port! site! days= limits=", NULL,
	N_("Signs the node's certificate and writes the site file."),
	key_node_cert},
    {"member grant", "member= name= name-en= role= team= days= roster= offline",
	NULL, N_("Grants a person a role, or everybody of a --roster table."),
	key_member_grant},
    {"member revoke", "member! reason= offline", NULL,
	N_("Ends a person's role."), key_member_revoke},
    {"code issue", "member! terminal!", NULL,
	N_("Makes a one-time code for a member's new terminal; it lives 24 "
	   "hours."),
	key_code_issue},
    {"enrol",
	"site! member! terminal! code= name= request= kdf= address=", NULL,
	N_("Makes this terminal's keys and asks to be let in with a --code, "
	   "or writes a first operator's --request for the root."),
	key_enrol},
    {"seat grant", "words= yes days= offline", NULL,
	N_("Lists who waits to be let in; --words \"SIX WORDS\" lets one in, "
	   "--yes all."),
	key_seat_grant},
    {"revoke", "member! terminal= reason= offline", NULL,
	N_("Revokes a member's terminal, or all of them."), key_seat_revoke},
    {"sync", "", NULL, N_("Exchanges with the centre until settled."),
	key_sync},
    {"passwd", "kdf=", NULL,
	N_("Changes the passphrase; the second line is the new one."),
	key_passwd},
    {"vault check", "", NULL, N_("Verifies every page of this home."),
	key_vault_check},
    {"vault rekey", "", NULL, N_("Seals this home under a new key."),
	key_vault_rekey},
    {NULL, NULL, NULL, NULL, NULL},
};

int key_kdf(struct keyfile_kdf *out, const struct program *p,
    const struct keyfile_kdf *fallback)
{
	const char *name = program_opt(p, "kdf", NULL);

	if (!name)
		*out = *fallback;
	else if (strcmp(name, "floor") == 0)
		*out = KEYFILE_FLOOR;
	else if (strcmp(name, "usual") == 0)
		*out = KEYFILE_USUAL;
	else if (strcmp(name, "strong") == 0)
		*out = KEYFILE_STRONG;
	else if (strcmp(name, "measure") == 0)
		return keyfile_measure(out, program_env());
	else
		return err_set(ERR_USAGE, "--kdf %s", name);
	return 0;
}

int key_until(int64_t *out, const struct program *p)
{
	static const int64_t range[2] = {0, 36500};
	int64_t days = 0;
	int r = program_int(&days, p, "days", range);

	*out = days > 0 ? env_now_s(program_env()) + days * 86400
			: INT64_C(253402300799);
	return r;
}

char *key_home_dir(const struct program *p)
{
	struct buf b = {0};
	char *dir;

	home_dir_of(&b, program_opt(p, "home", NULL));
	dir = mem_strdup(buf_text(&b));
	buf_fini(&b);
	return dir;
}

int key_open_home(struct home **out, struct program *p)
{
	struct secret *passphrase = NULL;
	int r = commit_init();

	if (r == 0)
		r = program_passphrase(&passphrase, p, _("Passphrase"), false);
	if (r == 0)
		r = home_open(out,
		    &(struct home_opts){.dir = program_opt(p, "home", NULL),
			.env = program_env(),
			.passphrase = passphrase});
	secret_free(&passphrase);
	return r;
}

#define SETTLE_MS 15000

int key_exchange(struct home *home)
{
	return client_settle(&(struct client_cfg){.ledger = home_ledger(home),
				 .site = home_site(home),
				 .env = program_env(),
				 .address = home_address(home)},
	    SETTLE_MS);
}

int key_settle(struct home *home, const struct program *p)
{
	int r = program_has(p, "offline") ? 0 : key_exchange(home);

	if (r < 0 || program_has(p, "offline"))
		program_say(_("Saved here; the centre has not received it."));
	else
		program_say(_("Received by the centre."));
	return r;
}

int key_sync(struct program *p)
{
	struct home *home = NULL;
	int r = key_open_home(&home, p);

	if (r == 0)
		r = key_exchange(home);
	home_close(&home);
	return r;
}

int main(int argc, char **argv)
{
	static const struct program_def def = {
	    "suifang-key", N_("keys, enrolment and grants"), verbs};

	return program_run(&def, argc, argv);
}
