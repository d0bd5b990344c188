/*
 * programs.h - a hospital made with the real programs in a folder of its own:
 * root, node, operator. For tests with real processes on loopback.
 */
#ifndef SUIFANG_TESTS_PROGRAMS_H
#define SUIFANG_TESTS_PROGRAMS_H

#include "tests/test.h"

#include "core/buf.h"
#include "core/kind.h"
#include "sync/home.h"

#include <sys/types.h>

struct hospital {
	char *dir;
	uint16_t port; /* kept for the node as long as port_fd is open */
	int port_fd;
	pid_t node;          /* 0 when it is not serving */
	struct buf out, err; /* of the last run */
};

/* Runs build/.../bin/PROGRAM with the words of a line (split at spaces; @ is
 * the hospital's folder) and these lines as passphrases; returns the exit
 * status, or -signal. */
int run(struct hospital *h, const char *passphrases, const char *line);
/* The same, failing the test unless the status is `status`. */
void run_expect(
    struct hospital *h, int status, const char *passphrases, const char *line);
/* Standard output of the last run without its last newline. */
const char *run_out(struct hospital *h);

/* Root, node's home, operator O001 (passphrase "o001"); not serving. */
struct hospital *hospital_new(void);
/* The same, where so many handshakes of this machine may be under way. */
struct hospital *hospital_new_with(int half_open);
void hospital_free(struct hospital *h);
int hospital_teardown(void **state); /* of cmocka; frees *state */
/* One team; a patient of it on A017's list. */
extern const struct id hospital_team, hospital_patient;
/* The node's first records, into its home: the team; one more patient of
 * a team on A017's list; team and patient, which opens the home itself. */
void hospital_found_team(struct home *node);
void hospital_register(struct home *node, const struct id *team,
    const struct id *patient, const char *name);
void hospital_fill(struct hospital *h);
/* Serves in a process of its own; returns when it listens. */
void hospital_serve(struct hospital *h);
/* SIGTERM or SIGKILL, and waits; returns the exit status or -signal. */
int hospital_stop(struct hospital *h, int signal_no);
/* What the serving node has used of the CPU, and holds in memory now. */
double hospital_cpu_ms(const struct hospital *h);
double hospital_memory_kb(const struct hospital *h);
/* Waits for a node that was told to stop. */
int hospital_wait(struct hospital *h);
/* O001 gives this person a role in the team: "agent", "supervisor". */
void hospital_grant(struct hospital *h, const char *member, const char *role);
/* Code, enrolment and grant of a member that is on the roster; the home is
 * @/seats/MEMBER, the passphrase "pw". */
void hospital_enrol(
    struct hospital *h, const char *member, const char *terminal);

/* Filled and serving; the agent A017 is enrolled at T-07 and has synced. */
struct hospital *hospital_with_agent(void);
/* Filled and serving; A017 at T-07, the supervisor S002 at T-02. */
struct hospital *hospital_with_pair(void);
/* Serving with the sample's people and patients; A017 at T-07, and A012 at
 * this terminal. */
struct hospital *hospital_with_agents(const char *terminal);
/* A017 and S002 from a roster file, and hospital_patient by this name. */
struct hospital *hospital_with_roster(const char *name);

/* Starts a program and leaves it running; *in writes to its standard input,
 * its output goes to @/NAME.log. And waits for one: its status, or -signal. */
pid_t hospital_start(
    struct hospital *h, const char *name, const char *line, int *in);
int hospital_end(pid_t pid);

/* `suifang-key sync` of @/seats/SEAT, as its owner; ends with this status. */
void hospital_sync(struct hospital *h, const char *seat, int status);

/* A home opened in this process; passphrase NULL = the node's. */
struct home *hospital_open(
    struct hospital *h, const char *home, const char *passphrase);
/* One number out of a home's store; out of the store of "node", or of a home
 * of passphrase "pw". */
int64_t hospital_count(struct home *home, const char *sql);
int64_t hospital_ask(struct hospital *h, const char *home, const char *sql);
/* Exchanges with the node until settled. */
int hospital_settle(struct home *home);
/* One entry of this home's seat. */
void hospital_say(
    struct home *home, enum kind kind, const struct id *stream, json_t *body);

#endif
