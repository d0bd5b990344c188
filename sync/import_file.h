/*
 * import_file.h - the edge of the importers: files and folders read from the
 * disk. What cannot be read goes to the problem list, and the rest goes on.
 */
#ifndef SUIFANG_IMPORT_FILE_H
#define SUIFANG_IMPORT_FILE_H

#include "core/base.h"
#include "core/buf.h"

struct import_batch;

/* Whether what somebody names is there to be read, file or folder; 0, or why
 * not as of program_open. */
NODISCARD int import_file_is_there(const char *path);

/* A whole file of at most max bytes. ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_IO. */
NODISCARD int import_file_read(struct buf *out, const char *path, size_t max);

/* Reads a file, or the .json and .ndjson files of a folder and of the folders
 * in it, in order of name. Returns how many files were read; 0 when there was
 * nothing to read, which is in the problem list. */
size_t import_file_fhir(struct import_batch *b, const char *path);

#endif
