/*
 * fault_call.h - a child process whose n-th system call that touches a disk
 * fails: the tracer puts an error in place of the call's result, the call
 * itself is not made. For a child that is this program going on after a
 * fork, and for a real program.
 */
#ifndef SUIFANG_TESTS_FAULT_CALL_H
#define SUIFANG_TESTS_FAULT_CALL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct fault_call {
	uint64_t n; /* which call fails, from 1; 0: none */
	int error;  /* EIO, ENOSPC */
	bool
	    only_writes; /* what changes a disk; else reading and opening too */
	/* Out. */
	uint64_t seen; /* calls of that kind so far */
	bool has_fired;
	pid_t whose; /* the thread that met it */
	int status;  /* of waitpid, when it returns true */
};

/* False, with a line that says so, where a process may not trace another. */
bool fault_call_works(void);

/* In the child, first: lets itself be traced, stops until the tracer comes. */
void fault_call_begin(void);

/* The parent: follows the child (and its threads) until it ends. */
void fault_call_follow(struct fault_call *f, pid_t child);

/* For a tracer with other children: attaches after fault_call_begin; then
 * each status of waitpid (__WALL) for the child or one of its threads goes to
 * step, which lets that one run on and returns false once it has ended. */
void fault_call_attach(pid_t child);
bool fault_call_step(struct fault_call *f, pid_t who, int status);

#endif
