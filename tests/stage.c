/* stage.c - see the header. */
#include "tests/stage.h"

#include "core/store.h"
#include "tests/desk_maker.h"
#include "tui/app.h"
#include "tui/screens.h"

static int run_stage(void *ctx)
{
	const struct stage *st = ctx;
	struct desk_maker m;
	struct app *app;
	int rc;

	desk_maker_init(&m, st->role, st->dir);
	if (m.seq < 1000000)
		desk_maker_fill(&m);
	if (st->many)
		desk_maker_fill_many(&m, st->many);
	if (st->fill)
		st->fill(&m);
	tr_init("build/plain/share/locale", st->lang);
	struct app_cfg cfg = {.env = m.desk.env,
	    .in_fd = 0,
	    .out_fd = 1,
	    .fence = true,
	    .world = &m.desk,
	    .hooks = {
		desk_status, desk_generation, NULL, desk_dump, NULL, &m.desk}};
	if (app_new(&app, &cfg) < 0)
		return 11;
	rc = app_push(app, st->screen, st->arg);
	if (rc == 0)
		rc = app_run(app);
	app_free(&app);
	desk_maker_fini(&m);
	return -rc;
}

struct vscreen *stage_start(const struct stage *st, int rows, int cols)
{
	struct stage copy = *st;

	return screen_fork(run_stage, &copy, (struct vscreen_size){rows, cols});
}
