/* ward.c - before somebody is erased. */
#include "tests/ward.h"

void ward_init(struct ward *d, uint64_t seed)
{
	d->w = world_new(seed);
	d->a = world_join(d->w, "A017", "agent");
	d->s = world_join(d->w, "S002", "supervisor");
	d->s2 = world_join(d->w, "S003", "supervisor");
	d->p = world_patient(d->w, WARD_PLANTED, "A017");
	d->other = world_patient(d->w, "单雪梅", "A017");
	ward_sync(d);
	world_say(d->a, KIND_NOTE_ADDED, &d->p, WARD_NOTE);
	world_say(d->a, KIND_NOTE_ADDED, &d->other, "{\"text\":\"x\"}");
	ward_sync(d);
}

void ward_fini(struct ward *d)
{
	world_free(d->w);
}

void ward_sync(struct ward *d)
{
	for (int k = 0; k < 3; k++)
		for (int i = 0; i < d->w->count; i++)
			assert_int_equal(world_sync(&d->w->seats[i]), 0);
}

int ward_setup(void **state)
{
	struct ward *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	ward_init(d, 11);
	*state = d;
	return 0;
}

int ward_teardown(void **state)
{
	ward_fini(*state);
	free(*state);
	return 0;
}
