/*
 * fuzz_script.c - a hostile questionnaire: refused in strict mode or the same
 * as in lenient mode; a call through it takes what is typed or says no, never
 * shows a place twice, and its rows bring it back.
 */
#include "tests/fuzz/fuzz.h"

#include "core/json.h"
#include "core/script_merge.h"
#include "core/script_out.h"

#define STEPS 24
#define ROWS 64

/* Types a few bytes of the input at the places they choose. */
static void play(struct script_run *run, const uint8_t *data, size_t n)
{
	for (size_t i = 0; i + 1 < n && i < STEPS && script_run_count(run);
	     i++) {
		struct script_slot slot =
		    script_run_slot(run, data[i] % script_run_count(run));
		struct script_place at = {slot.item, slot.occ, true};
		char typed[8] = {0};
		memcpy(typed, data + i + 1, n - i - 1 < 5 ? n - i - 1 : 5);
		if (script_run_type(run, at, typed, NULL, NULL) != 0 &&
		    script_run_type(run, at, "1", NULL, NULL) != 0 &&
		    script_run_add(run, slot.item, slot.occ) != 0)
			script_run_clear(run, slot.item, slot.occ);
	}
}

static void check_slots(const struct script_run *run)
{
	for (uint32_t i = 0; i < script_run_count(run) && i < 200; i++) {
		struct script_slot s = script_run_slot(run, i);
		FUZZ_HOLDS(script_run_find(run, s.item, s.occ) == i);
		FUZZ_HOLDS((s.state == SCRIPT_SLOT_ANSWERED) <=
			   (script_run_answer(run, s.item, s.occ) != NULL));
		FUZZ_HOLDS(s.state != SCRIPT_SLOT_PROXY ||
			   !script_run_answer(run, s.item, s.occ));
	}
}

static void check_rows(const struct script_run *run)
{
	const struct script *s = script_run_script(run);
	struct script_run *again = script_run_new(s, NULL, 0);
	struct script_row rows[ROWS];
	struct buf texts[ROWS] = {0};
	size_t n = 0;

	for (uint32_t i = 0; i < script_run_count(run) && n < ROWS; i++) {
		struct script_slot slot = script_run_slot(run, i);
		if (slot.state != SCRIPT_SLOT_ANSWERED)
			continue;
		script_run_row(&texts[n], run, slot.item, slot.occ);
		rows[n].link = script_item(s, slot.item)->link;
		rows[n].occ = slot.occ;
		rows[n].json = buf_text(&texts[n]);
		n++;
	}
	FUZZ_HOLDS(script_run_restore(again, rows, n, NULL) == 0);
	while (n > 0)
		buf_fini(&texts[--n]);
	script_run_free(&again);
}

static void use(const struct script *s, const uint8_t *data, size_t n)
{
	struct script_head head = {.authored_s = 0};
	struct script_run *run = script_run_new(s, NULL, 28800);
	struct buf out = {0};
	struct facts facts = {0};
	json_t *list, *response;

	play(run, data, n);
	check_slots(run);
	check_rows(run);
	list = script_run_answers(run);
	json_canonical(&out, list);
	response = script_run_response(run, &head);
	script_run_facts(&facts, run, 0);
	FUZZ_HOLDS(script_run_missing(run, NULL, 0) <= script_run_count(run));
	facts_fini(&facts);
	json_decref(response);
	json_decref(list);
	buf_fini(&out);
	script_run_free(&run);
}

/* Whatever is strictly valid goes together with itself: each question once
 * for both, and what is answered is complete in both. */
static void merge(const struct script *s, const uint8_t *data, size_t n)
{
	const struct script *two[2] = {s, s};
	struct script_merged *m = NULL;
	struct script_run *run, *own = NULL;
	struct script_zone of = {1, 28800};

	if (script_merge(&m, two, 2) < 0)
		return;
	run = script_run_new(script_merged_script(m), NULL, 28800);
	play(run, data, n);
	json_decref(script_merged_answers(m, run));
	FUZZ_HOLDS(script_merged_run(&own, m, run, of) == 0);
	script_run_free(&own);
	script_run_free(&run);
	script_merged_free(&m);
}

/* The last bytes are what is typed, the rest is the script. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	struct script *strict = NULL, *lenient = NULL;
	struct script_report report;
	bool is_strict;

	is_strict = script_load(&strict, text, n, SCRIPT_STRICT, &report) == 0;
	FUZZ_HOLDS(
	    report.n <= SCRIPT_FINDINGS_MAX && report.n <= report.n_total);
	if (script_load(&lenient, text, n, SCRIPT_LENIENT, &report) == 0) {
		FUZZ_HOLDS(!is_strict ||
			   script_count(strict) == script_count(lenient));
		use(lenient, data + n / 2, n - n / 2);
		if (is_strict)
			merge(strict, data + n / 2, n - n / 2);
	} else {
		FUZZ_HOLDS(!is_strict);
	}
	script_free(&strict);
	script_free(&lenient);
	return 0;
}
