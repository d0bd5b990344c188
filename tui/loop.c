/*
 * loop.c - the one poll loop. Signals are blocked except inside ppoll, so
 * that none is lost between a test and the wait. When the terminal goes
 * away the loop ends at once: nothing here spins.
 */
#define _GNU_SOURCE
#include "core/clock.h"
#include "core/err.h"
#include "core/mem.h"
#include "tui/app_in.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TICK_MS 1000
#define READ_MAX 65536
/* What others do shows at once, and then at most so often, and while keys
 * come in the next pause of the hand: reading a long list anew for each batch
 * that arrives would leave it waiting. Of a list so long that it takes its
 * time, fewer than one key in so many meets the reading. */
#define REFRESH_MS 1000
#define REFRESH_TYPING_MS 5000
#define REFRESH_SHARE 200
#define PAUSE_MS 300

static volatile sig_atomic_t got_resize, got_end, got_continue;

static void on_signal(int sig)
{
	if (sig == SIGWINCH)
		got_resize = 1;
	else if (sig == SIGCONT)
		got_continue = 1;
	else
		got_end = 1;
}

static const int handled[] = {SIGWINCH, SIGCONT, SIGHUP, SIGTERM, SIGINT};

static void signals_take(sigset_t *before)
{
	struct sigaction sa = {.sa_handler = on_signal};
	sigset_t block;

	sigemptyset(&sa.sa_mask);
	sigemptyset(&block);
	got_resize = got_end = got_continue = 0;
	for (size_t i = 0; i < ARRAY_LEN(handled); i++) {
		sigaction(handled[i], &sa, NULL);
		sigaddset(&block, handled[i]);
	}
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &block, before);
}

void app_watch(struct app *a, int fd, short events, app_ready_fn *fn, void *ctx)
{
	struct watch w = {fd, events, fn, ctx};

	for (size_t i = 0; i < a->watch_count; i++)
		if (a->watches[i].fd == fd) {
			a->watches[i] = w;
			return;
		}
	a->watches = mem_grow(a->watches, a->watch_count + 1, sizeof(w));
	a->watches[a->watch_count++] = w;
}

void app_unwatch(struct app *a, int fd)
{
	for (size_t i = 0; i < a->watch_count; i++)
		if (a->watches[i].fd == fd) {
			a->watches[i] = a->watches[--a->watch_count];
			return;
		}
}

void app_timer(struct app *a, uint64_t ms, void (*fn)(void *), void *ctx)
{
	struct timer t = {clock_mono_ms(NULL) + ms, fn, ctx};

	app_untimer(a, fn, ctx);
	a->timers = mem_grow(a->timers, a->timer_count + 1, sizeof(t));
	a->timers[a->timer_count++] = t;
}

void app_untimer(struct app *a, void (*fn)(void *), void *ctx)
{
	for (size_t i = 0; i < a->timer_count; i++)
		if (a->timers[i].fn == fn && a->timers[i].ctx == ctx) {
			a->timers[i] = a->timers[--a->timer_count];
			return;
		}
}

static void run_timers(struct app *a)
{
	uint64_t now = clock_mono_ms(NULL);

	for (size_t i = 0; i < a->timer_count;) {
		struct timer t = a->timers[i];
		if (t.due_ms > now) {
			i++;
			continue;
		}
		a->timers[i] = a->timers[--a->timer_count];
		t.fn(t.ctx);
		i = 0;
	}
}

void app_type(struct app *a, const void *bytes, size_t n)
{
	input_feed(&a->in, bytes, n, clock_mono_ms(NULL));
}

static void run_keys(struct app *a)
{
	struct key k;

	while (
	    a->top && !a->quit && input_next(&a->in, &k, clock_mono_ms(NULL)))
		app_key(a, &k);
	if (a->in.report_col) {
		draw_trust_widths(a->in.report_col == TERM_NARROW_COL);
		a->in.report_col = 0;
		a->dirty = true;
	}
}

static void read_keys(struct app *a)
{
	static char bytes[READ_MAX];
	ssize_t n = read(a->cfg.in_fd, bytes, sizeof(bytes));

	if (n > 0) {
		a->read_bytes += (uint64_t)n;
		a->touched_ms = clock_mono_ms(NULL);
		input_feed(&a->in, bytes, (size_t)n, a->touched_ms);
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		a->hung_up = true;
	}
}

/* In-band, so that it follows every byte of the frame through the line. */
static void say_fence(struct app *a)
{
	char text[sizeof(a->fenced)];

	if (!a->cfg.fence || input_left(&a->in) > 0)
		return;
	snprintf(text, sizeof(text), "\033]7770;%llu;%u\a",
	    (unsigned long long)a->read_bytes, a->resizes);
	if (strcmp(text, a->fenced) != 0)
		term_raw(a->term, text, strlen(text));
	memcpy(a->fenced, text, sizeof(text));
}

static void frame(struct app *a)
{
	if (!a->top || a->quit)
		return;
	if (a->dirty) {
		a->dirty = false;
		app_draw(a);
		term_show(a->term, &a->grid);
	}
	say_fence(a);
}

static int wait_ms(const struct app *a)
{
	uint64_t now = clock_mono_ms(NULL);
	int ms = TICK_MS, esc = input_wait_ms(&a->in, now);

	if (esc >= 0 && esc < ms)
		ms = esc;
	for (size_t i = 0; i < a->timer_count; i++) {
		uint64_t due = a->timers[i].due_ms;
		if (due <= now)
			return 0;
		if (due - now < (uint64_t)ms)
			ms = (int)(due - now);
	}
	return ms;
}

static void handle_signals(struct app *a)
{
	if (got_end)
		a->hung_up = true;
	if (got_resize || got_continue) {
		a->resizes += got_resize != 0;
		/* there and back between two frames looks like no change
		 * at all, yet the terminal has lost what it showed */
		term_forget(a->term);
		got_resize = got_continue = 0;
		a->dirty = true;
	}
}

static void dispatch(struct app *a, const struct pollfd *fds, size_t n)
{
	if (fds[0].revents & POLLIN)
		read_keys(a);
	else if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		a->hung_up = true;
	for (size_t i = 1; i < n; i++)
		for (size_t j = 0; fds[i].revents && j < a->watch_count; j++)
			if (a->watches[j].fd == fds[i].fd) {
				a->watches[j].fn(
				    a->watches[j].ctx, fds[i].revents);
				break;
			}
}

static void wait_for_events(struct app *a, const sigset_t *mask)
{
	size_t n = a->watch_count + 1;
	struct pollfd *fds = mem_array(n, sizeof(*fds));
	int ms = wait_ms(a);
	struct timespec ts = {ms / 1000, (long)(ms % 1000) * 1000000};

	fds[0] = (struct pollfd){a->cfg.in_fd, POLLIN, 0};
	for (size_t i = 0; i < a->watch_count; i++)
		fds[i + 1] =
		    (struct pollfd){a->watches[i].fd, a->watches[i].events, 0};
	if (ppoll(fds, n, &ts, mask) > 0)
		dispatch(a, fds, n);
	free(fds);
}

/* The state of the sync changes without any key. */
static void check_status(struct app *a)
{
	char status[sizeof(a->status)] = "";

	if (!a->cfg.hooks.status)
		return;
	a->cfg.hooks.status(a->cfg.hooks.ctx, status, sizeof(status));
	if (strcmp(status, a->status) != 0)
		a->dirty = true;
}

uint64_t app_idle_ms(const struct app *a)
{
	return clock_mono_ms(NULL) - a->touched_ms;
}

/* When what has changed since `changed_ms` is to be shown. */
static uint64_t refresh_due_ms(const struct app *a)
{
	bool is_typing = app_idle_ms(a) < PAUSE_MS;
	uint64_t rest = a->refresh_cost_ms * REFRESH_SHARE;
	uint64_t least = is_typing ? REFRESH_TYPING_MS : REFRESH_MS;

	return (is_typing ? a->changed_ms : a->refreshed_ms) +
	       (rest > least ? rest : least);
}

/* Has the store changed under the screens? */
static void check_generation(struct app *a)
{
	struct app_hooks *h = &a->cfg.hooks;
	uint64_t now = clock_mono_ms(NULL);

	if (!h->generation || h->generation(h->ctx) == a->generation) {
		a->changed_ms = now;
		return;
	}
	if (now < refresh_due_ms(a))
		return;
	app_refresh(a);
	a->refreshed_ms = a->changed_ms = clock_mono_ms(NULL);
	a->refresh_cost_ms = a->refreshed_ms - now;
}

static void tick(struct app *a)
{
	uint64_t idle_ms = app_idle_ms(a);
	struct app_hooks *h = &a->cfg.hooks;

	check_status(a);
	if (a->top && a->top->ops->tick &&
	    (a->top->ops->tick(a->top) & REACT_DRAW))
		a->dirty = true;
	if (a->cfg.idle_lock_s && h->lock &&
	    idle_ms > (uint64_t)a->cfg.idle_lock_s * 1000) {
		a->touched_ms = clock_mono_ms(NULL);
		h->lock(h->ctx, a);
	}
}

/* What does not come from the hand; it is due when keys are answered. */
static void work(struct app *a)
{
	if (a->cfg.hooks.turn)
		a->cfg.hooks.turn(a->cfg.hooks.ctx, a);
	check_generation(a);
	check_status(a);
	frame(a);
}

int app_run(struct app *a)
{
	sigset_t mask;

	signals_take(&mask);
	while (a->top && !a->quit && !a->hung_up) {
		run_keys(a);
		run_timers(a);
		handle_signals(a);
		tick(a);
		frame(a);
		work(a);
		if (a->top && !a->quit && !a->hung_up)
			wait_for_events(a, &mask);
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return a->hung_up ? ERR_INTERRUPTED : 0;
}
