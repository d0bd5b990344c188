/*
 * log_git.h - a ledger's frames as objects of the git library: what gitodb.h
 * serves, out of a store. A walk along one seat finds each record by its
 * place; any other name is searched for. Must not know programs.
 */
#ifndef SUIFANG_SYNC_LOG_GIT_H
#define SUIFANG_SYNC_LOG_GIT_H

#include "core/base.h"
#include "sync/audit.h"
#include "sync/gitodb.h"

struct log_git;

/* *audit is copied; its ledger is borrowed until close. */
NODISCARD int log_git_open(struct log_git **out, const struct audit *audit);
void log_git_close(struct log_git **git);

/* Borrowed. Serves every record of the store; tips are the newest ones. */
struct gitodb *log_git_db(struct log_git *git);

#endif
