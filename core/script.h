/*
 * script.h - what a follow-up call asks: a FHIR R4 Questionnaire as a flat
 * table of items in document order. Knows nothing of a call in progress
 * (script_run.h), of storage or of the screen. Numbers are scaled integers:
 * value = num / 10^scale, at most 15 digits and scale 9. All text is borrowed
 * from the script and lives as long as it does. Format and own extensions:
 * docs/SCRIPTS.md.
 */
#ifndef SUIFANG_SCRIPT_H
#define SUIFANG_SCRIPT_H

#include "core/base.h"
#include "core/tr.h"

#define SCRIPT_BYTES_MAX (4u << 20)
#define SCRIPT_ITEMS_MAX 10000u
#define SCRIPT_NONE UINT32_MAX /* no item, no slot */

/* STRICT to publish: any broken rule refuses. LENIENT to import: a broken
 * rule is repaired and reported where that can be done honestly. */
enum script_mode {
	SCRIPT_STRICT,
	SCRIPT_LENIENT
};

enum script_type {
#define X(name, code) SCRIPT_##name,
#include "core/script_type.def"
#undef X
	SCRIPT_TYPE_COUNT
};

/* What an item is for in the call itself (extension role). */
enum script_role {
	SCRIPT_ROLE_NONE,
	SCRIPT_ROLE_IDENTITY,
	SCRIPT_ROLE_RECORDING,
	SCRIPT_ROLE_RESPONDENT
};

/* BOOLEAN INTEGER DECIMAL QUANTITY use num (QUANTITY also code: UCUM, text:
 * unit as shown); CHOICE is a coding (text = display); the rest is text
 * (dates as FHIR writes them). */
struct script_value {
	enum script_type type;
	int scale;
	int64_t num;
	const char *text, *code, *system;
};

struct script_option {
	struct script_value value;
	const char *key; /* what the agent types: "1", or the optionPrefix */
	int64_t weight;  /* ordinalValue or itemWeight */
	int weight_scale;
	bool has_weight;
	bool is_exclusive; /* excludes all other options */
	bool is_initial;
	bool is_danger; /* marked as an emergency answer */
	const void *src;
};

/* Inclusive; where has is false there is no such bound. */
struct script_bound {
	bool has;
	struct script_value at;
};

struct script_item {
	const char *link;
	/* "" where there is none: "1.1", itemControl code, unit as shown,
	 * first item.code and its system. */
	const char *prefix, *control, *unit, *code, *code_system;
	enum script_type type;
	enum script_role role;
	uint32_t parent; /* SCRIPT_NONE at the top */
	uint32_t end;    /* index after the last descendant */
	uint32_t n_options;
	uint32_t n_units;
	uint32_t min_occurs, max_occurs; /* max 0 = no limit */
	uint32_t max_length;             /* characters; 0 = no limit */
	uint8_t depth;
	uint8_t levels; /* repeating ancestors: digits of an occurrence */
	bool required, repeats, read_only, hidden;
	bool is_self_report; /* a proxy may not answer */
	bool is_measured;    /* carries time and source */
	bool is_one_line;    /* group shown as one row: 128 / 82 */
	bool is_computed;    /* a native score sum */
	bool is_uncomputed;  /* has an expression that is not computed */
	bool is_level;       /* its children are numbered once more */
	struct script_bound min, max, soft_min, soft_max;
	const struct script_option *options;
	const struct script_option *units; /* value = coding of the unit */
	const char *entry_format;
	struct script_rules *rules; /* of the loader, as are src above */
	const void *src;
};

struct script;

#define SCRIPT_FINDINGS_MAX 64
/* rule is the name of an invariant ("que-2") or of a check of our own. */
struct script_finding {
	const char *rule;
	char path[120];   /* such as item[3].item[0].enableWhen[1] */
	const char *text; /* message key for tr() */
	bool is_fatal;    /* the script was refused for this */
	bool is_note;     /* nothing was changed */
};
struct script_report {
	size_t n;       /* kept below, at most SCRIPT_FINDINGS_MAX */
	size_t n_total; /* found */
	struct script_finding at[SCRIPT_FINDINGS_MAX];
};

/* Who is called; for the wording. age < 0 and empty texts: unknown. sex is
 * 'm', 'f' or 0; education none, primary, secondary or tertiary. */
struct script_person {
	int age;
	char sex;
	const char *education, *occupation, *department;
};

/* *out is freed with script_free. report may be NULL. ERR_INVALID when a
 * rule refuses it (see the report), else the errors of json_load. */
NODISCARD int script_load(struct script **out, const char *json, size_t n,
    enum script_mode mode, struct script_report *report);
void script_free(struct script **script);

/* "" where the file has none. */
const char *script_id(const struct script *s);
const char *script_url(const struct script *s);
const char *script_version(const struct script *s);
const char *script_title(const struct script *s, enum lang lang);
const char *script_source(const struct script *s, enum lang lang);

uint32_t script_count(const struct script *s);
const struct script_item *script_item(const struct script *s, uint32_t i);
/* SCRIPT_NONE when there is no such linkId. */
uint32_t script_find(const struct script *s, const char *link);

/* The words for a person; person may be NULL. */
const char *script_text(const struct script *s, uint32_t i, enum lang lang,
    const struct script_person *person);
/* What the agent reads aloud, or "": the item's child of control help. */
const char *script_hint(const struct script *s, uint32_t i, enum lang lang,
    const struct script_person *person);
const char *script_option_text(const struct script_option *o, enum lang lang);

#endif
