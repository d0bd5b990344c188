/*
 * ward.h - a ward from which a patient will be erased: an agent, the two
 * supervisors that it takes, planted words about the patient, and another
 * patient of whom everything must stay.
 */
#ifndef SUIFANG_TESTS_WARD_H
#define SUIFANG_TESTS_WARD_H

#include "tests/world.h"

#define WARD_PLANTED "绝密花朵7731" /* the name, and what a note says */
#define WARD_NOTE "{\"text\":\"" WARD_PLANTED "\"}"

struct ward {
	struct world *w;
	struct world_seat *a, *s, *s2;
	struct id p, other; /* the one to be erased; the one to stay */
};

/* Everybody has synced. */
void ward_init(struct ward *d, uint64_t seed);
void ward_fini(struct ward *d);
/* Of cmocka: *state becomes a ward of seed 11; and ends one. */
int ward_setup(void **state);
int ward_teardown(void **state);
/* Each seat often enough that what one says reaches the others. */
void ward_sync(struct ward *d);

#endif
