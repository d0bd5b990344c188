/*
 * drop.h - what a process gives up for good, so that whoever takes it over
 * by its input has little (an edge). The lists are drop.def and the tables
 * at the end of drop.c. Must not know what the process does.
 */
#ifndef SUIFANG_SYNC_DROP_H
#define SUIFANG_SYNC_DROP_H

#include "core/base.h"

/* Root becomes the owner of dir, with no other groups; others stay who they
 * are. Before anything in dir is opened. ERR_NOT_PERMITTED, ERR_NOT_FOUND. */
NODISCARD int drop_to_owner(const char *dir);

/* The serving centre, once it listens: no new privileges, no capabilities,
 * the system calls of drop.def. ERR_NOT_PERMITTED when the system refuses
 * a step; *missing names one that this kernel does not have (the rest is
 * done), or is NULL. */
NODISCARD int drop_for_node(const char **missing);

/* A terminal, which starts a dialer and looks names up: no new privileges,
 * and of drop.def's last part all but starting programs. */
NODISCARD int drop_for_terminal(const char **missing);

#endif
