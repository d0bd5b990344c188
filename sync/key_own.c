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

/* The files of one home, and what opens the first. */
struct own {
	struct buf key_path, vault_path;
	struct secret *passphrase;
	struct keyfile_opener opener;
};

/* A seat's home, or the centre's, whose key file has no passphrase. */
static int own_open(struct own *o, struct program *p)
{
	char *dir = key_home_dir(p);
	bool is_node = home_is_node(dir);
	int r = 0;

	home_path(&o->key_path, dir, is_node ? "node.key" : "seat.key");
	home_path(&o->vault_path, dir, "vault.db");
	free(dir);
	o->opener.env = program_env();
	if (!is_node)
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
