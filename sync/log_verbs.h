/*
 * log_verbs.h - what suifang-log asks of the process that owns a home: show,
 * verify, export, pack, unpack. Lines of text out; contents of boxes never.
 */
#ifndef SUIFANG_SYNC_LOG_VERBS_H
#define SUIFANG_SYNC_LOG_VERBS_H

#include "core/base.h"
#include "core/buf.h"
#include "sync/export.h"

struct request;

/*
 * Runs q's words. show: the newest records ("--most=N"), or the one named
 * "A017.2-118" or "<seat hex>-<seq>" with its verdicts. verify: everything
 * the store keeps of the log; ERR_CHECK. export DIR ("--headers": without
 * boxes). digest ("--streams"), rebuild: of the view. pack FILE: a
 * terminal's letter, own records that the centre has not received ("--all":
 * all own ones); unpack FILE: the centre takes it in and writes its reply
 * ("--reply=FILE"), a terminal takes the reply. ERR_USAGE: none of these.
 */
NODISCARD int log_request(const struct request *q);

/* log_pack.c */
NODISCARD int verb_pack(const struct request *q);
NODISCARD int verb_unpack(const struct request *q);

/* Seconds east of UTC, as the organisation's settings say. */
int32_t log_zone(const struct request *q);

/* Value of "--name=value" or "--name" ("") among the words; NULL without. */
const char *log_option(const struct request *q, const char *name);
/* The index-th word that is no option, after the verb; NULL without. */
const char *log_argument(const struct request *q, size_t index);

/* Appends one line a fault to the struct buf ctx; an export_fault_fn. */
void log_fault(void *ctx, const char *record, int code, const char *why);

/* "A017.2", or the seat's hex where the roster does not know it; and back.
 * ERR_USAGE, ERR_NOT_FOUND. */
struct home;
void log_say_seat(struct buf *out, struct home *home, const struct id *seat);
NODISCARD int log_find_seat(
    struct id *out, struct home *home, const char *name);

/* Appends "label n" and two spaces. */
void log_count(struct buf *out, const char *label, uint64_t n);

#endif
