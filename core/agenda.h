/*
 * agenda.h - one call for everything that is due to a patient: which scripts
 * are asked together, what is advised for all of them, which advice of one
 * plan another forbids. Pure; over pathway_merge.
 */
#ifndef SUIFANG_AGENDA_H
#define SUIFANG_AGENDA_H

#include "core/base.h"
#include "core/casefile.h"
#include "core/pathway_set.h"

struct agenda {
	/* By the strictest due day, today at the earliest. served and refer
	 * are not set: see is_served. */
	struct pathway_plan plan;
	bool is_served[CASE_DUES]; /* this call does that due of the file */
	const char *scripts[CASE_DUES]; /* borrowed from the file; each once */
	size_t n_scripts;
	int minutes;
};

/* pathways: of each due in order, NULL where the content is absent. The
 * strictest due leads; every other whose window is open by then joins. */
void agenda_make(struct agenda *out, const struct casefile *file,
    const struct pathway *const pathways[CASE_DUES], int64_t today);

#endif
