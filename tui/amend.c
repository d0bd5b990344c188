/*
 * amend.c - putting answers back, what is changed in them, and signing it.
 */
#include "tui/amend.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/script.h"
#include "core/script_merge.h"
#include "tui/desk.h"
#include "tui/past.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------ */

static void see_open(struct amend *a)
{
	const struct script_run *run = a->past->run;

	a->was_open =
	    mem_array(script_count(a->past->script) + 1, sizeof(bool));
	for (uint32_t i = 0; i < script_run_count(run); i++)
		a->was_open[script_run_slot(run, i).item] = true;
}

int amend_open(struct amend **out, struct desk *desk, const struct id *patient,
    const char *ref)
{
	struct amend *a = mem_new(sizeof(*a));
	int rc = past_open(&a->past, desk, patient, ref);

	if (rc == 0 && !a->past->run)
		rc = ERR_NOT_FOUND;
	if (rc < 0) {
		amend_free(&a);
		return rc;
	}
	a->desk = desk;
	a->before = script_merged_answers(a->past->merged, a->past->run);
	see_open(a);
	*out = a;
	return 0;
}

void amend_free(struct amend **ap)
{
	struct amend *a = *ap;

	if (!a)
		return;
	past_free(&a->past);
	json_decref(a->before);
	free(a->was_open);
	free(a);
	*ap = NULL;
}

/* ---- what changed ------------------------------------------------------- */

/* Of several scripts a linkId alone does not say whose question it is. */
static bool is_same_place(const json_t *a, const json_t *b)
{
	return strcmp(json_str(a, "link", ""), json_str(b, "link", "")) == 0 &&
	       strcmp(json_str(a, "script", ""), json_str(b, "script", "")) ==
		   0;
}

json_t *amend_of_place(const json_t *answers, const json_t *place)
{
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(answers); i++) {
		json_t *o = json_array_get(answers, i);
		if (is_same_place(o, place))
			json_array_append(list, o);
	}
	return list;
}

bool amend_is_first(const json_t *answers, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (is_same_place(
			json_array_get(answers, k), json_array_get(answers, i)))
			return false;
	return true;
}

static json_t *not_asked(const json_t *place)
{
	json_t *o = json_object();

	json_put_str(o, "link", json_str(place, "link", ""));
	if (*json_str(place, "script", ""))
		json_put_str(o, "script", json_str(place, "script", ""));
	json_put_str(o, "type", "absent");
	json_put_str(o, "code", "not-asked");
	return o;
}

json_t *amend_changes(const struct amend *a)
{
	json_t *now = script_merged_answers(a->past->merged, a->past->run);
	json_t *out = json_array();

	for (size_t i = 0; i < json_array_size(now); i++) {
		const json_t *at = json_array_get(now, i);
		json_t *x = amend_of_place(a->before, at),
		       *y = amend_of_place(now, at);
		if (amend_is_first(now, i) && !json_equal(x, y))
			json_array_extend(out, y);
		json_decref(x);
		json_decref(y);
	}
	for (size_t i = 0; i < json_array_size(a->before); i++) {
		const json_t *at = json_array_get(a->before, i);
		json_t *y = amend_of_place(now, at);
		if (amend_is_first(a->before, i) && json_array_size(y) == 0)
			json_array_append_new(out, not_asked(at));
		json_decref(y);
	}
	json_decref(now);
	return out;
}

/* ---- signing ------------------------------------------------------------ */

int amend_save(char ref[REF_TEXT], struct amend *a, const char *reason,
    struct amend_effect *effect)
{
	struct amend_made made;
	int rc = amend_make(&made, a, reason);

	if (rc < 0)
		return rc;
	rc = desk_record(ref, a->desk, &made.draft);
	if (rc == 0)
		*effect = made.effect;
	amend_made_fini(&made);
	return rc;
}
