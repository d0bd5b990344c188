/* key_own.c - a person's own key file and vault: new passphrase, check,
 * new key. */
#include "core/err.h"
#include "core/tr.h"
#include "core/vault.h"
#include "keys/keyfile.h"
#include "keys/secret.h"
#include "sync/home.h"
#include "sync/key_verbs.h"

#include <stdio.h>
#include <stdlib.h>

/* The files of one home, and what opens the first. */
struct own {
	struct buf key_path, vault_path;
	struct secret *passphrase;
	struct keyfile_opener opener;
};

static int own_open(struct own *o, struct program *p)
{
	char *dir = key_home_dir(p);

	home_path(&o->key_path, dir, "seat.key");
	home_path(&o->vault_path, dir, "vault.db");
	free(dir);
	o->opener.env = program_env();
	return program_passphrase(&o->passphrase, p, _("Passphrase"), false);
}

static void own_close(struct own *o)
{
	secret_free(&o->passphrase);
	buf_fini(&o->key_path);
	buf_fini(&o->vault_path);
}

int key_passwd(struct program *p)
{
	const struct keyfile_kdf usual = KEYFILE_USUAL;
	struct own o = {0};
	struct secret *next = NULL;
	struct keyfile_kdf kdf;
	int r = own_open(&o, p);

	o.opener.passphrase = o.passphrase;
	if (r == 0)
		r = program_passphrase(&next, p, _("New passphrase"), true);
	if (r == 0)
		r = key_kdf(&kdf, p, &usual);
	if (r == 0)
		r = keyfile_passwd(
		    buf_text(&o.key_path), &o.opener, next, &kdf);
	if (r == 0)
		program_say(_("The passphrase is changed."));
	secret_free(&next);
	own_close(&o);
	return r;
}

int key_vault_check(struct program *p)
{
	struct own o = {0};
	struct keyring *ring = NULL;
	struct vault_report report = {0};
	struct buf text = {0};
	int r = own_open(&o, p);

	o.opener.passphrase = o.passphrase;
	if (r == 0)
		r = keyfile_unlock(&ring, buf_text(&o.key_path), &o.opener);
	if (r == 0) {
		r = vault_check(
		    &report, buf_text(&o.vault_path), ring->vault->bytes, NULL);
		if (r == 0 || r == ERR_DAMAGED)
			vault_report_text(&text, &report);
		printf("%s", buf_text(&text));
	}
	buf_fini(&text);
	keyring_free(&ring);
	own_close(&o);
	return r;
}

int key_vault_rekey(struct program *p)
{
	struct own o = {0};
	int r = own_open(&o, p);

	o.opener.passphrase = o.passphrase;
	if (r == 0)
		r = keyfile_rekey_vault(buf_text(&o.key_path), &o.opener,
		    buf_text(&o.vault_path), NULL);
	if (r == 0)
		program_say(_("The home is sealed under a new key."));
	own_close(&o);
	return r;
}
