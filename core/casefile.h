/*
 * casefile.h - what one patient's record shows: person, numbers, diagnoses,
 * what is due, the last contact, series of a measurement, the history and
 * the signed entries behind it. Reads only; borrows nothing from the store
 * after it returns.
 */
#ifndef SUIFANG_CASEFILE_H
#define SUIFANG_CASEFILE_H

#include "core/base.h"
#include "core/id.h"

struct store;

#define CASE_PHONES 8
#define CASE_TEXTS 16
#define CASE_DUES 8
#define CASE_TAGS 24
#define CASE_SCORES 12

struct case_phone {
	char number[36], relation[36], name[68];
	bool consent, retired;
};

struct case_text {
	char text[200];
	char more[100]; /* a dose */
	int64_t day;    /* 0: unknown */
};

struct case_due {
	char pathway[64], pathway_version[36], step[64], script[96];
	int64_t open_day, due_day, close_day;
	int minutes, attempts;
	int64_t not_before_s;
	char rule[64], rule_version[36], why_zh[208], why_en[208];
	int64_t anchor_day;
	char inputs[500];  /* "8480-6 150, ...": what the rule saw */
	char enrolled[36]; /* version the patient is on; "" not known */
};

struct case_contact {
	int64_t at_s; /* 0: never called */
	char disposition[36], class[16], ref[REF_TEXT];
	bool reached, completed;
	char note[600];
	int talk_s, number; /* index of the number dialled */
};

/* The level of risk as it is recorded. */
struct case_risk {
	char level[8];    /* "high", "mid", "low"; "" none yet */
	char rule[64];    /* "" where a person set it */
	char version[36]; /* of the rule */
	char reason[804]; /* ids of rules, or the person's words */
	char why_zh[304], why_en[304], inputs[500];
	char member[24]; /* who recorded it */
	int64_t at_s;
};

struct case_tag {
	char tag[68], name_zh[100], name_en[100], why_zh[304], why_en[304];
	char rule[64], version[36]; /* "" where a person set it */
	int64_t until_day;          /* 0: until it is taken away */
};

/* A total that a contact recorded, the newest of its score. */
struct case_score {
	char score[64], version[36], inputs[500];
	int64_t total, at_s;
};

struct casefile {
	struct id patient;
	char name[96], name_en[96], id_no[36], address[208], dialect[36],
	    hearing[68], best_time[68], language[36], education[36],
	    occupation[68], department[68], doctor[68];
	char sex; /* 'm', 'f' or 0 */
	bool has_birth, is_dead;
	int64_t birth_day;
	struct case_phone phones[CASE_PHONES];
	int phone_count;
	struct case_text conditions[CASE_TEXTS], procedures[CASE_TEXTS],
	    medications[CASE_TEXTS];
	int condition_count, procedure_count, medication_count;
	struct case_due dues[CASE_DUES];
	int due_count;
	struct case_risk risk;
	struct case_tag tags[CASE_TAGS];
	struct case_score scores[CASE_SCORES];
	int tag_count, score_count;
	struct case_contact last;
};

/* *out is freed with casefile_free. ERR_NOT_FOUND: not on this terminal. */
NODISCARD int casefile_load(
    struct casefile **out, struct store *store, const struct id *patient);
void casefile_free(struct casefile **file);

/* "138****4802"; short numbers keep their last two digits. */
void case_mask(char *out, size_t size, const char *number);

struct case_point {
	int64_t at_s, value;
	int scale;
	char unit[24];
	char source[12];    /* "lab", "clinic", "home", "import" ... */
	char ref[REF_TEXT]; /* of the entry that has it */
	bool is_call;       /* that entry is a contact */
};
/* Newest first, at most max; returns how many, or an error. */
int case_series(struct case_point *out, int max, struct store *store,
    const struct id *patient, const char *code);

/* Where the values of a measurement are from. */
struct case_sources {
	int calls, imports;
	int64_t imported_s; /* the patient's last import; 0: none */
};
NODISCARD int case_sources(struct case_sources *out, struct store *store,
    const struct id *patient, const char *code);

/* One line of the follow-up history. */
struct case_event {
	int64_t at_s;
	char what[12]; /* contact alert note callback visit */
	char ref[200];
	char a[208], b[600]; /* disposition and note, texts zh and en ... */
	struct id seat;
	bool late, again; /* again: said anew, after a branch */
};
/* Newest first; those older than *before, or all when it is NULL. */
int case_history(struct case_event *out, int max, struct store *store,
    const struct id *patient, const struct case_event *before);

#endif
