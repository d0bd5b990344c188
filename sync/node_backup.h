/*
 * node_backup.h - backups of a centre as folders (an edge): made by the
 * process that owns the home, verified and loaded by whoever has the folder.
 * Must not know what is in a backup; that is backup.h.
 */
#ifndef SUIFANG_SYNC_NODE_BACKUP_H
#define SUIFANG_SYNC_NODE_BACKUP_H

#include "core/base.h"
#include "core/buf.h"
#include "sync/backup.h"
#include "sync/site.h"

struct home;
struct request;

/* words: DIR; one slice, or all where nobody else is served. */
NODISCARD int verb_backup_part(const struct request *q, bool *stop);
/* --size=N: announced to terminals. */
NODISCARD int verb_backup_done(const struct request *q, bool *stop);
/* recover close. node_restore.c */
NODISCARD int verb_recover_close(const struct request *q, bool *stop);

/* How to ask the process that owns a home. */
struct node_asker {
	const char *home; /* folder */
	int (*ask)(void *ctx, const char *const *words, size_t n);
	void *ctx;
};
/* The whole of `backup DIR`: written, verified, announced; what is in it is
 * appended to out. ERR_IN_USE when there is a backup in DIR. */
NODISCARD int node_backup_make(
    struct buf *out, struct node_asker *asker, const char *dir);

/* Errors of backup_verify; ERR_NOT_FOUND when DIR has none. */
NODISCARD int node_backup_verify(
    struct backup_report *out, const char *dir, const struct site *site);
NODISCARD int node_backup_load(
    struct backup_report *out, const char *dir, struct home *home);
void node_backup_say(struct buf *out, const struct backup_report *report);

#endif
