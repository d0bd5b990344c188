/*
 * review.h - which calls are reviewed and what a reviewer scores. The sample
 * of a week is fixed by the log: of each agent's sampled calls those whose
 * records have the smallest hashes, so that neither agent nor reviewer
 * chooses, and anybody with the log finds the same ones. Reads and builds
 * drafts.
 */
#ifndef SUIFANG_REVIEW_H
#define SUIFANG_REVIEW_H

#include "core/base.h"
#include "core/content.h"
#include "core/draft.h"
#include "core/id.h"

struct store;

#define REVIEW_ITEMS_MAX 20

struct review_item {
	const char *id;
	int points; /* at most */
	struct words name;
	bool is_fatal; /* nought fails the whole call */
};

/* tables/scorecard.json */
struct review_card {
	json_t *root;
	struct content_head head;
	int per_week, pass; /* calls an agent; percent that passes */
	struct review_item items[REVIEW_ITEMS_MAX];
	int count;
};
NODISCARD int review_card_parse(
    struct review_card *out, const char *json, size_t n);
void review_card_fini(struct review_card *card);

struct review_call {
	struct id patient;
	char ref[REF_TEXT], member[24], agent[96], agent_en[96];
	char name[96], name_en[96], disposition[48];
	int64_t at_s, seconds;
	bool has_recording, is_reviewed, passed;
	struct hash record; /* zeros where the record is not here */
	int rank;           /* within the agent's calls of the period */
	int total, best;    /* of the newest review */
};

/*
 * The rule of the sample, in one place: of every 256 calls that reached
 * somebody those whose record's hash begins below 13, about one in twenty.
 * It never changes with what is recorded later, so the centre can give a
 * reviewer the patient at once. Binds :sampled of a query.
 */
#define REVIEW_SAMPLED 13
struct stmt;
void review_bind_sample(struct stmt *query);

struct review_ask {
	struct id team;
	int64_t from_s, until_s;
	int most; /* calls an agent */
};
/* In order of agent and rank. Returns how many, or an error. */
int review_sample(struct review_call *out, int max, struct store *store,
    const struct review_ask *ask);

/* Scores of a call: points by item of the card, -1 not given yet. */
struct review_score {
	int points[REVIEW_ITEMS_MAX];
	char note[400];
};
/* Is every item scored? */
bool review_is_whole(
    const struct review_card *card, const struct review_score *score);
int review_total(
    const struct review_card *card, const struct review_score *score);
int review_best(const struct review_card *card);
bool review_passes(
    const struct review_card *card, const struct review_score *score);
/* The entry; the score must be whole. */
void review_draft(struct draft *draft, const struct review_call *call,
    const struct review_card *card, const struct review_score *score);

#endif
