/*
 * vault_later.h - the sync of a log that goes on beside its owner. Included
 * by core/vault*.c only. SQLite codes.
 */
#ifndef SUIFANG_VAULT_LATER_H
#define SUIFANG_VAULT_LATER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct vault_file;

struct vault_later {
	pthread_t thread;
	bool is_running; /* to be joined */
	atomic_bool is_done;
	int flags, rc; /* rc stays when it is a failure */
};

/* Syncs the log, in a thread when the vault may and one can be had. */
int vault_later_sync(struct vault_file *log, int flags);
/* SQLITE_OK when none is under way any more and none ever failed. */
int vault_later_wait(struct vault_file *log);
bool vault_later_is_done(struct vault_file *log);

#endif
