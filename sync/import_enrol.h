/*
 * import_enrol.h - an imported person becomes a save: registered or added
 * to, put on the pathways that fit, given to an agent (import_assign.h).
 * Reads the store, decides, and builds the draft; the caller signs it (or
 * prints it, for a dry run). Knows no file format.
 *
 * A file never overrules a person: what agents have corrected stays. A later
 * import adds what is new (measurements, conditions, numbers, a death) and
 * tells which of the rest differs.
 *
 * Facts that pathways are asked with: "condition" and "procedure" (every
 * code of each, as text), "age", "sex" (m, f, o), "discharge" (end of
 * the latest stay in hospital), "finding" (a condition of ICD-10 chapter R,
 * or one recorded on the day of a visit to a health examination centre).
 * Risk and tags follow (core/profile.h) with the measurements and stays of the
 * file besides.
 * Pathways that count from enrolment count from the patient's latest visit
 * or measurement of the last 90 days, else from today.
 */
#ifndef SUIFANG_IMPORT_ENROL_H
#define SUIFANG_IMPORT_ENROL_H

#include "core/base.h"
#include "core/draft.h"
#include "core/env.h"
#include "sync/import.h"

struct pathway_set;
struct profile_tables;
struct pinyin_engine;
struct import_wishes;
struct store;

struct import_site {
	struct store *store;
	const struct env *env;
	const struct pathway_set *pathways;
	const struct profile_tables *tables; /* or NULL: no risk, no tags */
	const struct pinyin_engine *pinyin;
	int32_t zone_s;
	struct id team; /* zeros: only those in wishes are assigned */
	struct import_wishes *wishes; /* or NULL */
	const char *source; /* of the patients, such as the hospital's name */
};

enum import_change {
	IMPORT_SAME,
	IMPORT_NEW,
	IMPORT_ADDED
};

struct import_result {
	enum import_change change;
	struct id stream;
	size_t added[5]; /* items, by enum import_kind */
	size_t enrolled; /* pathways entered */
	size_t left;     /* pathways left, by death */
	bool has_member;
	char member[17];
	bool differs; /* name, sex or birth day are other than registered */
};

/*
 * Fills an empty draft; it stays empty for IMPORT_SAME. The caller frees it.
 * Saves must follow in order, since loads are counted from the store.
 * ERR_STALE: two registered patients carry this person's identifiers;
 * ERR_NOT_FOUND: a person whom the files only refer to is not registered;
 * otherwise errors of the store.
 */
NODISCARD int import_enrol(struct draft *out, struct import_result *result,
    const struct import_site *site, const struct import_patient *patient);

#endif
