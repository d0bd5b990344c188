/* import_file.c - files and folders for the importers (an edge). */
#define _GNU_SOURCE
#include "sync/import_file.h"

#include "core/err.h"
#include "core/tr.h"
#include "sync/import.h"
#include "sync/import_rows.h"
#include "sync/program.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDERS_DEEP 8

int import_file_read(struct buf *out, const char *path, size_t max)
{
	int fd = -1, r = program_open(&fd, path);
	FILE *f = r == 0 ? fdopen(fd, "rb") : NULL;
	size_t n;

	if (!f) {
		if (fd >= 0)
			close(fd);
		return r < 0 ? r : err_set(ERR_NO_MEMORY, "%s", path);
	}
	do {
		n = fread(buf_reserve(out, 65536), 1, 65536, f);
		out->len += n;
		if (out->len > max)
			r = err_set(ERR_TOO_LARGE, "the file is too large");
	} while (n > 0 && r == 0);
	buf_add(out, "", 0);
	if (r == 0 && ferror(f))
		r = err_set(ERR_IO, "the file cannot be read");
	fclose(f);
	return r;
}

int import_file_is_there(const char *path)
{
	struct stat st;
	int fd = -1, r = 0;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return access(path, R_OK | X_OK) == 0
			   ? 0
			   : program_file_error(path);
	r = program_open(&fd, path);
	if (r == 0)
		close(fd);
	return r;
}

static void refuse(struct import_batch *b, const char *path, const char *why)
{
	const struct import_place at = {path, "", ""};

	(void)import_refuse(b, &at, "", why, "");
}

static size_t read_one(struct import_batch *b, const char *path)
{
	struct buf text = {0};
	int r = import_file_read(&text, path, IMPORT_FILE_MAX);

	if (r == ERR_TOO_LARGE)
		refuse(b, path, N_("The file is larger than allowed."));
	else if (r)
		refuse(b, path, N_("The file cannot be opened or read."));
	else
		(void)!import_fhir(b, path, buf_text(&text), text.len);
	buf_fini(&text);
	return r == 0;
}

static bool is_fhir_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot &&
	       (strcmp(dot, ".json") == 0 || strcmp(dot, ".ndjson") == 0);
}

static size_t read_path(struct import_batch *b, const char *path, int depth);

static size_t read_folder(struct import_batch *b, const char *path, int depth)
{
	struct dirent **list;
	struct buf inner = {0};
	int count = scandir(path, &list, NULL, alphasort);
	size_t n = 0;

	if (count < 0) {
		refuse(b, path, N_("The file cannot be opened or read."));
		return 0;
	}
	for (int i = 0; i < count; i++) {
		const char *name = list[i]->d_name;
		struct stat st;

		buf_clear(&inner);
		buf_printf(&inner, "%s/%s", path, name);
		if (name[0] != '.' && stat(buf_text(&inner), &st) == 0 &&
		    (S_ISDIR(st.st_mode) || is_fhir_name(name)))
			n += read_path(b, buf_text(&inner), depth + 1);
		free(list[i]);
	}
	free(list);
	buf_fini(&inner);
	return n;
}

static size_t read_path(struct import_batch *b, const char *path, int depth)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return depth > FOLDERS_DEEP ? 0 : read_folder(b, path, depth);
	return read_one(b, path);
}

size_t import_file_fhir(struct import_batch *b, const char *path)
{
	size_t before = import_problem_count(b);
	size_t n = read_path(b, path, 0);

	if (n == 0 && import_problem_count(b) == before)
		refuse(b, path, N_("No .json or .ndjson file is in there."));
	return n;
}
