/*
 * forward.h - an alert goes to another department or person: who, then why,
 * then one signed entry. Forwarded, it is theirs, who acknowledge it anew, and
 * its clock does not begin again; escalated, it stays where it is and they
 * are whom to ring. Must not know the queue's screen.
 */
#ifndef SUIFANG_TUI_FORWARD_H
#define SUIFANG_TUI_FORWARD_H

#include "core/base.h"
#include "core/id.h"
#include "core/kind.h"

#define FORWARD_QUEUES 16
#define FORWARD_TAKERS 24

struct alert_row;
struct app;

/* What is being asked; kept by the screen, filled by forward_ask. */
struct forward {
	struct app *app;
	enum kind kind;
	struct id patient;
	char ref[REF_TEXT], from[68]; /* the alert and where it is now */
	const char *queues[FORWARD_QUEUES];
	char takers[FORWARD_TAKERS][24];
	int queue_count, taker_count;
	int chosen;
};

/* Asks both, then signs: KIND_ALERT_FORWARDED or KIND_ALERT_ESCALATED. */
void forward_ask(struct forward *f, struct app *app, const struct alert_row *r,
    enum kind kind);

#endif
