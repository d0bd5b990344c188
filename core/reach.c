/* reach.c - one patient's calls, counted in the store. */
#include "core/reach.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/store.h"
#include "core/text.h"

#include <string.h>

static bool read_time(int *out, const char **text)
{
	char five[6];

	if (strlen(*text) < 5)
		return false;
	text_copy(five, sizeof(five), *text);
	if (!hours_parse_time(out, five))
		return false;
	*text += 5;
	return true;
}

size_t reach_spans(struct span out[HOURS_SPANS_MAX], const char *text)
{
	size_t n = 0;

	while (*text && n < HOURS_SPANS_MAX) {
		struct span s = {0};
		const char *at = text;

		if (read_time(&s.from_min, &at) && *at == '-' &&
		    (at++, read_time(&s.to_min, &at)) &&
		    s.from_min != s.to_min) {
			out[n++] = s;
			text = at;
		} else {
			text++;
		}
	}
	return n;
}

static struct stmt *query(struct store *store, enum query_id id,
    const struct id *patient, int64_t from_s)
{
	struct stmt *s = store_query(store, id);

	stmt_bind_id(s, ":stream", patient);
	stmt_bind_int(s, ":from_s", from_s);
	return s;
}

/* Only what one row says; the statement is free again. */
static int one_row(int64_t out[2], struct stmt *s)
{
	int rc = stmt_step(s);

	if (rc == 1) {
		out[0] = stmt_int(s, 0);
		out[1] = stmt_columns(s) > 1 ? stmt_int(s, 1) : 0;
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int read_caps(struct hours_person *p, struct store *store,
    const struct id *patient, const struct hours *h, int64_t now_s)
{
	int64_t midnight_s = day_of(now_s, h->zone_s) * DAY_S - h->zone_s;
	int64_t window_s = h->cap_days * DAY_S;
	int64_t row[2] = {0, 0};
	int rc =
	    one_row(row, query(store, Q_REACH_ATTEMPTS, patient, midnight_s));

	p->attempts_today = (int)row[0];
	if (rc == 0)
		rc = one_row(row,
		    query(store, Q_REACH_CONTACTS, patient, now_s - window_s));
	if (rc < 0)
		return rc;
	p->contacts_recent = (int)row[0];
	p->cap_free_s = row[0] ? row[1] + window_s : 0;
	return 0;
}

int reach_read(struct hours_person *out, struct store *store,
    const struct id *patient, const struct hours *h, int64_t now_s)
{
	struct stmt *s = store_query(store, Q_REACH_PERSON);
	struct hours_person p = {0};
	bool is_promised;
	int rc;

	stmt_bind_id(s, ":stream", patient);
	stmt_bind_int(s, ":soon_s", now_s + REACH_PROMISED_S);
	rc = stmt_step(s);
	if (rc == 1) {
		p.n_wants = reach_spans(p.wants, stmt_text(s, 0));
		p.is_do_not_call = stmt_int(s, 1) != 0;
		is_promised = stmt_int(s, 2) != 0;
	}
	stmt_reset(s);
	if (rc != 1)
		return rc < 0 ? rc : ERR_NOT_FOUND;
	if (!is_promised)
		rc = read_caps(&p, store, patient, h, now_s);
	if (rc < 0)
		return rc;
	*out = p;
	return 0;
}
