/* key_own.c - a person's own key file and vault: new passphrase, check,
 * new key; the last two for the centre's home as well. */
#include "core/err.h"
#include "core/tr.h"
#include "core/vault.h"
#include "keys/keyfile.h"
#include "keys/secret.h"
#include "sync/home.h"
#include "sync/key_verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The files of one home, and what opens the first. */
struct own {
	struct buf key_path, vault_path;
	struct secret *passphrase;
	struct keyfile_opener opener;
};

/* A seat's home, or the centre's, whose key file has no passphrase. */
static int own_open(struct own *o, struct program *p)
{
	char *dir = program_home_dir(p);
	bool is_node = home_is_node(dir);
	int r = home_is_there(dir);

	home_path(&o->key_path, dir, is_node ? "node.key" : "seat.key");
	home_path(&o->vault_path, dir, "vault.db");
	free(dir);
	o->opener.env = program_env();
	if (r == 0 && !is_node)
		r = program_passphrase(
		    &o->passphrase, p, _("Passphrase"), false);
	o->opener.passphrase = o->passphrase;
	return r;
}

static void own_close(struct own *o)
{
	secret_free(&o->passphrase);
	buf_fini(&o->key_path);
	buf_fini(&o->vault_path);
}

int key_passwd(struct program *p)
{
	struct own o = {0};
	struct secret *next = NULL;
	struct keyfile_kdf kdf;
	int r = own_open(&o, p);

	if (r == 0 && !o.passphrase)
		r = err_set(ERR_NOT_PERMITTED, "this key file has none");
	if (r == 0)
		r = program_passphrase(&next, p, _("New passphrase"), true);
	if (r == 0)
		r = key_kdf(&kdf, p, NULL);
	if (r == 0)
		r = keyfile_passwd(
		    buf_text(&o.key_path), &o.opener, next, &kdf);
	if (r == 0)
		program_say(_("The passphrase is changed."));
	secret_free(&next);
	own_close(&o);
	return r;
}

/* Both keys of a re-key that was cut off are tried. */
static int check(struct vault_report *out, const struct own *o)
{
	const char *path = buf_text(&o->vault_path);
	struct keyring *ring = NULL;
	int r = keyfile_unlock(&ring, buf_text(&o->key_path), &o->opener);

	if (r < 0)
		return r;
	r = vault_check(out, path, ring->vault->bytes, NULL);
	if (r == ERR_WRONG_KEY && ring->next_vault)
		r = vault_check(out, path, ring->next_vault->bytes, NULL);
	keyring_free(&ring);
	return r;
}

int key_vault_check(struct program *p)
{
	struct own o = {0};
	struct vault_report report = {0};
	struct buf text = {0};
	int r = own_open(&o, p);

	if (r == 0)
		r = check(&report, &o);
	if (report.page_size > 0) { /* it came as far as the pages */
		vault_report_text(&text, &report);
		printf("%s", buf_text(&text));
	}
	buf_fini(&text);
	own_close(&o);
	return r;
}

int key_vault_rekey(struct program *p)
{
	struct own o = {0};
	int r = own_open(&o, p);

	if (r == 0)
		r = keyfile_rekey_vault(buf_text(&o.key_path), &o.opener,
		    buf_text(&o.vault_path), NULL);
	if (r == 0)
		program_say(_("The home is sealed under a new key."));
	own_close(&o);
	return r;
}

/* A new site file: a new address, a renewed certificate, a centre that was
 * restored. Never an older one: it would lead back to a lost centre. */
static int check_site(const struct site *now, const struct site *next)
{
	if (memcmp(&now->org, &next->org, sizeof(now->org)) != 0)
		return err_set(ERR_ORGANISATION, "another organisation");
	if (next->node.incarnation < now->node.incarnation ||
	    next->rollover_count < now->rollover_count)
		return err_set(
		    ERR_NOT_PERMITTED, "it is older than the one that is here");
	return 0;
}

int key_site(struct program *p)
{
	char *dir = program_home_dir(p);
	struct buf path = {0};
	struct site *now = NULL, *next = NULL;
	int r = p->arg_count == 1 ? 0 : err_set(ERR_USAGE, "FILE");

	home_path(&path, dir, "site.json");
	if (r == 0)
		r = home_read_site(&now, buf_text(&path));
	if (r == 0)
		r = home_read_site(&next, p->args[0]);
	if (r == 0)
		r = check_site(now, next);
	if (r == 0)
		r = home_put_site(dir, p->args[0]);
	if (r == 0)
		program_say(_("The site file is in place. A terminal that "
			      "runs takes it when it starts again."));
	free(now);
	free(next);
	buf_fini(&path);
	free(dir);
	return r;
}
