/*
 * sim_late.h - a VFS below the vault whose database and log can be left and
 * entered again on another disk, while the connection above stays. Knows
 * nothing of the vault.
 */
#ifndef SUIFANG_TESTS_SIM_LATE_H
#define SUIFANG_TESTS_SIM_LATE_H

#include "core/base.h"

#include <sqlite3.h>

enum {
	LATE_DB,
	LATE_LOG,
	LATE_FILES
};

struct late_file;
struct late {
	sqlite3_vfs vfs;
	char name[32];
	sqlite3_vfs *on; /* whose files these are now */
	struct late_file *files[LATE_FILES];
};

/* Registers it; on is the name of a VFS. */
void late_init(struct late *l, const char *on);
void late_fini(struct late *l);
/* Lets go of both files: whatever is done with them fails. */
void late_leave(struct late *l);
/* The files of the same names on a disk that has them, the database locked
 * for this connection alone. SQLite's code. */
int late_enter(struct late *l, const char *on);

#endif
