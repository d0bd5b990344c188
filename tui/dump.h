/*
 * dump.h - the screen as text for a bug report: patient data masked.
 */
#ifndef SUIFANG_TUI_DUMP_H
#define SUIFANG_TUI_DUMP_H

#include "core/base.h"
#include "core/buf.h"

struct grid;

/* One line a row, trailing spaces dropped. Cells drawn as patient data come
 * as '*', a wide one as two; mask false gives them in clear (tests only). */
void dump_text(struct buf *out, const struct grid *g, bool mask);

/* Writes the masked text to a new file DIR/screen-<at_s>.txt, mode 0600;
 * its path to `path`. ERR_IO, ERR_NO_SPACE. */
NODISCARD int dump_write(char *path, size_t size, const struct grid *g,
    const char *dir, int64_t at_s);

#endif
