/*
 * script_int.h - what the files of the script engine share and nobody else
 * includes: the loaded table with its conditions, and scaled values.
 */
#ifndef SUIFANG_SCRIPT_INT_H
#define SUIFANG_SCRIPT_INT_H

#include "core/buf.h"
#include "core/script.h"

#include <jansson.h>

#define SCRIPT_LEVELS_MAX 5u      /* nested repeats: 5 digits of 6 bits */
#define SCRIPT_OPTIONS_MAX 50000u /* of one script */
#define SCRIPT_LINK_MAX 200u      /* bytes */
#define SCRIPT_CYCLES_MAX 256u

#define EXT_HL7 "http://hl7.org/fhir/StructureDefinition/"
#define EXT_SDC "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
#define EXT_OWN "urn:suifang:ext:"

enum script_op {
	OP_EXISTS,
	OP_EQ,
	OP_NE,
	OP_GT,
	OP_LT,
	OP_GE,
	OP_LE
};

/* One enableWhen. */
struct script_when {
	uint32_t question;
	enum script_op op;
	uint8_t shared; /* repeating ancestors both items have */
	bool is_dropped;
	bool exists; /* of OP_EXISTS */
	struct script_value value;
};

struct script_rules {
	struct script_when *when;
	uint32_t n_when;
	bool any;
	uint32_t pos;  /* among its siblings, for paths */
	uint32_t less; /* must be below this item, or SCRIPT_NONE */
	uint32_t hint; /* child that is read aloud, or SCRIPT_NONE */
	bool is_hint;
	bool is_question_here; /* can be typed on this terminal */
	struct script_value *initial;
	uint32_t n_initial;
	uint32_t *parts; /* items that a score sums */
	uint32_t n_parts;
};

struct script {
	json_t *root;   /* the Questionnaire */
	json_t *bundle; /* that it came in, or NULL */
	json_t *sets;   /* value sets of the program, once asked for */
	struct script_item *items;
	uint32_t n;
	uint32_t *by_link;   /* items in order of linkId */
	uint32_t *order;     /* whatever decides comes before what it decides */
	uint32_t respondent; /* item, or SCRIPT_NONE */
	uint32_t n_options;
	uint32_t n_scores;
	const char *lang; /* of the plain texts: "zh", "en" or "" */
	void **pool;      /* everything else allocated, freed together */
	size_t n_pool, cap_pool;
};

enum script_rule {
#define X(name, rule, grade, text) RULE_##name,
#include "core/script_rule.def"
#undef X
	RULE_COUNT
};

struct loader {
	struct script *s;
	enum script_mode mode;
	struct script_report *report;
	bool is_refused;
};

/* script.c */
void *script_keep(struct script *s, void *p);
const char *script_keep_text(struct script *s, const char *text);
const char *script_ext_text(const json_t *element, enum lang lang);
/* "zh" or "en" of a language code, else "". */
const char *script_lang(const char *code);

/* script_sets.c: borrowed from the script; NULL when there is none. */
const json_t *script_set_find(struct script *s, const char *ref);
/* Takes the one Questionnaire out of a Bundle; false: not exactly one. */
bool script_unbundle(struct script *s);

/* script_check.c: a finding at item i (SCRIPT_NONE: the script itself), with
 * a place below it or NULL. Refuses when the rule's grade says so. */
void script_fault(
    struct loader *ld, uint32_t i, enum script_rule rule, const char *below);
void script_check_head(struct loader *ld);
void script_check_item(struct loader *ld, uint32_t i);
void script_check_links(struct loader *ld);

/* script_item.c */
void script_item_read(struct loader *ld, uint32_t i, const json_t *src);
void script_options_read(struct loader *ld, uint32_t i, const json_t *src);
/* script_when.c: after every linkId is known. */
void script_when_read(struct loader *ld, uint32_t i);
void script_order_make(struct loader *ld);
/* Repeating ancestors that places below two parents have in common. */
uint8_t script_shared(const struct script *s, uint32_t a, uint32_t b);
/* script_score.c */
void script_score_read(struct loader *ld, uint32_t i);

/* Extensions of an element: the first with this url, or NULL; with a cursor
 * (from 0) one after the other. */
const json_t *script_ext(const json_t *element, const char *url);
const json_t *script_ext_next(
    const json_t *element, const char *url, size_t *cursor);

/* ---- script_value.c ---- */

/* A decimal at the start of s; *used bytes. False when there is none or it
 * has more than 15 digits. */
bool script_number_parse(int64_t *num, int *scale, const char *s, size_t *used);
void script_number_text(char out[24], int64_t num, int scale);
int script_number_cmp(int64_t a, int a_scale, int64_t b, int b_scale);
/* From a JSON integer or real, or (dirty) from text that is a number. */
bool script_number_read(
    int64_t *num, int *scale, const json_t *v, bool *is_dirty);
/* From value[x] members of a JSON object: prefix "value", "answer". *key is
 * the member found. Strings are borrowed from it, numbers as they are. */
bool script_value_read(struct script_value *out, const json_t *object,
    const char *prefix, bool *is_dirty);
/* As a member of a JSON object, such as "valueCoding". */
void script_value_write(json_t *object, const struct script_value *v);
/* -1, 0, 1; false when the two cannot be compared. */
bool script_value_cmp(
    int *out, const struct script_value *a, const struct script_value *b);
bool script_value_is_equal(
    const struct script_value *a, const struct script_value *b);
/* Dates and times that exist. */
bool script_value_is_valid(const struct script_value *v);
struct script_value script_value_dup(const struct script_value *v);
void script_value_fini(struct script_value *v);

#endif
