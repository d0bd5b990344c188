/*
 * hours.h - when people may be called: the site's quiet hours and holidays,
 * a patient's own hours, and how often one patient may be contacted. All of
 * it settings kept as data; times of day are minutes since local midnight.
 */
#ifndef SUIFANG_HOURS_H
#define SUIFANG_HOURS_H

#include "core/base.h"
#include "core/content.h"

#define HOURS_SPANS_MAX 8
#define HOURS_STEP_MIN 15 /* spans begin and end on these */

/* From inclusive, to exclusive; a span over midnight has to < from. */
struct span {
	int from_min;
	int to_min;
	/* Bit 0 Monday .. bit 6 Sunday; 0 means every day. */
	unsigned weekdays;
};

struct holiday {
	int64_t first_day;
	int64_t last_day;
	struct words name;
};

/* Settings of a site. */
struct hours {
	struct content_head head;
	json_t *root;
	int32_t zone_s;    /* seconds east of UTC */
	unsigned weekdays; /* on which calls are made */
	struct span quiet[HOURS_SPANS_MAX];
	size_t n_quiet;
	struct span slots[HOURS_SPANS_MAX]; /* parts of a working day */
	size_t n_slots;
	int cap_attempts_day; /* dialled, to one patient */
	int cap_contacts;     /* reached, within cap_days */
	int cap_days;
	struct holiday *holidays;
	size_t n_holidays;
	json_t *holiday_root;
};

enum hours_reason {
	HOURS_OK,
	HOURS_DO_NOT_CALL,
	HOURS_QUIET,
	HOURS_HOLIDAY,
	HOURS_DAY_OFF,
	HOURS_PATIENT, /* outside the hours the patient asked for */
	HOURS_CAP_DAY,
	HOURS_CAP_CONTACTS,
	HOURS_REASONS
};

/* Who is to be called, and what has been tried. */
struct hours_person {
	bool is_do_not_call;
	/* Spans in which the patient wants calls; none: any time. */
	struct span wants[HOURS_SPANS_MAX];
	size_t n_wants;
	int attempts_today;
	int contacts_recent; /* reached within cap_days */
	/* When the oldest of them leaves the cap; 0: unknown. */
	int64_t cap_free_s;
};

/* Why a call is allowed that otherwise would not be. */
enum hours_pass {
	HOURS_NO_PASS,
	HOURS_OVERRIDE, /* a person gave a reason; not for do-not-call */
	HOURS_EMERGENCY
};

struct hours_verdict {
	bool may;
	enum hours_reason reason;
	int64_t next_s; /* the first moment that may be; 0: never, or unknown */
};

/* Parses settings; holiday_json may be NULL. ERR_INVALID. */
NODISCARD int hours_parse(struct hours **out, const char *json, size_t n);
NODISCARD int hours_add_holidays(struct hours *h, const char *json, size_t n);
/* Those that came with the program. */
NODISCARD int hours_load(struct hours **out);
void hours_free(struct hours **h);

/* NULL person: nobody in particular. */
void hours_may_call(struct hours_verdict *out, const struct hours *h,
    const struct hours_person *person, int64_t now_s, enum hours_pass pass);

/* The first moment not before at_s in which a call may be made, caps not
 * regarded; at_s itself when there is none within 60 days. */
int64_t hours_next(
    const struct hours *h, const struct hours_person *person, int64_t at_s);

/* Index of the part of the day, or -1 outside all. */
int hours_slot(const struct hours *h, int64_t at_s);
/* NULL when the day is none. */
const struct holiday *hours_holiday(const struct hours *h, int64_t day);

/* Text for tr_pick(). */
const struct words *hours_reason_words(enum hours_reason reason);

/* "HH:MM" on a quarter of an hour, 00:00..24:00. */
bool hours_parse_time(int *out_min, const char *text);

#endif
