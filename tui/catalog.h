/*
 * catalog.h - the content in force as the screens need it: pathways,
 * scripts, red-flag rules and dispositions by id, loaded once and kept.
 * Newer versions published in the log come before those of the program.
 */
#ifndef SUIFANG_TUI_CATALOG_H
#define SUIFANG_TUI_CATALOG_H

#include "core/base.h"
#include "keys/hash.h"

struct advice_library;
struct cadence;
struct catalog;
struct hours;
struct kpi_set;
struct notetag;
struct review_card;
struct script;
struct store;
struct target_set;
struct pathway;
struct profile_tables;
struct pathway_step;
struct triage;

/* store NULL: only what came with the program. Borrowed. */
NODISCARD int catalog_new(struct catalog **out, struct store *store);
void catalog_free(struct catalog **c);

/* NULL when there is none, or when it cannot be read. Borrowed. */
const struct pathway *catalog_pathway(struct catalog *c, const char *id);
const struct script *catalog_script(struct catalog *c, const char *id);
/* That version of it, in force or not; version "" and a version that is not
 * here: the one in force. */
const struct script *catalog_script_of(
    struct catalog *c, const char *id, const char *version);
/* Which fact an answer to a question of a script is: struct history_codes
 * (core/history.h) asks so. catalog is the struct catalog. */
const char *catalog_fact_code(
    void *catalog, const char *script, const char *link);
/* Hex of BLAKE2b-256 of the canonical JSON: the same for the same words,
 * published or not. "" of what is no JSON. */
void catalog_hash(char out[HASH_HEX], const char *text, size_t n);
/* Of what catalog_script_of gives; "" where there is none. Borrowed. */
const char *catalog_script_hash(
    struct catalog *c, const char *id, const char *version);
const struct triage *catalog_triage(struct catalog *c);
const struct cadence *catalog_cadence(const struct catalog *c);
const struct hours *catalog_hours(const struct catalog *c);
const struct advice_library *catalog_advice(struct catalog *c);
/* NULL when its dictionary cannot be read. */
const struct notetag *catalog_notetag(struct catalog *c);
const struct target_set *catalog_targets(const struct catalog *c);
/* Never NULL. */
const struct profile_tables *catalog_profile(struct catalog *c);
/* New ones; the caller frees them. */
NODISCARD int catalog_kpis(struct kpi_set **out, const struct catalog *c);
NODISCARD int catalog_scorecard(
    struct review_card *out, const struct catalog *c);
/* "systolic pressure mmHg" of "8480-6"; the code itself when unknown. */
const char *catalog_code_name(const struct catalog *c, const char *code);
/* What a rule saw, as entries have it ("8480-6 150, visit-class
 * unsatisfied"), in words. */
void catalog_inputs(
    char *out, size_t size, const struct catalog *c, const char *inputs);

/* Titles in the language in use; the id where the content is absent. */
const char *catalog_pathway_title(struct catalog *c, const char *id);
/* Name of an alert queue. */
const char *catalog_queue(const struct catalog *c, const char *id);
/* Ids of the queues there are, at most max; borrowed. */
int catalog_queues(const char **out, int max, const struct catalog *c);
const char *catalog_disposition(const struct catalog *c, const char *id);
const char *catalog_step_title(
    struct catalog *c, const char *pathway, const char *step);

#endif
