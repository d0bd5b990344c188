/*
 * alarm.h - a terminal that caught its centre at something that no honest
 * and whole one does: another history, a signature that is not its own, a
 * record that does not check. The message is kept as evidence, durably; the
 * alarm stays until the centre has settled with this terminal again. Must
 * not know sessions or screens.
 */
#ifndef SUIFANG_SYNC_ALARM_H
#define SUIFANG_SYNC_ALARM_H

#include "core/base.h"
#include "core/env.h"

struct store;

#define ALARM_EVIDENCE_MAX 64   /* messages kept in all */
#define ALARM_MESSAGE_MAX 65536 /* bytes kept of one */

/* Is a message that was refused with this code the centre's fault? */
bool alarm_is_one(int code);
/* What to tell the person, a gettext key. */
const char *alarm_text(int code);

struct alarm {
	int code;
	int64_t at_s;
	const char *detail; /* for the operator; borrowed */
	const void *message;
	size_t len;
};

/* Keeps the evidence and raises the alarm; durable when it returns 0.
 * Outside any transaction. */
NODISCARD int alarm_raise(struct store *store, const struct alarm *alarm);
/* The same inside the caller's transaction. */
NODISCARD int alarm_keep(struct store *store, const struct alarm *alarm);
/* Lowers it; the evidence stays. Writes nothing where none is raised. */
NODISCARD int alarm_lower(struct store *store);

struct alarm_state {
	int code;       /* raised now; 0: none */
	int64_t last_s; /* of the newest evidence; 0: none */
	uint64_t count; /* messages kept */
};
NODISCARD int alarm_read(struct alarm_state *out, struct store *store);

#endif
