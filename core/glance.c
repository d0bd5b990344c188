/* glance.c - reading what a glance shows. */
#include "core/glance.h"

#include "core/decimal.h"
#include "core/store.h"
#include "core/text.h"

#include <string.h>

static void add_value(struct glance_value *v, const struct stmt *s)
{
	STMT_COPY(v->code, s, 0);
	v->at_s = stmt_int(s, 1);
	v->value = stmt_int(s, 2);
	v->scale = (int)stmt_int(s, 3);
}

int glance_values(struct glance_value *out, int max, struct store *store,
    const struct id *patient)
{
	struct stmt *s = store_query(store, Q_GLANCE_VALUES);
	int n = 0, rc;

	stmt_bind_id(s, ":stream", patient);
	while ((rc = stmt_step(s)) == 1) {
		struct glance_value *last = n ? &out[n - 1] : NULL;
		if (last && strcmp(last->code, stmt_text(s, 0)) == 0) {
			if (!last->has_before)
				last->before = decimal_rescale(stmt_int(s, 2),
				    (int)stmt_int(s, 3), last->scale);
			last->has_before = true;
		} else if (n < max) {
			out[n] = (struct glance_value){.has_before = false};
			add_value(&out[n++], s);
		} else {
			break;
		}
	}
	stmt_reset(s);
	return rc < 0 ? rc : n;
}

int glance_loop(
    struct glance_loop *out, struct store *store, const struct id *patient)
{
	struct stmt *s = store_query(store, Q_GLANCE_LOOP);
	struct glance_loop g = {0};
	int rc;

	stmt_bind_id(s, ":stream", patient);
	if ((rc = stmt_step(s)) == 1) {
		g.alerts = (int)stmt_int(s, 0);
		g.closed = (int)stmt_int(s, 1);
		STMT_COPY(g.text_zh, s, 2);
		STMT_COPY(g.text_en, s, 3);
		STMT_COPY(g.queue, s, 4);
		g.at_s = stmt_int(s, 5);
		g.acked_s = stmt_int(s, 6);
		g.closed_s = stmt_int(s, 7);
		STMT_COPY(g.answer, s, 8);
		g.handled_s = stmt_int(s, 9);
		STMT_COPY(g.by, s, 10);
		STMT_COPY(g.by_en, s, 11);
	}
	stmt_reset(s);
	if (rc < 0)
		return rc;
	*out = g;
	return 0;
}
