/*
 * log_pack.c - letters and replies carried by hand (carry.h), as files.
 */
#include "core/err.h"
#include "core/tr.h"
#include "sync/carry.h"
#include "sync/home.h"
#include "sync/log_verbs.h"
#include "sync/program.h"
#include "sync/request.h"

static void say(const struct request *q, const char *label, uint64_t n)
{
	log_count(q->out, label, n);
}

int verb_pack(const struct request *q)
{
	const char *path = log_argument(q, 0);
	struct carry_report report;
	struct buf out = {0};
	int r;

	if (!path)
		return err_set(ERR_USAGE, "FILE");
	r = carry_letter(
	    &out, &report, home_ledger(q->home), log_option(q, "all") != NULL);
	if (r == 0)
		r = program_write(path, &out, 0600);
	if (r == 0) {
		say(q, _("records:"), report.records);
		buf_printf(q->out, "%s\n", path);
	}
	buf_fini(&out);
	return r;
}

/* At the centre: a letter, and its reply where that is asked for. */
static int take(const struct request *q, const struct buf *letter)
{
	const char *path = log_option(q, "reply");
	struct carry_report report;
	struct buf reply = {0};
	int r = carry_take(
	    path ? &reply : NULL, &report, home_ledger(q->home), letter);

	if (r == 0 && path)
		r = program_write(path, &reply, 0600);
	if (r == 0) {
		say(q, _("records:"), report.records);
		say(q, _("forks:"), report.forks);
		buf_printf(q->out, "%s\n", path ? path : "");
	}
	buf_fini(&reply);
	return r;
}

/* At a terminal: the reply to its letter. */
static int take_reply(const struct request *q, const struct buf *reply)
{
	struct carry_report report;
	int r = carry_accept(&report, home_ledger(q->home), reply);

	if (r == 0) {
		say(q, _("taken:"), report.records);
		buf_str(q->out, "\n");
	}
	return r;
}

int verb_unpack(const struct request *q)
{
	const char *path = log_argument(q, 0);
	struct buf data = {0};
	int r;

	if (!path)
		return err_set(ERR_USAGE, "FILE");
	r = program_read(&data, path, CARRY_MAX + (CARRY_MAX >> 4));
	if (r == 0)
		r = ledger_is_node(home_ledger(q->home)) ? take(q, &data)
							 : take_reply(q, &data);
	buf_fini(&data);
	return r;
}
