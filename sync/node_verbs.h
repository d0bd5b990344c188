/*
 * node_verbs.h - the longer requests to a node, each in its own file: admit
 * (what the root signed), publish (scripts, pathways, rules), import.
 */
#ifndef SUIFANG_SYNC_NODE_VERBS_H
#define SUIFANG_SYNC_NODE_VERBS_H

#include "core/base.h"

struct draft;
struct home;
struct paper;
struct request;
struct store;

/* words[1]: a file with a statement of the root: a first operator. */
NODISCARD int verb_admit(const struct request *q, bool *stop);
/* words[1..]: folders and files; none = what the program itself carries.
 * ERR_CHECK: a file is not sound; every fault is in out, nothing is
 * published. */
NODISCARD int verb_publish(const struct request *q, bool *stop);
/* A line in the operator's log for each published content that is not in
 * force here. */
void publish_note_passed(struct store *store);

/* Branches that are kept as evidence, and the records of one, named by the
 * hash of its newest record (words[1]); node_branch.c. */
NODISCARD int verb_branch_list(const struct request *q, bool *stop);
NODISCARD int verb_branch_show(const struct request *q, bool *stop);

/* words[1..]: a folder, "--reason=TEXT", "--since=YYYY-MM-DD": what patients
 * answered, as FHIR. ERR_IN_USE: there is such a file already. */
NODISCARD int verb_export_fhir(const struct request *q, bool *stop);

/* words[1..]: "--dry-run=", "--team=NAME", "--assign=FILE", then files and
 * folders of FHIR R4. ERR_QUARANTINED when some of it could not be read. */
NODISCARD int verb_import_fhir(const struct request *q, bool *stop);
/* words[1..]: "--drop=NUMBER" takes one out of the quarantine; a folder: its
 * resources are written there; neither: lists it. */
NODISCARD int verb_import_quarantine(const struct request *q, bool *stop);
/* words[1]: a folder with <number>.json, put right; what can be read now
 * leaves the quarantine. ERR_QUARANTINED when some of it cannot. */
NODISCARD int verb_import_back(const struct request *q, bool *stop);
/* The last word: a table of members and teams. */
NODISCARD int verb_import_roster(const struct request *q, bool *stop);

/* Who the organisation and the node are, as the site file says: the node's
 * first record, later what is new (a hand-over, a renewed certificate). */
NODISCARD int node_found(struct home *home);

#endif
