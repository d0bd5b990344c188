/* sim_impl.h - inside of the simulator; included below tests/sim only. */
#ifndef SUIFANG_TESTS_SIM_IMPL_H
#define SUIFANG_TESTS_SIM_IMPL_H

#include "tests/fault_vfs.h"
#include "tests/sim/sim.h"
#include "tests/world_restore.h"

#define SIM_STEPS 400
#define SIM_SEATS 6
#define SIM_OPERATOR 0
#define SIM_SUPERVISOR 3
#define SIM_LOST 5                   /* the one that may be revoked */
#define SIM_MACHINES (SIM_SEATS + 1) /* 0 is the node */
#define SIM_PATIENTS 6

/* All files of one disk at one moment. */
struct sim_image {
	struct sim_file {
		char name[200];
		uint8_t *data;
		size_t len;
	} files[8];
	int count;
};

struct sim {
	struct world *w;
	struct fault_disk *disks[SIM_MACHINES];
	struct sim_image start[SIM_MACHINES];
	struct test_env start_env[SIM_MACHINES];
	struct id patients[SIM_PATIENTS];

	/* One history. */
	struct sim_result *out;
	enum sim_bug bug;
	uint64_t rng;
	struct sim_image images[SIM_MACHINES];
	uint64_t image_acked[SIM_MACHINES];
	uint64_t acked[SIM_MACHINES]; /* own saves that returned 0 */
	uint64_t received[SIM_SEATS]; /* own records with a durable receipt */
	int last_error[SIM_SEATS];
	bool behind[SIM_SEATS];
	struct buf backup;
	bool has_liar;       /* this history has a centre that lies at times */
	uint64_t image_size; /* its order's, when images[0] was taken */
	bool has_centre;     /* this history backs up, loses and restores it */
	bool has_restored, new_node;
	int forks; /* made on purpose */
	bool has_revocation, asked_revoke;
	bool has_erasure;
	int requester, erased; /* seat and patient of the erasure asked for */
	char request[REF_TEXT];
	int64_t contact_s[SIM_SEATS]; /* last session, by the seat's clock */

	/* The node of the beginning. */
	struct test_env start_world_env;
	struct world_seat first;
	struct ledger_node first_keys;
};

uint64_t sim_draw(struct sim *s, uint64_t below);
void sim_fail(struct sim *s, const char *promise, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

void sim_image_take(struct sim_image *image, struct fault_disk *disk);
void sim_image_put(struct fault_disk *disk, const struct sim_image *image);
void sim_image_fini(struct sim_image *image);

/* Fresh disks with the prepared stores, everything open. */
void sim_begin(struct sim *s, uint64_t seed);
void sim_end(struct sim *s);

/* One random save of a machine. */
int sim_say(uint64_t *seq, struct sim *s, struct world_seat *m);
int sim_record(uint64_t *seq, struct world_seat *m, enum kind kind,
    const struct id *stream, json_t *body);
bool sim_holds(struct world_seat *m, const struct id *patient);
/* What is said of patient k and of nobody else. */
void sim_words(char out[40], int k);
/* No power cut until the next event; a whole session with the centre. */
void sim_hold_power(struct sim *s);
int sim_meet(struct sim *s, int i);
/* A rolled-back seat syncs before it says anything. */
void sim_catch_up(struct sim *s, int i);

/* ---- sim_quick.c, sim_memory.c ---- */
/* Whether this history's signatures and seals are the product's. */
void sim_true_ciphers(bool is);
bool sim_has_true_ciphers(void);
/* SQLite's memory, before it is used. */
void sim_memory(void);
bool sim_has_own_memory(void);
/* The index of a log that was opened since the watch began; or NULL. */
void sim_memory_watch(void);
uint8_t *sim_memory_index(void);

/* ---- sim_warm.c ---- */
void sim_warm_fini(void);

/* ---- sim_restore.c ---- */
void sim_event_centre(struct sim *s);
void sim_event_fork(struct sim *s);
void sim_event_liar(struct sim *s);
bool sim_is_recovering(const struct sim *s);
void sim_close_recovery(struct sim *s);
void sim_evil_key(uint8_t out[32]);
void sim_judge_evil(struct sim *s, struct world_seat *m);

/* ---- sim_ends.c ---- */
void sim_event_end(struct sim *s);
void sim_judge_ends(struct sim *s);
bool sim_is_revoked(struct sim *s, int i);
void sim_cut_revoked(struct sim *s);
/* A seat has, or may have, a session now. */
void sim_contact(struct sim *s, int i);
int sim_open_patient(
    uint64_t *seq, struct sim *s, struct world_seat *m, const struct id *p);
/* A seat opens whomever it holds. */
void sim_open_all(struct sim *s, int i);

/* Every promise, after healing. */
void sim_judge(struct sim *s);

/* Arms a defect for the next history; BUG_NONE disarms. */
void sim_arm(struct sim *s, enum sim_bug bug);

#endif
