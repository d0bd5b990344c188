/*
 * keyfile_disk.c - key files on the disk: written whole and durably beside
 * the old one, then moved in place; and the count of wrong tries.
 */
#define _GNU_SOURCE
#include "keys/keyfile_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/mem.h"
#include "keys/keyfile_tries.h"

static int fail(const char *what)
{
	int code = ERR_IO;

	if (errno == ENOSPC || errno == EDQUOT)
		code = ERR_NO_SPACE;
	else if (errno == EACCES || errno == EPERM || errno == EROFS)
		code = ERR_READ_ONLY;
	else if (errno == ENOENT || errno == ENOTDIR)
		code = ERR_NOT_FOUND;
	else if (errno == EEXIST)
		code = ERR_EXISTS;
	else if (errno == ELOOP || errno == ENXIO)
		code = ERR_NOT_FILE;
	return err_set(code, "key file: %s: %s", what, strerror(errno));
}

/* A pipe or device would be waited for, or never end. */
static int open_file(int *out, const char *path, int flags)
{
	int fd = open(
	    path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	struct stat st;

	if (fd < 0)
		return fail("open");
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(ERR_NOT_FILE, "key file");
	}
	*out = fd;
	return 0;
}

/* At most max bytes of a file, NUL-terminated. */
static int slurp(struct buf *out, const char *path, size_t max)
{
	char part[1024];
	ssize_t n;
	int fd = -1, rc = open_file(&fd, path, O_RDONLY);

	if (rc < 0)
		return rc;
	while ((n = read(fd, part, sizeof(part))) > 0 && out->len <= max)
		buf_add(out, part, (size_t)n);
	if (n < 0)
		rc = fail("read");
	else if (out->len > max)
		rc = err_set(ERR_DAMAGED, "key file: too long");
	close(fd);
	return rc;
}

/* A file that opens without a passphrase must be its owner's alone. */
static int check_mode(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return fail("stat");
	return (st.st_mode & 077) == 0
		   ? 0
		   : err_set(ERR_NOT_PERMITTED, "key file: mode %o",
			 (unsigned)st.st_mode & 0777);
}

int keyfile_load(struct keyfile_image *out, const char *path)
{
	struct buf text = {0};
	int rc = slurp(&text, path, KF_TEXT_MAX);

	if (rc == 0)
		rc = keyfile_parse(out, buf_text(&text), text.len);
	if (rc == 0 && out->kind == KF_NONE)
		rc = check_mode(path);
	buf_fini(&text);
	return rc;
}

static int sync_folder(const char *path)
{
	char *dir = mem_strdup(path);
	char *slash = strrchr(dir, '/');
	int rc = 0, fd;

	if (slash)
		slash[slash == dir ? 1 : 0] = '\0';
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		rc = fail("folder");
	if (fd >= 0)
		close(fd);
	free(dir);
	return rc;
}

static int write_all(int fd, const struct buf *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(fd, text->data + done, text->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail("write");
		done += (size_t)n;
	}
	return fsync(fd) == 0 ? 0 : fail("sync");
}

static int write_beside(
    const char *path, const struct buf *text, enum keyfile_kind kind)
{
	int fd, rc;

	(void)unlink(path); /* left by a crash */
	fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fail("create");
	rc = write_all(fd, text);
	if (rc == 0 && kind != KF_ARGON2ID && fchmod(fd, 0400) != 0)
		rc = fail("mode");
	if (close(fd) != 0 && rc == 0)
		rc = fail("close");
	return rc;
}

int keyfile_save(
    const char *path, const struct keyfile_image *image, bool replace)
{
	struct buf text = {0}, beside = {0};
	int rc;

	keyfile_print(&text, image);
	buf_printf(&beside, "%s.new", path);
	rc = write_beside(buf_text(&beside), &text, image->kind);
	/* link refuses to replace a file, rename does not */
	if (rc == 0 && replace && rename(buf_text(&beside), path) != 0)
		rc = fail("rename");
	if (rc == 0 && !replace && link(buf_text(&beside), path) != 0)
		rc = fail("link");
	if (rc < 0 || !replace)
		(void)unlink(buf_text(&beside));
	if (rc == 0)
		rc = sync_folder(path);
	buf_fini(&text);
	buf_fini(&beside);
	return rc;
}

/* ---- wrong tries ---------------------------------------------------- */

static void tries_path(struct buf *out, const char *path)
{
	buf_printf(out, "%s.tries", path);
}

void keyfile_tries_get(uint32_t *n, int64_t *at_s, const char *path)
{
	struct buf name = {0}, text = {0};

	*n = 0;
	*at_s = 0;
	tries_path(&name, path);
	if (slurp(&text, buf_text(&name), 64) == 0 &&
	    sscanf(buf_text(&text), "%" SCNu32 " %" SCNd64, n, at_s) != 2)
		*n = 0;
	buf_fini(&name);
	buf_fini(&text);
}

void keyfile_tries_set(const char *path, uint32_t n, int64_t at_s)
{
	const int flags = O_WRONLY | O_CREAT | O_TRUNC;
	struct buf name = {0};
	int fd = -1;

	tries_path(&name, path);
	/* Something else in its place must not switch the count off. */
	if (n == 0 || open_file(&fd, buf_text(&name), flags) == ERR_NOT_FILE)
		(void)unlink(buf_text(&name));
	if (n > 0 && (fd >= 0 || open_file(&fd, buf_text(&name), flags) == 0)) {
		dprintf(fd, "%" PRIu32 " %" PRId64 "\n", n, at_s);
		close(fd);
	}
	buf_fini(&name);
}
