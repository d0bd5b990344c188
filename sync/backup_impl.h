/*
 * backup_impl.h - inside of a backup: backup.c, backup_read.c, backup_load.c,
 * and regain_node.c, which reads stored boxes the same way. Nobody else
 * includes it.
 */
#ifndef SUIFANG_SYNC_BACKUP_IMPL_H
#define SUIFANG_SYNC_BACKUP_IMPL_H

#include "sync/backup.h"
#include "sync/ledger_more.h"
#include "sync/wire_restore.h"

#define BACKUP_MAGIC "suifang-backup 1\n"
#define BACKUP_HEAD (sizeof(BACKUP_MAGIC) - 1 + 16 + 8 + 8)
#define BACKUP_BLOCK_MAX (2u << 20)

/* The boxes of m's frame out of stored bytes. */
NODISCARD int backup_boxes(
    struct boxes *out, const struct msg_give *m, const void *data, size_t n);

/* What a pass over a backup meets, in turn. data is one whole message. */
struct backup_visitor {
	int (*record)(void *ctx, const struct msg_record *m);
	int (*checkpoint)(void *ctx, const uint8_t *note, size_t n);
	int (*shown)(void *ctx, const uint8_t *note, size_t n);
	int (*branch)(void *ctx, const struct msg_give *m);
	int (*waiting)(void *ctx, const struct msg_offer *m);
	void *ctx;
};
/* Fills the head of *out and counts. ERR_FORMAT, ERR_TRUNCATED, or what the
 * visitor returned. */
NODISCARD int backup_pass(struct backup_report *out,
    const struct backup_source *source, const struct backup_visitor *visitor);

#endif
