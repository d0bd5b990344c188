/*
 * plain.c - a whole shift in numbered prompts.
 */
#include "tui/plain.h"

#include "core/buf.h"
#include "core/cadence.h"
#include "core/clock.h"
#include "core/draft_contact.h"
#include "core/err.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/worklist.h"
#include "sync/anchor.h"
#include "tui/begin.h"
#include "tui/call.h"
#include "tui/call_leave.h"
#include "tui/call_view.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/news.h"
#include "tui/plain_in.h"
#include "tui/renewal.h"
#include "tui/when.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Text from outside never reaches the terminal with its control bytes. */
void plain_say(const char *text)
{
	struct buf clean = {0};

	text_clean(&clean, text, strlen(text));
	puts(buf_text(&clean));
	buf_fini(&clean);
}

void plain_say_error(int rc)
{
	if (rc < 0)
		plain_say(tr(err_text(rc)));
}

void plain_say_numbered(int i, const char *text)
{
	char line[PLAIN_LINE + 20];

	snprintf(line, sizeof(line), "  %d  %s", i, text);
	plain_say(line);
}

int plain_number(const char *typed, int n)
{
	char *end;
	long i = strtol(typed, &end, 10);

	while (*end == ' ')
		end++;
	return end != typed && *end == '\0' && i >= 1 && i <= n ? (int)i : 0;
}

/* A line without its end; 1: it is longer than fits, -1: there is no more.
 * The rest of a long one would answer the next questions. */
static int read_line(char out[PLAIN_LINE])
{
	size_t n = 0;
	bool is_long = false;
	int c;

	while ((c = getc(stdin)) != EOF && c != '\n')
		if (n + 1 == PLAIN_LINE)
			is_long = true;
		else if (c != '\0')
			out[n++] = (char)c;
	out[n] = '\0';
	return c == EOF && n == 0 ? -1 : is_long;
}

/* One line typed, cleaned; false at the end of input. */
bool plain_ask(struct plain *p, const char *prompt, char out[PLAIN_LINE])
{
	struct buf clean = {0};
	char line[PLAIN_LINE];
	int r;

	for (;;) {
		printf("%s: ", prompt);
		fflush(stdout);
		if (p->world->wait)
			p->world->wait(p->world->ctx, STDIN_FILENO);
		r = read_line(line);
		if (r < 0) {
			p->over = true;
			return false;
		}
		if (r == 0)
			break;
		plain_say(_("That line is too long; nothing was taken."));
	}
	text_clean(&clean, line, strlen(line));
	text_copy(out, PLAIN_LINE, buf_text(&clean));
	buf_fini(&clean);
	return true;
}

/* ---- one call ------------------------------------------------------------ */

static void say_alerts(struct call *c, int from)
{
	for (size_t i = (size_t)from; i < c->hit_count; i++) {
		const struct triage_rule *r = c->hits[i].rule;
		char line[700];
		snprintf(line, sizeof(line), "%s %s. %s",
		    words_level(triage_level_name(r->level)),
		    tr_pick(r->banner.zh, r->banner.en),
		    tr_pick(r->instruction.zh, r->instruction.en));
		plain_say(line);
	}
}

static void say_question(struct call *c, struct script_slot s)
{
	const struct script_item *it = script_item(c->script, s.item);
	const char *hint;
	char line[500];

	snprintf(line, sizeof(line), "%s%s %s %s", it->prefix,
	    it->required ? "*" : "",
	    script_text(c->script, s.item, tr_lang(), &c->person), it->unit);
	plain_say(line);
	hint = script_hint(c->script, s.item, tr_lang(), &c->person);
	if (*hint)
		plain_say(hint);
	for (uint32_t i = 0; i < it->n_options; i++) {
		snprintf(line, sizeof(line), "  %s  %s%s", it->options[i].key,
		    script_option_text(&it->options[i], tr_lang()),
		    it->options[i].is_danger ? " !" : "");
		plain_say(line);
	}
}

/* False: the person wants to end the questions. */
static bool ask_question(struct plain *p, struct call *c, struct script_slot s)
{
	bool confirmed = false;
	char typed[PLAIN_LINE];

	say_question(c, s);
	while (
	    plain_ask(p, _("answer (empty: skip, .: end, .?: more)"), typed)) {
		struct script_place at = {s.item, s.occ, confirmed};
		struct script_verdict verdict = {.text = NULL};
		int before = (int)c->hit_count, rc;
		if (strcmp(typed, ".") == 0)
			return false;
		if (plain_more(p, c, typed)) {
			say_question(c, s);
			continue;
		}
		rc = typed[0]
			 ? call_answer(c, at, typed, &verdict)
			 : call_skip(c, at, SCRIPT_ABSENT_NOT_ASKED, &verdict);
		if (rc == 0) {
			say_alerts(c, before);
			return true;
		}
		confirmed = rc == ERR_CHECK;
		if (verdict.text)
			plain_say(tr(verdict.text));
		else
			plain_say_error(rc);
		if (confirmed)
			plain_say(
			    _("Unlikely value: the same again takes it."));
	}
	return false;
}

/* The list may be shared out anew while the person talks. */
static void say_moved(struct call *c)
{
	char line[400];
	int rc = call_see_owner(c);

	if (rc < 0)
		plain_say_error(rc);
	if (rc != 1)
		return;
	call_moved_text(line, sizeof(line), c);
	plain_say(line);
}

static void ask_questions(struct plain *p, struct call *c)
{
	for (uint32_t i = 0; c->run && i < script_run_count(c->run); i++) {
		struct script_slot s = script_run_slot(c->run, i);
		if (s.state != SCRIPT_SLOT_OPEN || !call_is_shown(c, i))
			continue;
		say_moved(c);
		if (!ask_question(p, c, s))
			return;
	}
}

/* False: no promise after all. */
static bool ask_promise(
    struct plain *p, struct call *c, struct promise *promise)
{
	char typed[PLAIN_LINE];

	*promise = (struct promise){.owner = p->desk->member,
	    .number = c->number,
	    .who = "",
	    .note = ""};
	while (plain_ask(p, _("When? 15:30, 11-25 15:30 or +2h"), typed) &&
	       typed[0]) {
		if (when_parse(&promise->due_s, typed, desk_now_s(p->desk),
			p->desk->zone_s))
			return true;
		plain_say(
		    _("That is no time. Write 15:30, 11-25 15:30 or +2h."));
	}
	return false;
}

static void say_ends(struct plain *p, struct call *c)
{
	const struct cadence *set = catalog_cadence(p->desk->catalog);
	char line[500];

	call_proposal_text(line, sizeof(line), c, call_completed(c));
	plain_say(line);
	for (size_t i = 0; i < cadence_total(set); i++) {
		const struct disposition *d = cadence_at(set, i);
		plain_say_numbered((int)i + 1, tr_pick(d->name.zh, d->name.en));
	}
}

/* NULL: the call is left as it is. */
static const struct disposition *ask_end(struct plain *p, struct call *c)
{
	const struct cadence *set = catalog_cadence(p->desk->catalog);
	char typed[PLAIN_LINE];

	say_ends(p, c);
	while (plain_ask(p,
	    _("How did the call end? (empty: the proposal, .: leave it open)"),
	    typed)) {
		int i = plain_number(typed, (int)cadence_total(set));
		if (strcmp(typed, ".") == 0)
			return NULL;
		if (!typed[0])
			return call_completed(c);
		if (i)
			return cadence_at(set, (size_t)i - 1);
		plain_say(_("That is none of these numbers."));
	}
	return NULL;
}

static void say_saved(struct call *c)
{
	char line[400];

	say_moved(c);
	plain_say(_("Saved."));
	if (!c->is_moved)
		return;
	call_moved_saved(line, sizeof(line), c);
	plain_say(line);
}

/* 0: saved. A positive number: another end is to be said. */
static int save_end(
    struct plain *p, struct call *c, const struct disposition *how)
{
	struct promise promise;
	char ref[REF_TEXT], note[PLAIN_LINE];
	bool promised = false;
	int rc;

	if (how->then == CADENCE_CALLBACK)
		promised = ask_promise(p, c, &promise);
	if (plain_ask(p, _("Note"), note) && note[0])
		plain_say_error(call_set_note(c, note));
	rc = call_finish(ref, c, how, promised ? &promise : NULL);
	if (rc == ERR_CHECK)
		plain_say(
		    _("Required questions are open: choose another end."));
	else if (rc < 0)
		plain_say_error(rc);
	else
		say_saved(c);
	return rc < 0 && !p->over;
}

static void end_call(struct plain *p, struct call *c)
{
	const struct disposition *how;

	plain_advice(p, c);
	do {
		how = ask_end(p, c);
	} while (how && save_end(p, c, how));
	if (!how)
		plain_say(_("Call suspended; nothing is lost."));
}

static void call_patient(struct plain *p, const struct work_row *row)
{
	struct call *c;
	char line[400], who[40], reason[PLAIN_LINE] = "";
	int rc = begin_may(line, sizeof(line), p->desk, &row->patient);

	if (rc == 0) {
		plain_say(line);
		if (!plain_ask(p, _("Reason (empty: no call)"), reason) ||
		    !reason[0])
			return;
	}
	if (rc >= 0)
		rc = call_begin(&c, p->desk, &row->patient, reason);
	if (rc < 0) {
		plain_say_error(rc);
		return;
	}
	words_person(who, sizeof(who), c->file->sex, c->person.age);
	snprintf(line, sizeof(line), "%s %s %s",
	    words_name(c->file->name, c->file->name_en), who,
	    c->number < c->file->phone_count ? c->file->phones[c->number].number
					     : "");
	plain_say(line);
	say_alerts(c, 0);
	if (c->is_moved) {
		call_moved_text(line, sizeof(line), c);
		plain_say(line);
	}
	ask_questions(p, c);
	if (!p->over)
		end_call(p, c);
	call_free(&c);
}

/* ---- the list ------------------------------------------------------------ */

static void say_news(struct plain *p)
{
	struct renewal_news news;
	char text[300];
	int rc = renewal_check(&news, p->desk);
	int held = news_held(text, sizeof(text), p->desk);

	if (held == 1)
		plain_say(text);
	renewal_text(text, sizeof(text), &news);
	if (rc < 0)
		plain_say_error(rc);
	else if (*text)
		plain_say(text);
}

static int show_list(struct plain *p)
{
	struct work_scope scope = {
	    .now_s = desk_now_s(p->desk), .zone_s = p->desk->zone_s};
	char line[500], state[200], name[200];
	int rc;

	text_copy(scope.member, sizeof(scope.member), p->desk->member);
	rc = worklist_refresh(p->list, &scope);
	if (rc < 0)
		return rc;
	p->count = worklist_page(p->list, p->rows, PLAIN_ROWS, NULL, 1);
	say_news(p);
	desk_status(p->desk, line, sizeof(line));
	plain_say(line);
	for (int i = 0; i < p->count; i++) {
		const struct work_row *r = &p->rows[i];
		words_state(state, sizeof(state), p->desk, r);
		words_pathway(name, sizeof(name),
		    catalog_pathway_title(p->desk->catalog, r->pathway));
		snprintf(line, sizeof(line), "%d  %s  %s  %s  %s", i + 1,
		    words_risk(r->risk), words_name(r->name, r->name_en), name,
		    state);
		plain_say(line);
	}
	if (p->count == 0)
		plain_say(p->is_filtered ? _("Nobody here matches.")
					 : _("Nobody is waiting. New patients "
					     "come with the next sync."));
	return p->count < 0 ? p->count : 0;
}

static int run_list(struct plain *p)
{
	char typed[PLAIN_LINE];
	int rc = show_list(p);

	while (
	    rc == 0 &&
	    plain_ask(p, _("number: call, text: search, empty: list, q: quit"),
		typed)) {
		int i = plain_number(typed, p->count);
		if (strcmp(typed, "q") == 0)
			return 0;
		if (i)
			call_patient(p, &p->rows[i - 1]);
		else
			rc = worklist_filter(p->list, typed);
		p->is_filtered = !i && typed[0];
		if (rc == 0)
			rc = show_list(p);
	}
	return rc;
}

static void say_freshness(struct desk *d)
{
	struct freshness f = {0};
	struct buf text = {0};

	if (!d->freshness)
		return;
	d->freshness(d->sync_ctx, &f);
	freshness_text(&text, &f);
	if (text.len > 0)
		printf("%s", buf_text(&text));
	buf_fini(&text);
}

int plain_run(struct desk *desk, const struct plain_world *world)
{
	static struct plain p;
	int rc;

	p = (struct plain){.world = world, .desk = desk};
	/* So that waiting for the descriptor sees every line. */
	setvbuf(stdin, NULL, _IONBF, 0);
	p.list = worklist_new(desk->store);
	say_freshness(desk);
	rc = call_leave_withdrawn(desk);
	rc = rc < 0 ? rc : run_list(&p);
	worklist_free(&p.list);
	return rc;
}
