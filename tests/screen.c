/*
 * screen.c - forkpty, libvterm and the frame fence.
 */
#define _GNU_SOURCE
#include "tests/screen.h"

#include "core/buf.h"
#include "core/text.h"
#include "tests/test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#define WAIT_S 120 /* no wait is judged by its length */

struct vscreen {
	int fd;
	pid_t pid;
	bool ended;
	int status;
	VTerm *vt;
	VTermScreen *screen;
	struct vscreen_size size;
	struct buf tail; /* bytes that may be the head of a fence */
	unsigned long long sent, fenced;
	unsigned resizes, fenced_resizes;
	bool has_fence;
	size_t typed, drawn;
	double heard_s;
};

static const char fence_head[] = "\033]7770;";

static void child_env(void)
{
	setenv("TERM", "xterm-256color", 1);
	unsetenv("NO_COLOR");
	unsetenv("COLORTERM");
	unsetenv("LINES");
	unsetenv("COLUMNS");
}

static struct vscreen *start(struct vscreen_size size)
{
	struct winsize ws = {
	    (unsigned short)size.rows, (unsigned short)size.cols, 0, 0};
	struct vscreen *vs = calloc(1, sizeof(*vs));

	assert_non_null(vs);
	vs->size = size;
	vs->pid = forkpty(&vs->fd, NULL, NULL, &ws);
	assert_true(vs->pid >= 0);
	if (vs->pid == 0) {
		child_env();
		free(vs);
		return NULL;
	}
	fcntl(vs->fd, F_SETFD, FD_CLOEXEC);
	vs->vt = vterm_new(size.rows, size.cols);
	vterm_set_utf8(vs->vt, 1);
	vs->screen = vterm_obtain_screen(vs->vt);
	vterm_screen_enable_altscreen(vs->screen, 1);
	vterm_screen_reset(vs->screen, 1);
	return vs;
}

static void give(struct vscreen *vs, const void *p, size_t n)
{
	vs->drawn += n;
	vterm_input_write(vs->vt, p, n);
}

/* Bytes at the end of tail that could begin a fence. */
static size_t fence_prefix(const struct vscreen *vs)
{
	size_t head = sizeof(fence_head) - 1;

	for (size_t n = head < vs->tail.len ? head : vs->tail.len; n > 0; n--)
		if (memcmp(vs->tail.data + vs->tail.len - n, fence_head, n) ==
		    0)
			return n;
	return 0;
}

/* Feeds the terminal, takes the fences out. */
static void digest(struct vscreen *vs)
{
	char *at, *end;

	while (vs->tail.len > 0 && (at = memmem(vs->tail.data, vs->tail.len,
					fence_head, sizeof(fence_head) - 1))) {
		size_t before = (size_t)(at - (char *)vs->tail.data);
		give(vs, vs->tail.data, before);
		buf_consume(&vs->tail, before);
		end = memchr(vs->tail.data, '\a', vs->tail.len);
		if (!end)
			return;
		assert_int_equal(
		    sscanf((char *)vs->tail.data + sizeof(fence_head) - 1,
			"%llu;%u", &vs->fenced, &vs->fenced_resizes),
		    2);
		vs->has_fence = true;
		buf_consume(
		    &vs->tail, (size_t)(end - (char *)vs->tail.data) + 1);
	}
	size_t keep = fence_prefix(vs), n = vs->tail.len - keep;
	give(vs, vs->tail.data, n);
	buf_consume(&vs->tail, n);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

/* Reads what there is within ms; false at the end of the line. */
static bool pump(struct vscreen *vs, int ms)
{
	struct pollfd p = {vs->fd, POLLIN, 0};
	char bytes[65536];
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return true;
	n = read(vs->fd, bytes, sizeof(bytes));
	if (n <= 0)
		return n < 0 && errno == EINTR;
	vs->heard_s = now();
	buf_add(&vs->tail, bytes, (size_t)n);
	digest(vs);
	return true;
}

static bool is_settled(const struct vscreen *vs)
{
	return vs->has_fence && vs->fenced >= vs->sent &&
	       vs->fenced_resizes >= vs->resizes;
}

static void settle(struct vscreen *vs)
{
	double end = now() + WAIT_S;

	while (!is_settled(vs)) {
		if (!pump(vs, 100))
			return; /* the program ended: its status tells */
		if (now() > end)
			fail_msg("no frame after %d s: sent %llu, fence %llu",
			    WAIT_S, vs->sent, vs->fenced);
	}
}

struct vscreen *screen_start(char *const argv[], struct vscreen_size size)
{
	struct vscreen *vs = start(size);

	if (!vs) {
		execv(argv[0], argv);
		_exit(127);
	}
	settle(vs);
	return vs;
}

struct vscreen *screen_fork(
    int (*fn)(void *ctx), void *ctx, struct vscreen_size size)
{
	struct vscreen *vs = start(size);

	if (!vs) {
		int rc = fn(ctx);
		fflush(stdout);
		_exit(rc & 0x7f);
	}
	settle(vs);
	return vs;
}

void screen_free(struct vscreen **vsp)
{
	struct vscreen *vs = *vsp;

	if (!vs)
		return;
	if (!vs->ended) {
		kill(vs->pid, SIGKILL);
		waitpid(vs->pid, NULL, 0);
	}
	if (vs->fd >= 0)
		close(vs->fd);
	vterm_free(vs->vt);
	buf_fini(&vs->tail);
	free(vs);
	*vsp = NULL;
}

void screen_bytes(struct vscreen *vs, const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n > 0) {
		struct pollfd w = {vs->fd, POLLIN | POLLOUT, 0};
		/* A pty takes some 4 kB; larger writes would wait for a
		 * program that waits for us. */
		size_t part = n < 1024 ? n : 1024;
		poll(&w, 1, 1000);
		if (w.revents & POLLIN)
			pump(vs, 0);
		if (!(w.revents & POLLOUT))
			continue;
		ssize_t k = write(vs->fd, p, part);
		assert_true(k > 0);
		p += k;
		n -= (size_t)k;
		vs->sent += (size_t)k;
		vs->typed += (size_t)k;
	}
	settle(vs);
}

void screen_keys(struct vscreen *vs, const char *bytes)
{
	screen_bytes(vs, bytes, strlen(bytes));
}

void screen_post(struct vscreen *vs, const char *bytes)
{
	size_t n = strlen(bytes);

	assert_int_equal(write(vs->fd, bytes, n), n);
	vs->sent += n;
	vs->typed += n;
}

void screen_resize(struct vscreen *vs, struct vscreen_size size)
{
	struct winsize ws = {
	    (unsigned short)size.rows, (unsigned short)size.cols, 0, 0};

	vs->size = size;
	vs->resizes++;
	/* A terminal that tells no size has the usual one. */
	if (size.rows == 0 || size.cols == 0)
		vs->size = (struct vscreen_size){24, 80};
	vterm_set_size(vs->vt, vs->size.rows, vs->size.cols);
	assert_int_equal(ioctl(vs->fd, TIOCSWINSZ, &ws), 0);
	settle(vs);
}

bool screen_drag(struct vscreen *vs, const struct vscreen_size *sizes, size_t n,
    const char *text)
{
	bool same = false;

	for (size_t i = 0; i < n; i++) {
		struct winsize ws = {(unsigned short)sizes[i].rows,
		    (unsigned short)sizes[i].cols, 0, 0};
		vs->size = sizes[i];
		vterm_set_size(vs->vt, vs->size.rows, vs->size.cols);
		vterm_input_write(vs->vt, "\033[2J", 4);
		assert_int_equal(ioctl(vs->fd, TIOCSWINSZ, &ws), 0);
	}
	vs->resizes++;
	settle(vs);
	for (int ms = 0; !same && ms < 90000; ms += 20) {
		char *now = screen_text(vs);
		same = strcmp(now, text) == 0;
		free(now);
		if (!same)
			screen_rest(vs, 20);
	}
	return same;
}

static void add_cell(struct buf *out, const VTermScreenCell *c)
{
	char enc[4];

	if (c->chars[0] == 0)
		buf_u8(out, ' ');
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && c->chars[i]; i++)
		buf_add(out, enc, utf8_encode(enc, c->chars[i]));
}

static void drop_spaces(struct buf *out, size_t from)
{
	while (out->len > from && out->data[out->len - 1] == ' ')
		out->data[--out->len] = 0;
}

static void add_row(struct buf *out, const struct vscreen *vs, int y)
{
	size_t from = out->len;
	VTermScreenCell c;

	for (int x = 0; x<vs->size.cols; x += c.width> 1 ? c.width : 1) {
		vterm_screen_get_cell(vs->screen, (VTermPos){y, x}, &c);
		add_cell(out, &c);
	}
	drop_spaces(out, from);
	buf_u8(out, '\n');
}

/* One letter a cell for how it is shown; capital letters are bold. */
static char style(const VTermScreenCell *c)
{
	char base = c->attrs.reverse                     ? 'r'
		    : c->attrs.underline                 ? 'u'
		    : !VTERM_COLOR_IS_DEFAULT_BG(&c->bg) ? 'b'
		    : !VTERM_COLOR_IS_DEFAULT_FG(&c->fg)
			? 'a' + c->fg.indexed.idx % 26
			: ' ';

	if (base == ' ')
		return c->attrs.bold ? 'B' : ' ';
	return c->attrs.bold ? (char)(base - 'a' + 'A') : base;
}

static void add_styles(struct buf *out, const struct vscreen *vs, int y)
{
	size_t from = out->len;
	VTermScreenCell c;

	for (int x = 0; x<vs->size.cols; x += c.width> 1 ? c.width : 1) {
		vterm_screen_get_cell(vs->screen, (VTermPos){y, x}, &c);
		for (int i = 0; i < (c.width > 1 ? c.width : 1); i++)
			buf_u8(out, (uint8_t)style(&c));
	}
	drop_spaces(out, from);
	buf_u8(out, '\n');
}

char *screen_text(const struct vscreen *vs)
{
	struct buf out = {0};

	for (int y = 0; y < vs->size.rows; y++)
		add_row(&out, vs, y);
	buf_u8(&out, 0);
	return (char *)out.data;
}

bool screen_has(const struct vscreen *vs, const char *text)
{
	char *all = screen_text(vs);
	bool has = strstr(all, text) != NULL;

	free(all);
	return has;
}

void screen_wait(struct vscreen *vs, const char *text)
{
	double end = now() + WAIT_S;

	while (!screen_has(vs, text)) {
		if (!pump(vs, 100) || now() > end) {
			char *all = screen_text(vs);
			fprintf(stderr, "%s", all);
			free(all);
			fail_msg("never on the screen: %s", text);
		}
	}
}

double screen_heard_ms(const struct vscreen *vs)
{
	return vs->heard_s * 1e3;
}

void screen_rest(struct vscreen *vs, int ms)
{
	double end = now() + ms / 1e3, left;

	while ((left = end - now()) > 0)
		pump(vs, left < 0.05 ? (int)(left * 1e3) + 1 : 50);
}

/* Bytes arrive in parts: looks at the screen once the line is quiet. */
static bool wait_quietly(struct vscreen *vs, const char *text)
{
	double end = now() + WAIT_S;

	while (now() < end) {
		struct pollfd p = {vs->fd, POLLIN, 0};
		if (poll(&p, 1, 0) == 0 && screen_has(vs, text))
			return true;
		if (!pump(vs, 100))
			return false;
	}
	return false;
}

bool screen_keys_until(struct vscreen *vs, const char *bytes, const char *text)
{
	size_t n = strlen(bytes);

	return write(vs->fd, bytes, n) == (ssize_t)n && wait_quietly(vs, text);
}

struct vscreen *screen_start_plain(
    char *const argv[], struct vscreen_size size, const char *text)
{
	struct vscreen *vs = start(size);

	if (!vs) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (!wait_quietly(vs, text))
		screen_free(&vs);
	return vs;
}

static void snapshot(struct buf *out, struct vscreen *vs)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(vs->vt), &at);
	buf_printf(out, "size %dx%d cursor %d,%d\n", vs->size.cols,
	    vs->size.rows, at.row, at.col);
	for (int y = 0; y < vs->size.rows; y++)
		add_row(out, vs, y);
	buf_str(out, "== styles\n");
	for (int y = 0; y < vs->size.rows; y++)
		add_styles(out, vs, y);
}

void screen_expect(struct vscreen *vs, const char *name)
{
	struct buf got = {0};
	char path[512];
	char *want;

	snprintf(path, sizeof(path), "tests/screens/%s.txt", name);
	snapshot(&got, vs);
	if (getenv("REGOLD")) {
		FILE *f = fopen(path, "w");
		assert_non_null(f);
		fwrite(got.data, 1, got.len, f);
		fclose(f);
		buf_fini(&got);
		return;
	}
	want = test_read_file(path, NULL);
	if (strcmp(want, buf_text(&got)) != 0) {
		fprintf(stderr, "--- %s wanted\n%s--- got\n%s", name, want,
		    buf_text(&got));
		fail_msg("%s differs (REGOLD=1 rewrites)", name);
	}
	free(want);
	buf_fini(&got);
}

size_t screen_typed(struct vscreen *vs)
{
	size_t n = vs->typed;

	vs->typed = 0;
	return n;
}

size_t screen_drawn(struct vscreen *vs)
{
	size_t n = vs->drawn;

	vs->drawn = 0;
	return n;
}

int screen_pid(const struct vscreen *vs)
{
	return vs->pid;
}

void screen_hang_up(struct vscreen *vs)
{
	close(vs->fd);
	vs->fd = -1;
}

int screen_wait_exit(struct vscreen *vs)
{
	double end = now() + WAIT_S;

	while (waitpid(vs->pid, &vs->status, WNOHANG) == 0) {
		if (vs->fd >= 0)
			pump(vs, 20);
		if (now() > end)
			fail_msg("the program did not end");
	}
	vs->ended = true;
	return WIFEXITED(vs->status) ? WEXITSTATUS(vs->status)
				     : 128 + WTERMSIG(vs->status);
}
