/*
 * patient_tabs.h - the text of each tab of a health record, as lines.
 */
#ifndef SUIFANG_TUI_PATIENT_TABS_H
#define SUIFANG_TUI_PATIENT_TABS_H

#include "core/base.h"
#include "tui/chart.h"
#include "tui/pager.h"

struct case_event;
struct case_point;
struct casefile;
struct desk;
struct signed_entry;

struct patient_tabs {
	struct desk *desk;
	struct casefile *file;
	struct pager pager;
	struct chart chart; /* of the trend tab */
	char heading[240];
	int series; /* which measurement, in the order of the results */
	int months; /* period of the trend */
	struct case_point *points; /* of the trend tab, newest first */
	int point_count;
	struct case_event *events; /* of the history tab */
	int event_count;
	struct signed_entry *entries; /* of the audit tab */
	int entry_count;
	bool shows_phone, shows_id, shows_address; /* unmasked, recorded */
};

void patient_tabs_fini(struct patient_tabs *t);
int patient_age(const struct patient_tabs *t); /* years, -1 unknown */

/* The newest signed entries, into entries. */
void patient_read_entries(struct patient_tabs *t);

/* Each fills the pager (and the chart) anew. */
void patient_tab_overview(struct patient_tabs *t);
void patient_tab_trend(struct patient_tabs *t);
void patient_tab_history(struct patient_tabs *t);
void patient_tab_medication(struct patient_tabs *t);
void patient_tab_results(struct patient_tabs *t);
void patient_tab_alerts(struct patient_tabs *t);
void patient_tab_audit(struct patient_tabs *t);

#endif
