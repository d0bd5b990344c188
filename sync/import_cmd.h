/*
 * import_cmd.h - `import fhir` and `import roster` as the node performs them,
 * whether a person asks on the command line or through the control socket:
 * files are read, people saved in the node's own ledger, and the report
 * written in the person's language.
 */
#ifndef SUIFANG_IMPORT_CMD_H
#define SUIFANG_IMPORT_CMD_H

#include "core/base.h"
#include "core/buf.h"

struct ledger;

struct import_ask {
	bool is_roster; /* one table; else FHIR files and folders */
	bool is_dry;
	const char *team;   /* by name; NULL: the only team, if there is one */
	const char *source; /* NULL: the organisation's name */
	const char *const *paths;
	size_t path_count;
	/* Patients done so far and in all; may be NULL. */
	void (*progress)(void *ctx, size_t done, size_t total);
	void *ctx;
};

/* Appends the report to out, also when something was quarantined. 0,
 * ERR_QUARANTINED, ERR_NOT_FOUND (no such team), ERR_USAGE (no path), errors
 * of the ledger: what was saved until then stays, and the same call goes on
 * from there. */
NODISCARD int import_cmd(
    struct buf *out, struct ledger *ledger, const struct import_ask *ask);

#endif
