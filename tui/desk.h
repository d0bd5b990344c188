/*
 * desk.h - what the screens work on: the store, the person, the door into
 * the log, the state of the sync, and the content in force. The program
 * fills it from a home folder; tests fill it with their own door.
 */
#ifndef SUIFANG_TUI_DESK_H
#define SUIFANG_TUI_DESK_H

#include "core/base.h"
#include "core/draft.h"
#include "core/env.h"
#include "core/id.h"
#include "tui/desk_keys.h"
#include "tui/desk_sync.h"
#include "tui/draw.h"

#define DESK_BATCH_MAX 64

struct app;
struct casefile;
struct catalog;
struct crew_seat;
struct dialer;
struct freshness;
struct renewal;
struct script_person;
struct secret;
struct store;

/* The door into the log; as ledger.h says. */
struct desk_log {
	int (*record)(void *ctx, const struct draft *draft, uint64_t *seq);
	int (*undo)(void *ctx, const struct id *seat, uint64_t seq);
	uint64_t (*next_seq)(void *ctx);
	void *ctx;
};

struct desk {
	struct store *store;
	const struct env *env;
	int32_t zone_s;
	struct id seat, team;
	char member[24]; /* "A017" */
	char name[96], name_en[96];
	char role; /* as in kinds.def */
	unsigned ordinal;
	bool is_practice; /* invented patients, nothing is kept */
	char terminal[32], duty_phone[36], home[400];
	struct desk_log log;
	/* Fills *out; NULL: no centre (tests, practice). */
	void (*sync_state)(void *ctx, struct desk_sync *out);
	/* Whether the data here is the newest; NULL: nobody can tell. */
	void (*freshness)(void *ctx, struct freshness *out);
	/* Tries to reach the centre now; may be NULL. */
	void (*sync_now)(void *ctx);
	/* Who of the team is at work, as the centre told last, and how many;
	 * NULL result: it has told nothing. May be NULL. */
	const struct crew_seat *(*crew)(void *ctx, size_t *count);
	void *sync_ctx;
	struct desk_keys keys;
	struct catalog *catalog; /* owned */
	struct renewal *renewal; /* owned */
	int held_told; /* entries held back, as told last (tui/news.h) */
	int calls; /* open now: they keep the content they began with */
	struct dialer *dialer; /* owned; NULL: the agent dials by hand */
	/* Records of the last bulk action, for one undo of all. */
	char batch[DESK_BATCH_MAX][REF_TEXT];
	int batch_count;
	/* The alert that is being raised by hand. */
	struct {
		struct id patient;
		int level;
	} raising;
	/* Whose level of risk is being set. */
	struct {
		struct id patient;
		int level;
	} judging;
	/* Whom a reason to call anyway is asked for. */
	struct id calling;
	/* What is being changed about a patient (F8). */
	struct {
		struct id patient;
		int what, number;
		char text[64];
	} editing;
};

/* Reads settings and names from the store, loads the catalog. */
NODISCARD int desk_init(struct desk *desk);
void desk_fini(struct desk *desk);

int64_t desk_now_s(const struct desk *desk);
int64_t desk_today(const struct desk *desk);

/* What a script may know of a patient today; borrows from the file. */
void desk_person(struct script_person *out, const struct desk *desk,
    const struct casefile *file);

/* What follows from all that is known of a patient today; freed with
 * profile_free. */
struct profile;
NODISCARD int desk_profile(
    struct profile **out, struct desk *desk, const struct casefile *file);

/* Signs and stores; on success *ref names the first entry (for undo). The
 * draft is finished in any case. */
NODISCARD int desk_record(
    char ref[REF_TEXT], struct desk *desk, struct draft *draft);
/* As struct undo wants it; ctx is the desk. */
int desk_undo(void *desk, const char *ref);
/* The same, said on the message line, with the offer of undo where every
 * kind in it can be undone. */
int desk_save(struct app *app, struct draft *draft, const char *what);

/* Name of a member: "林小雨", or the id itself when unknown. */
void desk_member_name(
    char *out, size_t size, struct desk *desk, const char *member);
/* The person's own name in the language in use. */
const char *desk_own_name(const struct desk *desk);

/* For struct app_hooks; ctx is the desk. */
enum look desk_status(void *desk, char *out, size_t size);
uint64_t desk_generation(void *desk);
int desk_dump(void *desk, const struct grid *g, char *path, size_t size);

/* The desk of an app. */
struct desk *desk_of(const struct app *app);

#endif
