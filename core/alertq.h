/*
 * alertq.h - red flags as a queue with clocks: who must act, by when, and
 * where each stands in the closed loop 发现-反馈-处理-跟踪 (raised, delivered
 * and acknowledged, handled, verified and closed). Reads only.
 */
#ifndef SUIFANG_ALERTQ_H
#define SUIFANG_ALERTQ_H

#include "core/base.h"
#include "core/id.h"

struct store;

enum alert_state {
	ALERT_UNDELIVERED, /* the centre has no receipt for it yet */
	ALERT_OPEN,        /* delivered, nobody has acknowledged */
	ALERT_ACKED,
	ALERT_HANDLED, /* waits for the verifying call */
	ALERT_VERIFIED,
	ALERT_CLOSED,
	ALERT_WITHDRAWN /* the answer was corrected before anybody took it */
};

struct alert_row {
	struct id patient;
	char ref[REF_TEXT], no[36], level[16];
	char text_zh[208], text_en[208], instruction_zh[408],
	    instruction_en[408];
	char queue[68], owner[20], by[20], value[208], rule[68], version[36];
	char name[96], name_en[96], told_who[68];
	char initials[36], pinyin[96]; /* of the patient */
	char owner_name[96], owner_name_en[96];
	int64_t at_s, due_s, told_s, acked_s, handled_s, escalated_s;
	int64_t forwarded_s; /* not 0: who it went to has not acknowledged */
	/* 0: not yet. What was corrected after its call, or after somebody
	 * had taken it, ends when a person closes it. */
	int64_t ended_s, corrected_s;
	enum alert_state state;
	bool late;
};

struct alert_filter {
	const struct id *patient; /* NULL: everybody */
	/* Theirs, and what nobody owns in their departments; NULL:
	 * everybody's. */
	const char *owner;
	bool with_closed;
	int64_t ended_s; /* not 0: only those ended since, newest first */
};

/* By clock: unacknowledged first, then by deadline. At most max. Returns how
 * many, or an error. */
int alertq_read(struct alert_row *out, int max, struct store *store,
    const struct alert_filter *filter);

/* The queue since a moment: loops closed, loops still open, and the median
 * time from an alert to its close (0: none closed). owner NULL: everybody. */
struct alert_day {
	int closed, open;
	int64_t median_s;
};
NODISCARD int alertq_day(struct alert_day *out, struct store *store,
    const char *owner, int64_t from_s);

struct alert_step {
	int64_t at_s;
	char what[16]; /* raised told acknowledged handled ... */
	char text[408], member[20];
	/* forwarded, escalated: to a member, a department or in words */
	char whom[68], whom_name[96], whom_name_en[96], whom_phone[36];
	bool is_received; /* by the centre */
};
int alertq_steps(struct alert_step *out, int max, struct store *store,
    const struct alert_row *alert);

/* Somebody else who could take it: who has, or will be given, the patient. */
struct alert_taker {
	char member[24], name[96], name_en[96], queues[204];
};
/* Its owner is left out. */
int alertq_takers(struct alert_taker *out, int max, struct store *store,
    const struct alert_row *alert);
/* What is typed is part of the patient's name, head of the initials or the
 * pinyin, or part of the number, the cause, the owner or the department's
 * name, which is given. */
bool alertq_matches(
    const struct alert_row *row, const char *queue_name, const char *typed);

#endif
