/*
 * script_property_test.c - what holds of every script and every call: a call
 * can be finished, what is not asked holds no answer, the way back from the
 * rows gives the same run.
 */
#include "tests/test.h"

#include "core/asset.h"
#include "core/err.h"
#include "core/json.h"
#include "core/script_out.h"
#include "core/script_run_int.h"
#include "tests/script_walk.h"

/* ---- an oracle that knows no order: straight from the definition ----- */

static bool is_asked(const struct script_run *run, uint32_t i, uint32_t occ);

static bool is_refused_proxy(
    const struct script_run *run, const struct script_item *it)
{
	const char *who = script_run_respondent(run);

	return it->is_self_report && *who && strcmp(who, "self") != 0;
}

static bool oracle_match(
    const struct script_when *w, const struct script_answer *a)
{
	for (uint32_t v = 0; v < a->n; v++) {
		int c = 0;
		bool known = script_value_cmp(&c, &a->values[v], &w->value);
		bool is_code = a->values[v].type == SCRIPT_CHOICE;
		if ((w->op == OP_EQ && known && c == 0) ||
		    (w->op == OP_NE && !(known && c == 0)) ||
		    (w->op == OP_GT && known && !is_code && c > 0) ||
		    (w->op == OP_LT && known && !is_code && c < 0) ||
		    (w->op == OP_GE && known && !is_code && c >= 0) ||
		    (w->op == OP_LE && known && !is_code && c <= 0))
			return true;
	}
	return false;
}

static bool oracle_met(const struct script_run *run, uint32_t i, uint32_t occ,
    const struct script_when *w)
{
	const struct script_item *it = &run->s->items[i];
	const struct script_item *q = &run->s->items[w->question];
	bool exists = false, match = false;

	for (uint32_t k = 0; k < run->items[w->question].n; k++) {
		const struct node *n = &run->items[w->question].at[k];
		uint32_t a = n->occ, b = occ;
		for (int l = q->levels; l > w->shared; l--)
			a /= 64;
		for (int l = it->levels; l > w->shared; l--)
			b /= 64;
		if (a != b || !is_asked(run, w->question, n->occ) ||
		    is_refused_proxy(run, q))
			continue;
		exists |= n->answer.n > 0;
		match |= oracle_match(w, &n->answer);
	}
	return w->op == OP_EXISTS ? exists == w->exists : match;
}

static bool is_asked(const struct script_run *run, uint32_t i, uint32_t occ)
{
	const struct script_item *it = &run->s->items[i];
	const struct script_rules *r = it->rules;
	uint32_t live = 0, met = 0;

	if (it->parent != SCRIPT_NONE) {
		const struct script_item *up = &run->s->items[it->parent];
		uint32_t above = up->is_level ? occ / 64 : occ;
		const struct script_answer *a =
		    script_run_answer(run, it->parent, above);
		if (!is_asked(run, it->parent, above) ||
		    is_refused_proxy(run, up))
			return false;
		if (up->type != SCRIPT_GROUP && it->type != SCRIPT_DISPLAY &&
		    (!a || a->n == 0))
			return false;
	}
	for (uint32_t k = 0; k < r->n_when; k++) {
		live += !r->when[k].is_dropped;
		met += !r->when[k].is_dropped &&
		       oracle_met(run, i, occ, &r->when[k]);
	}
	return live == 0 || (r->any ? met > 0 : met == live);
}

static void check_state(const struct script_run *run)
{
	for (uint32_t i = 0; i < run->s->n; i++) {
		for (uint32_t k = 0; k < run->items[i].n; k++) {
			const struct node *n = &run->items[i].at[k];
			bool asked = is_asked(run, i, n->occ);
			assert_int_equal(asked, n->enabled || n->is_proxy);
			if (!asked || n->is_proxy)
				assert_false(answer_is_given(&n->answer));
		}
	}
}

/* ---- the way back ----------------------------------------------------- */

static char *answers_text(const struct script_run *run)
{
	struct buf b = {0};
	json_t *list = script_run_answers(run);

	json_canonical(&b, list);
	json_decref(list);
	return (char *)b.data;
}

struct kept {
	struct script_row rows[2000];
	struct buf texts[2000];
	size_t n;
};

static void keep_rows(struct kept *k, const struct script_run *run)
{
	k->n = 0;
	for (uint32_t i = 0; i < run->s->n; i++) {
		for (uint32_t p = 0; p < run->items[i].n; p++) {
			uint32_t occ = run->items[i].at[p].occ;
			struct buf *b = &k->texts[k->n];
			if (!run->items[i].at[p].enabled ||
			    !run->s->items[i].rules->is_question_here)
				continue;
			assert_true(k->n < ARRAY_LEN(k->rows));
			*b = (struct buf){0};
			script_run_row(b, run, i, occ);
			k->rows[k->n++] = (struct script_row){
			    run->s->items[i].link, occ, buf_text(b)};
		}
	}
}

static void check_way_back(const struct script_run *run, struct walk_random *r)
{
	static struct kept kept;
	struct script_run *again = script_run_new(run->s, NULL, 0);
	size_t dropped = 0;
	char *a, *b;

	keep_rows(&kept, run);
	for (size_t i = kept.n; i > 1; i--) {
		size_t k = walk_below(r, (uint32_t)i);
		struct script_row row = kept.rows[k];
		kept.rows[k] = kept.rows[i - 1];
		kept.rows[i - 1] = row;
	}
	assert_int_equal(
	    script_run_restore(again, kept.rows, kept.n, &dropped), 0);
	a = answers_text(run);
	b = answers_text(again);
	assert_string_equal(a, b);
	free(a);
	free(b);
	for (size_t i = 0; i < kept.n; i++)
		buf_fini(&kept.texts[i]);
	script_run_free(&again);
}

/* ---- properties ------------------------------------------------------- */

static void play(const struct script *s, struct walk_random *r)
{
	struct script_run *run = script_run_new(s, NULL, 8 * 3600);
	int limit = (int)script_count(s) * 40 + 40;

	check_state(run);
	for (int i = 0; i < 20 && script_run_count(run) > 0; i++) {
		uint32_t slot = walk_below(r, script_run_count(run));
		struct script_slot at = script_run_slot(run, slot);
		if (walk_below(r, 6) == 0)
			script_run_clear(run, at.item, at.occ);
		else
			walk_answer(run, r, slot);
		check_state(run);
	}
	assert_true(walk_finish(run, r, limit) >= 0);
	check_state(run);
	if (script_run_missing(run, NULL, 0) == 0)
		assert_int_equal(script_run_complete(run), 0);
	check_way_back(run, r);
	script_run_free(&run);
}

static void test_property__random_scripts(void **state)
{
	int n = test_repeat(3000);

	(void)state;
	for (int i = 0; i < n; i++) {
		struct walk_random r = {(uint64_t)i};
		struct buf json = {0};
		struct script *s = NULL;
		walk_script(&json, &r, 4 + walk_below(&r, 30));
		if (script_load(&s, buf_text(&json), json.len, SCRIPT_LENIENT,
			NULL) != 0)
			fail_msg("seed %d: %s", i, err_detail());
		play(s, &r);
		script_free(&s);
		buf_fini(&json);
	}
}

static void test_property__scripts_of_the_program(void **state)
{
	int n = test_repeat(20);

	(void)state;
	for (size_t i = 0; i < asset_total(); i++) {
		const struct asset *a = asset_at(i);
		struct script *s = NULL;
		if (strncmp(a->path, "scripts/", 8) != 0)
			continue;
		assert_int_equal(
		    script_load(&s, a->data, a->len, SCRIPT_STRICT, NULL), 0);
		for (int k = 0; k < n; k++) {
			struct walk_random r = {(uint64_t)k};
			play(s, &r);
		}
		script_free(&s);
	}
}

/* When nothing is open, nothing required is missing but what only a second
 * visit can give: more instances, more values. */
static void test_property__nothing_open_is_nothing_missing(void **state)
{
	int n = test_repeat(2000);

	(void)state;
	for (int i = 0; i < n; i++) {
		struct walk_random r = {(uint64_t)i + 77777};
		struct buf json = {0};
		struct script *s = NULL;
		struct script_run *run;
		walk_script(&json, &r, 20);
		assert_int_equal(script_load(&s, buf_text(&json), json.len,
				     SCRIPT_LENIENT, NULL),
		    0);
		run = script_run_new(s, NULL, 0);
		assert_true(walk_finish(run, &r, 4000) >= 0);
		assert_int_equal(script_run_missing(run, NULL, 0), 0);
		assert_int_equal(script_run_complete(run), 0);
		script_run_free(&run);
		script_free(&s);
		buf_fini(&json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_property__random_scripts),
	    cmocka_unit_test(test_property__scripts_of_the_program),
	    cmocka_unit_test(test_property__nothing_open_is_nothing_missing),
	};

	return cmocka_run_group_tests_name(
	    "script_property", tests, NULL, NULL);
}
