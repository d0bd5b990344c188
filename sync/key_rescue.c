/*
 * key_rescue.c - what the root does for copies of stream keys: names the key
 * that they are sealed to, checks that it opens them, and hands them to the
 * centre that comes next. suifang-key root rescue, root check, root reseal.
 */
#include "core/err.h"
#include "core/id.h"
#include "core/tr.h"
#include "keys/hash.h"
#include "keys/keyfile.h"
#include "keys/rescue.h"
#include "keys/secret.h"
#include "sync/key_verbs.h"
#include "sync/rescue_file.h"
#include "sync/site.h"

#include <stdlib.h>
#include <string.h>

int key_root_rescue(struct program *p)
{
	struct site *site = NULL;
	struct keyring *root = NULL;
	json_t *value = NULL;
	int r = key_open_root(&site, &root, p);

	if (r == 0) {
		value =
		    rescue_paper(&site->org, root->me->dh_pk, root->me->sign);
		r = program_write_json(program_opt(p, "out", ""), value);
	}
	json_decref(value);
	keyring_free(&root);
	free(site);
	return r;
}

struct pass {
	const struct id *org;
	const struct secret *dh;
	const struct rescue_to *to; /* NULL: only looked at */
	struct buf out;
	uint64_t keys;
};

static int look(struct pass *a, const struct rescue_section *s)
{
	struct buf rows = {0};
	int r = rescue_open(&rows, a->org, a->dh, s);

	a->keys += rows.len / RESCUE_ROW;
	if (rows.data)
		secret_wipe(rows.data, rows.cap);
	buf_fini(&rows);
	return r;
}

static int each(void *ctx, const struct rescue_section *s)
{
	struct pass *a = ctx;
	int r = look(a, s);

	return r == 0 && a->to ? rescue_pass(&a->out, a->to, a->dh, s) : r;
}

/* Reads the file of --keys; what it says. */
static int walk(struct pass *a, int64_t *at_s, struct program *p)
{
	struct buf file = {0};
	int r =
	    program_read(&file, program_opt(p, "keys", ""), RESCUE_FILE_MAX);

	if (r == 0)
		r = rescue_each(at_s, &file, a->org, each, a);
	buf_fini(&file);
	return r;
}

int key_root_check(struct program *p)
{
	struct site *site = NULL;
	struct keyring *root = NULL;
	struct pass a = {.keys = 0};
	int64_t at_s = 0;
	int r = key_open_root(&site, &root, p);

	if (r == 0)
		program_print(p, "%s\n",
		    _("This is the organisation's root key, and it opens."));
	if (r == 0 && program_has(p, "keys")) {
		a.org = &site->org;
		a.dh = root->me->dh;
		r = walk(&a, &at_s, p);
		if (r == 0)
			program_print(p, "%s %llu\n",
			    _("stream keys that it opens:"),
			    (unsigned long long)a.keys);
	}
	keyring_free(&root);
	free(site);
	return r;
}

/* The seal key of the node that asks. */
static int read_asker(struct rescue_to *to, struct program *p)
{
	struct statement node;
	int r = key_read_request(&node, p, STATEMENT_NODE);

	if (r == 0) {
		to->org = node.org;
		memcpy(to->pk, node.seal_pk, DH_KEY);
		to->env = program_env();
	}
	return r;
}

int key_root_reseal(struct program *p)
{
	struct rescue_to to = {.env = program_env()};
	struct site *site = NULL;
	struct keyring *root = NULL;
	struct pass a = {.to = &to};
	struct buf file = {0};
	int64_t at_s = 0;
	int r = read_asker(&to, p);

	if (r == 0)
		r = key_open_root(&site, &root, p);
	if (r == 0 && id_cmp(&to.org, &site->org) != 0)
		r = err_set(ERR_ORGANISATION, "request of another org");
	if (r == 0) {
		a.org = &site->org;
		a.dh = root->me->dh;
		r = walk(&a, &at_s, p);
	}
	if (r == 0) {
		rescue_begin(&file, a.org, at_s);
		buf_add(&file, a.out.data, a.out.len);
		rescue_end(&file);
		r = program_write(program_opt(p, "out", ""), &file, 0600);
	}
	if (r == 0)
		program_print(p, "%s %llu\n", _("stream keys that it opens:"),
		    (unsigned long long)a.keys);
	buf_fini(&a.out);
	buf_fini(&file);
	keyring_free(&root);
	free(site);
	return r;
}
