/* node_crew.c - a queue, a few threads, and an eventfd to the loop. */
#define _GNU_SOURCE
#include "sync/node_crew.h"

#include "core/err.h"
#include "core/mem.h"
#include "sync/drop.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Taken by a thread at once: the loop commits for all that come back
 * together, so these are some syncs, and a few milliseconds. */
#define BATCH 64

struct crew {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* Under the lock. */
	struct crew_job *waiting, **waiting_end;
	struct crew_job *done;
	unsigned ready; /* threads that are confined, or failed to be */
	int failure;
	bool is_over;
	/* The loop's. */
	size_t count;
	int event;
	unsigned threads;
	pthread_t thread[];
};

/* ---- in the threads ------------------------------------------------------*/

/* A filter is a thread's own. */
static bool confine(struct crew *c)
{
	const char *missing;
	int r = drop_for_node(&missing);

	pthread_mutex_lock(&c->lock);
	c->ready++;
	if (r < 0)
		c->failure = r;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
	return r == 0;
}

/* The first of the queue; NULL when it is all over. */
static struct crew_job *fetch(struct crew *c)
{
	struct crew_job *first, **end = &first;

	pthread_mutex_lock(&c->lock);
	while (!c->waiting && !c->is_over)
		pthread_cond_wait(&c->changed, &c->lock);
	first = c->is_over ? NULL : c->waiting;
	for (int i = 0; *end && i < BATCH; i++)
		end = &(*end)->next;
	c->waiting = *end;
	*end = NULL;
	if (!c->waiting)
		c->waiting_end = &c->waiting;
	pthread_mutex_unlock(&c->lock);
	return first;
}

/* Fails where it is readable already; the loop also looks by itself. */
static void ring(int event)
{
	static const uint64_t one = 1;
	ssize_t n = write(event, &one, sizeof(one));

	(void)n;
}

static void bring_back(struct crew *c, struct crew_job *list)
{
	struct crew_job **end = &list;

	while (*end)
		end = &(*end)->next;
	pthread_mutex_lock(&c->lock);
	*end = c->done;
	c->done = list;
	pthread_mutex_unlock(&c->lock);
	ring(c->event);
}

static void *work(void *ctx)
{
	struct crew *c = ctx;
	struct checker *checker = checker_new();
	struct crew_job *list;

	if (confine(c))
		while ((list = fetch(c)) != NULL) {
			for (struct crew_job *j = list; j; j = j->next)
				j->is_signed = checker_look(
				    &j->found, checker, j->msg, j->pk);
			bring_back(c, list);
		}
	checker_free(&checker);
	return NULL;
}

/* ---- in the loop ---------------------------------------------------------*/

static int start(struct crew *c, unsigned threads)
{
	int r;

	for (; c->threads < threads; c->threads++)
		if (pthread_create(&c->thread[c->threads], NULL, work, c) != 0)
			return err_set(ERR_IO, "thread");
	pthread_mutex_lock(&c->lock);
	while (c->ready < threads)
		pthread_cond_wait(&c->changed, &c->lock);
	r = c->failure;
	pthread_mutex_unlock(&c->lock);
	return r;
}

int crew_new(struct crew **out, unsigned threads)
{
	struct crew *c = mem_new(sizeof(*c) + threads * sizeof(c->thread[0]));
	int r;

	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->changed, NULL);
	c->waiting_end = &c->waiting;
	c->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	r = c->event < 0 ? err_set(ERR_IO, "eventfd: %s", strerror(errno))
			 : start(c, threads);
	if (r < 0)
		crew_free(&c);
	else
		*out = c;
	return r;
}

void crew_free(struct crew **crew)
{
	struct crew *c = *crew;

	if (!c)
		return;
	*crew = NULL;
	pthread_mutex_lock(&c->lock);
	c->is_over = true;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
	for (unsigned i = 0; i < c->threads; i++)
		pthread_join(c->thread[i], NULL);
	if (c->event >= 0)
		close(c->event);
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

int crew_fd(const struct crew *c)
{
	return c->event;
}

size_t crew_count(const struct crew *c)
{
	return c->count;
}

void crew_give(struct crew *c, struct crew_job *list)
{
	struct crew_job **end = &list;

	for (; *end; end = &(*end)->next)
		c->count++;
	if (end == &list)
		return;
	pthread_mutex_lock(&c->lock);
	*c->waiting_end = list;
	c->waiting_end = end;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

struct crew_job *crew_take(struct crew *c)
{
	struct crew_job *list;
	uint64_t times;
	ssize_t n = read(c->event, &times, sizeof(times));

	(void)n; /* how often it rang, or that it did not */
	pthread_mutex_lock(&c->lock);
	list = c->done;
	c->done = NULL;
	pthread_mutex_unlock(&c->lock);
	for (struct crew_job *j = list; j; j = j->next)
		c->count--;
	return list;
}
