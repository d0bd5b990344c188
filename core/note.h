/*
 * note.h - the operator's log (an edge): one structured line an event, never
 * with patient data. Off until it is given somewhere to write.
 *
 *     2026-11-22T08:59:03Z session.open seat=3f.. from=10.0.0.7
 */
#ifndef SUIFANG_NOTE_H
#define SUIFANG_NOTE_H

#include "core/base.h"

/* Lines go to this descriptor from now on; -1 = nowhere. Borrowed. */
void note_to(int fd);

/* event: words with dots; fmt: "key=value" pairs. At most 500 bytes; control
 * characters become '?'. */
void note_event(const char *event, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
