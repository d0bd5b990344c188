/*
 * content_kind.h - which content a text is, by its own words: its kind, its
 * id and version, and the place it has below the content folder, whatever
 * its file is called. Must not know what the content means.
 */
#ifndef SUIFANG_CONTENT_KIND_H
#define SUIFANG_CONTENT_KIND_H

#include "core/base.h"

#include <jansson.h>

#define CONTENT_TEXT_MAX (2u << 20) /* bytes of one published text */
#define CONTENT_PATH 96

/* Ids and titles are borrowed from root. */
struct content_card {
	json_t *root;
	const char *kind; /* "script", "pathway" or "rules": all the rest */
	const char *id;
	char path[CONTENT_PATH]; /* "rules/pci.json" */
	char version[33];
	const char *title_zh, *title_en;
};

/* content_card_fini in any case. ERR_INVALID with path and reason: a kind
 * that this program does not know, or no proper id, version or title; errors
 * of json_load. */
NODISCARD int content_describe(
    struct content_card *out, const char *text, size_t n);
void content_card_fini(struct content_card *card);

/* "script" of "scripts/x.json"; "rules" of what is neither a script nor a
 * pathway. The id is copied without its folder and ending. */
const char *content_kind_of(char id[CONTENT_PATH], const char *path);

/* Below 0, 0, above 0; runs of digits are compared as numbers. */
int content_version_cmp(const char *a, const char *b);

#endif
