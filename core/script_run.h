/*
 * script_run.h - one call through a script: which questions are asked now,
 * the answers given, and what goes into the log. Pure state: the same
 * answers in any order of arrival give the same run. An item that is not
 * asked holds no answer.
 *
 * A place is (item, occ). occ numbers the repeating ancestors, one base-64
 * digit each; it is 0 where nothing repeats.
 */
#ifndef SUIFANG_SCRIPT_RUN_H
#define SUIFANG_SCRIPT_RUN_H

#include "core/script.h"

#define SCRIPT_TEXT_MAX 1000u   /* characters of a free text */
#define SCRIPT_REPEAT_MAX 63u   /* instances, or values of one answer */
#define SCRIPT_NODES_MAX 50000u /* places of one run */

struct script_run;

/* Why a question has no value. Any of these satisfies `required`; the first
 * two only where a number is asked, none of them in the call's openers. */
enum script_absent {
#define X(name, code, text) SCRIPT_ABSENT_##name,
#include "core/script_absent.def"
#undef X
	SCRIPT_ABSENT_COUNT
};

/* Where a measurement comes from. */
enum script_origin {
	SCRIPT_ORIGIN_NONE,
	SCRIPT_ORIGIN_SELF,   /* measured at home */
	SCRIPT_ORIGIN_CLINIC, /* measured by staff */
	SCRIPT_ORIGIN_RELAYED /* told by somebody else */
};

struct script_answer {
	uint32_t item, occ;
	uint32_t n; /* values; 0 with absent */
	const struct script_value *values;
	enum script_absent absent;
	const char *reason; /* of NOT_ASKED; may be NULL */
	enum script_origin origin;
	int64_t at_s; /* of the measurement; 0 = the time of the call */
};

enum script_slot_state {
	SCRIPT_SLOT_TEXT,     /* group heading or text to read */
	SCRIPT_SLOT_OPEN,     /* to be asked */
	SCRIPT_SLOT_ANSWERED, /* has a value or a reason for none */
	SCRIPT_SLOT_FIXED,    /* read-only or computed; not typed */
	SCRIPT_SLOT_PROXY,    /* only the patient may answer */
	SCRIPT_SLOT_NOT_HERE  /* attachment or reference */
};
struct script_slot {
	uint32_t item, occ;
	enum script_slot_state state;
};

struct script_verdict {
	const char *text; /* message key for tr(); NULL when it was taken */
	bool is_soft;     /* taken when given again with confirmed */
	char bounds[64];  /* "50 - 300 mmHg" where bounds were broken */
};

struct script_progress {
	uint32_t total, answered, absent; /* the call's openers not counted */
};

enum script_status {
	SCRIPT_IN_PROGRESS,
	SCRIPT_COMPLETED,
	SCRIPT_STOPPED
};

/* The script must outlive the run; person's texts too; NULL = unknown. */
struct script_run *script_run_new(
    const struct script *s, const struct script_person *person, int32_t zone_s);
void script_run_free(struct script_run **run);
const struct script *script_run_script(const struct script_run *run);
const struct script_person *script_run_person(const struct script_run *run);

/* The visible places in order, under the answers given so far. */
uint32_t script_run_count(const struct script_run *run);
struct script_slot script_run_slot(const struct script_run *run, uint32_t i);
uint32_t script_run_find(
    const struct script_run *run, uint32_t item, uint32_t occ);
/* The first open slot at or after `from`, else from the start; SCRIPT_NONE
 * when nothing is open. */
uint32_t script_run_next(const struct script_run *run, uint32_t from);

/* NULL when there is none; borrowed until the next change. */
const struct script_answer *script_run_answer(
    const struct script_run *run, uint32_t item, uint32_t occ);

/* Takes an answer. ERR_INVALID: it cannot be (verdict says why); ERR_CHECK:
 * unlikely, repeat with confirmed; ERR_STALE: the item is not asked now. */
NODISCARD int script_run_set(struct script_run *run,
    const struct script_answer *answer, bool confirmed,
    struct script_verdict *verdict);
struct script_place {
	uint32_t item, occ;
	bool confirmed;
};
/* The same from typed text: "1", "1,3", "130", "7.2 mmol/L", "20261122";
 * full-width forms too. Only at_s, origin of `how` are used; may be NULL. */
NODISCARD int script_run_type(struct script_run *run, struct script_place at,
    const char *typed, const struct script_answer *how,
    struct script_verdict *verdict);
/* A reason instead of a value. */
NODISCARD int script_run_absent(struct script_run *run, struct script_place at,
    enum script_absent why, const char *reason, struct script_verdict *v);
void script_run_clear(struct script_run *run, uint32_t item, uint32_t occ);
/* One more instance of a repeating group. ERR_RULE at the limit. */
NODISCARD int script_run_add(
    struct script_run *run, uint32_t item, uint32_t occ);

struct script_progress script_run_progress(const struct script_run *run);
/* Places that keep the run from completing, at most max of them; returns how
 * many there are. */
uint32_t script_run_missing(
    const struct script_run *run, struct script_slot *out, uint32_t max);
/* ERR_RULE while something is missing. */
NODISCARD int script_run_complete(struct script_run *run);
void script_run_stop(struct script_run *run);
enum script_status script_run_status(const struct script_run *run);
/* Option code of the respondent item ("self", "spouse" ...), or "". */
const char *script_run_respondent(const struct script_run *run);

#endif
