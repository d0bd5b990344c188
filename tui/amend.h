/*
 * amend.h - correcting what was mis-keyed in a call of a patient: the
 * answers are put back into their script, changed by its own rules, judged
 * again, and signed as an amendment. The log keeps both.
 */
#ifndef SUIFANG_TUI_AMEND_H
#define SUIFANG_TUI_AMEND_H

#include "core/base.h"
#include "core/facts.h"
#include "core/id.h"
#include "core/json.h"

struct desk;
struct past;

struct amend {
	struct desk *desk;
	struct past *past;
	json_t *before; /* answers as they were */
};

/* The call of a reference; NULL: the last that asked something.
 * ERR_NOT_FOUND: there is none, or its script is not on this terminal. */
NODISCARD int amend_open(struct amend **out, struct desk *desk,
    const struct id *patient, const char *ref);
void amend_free(struct amend **a);

/* Changed answers, each place whole; an answer that is not asked any more
 * becomes "not asked". New reference; empty when nothing changed. */
json_t *amend_changes(const struct amend *a);

/* What became of alerts. */
struct amend_effect {
	int raised, withdrawn;
	int kept; /* acknowledged already: only the clinician closes them */
};
/* Signs; on success ref is for undo. ERR_INVALID: nothing changed. */
NODISCARD int amend_save(char ref[REF_TEXT], struct amend *a,
    const char *reason, struct amend_effect *effect);

#endif
