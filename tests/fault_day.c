/* fault_day.c - before and after a day with a fault in it. */
#define _GNU_SOURCE
#include "tests/fault_day.h"

#include "core/err.h"
#include "sync/audit.h"

#include <sys/mman.h>

/* One shell line with $p for the path of the store. */
static void shell(const struct fault_day *d, const char *line)
{
	assert_int_equal(setenv("p", d->a->path, 1), 0);
	assert_int_equal(system(line), 0);
}

int fault_day_setup(void **state)
{
	struct fault_day *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	d->w = world_new(5);
	d->a = world_join(d->w, "A017", "agent");
	assert_int_equal(world_sync(d->a), 0);
	d->patient = world_patient(d->w, "欧阳建国", "A017");
	assert_int_equal(world_sync(d->a), 0);
	d->notes = test_scalar(d->a->store, "SELECT count(*) FROM v_note");
	world_close(d->a);
	shell(d, "cp \"$p\" \"$p.kept\"");
	d->told = mmap(NULL, sizeof(*d->told), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(d->told != MAP_FAILED);
	*state = d;
	return 0;
}

int fault_day_teardown(void **state)
{
	struct fault_day *d = *state;

	munmap(d->told, sizeof(*d->told));
	world_free(d->w);
	free(d);
	return 0;
}

void fault_day_begin(struct fault_day *d)
{
	*d->told = (struct fault_told){0};
	shell(d, "cp \"$p.kept\" \"$p\" && rm -f \"$p-wal\" \"$p-journal\"");
}

void fault_day_judge(struct fault_day *d, uint64_t n, int error)
{
	struct audit audit = {.node_dh_pk = d->w->node.me->dh_pk};
	struct audit_report report = {0};
	int64_t notes;

	world_open(d->a);
	audit.ledger = d->a->ledger;
	notes =
	    test_scalar(d->a->store, "SELECT count(*) FROM v_note") - d->notes;
	if (notes < d->told->saved || notes > d->told->saved + 1)
		fail_msg("call %d, %s: %d saved, %d there", (int)n,
		    strerror(error), d->told->saved, (int)notes);
	assert_int_equal(audit_run(&report, &audit, NULL, NULL), 0);
	world_close(d->a);
}
