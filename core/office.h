/*
 * office.h - the lists of a supervisor's office: who is in the roster, which
 * complaints wait, what the centre holds back, which content is in force.
 * Reads and builds drafts; must not know screens.
 */
#ifndef SUIFANG_OFFICE_H
#define SUIFANG_OFFICE_H

#include "core/base.h"
#include "core/buf.h"
#include "core/draft.h"
#include "core/id.h"

struct store;

/* All: rows in order, at most max; how many, or an error. */

struct office_member {
	char member[24], name[96], name_en[96], role[16];
	char team_name[96], team_name_en[96];
	char skills[204], dialects[104], phone[36], covered_by[24];
	struct id team; /* zeros: in no team */
	int capacity, seats;
	int64_t until_s, last_s, cover_until_day; /* 0: none */
	bool is_active;
};
int office_members(
    struct office_member *out, int max, struct store *store, int64_t today);
/* The member's place in its team as the fields say now. */
void office_member_draft(struct draft *draft, const struct office_member *m);

struct office_complaint {
	struct id patient;
	char ref[REF_TEXT], by[24], category[36], owner[20];
	char text[604], answer[604], name[96], name_en[96];
	int64_t at_s, due_day, answered_s; /* 0: none */
};
int office_complaints(struct office_complaint *out, int max,
    struct store *store, bool with_answered);
void office_answer_draft(
    struct draft *draft, const struct office_complaint *c, const char *text);

struct office_held {
	struct id stream, seat;
	uint64_t seq;
	int index, verdict;
	int64_t at_s;
	char kind[36], by[24], name[96], name_en[96];
	struct hash record;
};
int office_held(struct office_held *out, int max, struct store *store);
/* 1 when a release in effect names the entry of the stream. */
NODISCARD int office_is_released(
    struct store *store, const struct id *stream, const struct ref *ref);

struct office_content {
	struct id stream;
	char kind[16], id[204], version[36], title_zh[104], title_en[104];
	char hash[68]; /* hex of BLAKE2b-256 of the canonical text */
	int64_t at_s;
	int parts;
};
int office_content(struct office_content *out, int max, struct store *store);
/* The versions of one, what was published last first. */
int office_content_versions(struct office_content *out, int max,
    struct store *store, const char *kind, const char *id);
/* Appends the whole text. ERR_TRUNCATED when a part is not here. */
NODISCARD int office_content_text(
    struct buf *out, struct store *store, const struct office_content *c);

#endif
