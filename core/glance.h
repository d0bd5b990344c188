/*
 * glance.h - what a glance at a patient shows beside the record itself: the
 * newest value of each measurement with the one before it, and how the last
 * alert went. Reads little, for it is read at every move through a list.
 */
#ifndef SUIFANG_GLANCE_H
#define SUIFANG_GLANCE_H

#include "core/base.h"
#include "core/id.h"

struct store;

struct glance_value {
	char code[36];
	int64_t at_s, value; /* value and before at scale */
	int scale;
	bool has_before;
	int64_t before;
};

/* By code, at most max; returns how many, or an error. */
int glance_values(struct glance_value *out, int max, struct store *store,
    const struct id *patient);

/* The newest alert that was not withdrawn. */
struct glance_loop {
	int alerts, closed; /* 0 alerts: the rest is empty */
	char text_zh[208], text_en[208], queue[68];
	int64_t at_s, acked_s, closed_s; /* 0: not yet */
	int64_t handled_s;
	char answer[408]; /* of who handled it, and by whom */
	char by[96], by_en[96];
};
NODISCARD int glance_loop(
    struct glance_loop *out, struct store *store, const struct id *patient);

#endif
