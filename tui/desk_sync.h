/*
 * desk_sync.h - sync as the title bar and the sync screen say it. The program
 * fills it in shift.c, tests as they like. Plain data; times in seconds.
 */
#ifndef SUIFANG_TUI_DESK_SYNC_H
#define SUIFANG_TUI_DESK_SYNC_H

#include "core/base.h"

struct desk_sync {
	bool is_online;
	bool is_connecting;
	bool is_current;      /* online and nothing under way */
	uint64_t unsent;      /* saved here, no receipt yet */
	uint64_t given;       /* receipts since something waits */
	uint64_t taken;       /* of a long list: how many came */
	uint64_t in_feed;     /* and how many are to come; 0: no list */
	int64_t heard_s;      /* last word of the centre; 0: never */
	int rtt_ms;           /* -1: unknown */
	bool is_recovering;   /* the centre was restored; not complete yet */
	int alarm;            /* what the centre was caught at, or 0 */
	int refusal;          /* why it turned this terminal away, or 0 */
	bool clock_is_back;   /* this machine's, since the centre was heard */
	bool has_lease;       /* the centre has lent keys for a time */
	int64_t lease_left_s; /* 0: it has run out */
	uint64_t evidence;    /* messages that were refused and kept */
	char address[64];     /* of the centre, "host:port" */
	char key[20];         /* the key it must have; as desk_key_words */
};

#endif
