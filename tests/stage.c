/* stage.c - see the header. */
#include "tests/stage.h"

#include "core/store.h"
#include "tests/desk_maker.h"
#include "tests/fault_vfs.h"
#include "tui/app.h"
#include "tui/renewal.h"
#include "tui/screens.h"

#include <unistd.h>

struct run {
	struct stage stage;
	struct stage_ground ground;
	struct desk_maker m;
	struct fault_disk *disk; /* NULL: the system's */
};

static enum look status(void *ctx, char *out, size_t size)
{
	return desk_status(&((struct run *)ctx)->m.desk, out, size);
}

static uint64_t generation(void *ctx)
{
	return desk_generation(&((struct run *)ctx)->m.desk);
}

static int dump(void *ctx, const struct grid *g, char *path, size_t size)
{
	return desk_dump(&((struct run *)ctx)->m.desk, g, path, size);
}

static void turn(void *ctx, struct app *app)
{
	struct run *r = ctx;
	bool fails = r->disk && access(r->ground.fault_file, F_OK) == 0;

	if (r->disk)
		fault_fail_at(r->disk, fails, r->ground.fault_rc, true);
	renewal_turn(&r->m.desk, app);
}

static void fill(struct run *r)
{
	const struct stage *st = &r->stage;

	if (r->ground.fault_file)
		r->disk = fault_new(1, &(struct fault_traits){.lies = false});
	desk_maker_init_on(
	    &r->m, st->role, st->dir, r->disk ? fault_name(r->disk) : NULL);
	if (r->m.seq < 1000000)
		desk_maker_fill(&r->m);
	if (st->many)
		desk_maker_fill_many(&r->m, st->many);
	if (st->fill)
		st->fill(&r->m);
}

static int run_stage(void *ctx)
{
	struct run r = *(const struct run *)ctx;
	struct app *app;
	int rc;

	fill(&r);
	tr_init("build/plain/share/locale", r.stage.lang);
	if (r.ground.term)
		setenv("TERM", r.ground.term, 1);
	struct app_cfg cfg = {.env = r.m.desk.env,
	    .theme = r.ground.theme,
	    .in_fd = 0,
	    .out_fd = 1,
	    .fence = true,
	    .world = &r.m.desk,
	    .hooks = {status, generation, NULL, dump, turn, &r}};
	if (app_new(&app, &cfg) < 0)
		return 11;
	rc = app_push(app, r.stage.screen, r.stage.arg);
	if (rc == 0)
		rc = app_run(app);
	app_free(&app);
	desk_maker_fini(&r.m);
	if (r.disk)
		fault_free(&r.disk);
	return -rc;
}

struct vscreen *stage_start(const struct stage *st, int rows, int cols)
{
	struct run r = {.stage = *st};

	return screen_fork(run_stage, &r, (struct vscreen_size){rows, cols});
}

struct vscreen *stage_start_on(
    const struct stage *st, const struct stage_ground *ground)
{
	struct run r = {.stage = *st, .ground = *ground};

	return screen_fork(run_stage, &r, (struct vscreen_size){24, 80});
}
