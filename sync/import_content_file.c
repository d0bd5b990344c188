/* import_content_file.c - reading a folder of content. */
#define _GNU_SOURCE
#include "sync/import_content_file.h"

#include "core/content.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/script.h"
#include "sync/program.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 2000
#define PATH_BYTES 4200

struct content_folder {
	struct content_files files;
};

static const char *const folders[] = {
    "rules",
    "rules/cases",
    "pathways",
    "pathways/cases",
    "tables",
    "tables/cases",
    "settings",
    "scripts",
    "advice",
    "valuesets",
};

void content_folder_free(struct content_folder **folder)
{
	if (!*folder)
		return;
	for (size_t i = 0; i < (*folder)->files.n; i++) {
		free((void *)(uintptr_t)(*folder)->files.at[i].path);
		free((void *)(uintptr_t)(*folder)->files.at[i].text);
	}
	free((*folder)->files.at);
	free(*folder);
	*folder = NULL;
}

const struct content_files *content_folder_files(
    const struct content_folder *folder)
{
	return &folder->files;
}

static int take_file(
    struct content_folder *f, const char *dir, const char *path)
{
	char full[PATH_BYTES];
	struct buf text = {0};
	int r;

	if (f->files.n == FILES_MAX)
		return err_set(ERR_TOO_LARGE, "%s: too many files", dir);
	snprintf(full, sizeof(full), "%s/%s", dir, path);
	r = program_read(&text, full, SCRIPT_BYTES_MAX);
	if (r) {
		buf_fini(&text);
		return r;
	}
	f->files.at =
	    mem_grow(f->files.at, f->files.n + 1, sizeof(*f->files.at));
	f->files.at[f->files.n++] = (struct content_file){
	    .path = mem_strdup(path),
	    .text = mem_dup(buf_text(&text), text.len + 1),
	    .n = text.len,
	};
	buf_fini(&text);
	return 0;
}

static int is_json(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 5 && n < 200 && !strcmp(e->d_name + n - 5, ".json");
}

static int take_folder(
    struct content_folder *f, const char *dir, const char *folder)
{
	char full[PATH_BYTES];
	struct dirent **names = NULL;
	int n;
	int r = 0;

	snprintf(full, sizeof(full), "%s/%s", dir, folder);
	n = scandir(full, &names, is_json, alphasort);
	for (int i = 0; i < n; i++) {
		char path[256];

		snprintf(path, sizeof(path), "%.30s/%.200s", folder,
		    names[i]->d_name);
		if (!r)
			r = take_file(f, dir, path);
		free(names[i]);
	}
	free(names);
	return r;
}

int content_folder_read(struct content_folder **out, const char *dir)
{
	struct content_folder *f = mem_new(sizeof(*f));
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(folders) && !r; i++)
		r = take_folder(f, dir, folders[i]);
	if (!r && f->files.n == 0)
		r = err_set(ERR_NOT_FOUND, "no content below %s", dir);
	if (r)
		content_folder_free(&f);
	else
		*out = f;
	return r;
}
