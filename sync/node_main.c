/* node_main.c - suifang-node: the centre's program. Its longer requests run
 * in the process that owns the home: in the serving node when there is one,
 * here when there is none. */
#define _GNU_SOURCE
#include "core/err.h"
#include "core/mem.h"
#include "core/note.h"
#include "core/store.h"
#include "core/tr.h"
#include "sync/commit.h"
#include "sync/drop.h"
#include "sync/ctl.h"
#include "sync/home.h"
#include "sync/net.h"
#include "sync/node.h"
#include "sync/node_backup.h"
#include "sync/node_restore.h"
#include "sync/node_verbs.h"
#include "sync/program.h"
#include "sync/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_home(struct home **out, const struct program *p)
{
	int r = commit_init();

	if (r < 0)
		return r;
	return home_open(
	    out, &(struct home_opts){.dir = program_opt(p, "home", NULL),
		     .is_node = true,
		     .env = program_env()});
}

/* ---- init --------------------------------------------------------------- */

static int write_request(const char *path, const struct identity *me)
{
	struct statement s;
	struct paper paper;
	json_t *value;
	int r;

	node_statement(&s, me, 1);
	paper_make(&paper, &s, me->sign);
	value = paper_json(&paper);
	r = program_write_json(path, value);
	json_decref(value);
	return r;
}

/* First half: keys, and the request that the root answers. */
static int make_request(struct program *p, const char *dir)
{
	struct site *site = mem_new(sizeof(*site));
	struct identity *me = NULL;
	json_t *value = NULL;
	int r = program_read_json(&value, program_opt(p, "org", NULL));

	if (r == 0)
		r = site_org_read(site, value);
	if (r == 0) {
		me = identity_new(&site->org, program_env());
		r = home_create(&(struct home_new){.dir = dir,
		    .is_node = true,
		    .member = "node",
		    .me = me,
		    .env = program_env()});
	}
	if (r == 0)
		r = write_request(program_opt(p, "request", NULL), me);
	if (r == 0)
		program_say(_("Take the request to the organisation's root: "
			      "suifang-key node cert"));
	if (me)
		identity_free(&me);
	json_decref(value);
	free(site);
	return r;
}

/* Second half: the signed site; the log begins. */
static int begin_log(struct program *p, const char *dir)
{
	struct home *home = NULL;
	int r = home_put_site(dir, program_opt(p, "site", NULL));

	if (r == 0)
		r = open_home(&home, p);
	if (r == 0)
		r = node_found(home);
	if (r == 0)
		program_say(_("The centre is set up. Start it: suifang-node "
			      "serve"));
	home_close(&home);
	return r;
}

static int run_init(struct program *p)
{
	char *dir = program_home_dir(p);
	int r;

	if (program_has(p, "site"))
		r = begin_log(p, dir);
	else if (program_has(p, "org") && program_has(p, "request"))
		r = make_request(p, dir);
	else
		r = err_set(ERR_USAGE, "--org, --request | --site");
	free(dir);
	return r;
}

#define OPEN_TRIES 30
#define OPEN_MS 100

/* ---- serve -------------------------------------------------------------- */

static int read_node_cfg(struct node_cfg *cfg, struct program *p)
{
	static const int64_t idle[2] = {0, 1000000}, ports[2] = {0, 65535};
	const struct site *site = home_site(cfg->home);
	int64_t until = 0, port = site->port;
	int r = program_int(&until, p, "until-idle", idle);

	if (r == 0)
		r = program_int(&port, p, "port", ports);
	cfg->host = program_opt(p, "listen", site->host);
	cfg->port = (uint16_t)port;
	cfg->until_idle_s = (int)until;
	return r;
}

/* Before the home is opened, so that requests that come while it opens wait
 * instead of opening it themselves. */
static int listen_first(int *ctl, const char *dir)
{
	struct buf path = {0};
	int r;

	home_path(&path, dir, "ctl.sock");
	r = net_listen_ctl(ctl, buf_text(&path));
	buf_fini(&path);
	return r;
}

/* A short request may own the home for a moment. */
static int open_patiently(struct home **out, const struct program *p)
{
	int r = open_home(out, p);

	for (int i = 0; r == ERR_IN_USE && i < OPEN_TRIES; i++) {
		net_sleep(OPEN_MS);
		r = open_home(out, p);
	}
	return r;
}

/* What a stopped node leaves: no port and no socket to be mistaken for. */
static void leave(const char *dir)
{
	static const char *const names[] = {"ctl.sock", "port"};

	home_unlink(dir, names, ARRAY_LEN(names));
}

/* Everything is open; from here on little else can be. */
static int drop_rest(void)
{
	const char *missing = NULL;
	int r = drop_for_node(&missing);

	if (r == 0)
		note_event(
		    "node.confined", "missing=%s", missing ? missing : "-");
	return r;
}

static int run_serve(struct program *p)
{
	struct node_cfg cfg = {.env = program_env(), .ctl = -1};
	struct node *node = NULL;
	char *dir = program_home_dir(p);
	int r = drop_to_owner(dir);

	note_to(2);
	if (r == 0)
		r = listen_first(&cfg.ctl, dir);
	program_say_swap();
	if (r == 0)
		r = open_patiently(&cfg.home, p);
	if (r == 0 && store_was_cut(home_store(cfg.home)))
		note_event("vault.cut", "unfinished=1");
	if (r == 0)
		r = read_node_cfg(&cfg, p);
	if (r == 0 &&
	    site_check_time(home_site(cfg.home), env_now_s(cfg.env)) < 0)
		program_complain(ERR_EXPIRED);
	if (r == 0)
		r = node_new(&node, &cfg);
	if (r == 0)
		r = drop_rest();
	if (r == 0)
		r = node_run(node);
	if (cfg.ctl >= 0)
		leave(dir);
	node_free(&node);
	net_close(&cfg.ctl);
	home_close(&cfg.home);
	free(dir);
	return r;
}

/* ---- requests ----------------------------------------------------------- */

static int run_here(void *ctx, const struct ctl_asking *asked)
{
	struct home *home = NULL;
	struct buf out = {0};
	bool stop = false;
	int r = open_home(&home, ctx);

	if (r == 0)
		r = request_run(&(struct request){.home = home,
				    .env = program_env(),
				    .words = asked->words,
				    .count = asked->count,
				    .out = &out},
		    &stop);
	fwrite(out.data ? (const char *)out.data : "", 1, out.len, stdout);
	buf_fini(&out);
	home_close(&home);
	return r;
}

static int ask_owner(void *ctx, const char *const *words, size_t n)
{
	struct program *p = ctx;
	char *dir = program_home_dir(p);
	int r = ctl_ask_or_run(
	    &(struct ctl_asking){.dir = dir, .words = words, .count = n},
	    run_here, p);

	free(dir);
	return r;
}

static int run_request(struct program *p)
{
	static const struct program_passing passing = {
	    .files = "assign= rescue=", .args_are_files = true};
	struct ctl_words words = {0};
	int r;

	program_words(&words, p, &passing);
	r = ask_owner(p, words.items, words.count);
	ctl_words_fini(&words);
	return r;
}

/* ---- backup and restore -------------------------------------------------- */

static int run_backup(struct program *p)
{
	char *dir = program_home_dir(p), *to;
	struct node_asker asker = {.home = dir, .ask = ask_owner, .ctx = p};
	struct buf out = {0};
	int r = p->arg_count == 1 ? home_make(p->args[0])
				  : err_set(ERR_USAGE, "DIR");

	if (r == 0) {
		to = program_absolute(p->args[0]);
		r = node_backup_make(&out, &asker, to);
		free(to);
	}
	fputs(out.len ? buf_text(&out) : "", stdout);
	buf_fini(&out);
	free(dir);
	return r;
}

/* Without a folder what is stored here, else that backup. */
static int run_verify(struct program *p)
{
	char *dir = program_home_dir(p);
	struct buf path = {0}, out = {0};
	struct site *site = NULL;
	struct backup_report b;
	int r;

	if (p->arg_count == 0) {
		free(dir);
		return run_request(p);
	}
	home_path(&path, dir, "site.json");
	r = home_read_site(&site, program_opt(p, "site", buf_text(&path)));
	if (r == 0)
		r = node_backup_verify(&b, p->args[0], site);
	if (r == 0) {
		node_backup_say(&out, &b);
		fputs(buf_text(&out), stdout);
	}
	buf_fini(&path);
	buf_fini(&out);
	free(site);
	free(dir);
	return r;
}

static int run_restore(struct program *p)
{
	char *dir = program_home_dir(p);
	const struct node_restore n = {.dir = dir,
	    .backup = p->arg_count == 1 ? p->args[0] : NULL,
	    .org_path = program_opt(p, "org", NULL),
	    .request_path = program_opt(p, "request", NULL),
	    .site_path = program_opt(p, "site", NULL),
	    .erasures = program_opt(p, "erasures", NULL)};
	struct buf out = {0};
	int r = commit_init();

	if (r == 0 && n.backup && n.site_path)
		r = node_restore_load(&out, &n);
	else if (r == 0 && n.backup && n.org_path && n.request_path)
		r = node_restore_request(&out, &n);
	else if (r == 0)
		r = err_set(ERR_USAGE, "DIR --org, --request | --site");
	if (r == 0) {
		fputs(buf_text(&out), stdout);
		program_say(
		    n.site_path
			? _("The centre is recovering: start it, let the "
			    "terminals come back, then say suifang-node "
			    "recover close")
			: _("Take the request to the organisation's root: "
			    "suifang-key node cert"));
	}
	buf_fini(&out);
	free(dir);
	return r;
}

static const struct program_verb verbs[] = {
    {"init", "org= request= site=", NULL,
	N_("Sets a centre up: first with --org and --request, then with the "
	   "--site that the root signed."),
	run_init},
    {"serve", "listen= port= until-idle=", NULL,
	N_("Serves terminals until SIGTERM, or until nobody was connected "
	   "for so many seconds."),
	run_serve},
    {"status", "", NULL, N_("Who is connected and what is stored."),
	run_request},
    {"stop", "", NULL, N_("Stops the serving centre."), run_request},
    {"admit", "", "FILE", N_("Takes what the root signed: an operator."),
	run_request},
    {"publish", "", "[PATH...]",
	N_("Checks and publishes content of every kind; without a path that "
	   "of the program itself."),
	run_request},
    {"export fhir", "reason! since=", "DIR",
	N_("Writes what patients answered as FHIR QuestionnaireResponses into "
	   "a folder; that it left is recorded for each patient."),
	run_request},
    {"import fhir", "dry-run team= assign=", "PATH...",
	N_("Imports patients and their history from FHIR R4 files."),
	run_request},
    {"import roster", "dry-run", "FILE",
	N_("Imports members and teams from a table."), run_request},
    {"import quarantine", "drop=", "[DIR]",
	N_("What an import could not read: lists it, writes it to a folder "
	   "to be corrected, or drops one."),
	run_request},
    {"import back", "", "DIR",
	N_("Takes in what was corrected in a folder of the quarantine."),
	run_request},
    {"backup", "", "DIR",
	N_("Writes a backup while the centre serves, and verifies it; no "
	   "keys are in it."),
	run_backup},
    {"restore", "org= request= site= erasures=", "DIR",
	N_("Begins a new centre from a backup: first with --org and "
	   "--request, then with the --site that the root signed; "
	   "--erasures: the list of who was erased."),
	run_restore},
    {"recover close", "", NULL,
	N_("Ends the recovery of a restored centre: what terminals brought "
	   "back gets its places."),
	run_request},
    {"keys backup", "rescue!", "DIR",
	N_("Copies all stream keys to another medium, sealed to the root, "
	   "and removes copies older than 30 days."),
	run_request},
    {"keys take", "", "FILE",
	N_("Takes a copy of stream keys that the root sealed for this "
	   "centre."),
	run_request},
    {"branch list", "", NULL,
	N_("Branches that contradict a seat's log and are kept as evidence, "
	   "and what became of them."),
	run_request},
    {"branch show", "", "BRANCH",
	N_("The records of one branch, by the hash that the list prints."),
	run_request},
    {"erasures", "", NULL,
	N_("Prints the list of who was erased, for a restore from an older "
	   "backup."),
	run_request},
    {"verify", "site=", "[DIR]",
	N_("Checks every record, signature and box, and the order: what is "
	   "stored, or the backup in a folder."),
	run_verify},
    {"digest", "", NULL, N_("One hash a table of the view."), run_request},
    {"rebuild", "", NULL, N_("Makes the view anew from the log."), run_request},
    {NULL, NULL, NULL, NULL, NULL},
};

int main(int argc, char **argv)
{
	static const struct program_def def = {
	    "suifang-node", N_("the centre that terminals sync with"), verbs};

	return program_run(&def, argc, argv);
}
