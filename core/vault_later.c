/*
 * vault_later.c - the sync of a log that goes on beside its owner: a thread
 * that makes this one call and ends. Every later write waits for it, so on
 * the disk a save is still whole before the next one begins, and what
 * recovery concludes from a damaged frame stays true. A sync that failed is
 * never forgotten: what the system could not write it may have dropped.
 */
#include <signal.h>

#include "core/vault_file.h"

#define STACK (64 * 1024)

static void *sync_base(void *arg)
{
	struct vault_file *f = arg;
	struct vault_later *later = &f->u.wal.later;

	later->rc = f->base->pMethods->xSync(f->base, later->flags);
	atomic_store(&later->is_done, true);
	return NULL;
}

/* Signals are for the thread that waits for them. */
static int start(struct vault_later *later, struct vault_file *f)
{
	pthread_attr_t attr;
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&later->thread, &attr, sync_base, f);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return rc;
}

int vault_later_sync(struct vault_file *f, int flags)
{
	struct vault_later *later = &f->u.wal.later;
	bool is_asked = f->vault->may_sync_later;
	int rc = vault_later_wait(f);

	f->vault->may_sync_later = false;
	if (rc != SQLITE_OK)
		return rc;
	later->flags = flags;
	atomic_store(&later->is_done, false);
	later->is_running = is_asked && start(later, f) == 0;
	return later->is_running ? SQLITE_OK
				 : f->base->pMethods->xSync(f->base, flags);
}

int vault_later_wait(struct vault_file *f)
{
	struct vault_later *later = &f->u.wal.later;

	if (later->is_running) {
		pthread_join(later->thread, NULL);
		later->is_running = false;
	}
	return later->rc;
}

bool vault_later_is_done(struct vault_file *f)
{
	return !f->u.wal.later.is_running ||
	       atomic_load(&f->u.wal.later.is_done);
}
