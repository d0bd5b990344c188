/*
 * import_content_file.h - content from a folder on disk (an edge): the JSON
 * files of rules, pathways, tables, settings and scripts with their cases.
 * Must not know what they mean.
 */
#ifndef SUIFANG_SYNC_IMPORT_CONTENT_FILE_H
#define SUIFANG_SYNC_IMPORT_CONTENT_FILE_H

#include "core/content_pack.h"

struct content_folder;

/* Reads every *.json of the known folders below dir, in order of name; a
 * folder that is absent is empty. ERR_NOT_FOUND when there is nothing, ERR_IO,
 * ERR_TOO_LARGE; err_detail names the file. */
NODISCARD int content_folder_read(struct content_folder **out, const char *dir);
void content_folder_free(struct content_folder **folder);

/* Borrowed until content_folder_free. */
const struct content_files *content_folder_files(
    const struct content_folder *folder);

#endif
