/*
 * log_main.c - suifang-log: reads, checks and carries the log of a home. The
 * process that owns the home does it: the serving node when there is one,
 * else this one. An exported repository is checked here, without a home.
 */
#define _GNU_SOURCE
#include "core/err.h"
#include "core/mem.h"
#include "core/tr.h"
#include "sync/commit.h"
#include "sync/ctl.h"
#include "sync/home.h"
#include "sync/log_verbs.h"
#include "sync/program.h"
#include "sync/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_home(struct home **out, struct program *p, const char *dir)
{
	bool is_node = home_is_node(dir);
	int r = home_is_there(dir);

	if (r == 0 && !is_node && !p->passphrase)
		r = program_passphrase(
		    &p->passphrase, p, _("Passphrase"), false);
	if (r == 0)
		r = home_open(out, &(struct home_opts){.dir = dir,
				       .is_node = is_node,
				       .env = program_env(),
				       .passphrase = p->passphrase});
	return r;
}

static void print(const struct buf *out)
{
	fwrite(buf_text(out), 1, out->len, stdout);
}

static int run_here(void *ctx, const struct ctl_asking *asked)
{
	struct home *home = NULL;
	struct buf out = {0};
	int r = open_home(&home, ctx, asked->dir);

	if (r == 0)
		r = log_request(&(struct request){.home = home,
		    .env = program_env(),
		    .words = asked->words,
		    .count = asked->count,
		    .out = &out});
	print(&out);
	buf_fini(&out);
	home_close(&home);
	return r;
}

static int run_request(struct program *p)
{
	const struct program_passing passing = {.files = "reply=",
	    .args_are_files = strcmp(p->verb->name, "show") != 0};
	struct ctl_words words = {0};
	char *dir = program_home_dir(p);
	int r = commit_init();

	program_words(&words, p, &passing);
	if (r == 0)
		r = ctl_ask_or_run(
		    &(struct ctl_asking){
			.dir = dir, .words = words.items, .count = words.count},
		    run_here, p);
	ctl_words_fini(&words);
	free(dir);
	return r;
}

static int verify_export(const char *dir)
{
	struct export_report report = {0};
	struct buf out = {0};
	int r = commit_init();

	if (r == 0)
		r = export_verify(&report, dir, log_fault, &out);
	if (r == 0 || r == ERR_CHECK) {
		log_count(&out, _("records:"), report.records);
		log_count(&out, _("seats:"), report.seats);
		log_count(&out, _("boxes:"), report.boxes);
		log_count(&out, _("boxes not here:"), report.withheld);
		buf_str(&out, "\n");
	}
	print(&out);
	buf_fini(&out);
	return r;
}

static int run_verify(struct program *p)
{
	return p->arg_count ? verify_export(p->args[0]) : run_request(p);
}

static const struct program_verb verbs[] = {
    {"show", "most=", "[RECORD]",
	N_("The newest records, or one of them as it was signed. RECORD is "
	   "A017.2-118 or SEAT-118. Contents are never shown."),
	run_request},
    {"verify", "", "[DIR]",
	N_("Checks every record, signature, chain and box, and the order; "
	   "with DIR an exported repository, each key against its author."),
	run_verify},
    {"rebuild", "", NULL, N_("Makes the view anew from the log."), run_request},
    {"digest", "streams", NULL,
	N_("One hash a table of the view, and a stream with --streams."),
	run_request},
    {"export", "headers", "DIR",
	N_("Writes a bare repository that stock git can check; with "
	   "--headers without contents."),
	run_request},
    {"pack", "all", "FILE",
	N_("At a terminal without a network: writes a letter for the centre "
	   "with the records it has not received; --all: all own ones."),
	run_request},
    {"unpack", "reply=", "FILE",
	N_("At the centre: takes a letter in and writes the reply to carry "
	   "back; at the terminal: takes that reply in."),
	run_request},
    {NULL, NULL, NULL, NULL, NULL},
};

int main(int argc, char **argv)
{
	static const struct program_def def = {
	    "suifang-log", N_("reads, checks and carries the log"), verbs};

	return program_run(&def, argc, argv);
}
