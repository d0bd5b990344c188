/*
 * process.h - what a process that holds keys does to itself before it reads
 * the first one: no core dumps, no debugger of the same user. Also tells
 * whether memory could reach a disk in clear through swap.
 */
#ifndef SUIFANG_KEYS_PROCESS_H
#define SUIFANG_KEYS_PROCESS_H

#include "core/base.h"

/* RLIMIT_CORE 0 and PR_SET_DUMPABLE 0, the latter checked by reading back.
 * Call first in main. ERR_NOT_PERMITTED when the system refuses. */
NODISCARD int process_harden(void);

/* True when a swap area listed in swaps_path (/proc/swaps) is neither
 * compressed memory nor on an encrypted device; sys_path is /sys. Unreadable
 * lists count as no swap. The caller warns the person once. */
bool process_has_clear_swap(const char *swaps_path, const char *sys_path);

/* The sentence for that warning, a gettext key. */
const char *process_swap_text(void);

#endif
