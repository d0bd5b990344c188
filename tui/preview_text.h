/*
 * preview_text.h - the lines of a preview as text: numbers, newest values
 * with their targets, the last call and how its alert went, what must be
 * asked today. Must not know where they are drawn.
 */
#ifndef SUIFANG_TUI_PREVIEW_TEXT_H
#define SUIFANG_TUI_PREVIEW_TEXT_H

#include "core/base.h"

struct desk;
struct preview;

/* All: "" where there is nothing to say. */

/* "138****4802  child 明 139****1177": numbers in use. */
void preview_text_phones(char *out, size_t size, const struct preview *p);
/* "冠心病, PCI术后; 2026-11-14 支架": diagnoses, then procedures. */
void preview_text_cases(char *out, size_t size, const struct preview *p);
void preview_text_drugs(char *out, size_t size, const struct preview *p);
/* "LDL-C 2.9 -> 1.7 on target   heart rate 72"; those with a target first. */
struct preview_room {
	const struct preview *p;
	struct desk *d;
	int w; /* cells: as many as fit whole; 0: each on its line */
};
void preview_text_values(
    char *out, size_t size, const struct preview_room *room);
/* "11-18 reached 6:12". */
void preview_text_last(
    char *out, size_t size, const struct preview *p, struct desk *d);
/* "Minor bleeding -> cardiology". */
void preview_text_alert(
    char *out, size_t size, const struct preview *p, struct desk *d);
/* "Wang Jianmin 11-18 15:20: watch, continue". */
void preview_text_answer(
    char *out, size_t size, const struct preview *p, struct desk *d);
/* "loop closed 11-19", or that it is open and where it stands. */
void preview_text_loop(
    char *out, size_t size, const struct preview *p, struct desk *d);

/* Cuts a list of ours at w cells, after a whole piece. */
void preview_text_fit(char *list, int w);

/* What the scripts that are due ask about red flags and the taking of drugs,
 * by the names of the facts, as list text. */
struct casefile;
void preview_text_ask(
    char *out, size_t size, const struct casefile *file, struct desk *d);

#endif
