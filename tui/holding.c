/*
 * holding.c - the file that says what a terminal holds.
 */
#include "tui/holding.h"

#include "core/env.h"
#include "core/store.h"
#include "core/text.h"
#include "keys/identity.h"
#include "sync/client.h"
#include "sync/home.h"
#include "sync/program.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define FILE_NAME "holding"
#define HEAD "sf-holding 1\n"
#define FILE_MAX 400
#define KEEP_MS 3000
#define HEARD_STEP_S 60 /* a sync that is newer by less is not written */
#define COUNT_MAX INT64_C(100000000)
#define TIME_MAX INT64_C(253402300799)

static const struct {
	const char *name;
	size_t at;
	int64_t least, most;
} lines[] = {
    {"as-of", offsetof(struct holding, as_of_s), 1, TIME_MAX},
    {"patients", offsetof(struct holding, patients), 0, COUNT_MAX},
    {"unsent", offsetof(struct holding, unsent), 0, COUNT_MAX},
    {"heard", offsetof(struct holding, heard_s), 0, TIME_MAX},
    {"until", offsetof(struct holding, until_s), 0, TIME_MAX},
    {"zone", offsetof(struct holding, zone_s), -64800, 64800},
};

void holding_text(struct buf *out, const struct holding *h)
{
	int64_t v;

	buf_str(out, HEAD);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		memcpy(&v, (const char *)h + lines[i].at, sizeof(v));
		buf_printf(out, "%s %" PRId64 "\n", lines[i].name, v);
	}
}

bool holding_parse(struct holding *out, const char *text, size_t n)
{
	const size_t head = sizeof(HEAD) - 1;
	struct holding h = {0};
	const char *end = text + n;

	if (n < head || memcmp(text, HEAD, head) != 0)
		return false;
	text += head;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		size_t len = strlen(lines[i].name);
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		char number[24];
		int64_t v;

		if (!eol || (size_t)(eol - text) <= len + 1 ||
		    memcmp(text, lines[i].name, len) != 0 || text[len] != ' ' ||
		    (size_t)(eol - text) - len > sizeof(number))
			return false;
		text += len + 1;
		snprintf(
		    number, sizeof(number), "%.*s", (int)(eol - text), text);
		if (!text_int(&v, number, lines[i].least, lines[i].most))
			return false;
		memcpy((char *)&h + lines[i].at, &v, sizeof(v));
		text = eol + 1;
	}
	*out = h;
	return text == end;
}

bool holding_read(struct holding *out, const char *dir)
{
	struct buf path = {0}, text = {0};
	bool ok;

	home_path(&path, dir, FILE_NAME);
	ok = program_read(&text, buf_text(&path), FILE_MAX) == 0 &&
	     holding_parse(out, buf_text(&text), text.len);
	buf_fini(&path);
	buf_fini(&text);
	return ok;
}

/* False when the store does not say. */
static bool look(struct holding *out, const struct holding_world *w)
{
	struct stmt *q = store_query(home_store(w->home), Q_HOLDING);
	struct client_status status;
	bool ok;

	stmt_bind_id(q, ":seat", &home_identity(w->home)->seat);
	ok = stmt_step(q) == 1;
	if (ok) {
		out->patients = stmt_int(q, 0);
		out->until_s = stmt_int(q, 1);
	}
	stmt_reset(q);
	client_status(&status, w->client);
	out->unsent = (int64_t)status.unsent;
	if (status.synced_s > out->heard_s)
		out->heard_s = status.synced_s;
	out->zone_s = w->zone_s;
	out->as_of_s = env_now_s(w->env);
	return ok;
}

static bool is_other(const struct holding *a, const struct holding *b)
{
	return !a->as_of_s || a->patients != b->patients ||
	       a->unsent != b->unsent || a->until_s != b->until_s ||
	       a->zone_s != b->zone_s ||
	       b->heard_s - a->heard_s >= HEARD_STEP_S;
}

void holding_keep(
    struct holding_keeper *k, const struct holding_world *w, bool is_last)
{
	uint64_t now_ms = env_mono_ms(w->env);
	struct holding now = k->said;
	struct buf text = {0};

	if (!is_last && now_ms < k->due_ms)
		return;
	k->due_ms = now_ms + KEEP_MS;
	/* the last sync of the time before this start */
	if (!now.as_of_s && holding_read(&now, home_dir(w->home)))
		now.as_of_s = 0;
	if (!look(&now, w) || (!is_last && !is_other(&k->said, &now)))
		return;
	holding_text(&text, &now);
	home_keep_file(w->home, FILE_NAME, &text);
	buf_fini(&text);
	k->said = now;
}
