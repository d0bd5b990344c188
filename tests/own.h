/*
 * own.h - the content that came with the program, parsed, for tests. Each
 * returns a new one that the caller frees.
 */
#ifndef SUIFANG_TESTS_OWN_H
#define SUIFANG_TESTS_OWN_H

struct advice_library;
struct cadence;
struct kpi_set;
struct notetag;
struct pathway_set;
struct review_card;
struct score_set;
struct strata;
struct tag_set;
struct target_set;
struct trend_table;
struct triage;

struct triage *own_triage(void);
struct pathway_set *own_pathways(void);
struct advice_library *own_advice(void);
struct cadence *own_cadence(void);
struct target_set *own_targets(void);
struct tag_set *own_tags(void);
struct score_set *own_scores(void);
struct trend_table *own_trends(void);
struct notetag *own_notes(void);
struct kpi_set *own_kpis(void);
struct strata *own_strata(void);
/* Fills *out. */
void own_scorecard(struct review_card *out);

#endif
