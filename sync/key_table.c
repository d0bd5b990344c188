/*
 * key_table.c - the verbs of suifang-key, and what they share: the home they
 * work in, the passphrase, the exchange with the centre.
 */
#include "core/err.h"
#include "core/mem.h"
#include "core/tr.h"
#include "sync/alarm.h"
#include "sync/anchor.h"
#include "sync/client.h"
#include "sync/commit.h"
#include "sync/home.h"
#include "sync/key_verbs.h"
#include "sync/program.h"

#include <stdlib.h>
#include <string.h>

static int measure(struct keyfile_kdf *out)
{
	int r = keyfile_measure(out, program_env());

	if (r == 0)
		program_say(_("Measured here: opening with the passphrase "
			      "takes %u MiB of memory and %u passes."),
		    out->memory_kib / 1024, out->passes);
	return r;
}

int key_kdf(struct keyfile_kdf *out, const struct program *p,
    const struct keyfile_kdf *fallback)
{
	const char *name = program_opt(p, "kdf", NULL);

	if (!name && !fallback)
		return measure(out);
	if (!name)
		*out = *fallback;
	else if (strcmp(name, "floor") == 0)
		*out = KEYFILE_FLOOR;
	else if (strcmp(name, "usual") == 0)
		*out = KEYFILE_USUAL;
	else if (strcmp(name, "strong") == 0)
		*out = KEYFILE_STRONG;
	else if (strcmp(name, "measure") == 0)
		return measure(out);
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

static void say_freshness(const struct home *home)
{
	struct freshness f;
	struct buf text = {0};

	home_freshness(&f, home);
	freshness_text(&text, &f);
	if (text.len > 0)
		program_say("%.*s", (int)text.len - 1, buf_text(&text));
	buf_fini(&text);
}

int key_open_home(struct home **out, struct program *p)
{
	char *dir;
	int r;

	if (p->owner) {
		*out = p->owner->home;
		return 0;
	}
	dir = program_home_dir(p);
	r = home_is_there(dir);
	free(dir);
	if (r == 0)
		r = commit_init();
	if (r == 0 && !p->passphrase)
		r = program_passphrase(
		    &p->passphrase, p, _("Passphrase"), false);
	if (r == 0)
		r = home_open(out,
		    &(struct home_opts){.dir = program_opt(p, "home", NULL),
			.env = program_env(),
			.passphrase = p->passphrase});
	if (r == 0)
		say_freshness(*out);
	return r;
}

void key_close_home(struct home **home, const struct program *p)
{
	if (p->owner)
		*home = NULL;
	else
		home_close(home);
}

#define SETTLE_MS 15000

int key_exchange(struct home *home, const struct program *p)
{
	struct alarm_state alarm;
	int r;

	if (p->owner) {
		p->owner->is_unsettled = true; /* its own connection does it */
		return 0;
	}
	r = client_settle(&(struct client_cfg){.ledger = home_ledger(home),
			      .site = home_site(home),
			      .env = program_env(),
			      .address = home_address(home),
			      .home = home},
	    SETTLE_MS);
	if (r < 0 && alarm_read(&alarm, home_store(home)) == 0 && alarm.code)
		program_say("%s", tr(alarm_text(alarm.code)));
	return r;
}

int key_settle(struct home *home, const struct program *p)
{
	int r = program_has(p, "offline") ? 0 : key_exchange(home, p);

	if (p->owner)
		return r;
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
		r = key_exchange(home, p);
	key_close_home(&home, p);
	return r;
}

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
    {"root check", "key! org! keys=", NULL,
	N_("Whether this copy of the root's key file opens, and with --keys "
	   "whether it opens a copy of stream keys."),
	key_root_check},
    {"root rescue", "key! org! out!", NULL,
	N_("Writes the public key that copies of the centre's stream keys "
	   "are sealed to."),
	key_root_rescue},
    {"root reseal", "key! org! request! keys! out!", NULL,
	N_("Seals a copy of stream keys for the centre that asks to be "
	   "restored."),
	key_root_reseal},
    {"node cert", "key! org! request! host! port! site! days= limits=", NULL,
	N_("Signs the node's certificate and writes the site file."),
	key_node_cert},
    {"member grant",
	"member= name= name-en= role= team= queues= days= roster= "
	"offline",
	NULL,
	N_("Grants a person a role, or everybody of a --roster table; "
	   "--queues: a clinician's queues of alerts, by commas."),
	key_live},
    {"member revoke", "member! reason= offline", NULL,
	N_("Ends a person's role."), key_live},
    {"code issue", "member! terminal!", NULL,
	N_("Makes a one-time code for a member's new terminal; it lives 24 "
	   "hours."),
	key_live},
    {"enrol",
	"site! member! terminal! code= name= request= kdf= address=", NULL,
	N_("Makes this terminal's keys and asks to be let in with a --code, "
	   "or writes a first operator's --request for the root."),
	key_enrol},
    {"seat grant", "words= yes days= offline", NULL,
	N_("Lists who waits to be let in; --words \"SIX WORDS\" lets one in, "
	   "--yes all."),
	key_live},
    {"revoke", "member! terminal= reason= offline", NULL,
	N_("Revokes a member's terminal, or all of them."), key_live},
    {"erasure request", "patient! reason= hold offline", NULL,
	N_("Asks that patients be erased, by their stream ids; another "
	   "person approves it. --hold: the law forbids it for now."),
	key_live},
    {"erasure list", "", NULL,
	N_("Lists erasures asked for and who approved them."), key_live},
    {"erasure approve", "request! offline", NULL,
	N_("Approves another person's request: keys and contents go at the "
	   "centre and on every terminal, for good."),
	key_live},
    {"release", "entry! reason! offline", NULL,
	N_("Releases a held call by the name of one of its entries, "
	   "A017.2-118-1; --reason good-faith, checked or care."),
	key_live},
    {"branch release", "branch! seat! to= offline", NULL,
	N_("Lets the person's new seat say again what a branch of an old "
	   "seat said; suifang-node branch list names the --branch."),
	key_live},
    {"sync", "", NULL, N_("Exchanges with the centre until settled."),
	key_live},
    {"site", "", "FILE",
	N_("Takes a new site file: a new address, or a centre that was "
	   "restored."),
	key_site},
    {"passwd", "kdf=", NULL,
	N_("Changes the passphrase; the second line is the new one."),
	key_passwd},
    {"vault check", "", NULL, N_("Verifies every page of this home."),
	key_vault_check},
    {"vault rekey", "", NULL, N_("Seals this home under a new key."),
	key_vault_rekey},
    {NULL, NULL, NULL, NULL, NULL},
};

const struct program_def key_program = {
    "suifang-key", N_("keys, enrolment and grants"), verbs};
