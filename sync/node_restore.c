/* node_restore.c - a new node from a backup, in two halves with the root
 * between them, and the end of its recovery. */
#define _GNU_SOURCE
#include "core/err.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/tr.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/log_verbs.h"
#include "sync/node_backup.h"
#include "sync/node_erasures.h"
#include "sync/node_restore.h"
#include "sync/node_verbs.h"
#include "sync/program.h"
#include "sync/request.h"
#include "sync/salvage.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void node_statement(
    struct statement *out, const struct identity *me, uint64_t incarnation)
{
	struct node_keys keys;

	*out = (struct statement){.what = STATEMENT_NODE,
	    .org = me->org,
	    .seat = me->seat,
	    .incarnation = incarnation};
	memcpy(out->sign_pk, me->sign_pk, sizeof(out->sign_pk));
	memcpy(out->dh_pk, me->dh_pk, sizeof(out->dh_pk));
	node_keys_derive(&keys, me);
	memcpy(out->check_pk, keys.check_pk, sizeof(out->check_pk));
	memcpy(out->seal_pk, keys.seal_pk, sizeof(out->seal_pk));
	node_keys_fini(&keys);
}

/* ---- first half: keys, and the request that the root answers ------------ */

static json_t *request_json(
    const struct identity *me, const struct backup_report *b, uint64_t ordinal)
{
	struct statement node, anew = {.what = STATEMENT_INCARNATION,
				   .org = me->org,
				   .incarnation = ordinal,
				   .old = b->incarnation,
				   .size = b->order.size,
				   .root = b->order.root};
	struct paper paper;
	json_t *value;

	node_statement(&node, me, ordinal);
	paper_make(&paper, &node, me->sign);
	value = paper_json(&paper);
	paper_make(&paper, &anew, me->sign);
	json_put(value, "restore", paper_json(&paper));
	return value;
}

/* Above every incarnation that the root has signed and the backup's own. */
static uint64_t next_ordinal(
    const struct site *site, const struct backup_report *b)
{
	uint64_t last = site->restore_count
			    ? site->restores[site->restore_count - 1].ordinal
			    : 1;

	return 1 + (last > b->incarnation ? last : b->incarnation);
}

int node_restore_request(struct buf *out, const struct node_restore *n)
{
	struct site *site = mem_new(sizeof(*site));
	struct identity *me = NULL;
	struct backup_report b;
	json_t *value = NULL;
	int r = program_read_json(&value, n->org_path);

	if (r == 0)
		r = site_org_read(site, value);
	json_decref(value);
	value = NULL;
	if (r == 0)
		r = node_backup_verify(&b, n->backup, site);
	if (r == 0) {
		node_backup_say(out, &b);
		me = identity_new(&site->org, program_env());
		r = home_create(&(struct home_new){.dir = n->dir,
		    .is_node = true,
		    .member = "node",
		    .me = me,
		    .env = program_env()});
	}
	if (r == 0) {
		value = request_json(me, &b, next_ordinal(site, &b));
		r = program_write_json(n->request_path, value);
	}
	json_decref(value);
	if (me)
		identity_free(&me);
	free(site);
	return r;
}

/* ---- second half: the signed site file; the backup is loaded ------------ */

static void drop_store(const char *dir)
{
	static const char *const names[] = {"vault.db", "vault.db-wal"};

	home_unlink(dir, names, ARRAY_LEN(names));
}

int node_restore_load(struct buf *out, const struct node_restore *n)
{
	struct home *home = NULL;
	struct backup_report b;
	int r = home_put_site(n->dir, n->site_path);

	if (r == 0)
		r = home_open(&home,
		    &(struct home_opts){
			.dir = n->dir, .is_node = true, .env = program_env()});
	if (r < 0)
		return r;
	if (n->erasures)
		r = erasures_take(home, n->erasures);
	if (r == 0)
		r = node_backup_load(&b, n->backup, home);
	if (r == 0)
		r = node_found(home);
	home_close(&home);
	if (r == 0)
		node_backup_say(out, &b);
	else if (r != ERR_IN_USE)
		drop_store(n->dir);
	return r;
}

/* ---- the end ------------------------------------------------------------ */

int verb_recover_close(const struct request *q, bool *stop)
{
	struct salvage_report report;
	int r = salvage_close(&report, home_ledger(q->home));

	(void)stop;
	if (r < 0)
		return r;
	log_count(q->out, _("got their places:"), report.placed);
	log_count(q->out, _("by proof:"), report.covered);
	log_count(q->out, _("waiting:"), report.waiting);
	buf_str(q->out, "\n");
	return 0;
}
