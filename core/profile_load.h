/*
 * profile_load.h - the tables of profile.h as they are in force, read from
 * the store and owned together. Knows no patient.
 */
#ifndef SUIFANG_PROFILE_LOAD_H
#define SUIFANG_PROFILE_LOAD_H

#include "core/base.h"
#include "core/profile.h"

struct store;

/* store NULL: only what came with the program. A table that cannot be read
 * is left out: its part of a profile is missing, the rest holds. Never NULL. */
struct profile_tables *profile_tables_load(struct store *store);
void profile_tables_free(struct profile_tables **t);

#endif
