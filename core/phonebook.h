/*
 * phonebook.h - whose telephone number is this: for calls that come in and
 * for numbers that several patients share. Reads the patients of this
 * terminal only.
 */
#ifndef SUIFANG_PHONEBOOK_H
#define SUIFANG_PHONEBOOK_H

#include "core/base.h"
#include "core/id.h"

struct store;

#define PHONE_DIGITS 32
#define PHONE_TAIL_MIN 4 /* digits that say enough */

struct phone_owner {
	struct id patient;
	char name[96], name_en[96], relation[36], member[24], number[36];
};

/* "+86 138-0000-4802" as "13800004802": digits only, full-width ones too,
 * without the country's prefix. */
void phonebook_digits(char out[PHONE_DIGITS], const char *typed);

/* Patients with this number; when there are none, those whose number ends
 * with it. `except` is left out (NULL: nobody). Returns how many, at most
 * max, or an error. Fewer than PHONE_TAIL_MIN digits find nobody. */
int phonebook_find(struct phone_owner *out, int max, struct store *store,
    const char *number, const struct id *except);

#endif
