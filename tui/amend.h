/*
 * amend.h - correcting what was mis-keyed in a call of a patient: the
 * answers are put back into their script, changed by its own rules, judged
 * again, and signed as an amendment. The log keeps both. All that a signature
 * would bring is told before it: what is told and what is signed is one draft.
 */
#ifndef SUIFANG_TUI_AMEND_H
#define SUIFANG_TUI_AMEND_H

#include "core/alertq.h"
#include "core/base.h"
#include "core/casefile.h"
#include "core/draft.h"
#include "core/id.h"
#include "core/json.h"

struct desk;
struct pager;
struct past;

struct amend {
	struct desk *desk;
	struct past *past;
	json_t *before; /* answers as they were */
	bool *was_open; /* by item: it was asked */
};

/* The call of a reference; NULL: the last that asked something.
 * ERR_NOT_FOUND: there is none, or its script is not on this terminal. */
NODISCARD int amend_open(struct amend **out, struct desk *desk,
    const struct id *patient, const char *ref);
void amend_free(struct amend **a);

/* Changed answers, each place whole; an answer that is not asked any more
 * becomes "not asked". New reference; empty when nothing changed. */
json_t *amend_changes(const struct amend *a);

/* The answers among these of the place of one of them. New reference. */
json_t *amend_of_place(const json_t *answers, const json_t *place);
/* No earlier one is of the same place. */
bool amend_is_first(const json_t *answers, size_t i);

/* What becomes of an alert of the call whose rule holds no more. */
enum amend_fate {
	AMEND_WITHDRAWN, /* nobody had taken it: its clocks stop */
	AMEND_KEPT,      /* somebody has: it stays, and shows the correction */
	AMEND_CLOSED     /* its loop is closed: nothing happens */
};
struct amend_alert {
	struct alert_row row;
	enum amend_fate fate;
};

struct amend_effect {
	int raised, withdrawn;
	int kept;  /* acknowledged already: only the clinician closes them */
	int moved; /* pathways whose next contact is decided anew */
};

/* A correction as it would be signed. */
struct amend_made {
	struct draft draft;
	json_t *changes;
	struct amend_effect effect;
	struct amend_alert *alerts;
	int alert_count;
	/* Next contacts that are decided anew, and the days they were on. */
	struct case_due next[CASE_DUES];
	int64_t was_day[CASE_DUES];
	int next_count;
	bool is_last;     /* risk and tags follow from the last call alone */
	bool keeps_level; /* which a call that was cut short would put lower */
};

/* ERR_INVALID: nothing changed. */
NODISCARD int amend_make(
    struct amend_made *out, struct amend *a, const char *reason);
void amend_made_fini(struct amend_made *made);

/* All of it in words; needs no room but the pager's. */
void amend_tell(
    struct pager *out, const struct amend *a, const struct amend_made *made);
/* "Chest pain: yes -> no; ..." for who reads the alert. */
void amend_change_text(
    char *out, size_t size, const struct amend *a, const json_t *changes);

/* Signs; on success ref is for undo. ERR_INVALID: nothing changed. */
NODISCARD int amend_save(char ref[REF_TEXT], struct amend *a,
    const char *reason, struct amend_effect *effect);

#endif
