/*
 * call_leave.h - calls that were begun, never ended, and whose patient is to
 * leave this terminal: they end as interrupted, so that nothing that was
 * answered goes with the patient's rows.
 */
#ifndef SUIFANG_TUI_CALL_LEAVE_H
#define SUIFANG_TUI_CALL_LEAVE_H

#include "core/base.h"

struct desk;

/* Ends them; for when no call is on the screen. A draft without any answer
 * is dropped. Returns how many became a record, or an error: the rest waits
 * for the next time. */
NODISCARD int call_leave_withdrawn(struct desk *desk);

#endif
