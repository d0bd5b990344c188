/*
 * search.h - finding a patient while the name is being typed: one packed
 * text of names, initials, pinyin, tails and tags, read once and scanned at
 * each key. Reads only; about 100 bytes a patient.
 */
#ifndef SUIFANG_SEARCH_H
#define SUIFANG_SEARCH_H

#include "core/base.h"

struct search;
struct store;

/* Reads nothing yet. Tags that expired before today are not found. */
struct search *search_begin(struct store *store, int64_t today);
/* Reads at most max patients more, so that one key never waits for all of a
 * long list. 1: there are more; 0: this is all; or the store's error. */
NODISCARD int search_more(struct search *search, int max);
/* Both, to the end: every patient of this terminal. */
NODISCARD int search_open(
    struct search **out, struct store *store, int64_t today);
void search_free(struct search **search);
/* Patients read so far. */
size_t search_count(const struct search *search);
/* Generation of the store that was read. */
uint64_t search_generation(const struct search *search);

/* Patients that match what is typed: part of the name or of a tag, head of
 * the initials or of the pinyin, tail of the ID number or of a telephone.
 * At most max; returns how many. */
int search_find(
    struct id *out, int max, const struct search *search, const char *typed);

#endif
