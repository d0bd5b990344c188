/*
 * content_main.c - suifang-content: checking, trying and replaying clinical
 * content.
 */
#include "core/content_diff.h"
#include "core/content_pack.h"
#include "core/err.h"
#include "core/hours.h"
#include "core/id.h"
#include "core/clock.h"
#include "core/mem.h"
#include "core/script.h"
#include "core/tr.h"
#include "keys/secret.h"
#include "sync/commit.h"
#include "sync/content_moves.h"
#include "sync/content_replay.h"
#include "sync/home.h"
#include "sync/import_content_file.h"
#include "sync/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_DEFAULT "schemas"

/* 0, or ERR_CHECK after the faults have been printed. */
static int conclude(const struct content_report *r)
{
	struct buf text = {0};

	content_report_print(&text, r);
	fputs(text.len ? buf_text(&text) : "", stdout);
	buf_fini(&text);
	program_say(
	    _("%zu files, %zu cases, %zu faults"), r->files, r->cases, r->n);
	return r->n ? ERR_CHECK : 0;
}

/* The folder named, else the content that came with the program. */
static int with_files(struct program *p,
    void (*use)(struct content_report *r, const struct content_files *f),
    const char *fallback)
{
	const char *dir = p->arg_count ? p->args[0] : fallback;
	struct content_report *report = mem_new(sizeof(*report));
	struct content_folder *folder = NULL;
	struct content_files builtin = {0};
	int r = 0;

	if (dir) {
		r = content_folder_read(&folder, dir);
		if (!r)
			use(report, content_folder_files(folder));
	} else {
		builtin = content_files_builtin();
		use(report, &builtin);
	}
	if (!r)
		r = conclude(report);
	content_folder_free(&folder);
	free(builtin.at);
	free(report);
	return r;
}

static int run_check(struct program *p)
{
	return with_files(p, content_check, NULL);
}

/* Cases of unsound content would only confuse. */
static void check_and_test(
    struct content_report *r, const struct content_files *files)
{
	content_check(r, files);
	if (r->n == 0)
		content_test(r, files);
}

static int run_test(struct program *p)
{
	return with_files(p, check_and_test, FOLDER_DEFAULT);
}

/* patient, time, what, before, after: one line each, for other programs. */
static void print_line(const struct id *patient, const char *at,
    const char *what, const char *const texts[2])
{
	char hex[ID_HEX];

	id_hex(hex, patient);
	printf("%s\t%s\t%s\t%s\t%s\n", hex, at, what,
	    *texts[0] ? texts[0] : "-", *texts[1] ? texts[1] : "-");
}

static void print_difference(void *ctx, const struct id *patient,
    enum replay_kind kind, int64_t at_s, const char *const texts[2])
{
	const int32_t *zone_s = ctx;
	char at[TIME_TEXT];

	time_text(at, at_s, *zone_s);
	print_line(patient, at, replay_kind_name(kind), texts);
}

static void print_decision(void *ctx, const struct id *patient,
    const struct replay_contact *c, const char *const texts[2])
{
	const int32_t *zone_s = ctx;
	char at[TIME_TEXT];

	time_text(at, c->at_s, *zone_s);
	print_line(patient, at, c->pathway, texts);
}

static int open_home(struct home **out, struct program *p)
{
	struct secret *passphrase = NULL;
	struct buf dir = {0};
	struct buf key = {0};
	bool is_node;
	int r = commit_init();

	home_dir_of(&dir, program_opt(p, "home", NULL));
	home_path(&key, buf_text(&dir), "node.key");
	is_node = access(buf_text(&key), F_OK) == 0;
	if (r == 0 && !is_node)
		r = program_passphrase(&passphrase, p, _("Passphrase"), false);
	if (r == 0)
		r = home_open(out, &(struct home_opts){.dir = buf_text(&dir),
				       .is_node = is_node,
				       .env = program_env(),
				       .passphrase = passphrase});
	secret_free(&passphrase);
	buf_fini(&dir);
	buf_fini(&key);
	return r;
}

static int print_diff(const struct content_file files[2])
{
	struct content_diff *d = mem_new(sizeof(*d));
	int r = content_diff_run(d, &files[0], &files[1]);

	for (size_t i = 0; !r && i < d->n && i < CONTENT_CHANGES_MAX; i++)
		printf("%s: %s -> %s\n", d->at[i].where,
		    *d->at[i].was ? d->at[i].was : "-",
		    *d->at[i].now ? d->at[i].now : "-");
	if (!r)
		program_say(_("%zu questions asked, %zu answers differ"),
		    d->asked, d->n);
	free(d);
	return r;
}

/* patient, day of the call, findings, what, before, after: tabs between. */
static void print_move(
    void *ctx, const struct id *patient, const struct move *m)
{
	char hex[ID_HEX];
	char day[DAY_TEXT];

	(void)ctx;
	id_hex(hex, patient);
	day_text(day, m->call_day);
	printf("%s\t%s\t%s\t%s\t%s\t%s\n", hex, day, m->findings,
	    moves_kind_name(m->kind), m->was, m->now);
}

static void say_moves(const struct moves_total *t)
{
	program_say(_("%zu patients are concerned; for %zu the next call may "
		      "decide otherwise: %zu leave, %zu stay, %zu earlier, %zu "
		      "later, %zu another step, %zu another script"),
	    t->asked, t->changed, t->of[MOVES_LEAVES], t->of[MOVES_STAYS],
	    t->of[MOVES_EARLIER], t->of[MOVES_LATER], t->of[MOVES_STEP],
	    t->of[MOVES_SCRIPT]);
}

/* Those who are on it in a home. */
static int print_moves(struct program *p, const struct content_file files[2])
{
	const struct env *env = program_env();
	struct content_moves cfg = {.was = &files[0],
	    .now = &files[1],
	    .now_s = env->now_s(env->ctx),
	    .tell = print_move};
	struct moves_total total = {0};
	struct home *home = NULL;
	struct hours *hours = NULL;
	int r = hours_load(&hours);

	if (!r) {
		cfg.zone_s = hours->zone_s;
		r = open_home(&home, p);
	}
	if (!r)
		r = content_moves_run(&total, home_store(home), &cfg);
	if (!r && total.asked)
		say_moves(&total);
	else if (!r)
		program_say(_("it concerns no patient here"));
	home_close(&home);
	hours_free(&hours);
	return r;
}

static int run_diff(struct program *p)
{
	struct buf text[2] = {{0}, {0}};
	struct content_file files[2];
	int r = p->arg_count == 2 ? 0 : err_set(ERR_USAGE, "two files");

	for (int i = 0; i < 2 && !r; i++) {
		r = program_read(&text[i], p->args[i], SCRIPT_BYTES_MAX);
		files[i] = (struct content_file){
		    p->args[i], r ? "" : buf_text(&text[i]), text[i].len};
	}
	if (!r)
		r = print_diff(files);
	if (!r && program_has(p, "home"))
		r = print_moves(p, files);
	buf_fini(&text[0]);
	buf_fini(&text[1]);
	return r;
}

static int replay_files(struct program *p, const struct content_files *now)
{
	struct content_files was = content_files_builtin();
	struct replay_total total = {0};
	struct hours *hours = NULL;
	struct home *home = NULL;
	struct content_replay cfg = {
	    .was = &was, .now = now, .tell = print_difference};
	int r = hours_load(&hours);

	if (program_has(p, "decisions"))
		cfg.decided = print_decision;
	if (!r) {
		cfg.zone_s = hours->zone_s;
		cfg.ctx = &cfg.zone_s;
		r = open_home(&home, p);
	}
	if (!r)
		r = content_replay_run(&total, home_store(home), &cfg);
	if (!r)
		program_say(_("%zu contacts asked again, %zu decisions: %zu "
			      "alerts more, %zu fewer; %zu calls earlier, %zu "
			      "later"),
		    total.contacts, total.decisions,
		    total.of[REPLAY_ALERT_MORE], total.of[REPLAY_ALERT_FEWER],
		    total.of[REPLAY_EARLIER], total.of[REPLAY_LATER]);
	home_close(&home);
	hours_free(&hours);
	free(was.at);
	return r;
}

static int run_replay(struct program *p)
{
	struct content_folder *folder = NULL;
	int r = p->arg_count == 1 ? 0 : err_set(ERR_USAGE, "one folder");

	if (!r)
		r = content_folder_read(&folder, p->args[0]);
	if (!r)
		r = replay_files(p, content_folder_files(folder));
	content_folder_free(&folder);
	return r;
}

static const struct program_verb verbs[] = {
    {"check", "", "[FOLDER]",
	N_("Checks all content strictly: form, meaning and references; each "
	   "fault with its file, line and path."),
	run_check},
    {"test", "", "[FOLDER]",
	N_("Checks, then runs the cases kept beside the content."), run_test},
    {"diff", "", "OLD NEW",
	N_("Asks two versions of a pathway or of rules the same questions and "
	   "prints where they answer differently; of a script, what differs "
	   "in each item. With --home: what the new version changes for each "
	   "patient who is on the pathway now, or for whom the script is due. "
	   "Writes nothing."),
	run_diff},
    {"replay", "decisions", "FOLDER",
	N_("Asks every recorded contact of this home again with the content "
	   "of a folder: which alerts more or fewer, which calls earlier or "
	   "later. With --decisions each decision of a pathway too, changed "
	   "or not. Writes nothing."),
	run_replay},
    {NULL, NULL, NULL, NULL, NULL},
};

int main(int argc, char **argv)
{
	static const struct program_def def = {"suifang-content",
	    N_("checks clinical content: scripts, pathways, rules, tables"),
	    verbs};

	return program_run(&def, argc, argv);
}
