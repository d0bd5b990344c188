/*
 * dialer.c - dialling by a program, and the fake. The program gets a clean
 * signal mask, no input, and its own process group, so that hanging up ends
 * everything it started.
 */
#define _GNU_SOURCE
#include "tui/dialer.h"

#include "core/err.h"
#include "core/mem.h"
#include "core/text.h"
#include "keys/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS_MAX 24
#define SPEC_MAX 1000
#define MARK "{number}"
#define END_MS 2000

struct dialer {
	const struct dialer_ops *ops;
	char spec[SPEC_MAX], *words[WORDS_MAX + 1];
	char number[40], recording[200], line[300];
	size_t line_len;
	enum dialer_state state;
	pid_t pid;
	int fd; /* its standard output; -1 */
};

/* ---- the command -------------------------------------------------------- */

static void take_line(struct dialer *d)
{
	if (strcmp(d->line, "ringing") == 0)
		d->state = DIALER_RINGING;
	else if (strcmp(d->line, "talking") == 0)
		d->state = DIALER_TALKING;
	else if (strcmp(d->line, "ended") == 0)
		d->state = DIALER_ENDED;
	else if (strncmp(d->line, "recording ", 10) == 0)
		text_copy(d->recording, sizeof(d->recording), d->line + 10);
}

static void take_bytes(struct dialer *d, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n') {
			d->line[d->line_len] = '\0';
			take_line(d);
			d->line_len = 0;
		} else if (d->line_len + 1 < sizeof(d->line)) {
			d->line[d->line_len++] = bytes[i];
		}
	}
}

static void read_output(struct dialer *d)
{
	char bytes[512];
	ssize_t n;

	while (d->fd >= 0 && (n = read(d->fd, bytes, sizeof(bytes))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		take_bytes(d, bytes, (size_t)n);
	}
}

static void forget_process(struct dialer *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
	d->pid = 0;
}

static bool has_ended(struct dialer *d, int *status)
{
	return d->pid > 0 && waitpid(d->pid, status, WNOHANG) == d->pid;
}

static void command_poll(struct dialer *d)
{
	int status = 0;
	bool ended = has_ended(d, &status);

	read_output(d);
	if (!ended)
		return;
	forget_process(d);
	d->state = WIFEXITED(status) && WEXITSTATUS(status) == 0
		       ? DIALER_ENDED
		       : DIALER_FAILED;
}

/* The words of the template with the number put in; freed by the caller. */
static void fill_words(char *out[WORDS_MAX + 1], const struct dialer *d)
{
	int n = 0;

	for (; d->words[n]; n++) {
		const char *at = strstr(d->words[n], MARK);
		size_t size = strlen(d->words[n]) + sizeof(d->number);
		out[n] = mem_array(size, 1);
		if (at)
			snprintf(out[n], size, "%.*s%s%s",
			    (int)(at - d->words[n]), d->words[n], d->number,
			    at + strlen(MARK));
		else
			text_copy(out[n], size, d->words[n]);
	}
	out[n] = NULL;
}

_Noreturn static void run_program(char *const words[], int out, int said)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;
	int e;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setpgid(0, 0);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDERR_FILENO);
	}
	dup2(out, STDOUT_FILENO);
	execvp(words[0], words);
	e = errno;
	if (write(said, &e, sizeof(e)) < 0)
		_exit(126);
	_exit(127);
}

/* `said` stays empty when the program could be started. */
static int start(struct dialer *d, char *const words[])
{
	int out[2], said[2], e = 0;
	ssize_t n;

	if (pipe2(out, O_CLOEXEC) < 0)
		return ERR_NOT_FOUND;
	if (pipe2(said, O_CLOEXEC) < 0) {
		close(out[0]);
		close(out[1]);
		return ERR_NOT_FOUND;
	}
	d->pid = fork();
	if (d->pid == 0)
		run_program(words, out[1], said[1]);
	close(out[1]);
	close(said[1]);
	d->fd = out[0];
	do
		n = d->pid > 0 ? read(said[0], &e, sizeof(e)) : -1;
	while (n < 0 && d->pid > 0 && errno == EINTR);
	close(said[0]);
	if (n == 0) {
		fcntl(d->fd, F_SETFL, O_NONBLOCK);
		return 0;
	}
	if (d->pid > 0)
		waitpid(d->pid, NULL, 0);
	forget_process(d);
	return err_set(ERR_NOT_FOUND, "%s", d->words[0]);
}

static int command_dial(struct dialer *d, const char *number)
{
	char *words[WORDS_MAX + 1];
	int rc;

	(void)number;
	fill_words(words, d);
	rc = start(d, words);
	for (int i = 0; words[i]; i++)
		free(words[i]);
	return rc;
}

/* A moment to close its recording, then by force. */
static void command_hang_up(struct dialer *d)
{
	const struct timespec step = {.tv_nsec = 10000000};
	int status = 0;
	bool ended = has_ended(d, &status);

	if (d->pid > 0 && !ended)
		kill(-d->pid, SIGTERM);
	for (int ms = 0; d->pid > 0 && !ended && ms < END_MS; ms += 10) {
		nanosleep(&step, NULL);
		ended = has_ended(d, &status);
	}
	if (d->pid > 0 && !ended) {
		kill(-d->pid, SIGKILL);
		waitpid(d->pid, &status, 0);
	}
	read_output(d);
	forget_process(d);
}

/* ---- the fake ----------------------------------------------------------- */

static int fake_dial(struct dialer *d, const char *number)
{
	(void)number;
	d->state = DIALER_TALKING;
	return 0;
}

static void fake_nothing(struct dialer *d)
{
	(void)d;
}

static const struct dialer_ops backends[] = {
    {"command", command_dial, command_poll, command_hang_up},
    {"fake", fake_dial, fake_nothing, fake_nothing},
};

/* ---- the front ---------------------------------------------------------- */

/* Splits d->spec in place. */
static int split(struct dialer *d)
{
	char *p = d->spec, *to;
	int n = 0;
	bool marked = false;

	for (;;) {
		bool quoted = false;
		p += strspn(p, " \t");
		if (!*p)
			break;
		if (n == WORDS_MAX)
			return ERR_INVALID;
		d->words[n] = to = p;
		for (; *p && (quoted || (*p != ' ' && *p != '\t')); p++)
			if (*p == '"')
				quoted = !quoted;
			else
				*to++ = *p;
		if (quoted)
			return ERR_INVALID;
		p += *p != '\0';
		*to = '\0';
		marked |= strstr(d->words[n++], MARK) != NULL;
	}
	return n > 0 && marked ? 0 : ERR_INVALID;
}

int dialer_new(struct dialer **out, const char *spec)
{
	struct dialer *d = mem_new(sizeof(*d));
	bool fake = strcmp(spec, "fake") == 0;
	int rc = 0;

	d->fd = -1;
	d->ops = &backends[fake];
	if (strlen(spec) >= SPEC_MAX)
		rc = ERR_INVALID;
	text_copy(d->spec, sizeof(d->spec), spec);
	if (rc == 0 && !fake)
		rc = split(d);
	if (rc < 0) {
		free(d);
		return rc;
	}
	*out = d;
	return 0;
}

int dialer_new_line(struct dialer **out, const char *text)
{
	char line[SPEC_MAX];

	for (;; text += strcspn(text, "\n") + 1) {
		size_t n = strcspn(text, "\n");
		if (n > 0 && text[0] != '#' && n < sizeof(line)) {
			memcpy(line, text, n);
			line[n] = '\0';
			return dialer_new(out, line);
		}
		if (!text[n])
			return ERR_NOT_FOUND;
	}
}

void dialer_free(struct dialer **dialer)
{
	if (!*dialer)
		return;
	dialer_hang_up(*dialer);
	free(*dialer);
	*dialer = NULL;
}

int dialer_dial(struct dialer *d, const char *number)
{
	size_t n = 0;
	int rc;

	dialer_hang_up(d);
	for (; *number && n + 1 < sizeof(d->number); number++)
		if (strchr("0123456789+*#", *number))
			d->number[n++] = *number;
	d->number[n] = '\0';
	d->recording[0] = '\0';
	d->line_len = 0;
	if (n == 0)
		return ERR_INVALID;
	d->state = DIALER_RINGING;
	rc = d->ops->dial(d, d->number);
	if (rc < 0)
		d->state = DIALER_FAILED;
	return rc;
}

enum dialer_state dialer_poll(struct dialer *d)
{
	d->ops->poll(d);
	return d->state;
}

void dialer_hang_up(struct dialer *d)
{
	d->ops->hang_up(d);
	if (d->state != DIALER_IDLE)
		d->state = DIALER_ENDED;
}

const char *dialer_number(const struct dialer *d)
{
	return d->number;
}

const char *dialer_recording(const struct dialer *d)
{
	return d->recording;
}

bool dialer_hash(char out[HASH_HEX], const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	struct hash h;
	void *map;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0) {
		close(fd);
		return false;
	}
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return false;
	hash_sha256(&h, map, (size_t)st.st_size);
	munmap(map, (size_t)st.st_size);
	hash_hex(out, &h);
	return true;
}
