/*
 * sync_steps.h - what waits on either side of the wire, and the five steps of
 * a sync, each with a word for its state, as lines of the sync screen.
 * Nothing here names a patient.
 */
#ifndef SUIFANG_TUI_SYNC_STEPS_H
#define SUIFANG_TUI_SYNC_STEPS_H

#include "core/base.h"

struct desk;
struct desk_sync;
struct pager;

/* The own log: its head, how much, whether every signature was checked. */
void sync_tell_log(struct pager *p, const struct desk *desk);
/* Records and bytes to upload; what the centre said is to come. */
void sync_tell_waiting(
    struct pager *p, const struct desk *desk, const struct desk_sync *sync);
/* Connect, check the key, upload, download, verify and apply. */
void sync_tell_steps(
    struct pager *p, const struct desk *desk, const struct desk_sync *sync);

#endif
