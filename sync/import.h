/*
 * import.h - people and their history read from files of other systems into
 * plain rows, before anything is signed: what was understood, what was passed
 * over, and what could not be read and why. Pure: text in, rows out. Knows
 * no ledger, no store and no file; whoever calls it reads the files.
 *
 * A batch takes files in any order (observations before patients too) and
 * import_finish ties references together. Rows and their texts belong to the
 * batch and live until import_free.
 */
#ifndef SUIFANG_IMPORT_H
#define SUIFANG_IMPORT_H

#include "core/base.h"

#define IMPORT_FILE_MAX (256u << 20) /* bytes of one file */
#define IMPORT_LINE_MAX (16u << 20)  /* bytes of one NDJSON line */
#define IMPORT_CODES 4

enum import_kind {
	IMPORT_CONDITION,
	IMPORT_PROCEDURE,
	IMPORT_OBSERVATION,
	IMPORT_ENCOUNTER,
	IMPORT_MEDICATION
};

struct import_code {
	const char *system; /* "icd10" "icd9" "snomed" "loinc" "atc" or a URI */
	const char *code;
};

/* One thing that happened to a patient. Texts are never NULL. */
struct import_item {
	enum import_kind kind;
	const char *key; /* stable over imports; "" when the source has none */
	struct import_code codes[IMPORT_CODES];
	size_t code_count;
	const char *text;   /* name of the condition, drug, visit */
	const char *status; /* as the source says: active, resolved, AMB */
	const char *detail; /* dosage, value in words, department */
	int64_t at_s;       /* onset, measurement, start; see has_time */
	int64_t day;        /* of at_s in the zone of the batch */
	int64_t end_s;      /* of an encounter or procedure; 0 unknown */
	bool has_time;
	bool has_value;
	int64_t value; /* at scale decimals, canonical unit of core/unit.h */
	int scale;
	const char *unit;
	size_t order; /* of arrival in the batch */
};

struct import_identifier {
	const char *system;
	const char *value;
	const char *type; /* "MR", "NI", ... or "" */
};

/* A number is digits with an optional leading +, nothing else. */
struct import_phone {
	const char *number;
	const char *relation; /* "" for the patient's own */
	const char *name;     /* of the relative, or "" */
};

struct import_patient {
	const char *key; /* "system|value": the same person has the same key */
	const char *name;
	const char *spelled; /* Latin form that the source gave, or "" */
	const char *sex;     /* "M" "F" "O" or "" */
	const char *language;
	const char *address;
	int64_t birth_day;
	int64_t deceased_day; /* valid when is_deceased; 0 unknown */
	bool has_birth;
	bool is_deceased;
	bool is_reference; /* only named by others; must be registered */
	struct import_identifier *ids;
	size_t id_count;
	struct import_phone *phones;
	size_t phone_count;
	struct import_item *items; /* in order of kind, time, arrival */
	size_t item_count;
};

/* One thing that could not be read. */
struct import_problem {
	const char *file;
	const char *where; /* "line 3" or "entry[7].resource.birthDate" */
	const char *why;   /* English key of the catalogue, for tr() */
	const char *detail;
	const char *original; /* the resource as JSON, or "" */
};

/* What became of the resources of one type. */
struct import_count {
	const char *type;
	size_t seen;
	size_t taken;
	size_t passed_over; /* a type or a state nobody asked for */
	size_t broken;      /* in the problem list */
	bool is_known;      /* a type this importer reads */
};

/* One file, read whole by the caller. */
struct import_text {
	const char *name; /* shown in the problem list */
	const char *text;
	size_t n;
};

struct import_batch;

/* zone_s: seconds east of UTC for times that name no zone. */
struct import_batch *import_new(int32_t zone_s);
void import_free(struct import_batch **b);

/* Reads one file: a Bundle, one resource, or NDJSON. Returns 0, or
 * ERR_QUARANTINED when something in it went to the problem list; the rest of
 * it is in the batch all the same. Source: HL7 FHIR R4, Bulk Data Access. */
NODISCARD int import_fhir(
    struct import_batch *b, const char *file, const char *text, size_t n);

/* Ties items to patients; what refers to nobody goes to the problem list.
 * Call once, after the last file. */
NODISCARD int import_finish(struct import_batch *b);

size_t import_patient_count(const struct import_batch *b);
const struct import_patient *import_patient_at(
    const struct import_batch *b, size_t i);
size_t import_problem_count(const struct import_batch *b);
const struct import_problem *import_problem_at(
    const struct import_batch *b, size_t i);
/* In order of type name. */
size_t import_type_count(const struct import_batch *b);
const struct import_count *import_type_at(
    const struct import_batch *b, size_t i);

#endif
