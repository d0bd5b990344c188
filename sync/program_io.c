/* program_io.c - the world of a command-line program: files, terminal,
 * clock, randomness, language. */
#define _GNU_SOURCE
#include "core/clock.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/tr.h"
#include "sync/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define PASSPHRASE_MAX 1024
#define JSON_FILE_MAX 65536

/* ---- world -------------------------------------------------------------- */

static void system_random(void *ctx, void *buf, size_t n)
{
	uint8_t *p = buf;

	(void)ctx;
	while (n > 0) {
		ssize_t got = getrandom(p, n, 0);
		if (got < 0 && errno != EINTR)
			abort();
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		}
	}
}

const struct env *program_env(void)
{
	static const struct env world = {
	    clock_now_s, clock_mono_ms, system_random, NULL};

	return &world;
}

const char *program_locale_dir(void)
{
	static char dir[4096];
	char exe[3072];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	exe[n > 0 ? n : 0] = '\0';
	slash = strrchr(exe, '/');
	if (slash)
		*slash = '\0';
	snprintf(dir, sizeof(dir), "%s/../share/locale", exe);
	return dir;
}

static enum lang lang_of_environment(void)
{
	const char *s = getenv("LC_ALL");

	if (!s || !*s)
		s = getenv("LC_MESSAGES");
	if (!s || !*s)
		s = getenv("LANG");
	return s && strncmp(s, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
}

void program_language(const char *lang)
{
	enum lang l;

	if (!lang || tr_parse(&l, lang) < 0)
		l = lang_of_environment();
	tr_init(program_locale_dir(), l);
}

/* ---- passphrase --------------------------------------------------------- */

/* One line without its LF, byte by byte so that the next line stays. */
static int read_line(struct secret **out, int fd)
{
	struct secret *line = secret_new(PASSPHRASE_MAX);
	size_t n = 0;
	ssize_t got;
	char c;

	while ((got = read(fd, &c, 1)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || c == '\n' || n == PASSPHRASE_MAX)
			break;
		line->bytes[n++] = (uint8_t)c;
	}
	if (n > 0 && n < PASSPHRASE_MAX && got >= 0)
		*out = secret_dup(line->bytes, n);
	secret_free(&line);
	if (got < 0)
		return err_set(ERR_USAGE, "--passphrase-fd %d", fd);
	if (n == 0 || n == PASSPHRASE_MAX)
		return err_set(ERR_PASSPHRASE, "no passphrase given");
	return 0;
}

static int ask(struct secret **out, const char *prompt)
{
	struct termios was, quiet;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	int r;

	if (fd < 0 || tcgetattr(fd, &was) < 0) {
		if (fd >= 0)
			close(fd);
		return err_set(ERR_USAGE, "--passphrase-fd");
	}
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(fd, TCSAFLUSH, &quiet);
	dprintf(fd, "%s: ", prompt);
	r = read_line(out, fd);
	tcsetattr(fd, TCSAFLUSH, &was);
	dprintf(fd, "\n");
	close(fd);
	return r;
}

static int ask_twice(struct secret **out, const char *prompt)
{
	struct secret *first = NULL, *second = NULL;
	int r = ask(&first, prompt);

	if (r == 0)
		r = ask(&second, _("The same again"));
	if (r == 0 && !secret_is_equal(first, second))
		r = err_set(ERR_PASSPHRASE, "the two differ");
	secret_free(&second);
	if (r < 0)
		secret_free(&first);
	else
		*out = first;
	return r;
}

int program_passphrase(
    struct secret **out, struct program *p, const char *prompt, bool is_new)
{
	static const int64_t range[2] = {0, 1 << 20};
	int64_t fd = -1;
	int r = program_int(&fd, p, "passphrase-fd", range);

	if (r < 0)
		return r;
	if (fd >= 0)
		return read_line(out, (int)fd);
	return is_new ? ask_twice(out, prompt) : ask(out, prompt);
}

/* ---- files -------------------------------------------------------------- */

int program_file_error(const char *path)
{
	int code = ERR_IO;

	switch (errno) {
	case ENOENT:
	case ENOTDIR:
		code = ERR_NOT_FOUND;
		break;
	case ELOOP:
	case EISDIR:
	case ENXIO: /* a socket */
		code = ERR_NOT_FILE;
		break;
	case ENOSPC:
	case EDQUOT:
		code = ERR_NO_SPACE;
		break;
	case EACCES:
	case EPERM:
	case EROFS:
		code = ERR_READ_ONLY;
		break;
	default:
		break;
	}
	return err_set(code, "%s: %s", path, strerror(errno));
}

static int read_all(struct buf *out, int fd, size_t max, const char *path)
{
	ssize_t got;

	do {
		uint8_t *at = buf_reserve(out, 65536);
		got = read(fd, at, 65536);
		if (got < 0)
			return program_file_error(path);
		out->len += (size_t)got;
		if (out->len > max)
			return err_set(ERR_TOO_LARGE, "%s", path);
	} while (got > 0);
	buf_add(out, "", 1);
	out->len--;
	return 0;
}

int program_open(int *out, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st = {0};

	if (fd < 0)
		return program_file_error(path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(ERR_NOT_FILE, "%s", path);
	}
	*out = fd;
	return 0;
}

int program_read(struct buf *out, const char *path, size_t max)
{
	int fd = -1;
	int r = program_open(&fd, path);

	if (r < 0)
		return r;
	r = read_all(out, fd, max, path);
	close(fd);
	return r;
}

static int write_all(int fd, const struct buf *data)
{
	size_t at = 0;

	while (at < data->len) {
		ssize_t n = write(fd, data->data + at, data->len - at);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			at += (size_t)n;
	}
	return fsync(fd);
}

/* So that the rename itself survives a power cut. */
static int sync_folder(const char *path)
{
	struct buf dir = {0};
	const char *slash = strrchr(path, '/');
	int fd, r;

	buf_add(&dir, slash ? path : ".", slash ? (size_t)(slash - path) : 1);
	fd = open(dir.len ? buf_text(&dir) : "/", O_RDONLY | O_DIRECTORY);
	buf_fini(&dir);
	if (fd < 0)
		return -1;
	r = fsync(fd);
	close(fd);
	return r;
}

/* A rename would put a file in the place of a device. */
static bool is_other_than_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

int program_write(const char *path, const struct buf *data, unsigned mode)
{
	struct buf temp = {0};
	int fd, r = 0;

	if (is_other_than_file(path))
		return err_set(ERR_NOT_FILE, "%s", path);
	buf_printf(&temp, "%s.new", path);
	unlink(buf_text(&temp));
	fd = open(buf_text(&temp), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    (mode_t)mode);
	if (fd < 0)
		r = program_file_error(path);
	if (r == 0 &&
	    (write_all(fd, data) < 0 || rename(buf_text(&temp), path) < 0 ||
		sync_folder(path) < 0)) {
		r = program_file_error(path);
		unlink(buf_text(&temp));
	}
	if (fd >= 0)
		close(fd);
	buf_fini(&temp);
	return r;
}

void program_remove(const char *path)
{
	(void)unlink(path);
}

int program_read_json(json_t **out, const char *path)
{
	struct buf text = {0};
	int r = program_read(&text, path, JSON_FILE_MAX);

	if (r == 0)
		r = json_load(out, buf_text(&text), text.len, JSON_FILE_MAX);
	buf_fini(&text);
	return r;
}

int program_write_json(const char *path, const json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(2));
	struct buf b = {0};
	int r;

	buf_str(&b, text);
	buf_u8(&b, '\n');
	free(text);
	r = program_write(path, &b, 0644);
	buf_fini(&b);
	return r;
}
