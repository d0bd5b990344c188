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

/* No argument: the newest records, "--most=N" of them. "A017.2-118" or
 * "<seat hex>-<seq>": that record's commit and verdicts. */
NODISCARD int verb_show(const struct request *q, bool *stop);

/* Everything the store keeps of the log. ERR_CHECK. */
NODISCARD int verb_verify(const struct request *q, bool *stop);

/* One argument: the repository to make; "--headers" leaves all boxes out. */
NODISCARD int verb_export(const struct request *q, bool *stop);

/* One argument: a file. pack writes own records that the centre has not
 * received ("--all": all own ones); unpack, at the node, takes them in. */
NODISCARD int verb_pack(const struct request *q, bool *stop);
NODISCARD int verb_unpack(const struct request *q, bool *stop);

/* Value of "--name=value" or "--name" ("") among the words; NULL without. */
const char *log_option(const struct request *q, const char *name);
/* The index-th word that is no option, after the verb; NULL without. */
const char *log_argument(const struct request *q, size_t index);

/* Appends one line a fault to the struct buf ctx; an export_fault_fn. */
void log_fault(void *ctx, const char *record, int code, const char *why);

/* Appends "label n" and two spaces. */
void log_count(struct buf *out, const char *label, uint64_t n);

#endif
