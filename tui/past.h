/*
 * past.h - a call that is over, read back: its answers put into their scripts
 * again, who made it, how it ended, where its record is. What is shown and
 * what is corrected is the same thing. Reads only.
 */
#ifndef SUIFANG_TUI_PAST_H
#define SUIFANG_TUI_PAST_H

#include "core/base.h"
#include "core/casefile.h"
#include "core/id.h"
#include "core/script_run.h"
#include "core/tr.h"

struct desk;
struct script_merged;

struct past {
	struct desk *desk;
	struct casefile *file;
	char ref[REF_TEXT], member[24];
	char disposition[36], respondent[36], class[16], version[36];
	char note[2000], recording[200], recording_hash[HASH_HEX];
	int64_t at_s, started_s, ended_s;
	int number; /* of the patient's numbers, from 0 */
	bool reached, completed, interrupted, stopped, late;
	bool is_received; /* the centre has a receipt for it */
	int64_t pos;      /* in the order; -1: no place yet */
	/* The last correction; amended_s 0: none. */
	int64_t amended_s;
	char amended_by[24];
	/* The first is the one that history names. */
	char asked[CASE_DUES][96];
	char asked_version[CASE_DUES][36];
	int asked_count;
	/* All of them as one; run NULL: a script is not on this terminal. */
	struct script_merged *merged;
	const struct script *script;
	struct script_person person;
	struct script_run *run;
	bool *corrected; /* by item of the whole */
	char **labels;   /* by item, in the language of the screen */
	enum lang labels_lang;
	size_t dropped; /* answers whose question these scripts do not have */
};

/* ref NULL: the last call that asked something. ERR_NOT_FOUND: none. */
NODISCARD int past_open(struct past **out, struct desk *desk,
    const struct id *patient, const char *ref);
void past_free(struct past **past);

/* Where an answer "link" or "link@2" of one of its scripts is asked in the
 * whole; SCRIPT_NONE: nowhere. Only with a run. */
uint32_t past_item(
    const struct past *past, const char *script, const char *link);

/* A question as a list of answers names it: its number or that of its group,
 * its words, and where another question has the same words, whose they are.
 * Borrowed until the next call. Only with a run. */
const char *past_label(struct past *past, uint32_t item);
void past_label_forget(struct past *past);

/* Was the alert raised by this call? It may come shortly after it. */
struct alert_row;
bool past_has_alert(const struct past *past, const struct alert_row *alert);

/* NULL when this person may correct it; else the reason, translated. */
const char *past_why_fixed(const struct past *past);

#endif
