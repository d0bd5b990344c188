/* fault_call.c - PTRACE_SYSCALL stops, counted and sometimes spoilt. */
#define _GNU_SOURCE
#include "tests/fault_call.h"

#include "tests/test.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)

bool fault_call_works(void)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	print_message("[  SKIP    ] no process may trace another here\n");
	return false;
}

void fault_call_begin(void)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(125);
	raise(SIGSTOP);
}

static bool is_write(const struct user_regs_struct *r)
{
	switch (r->orig_rax) {
	case SYS_pwrite64:
	case SYS_pwritev:
	case SYS_fsync:
	case SYS_fdatasync:
	case SYS_ftruncate:
	case SYS_fallocate:
	case SYS_rename:
	case SYS_unlink:
		return true;
	default:
		return false;
	}
}

static bool is_read(const struct user_regs_struct *r)
{
	switch (r->orig_rax) {
	case SYS_pread64:
	case SYS_open:
	case SYS_openat:
	case SYS_mkdir:
		return true;
	default:
		return false;
	}
}

static void on_entry(struct fault_call *f, pid_t child)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, child, NULL, &r) < 0 ||
	    (!is_write(&r) && (f->only_writes || !is_read(&r))))
		return;
	if (++f->seen != f->n)
		return;
	f->has_fired = true;
	f->whose = child;
	/* No call has this number, so nothing is done. */
	r.orig_rax = (unsigned long long)-1;
	r.rax = (unsigned long long)-ENOSYS;
	ptrace(PTRACE_SETREGS, child, NULL, &r);
}

static void on_exit_of_call(const struct fault_call *f, pid_t child)
{
	struct user_regs_struct r;

	if (f->whose != child || ptrace(PTRACE_GETREGS, child, NULL, &r) < 0 ||
	    r.orig_rax != (unsigned long long)-1)
		return;
	r.rax = (unsigned long long)-f->error;
	ptrace(PTRACE_SETREGS, child, NULL, &r);
}

void fault_call_attach(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSTOPPED(status));
	ptrace(PTRACE_SETOPTIONS, child, NULL,
	    (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL |
		     PTRACE_O_TRACECLONE));
	ptrace(PTRACE_SYSCALL, child, NULL, NULL);
}

bool fault_call_step(struct fault_call *f, pid_t who, int status)
{
	struct __ptrace_syscall_info info = {0};
	long deliver = 0;

	f->status = status;
	if (!WIFSTOPPED(status))
		return false;
	if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
		ptrace(
		    PTRACE_GET_SYSCALL_INFO, who, (void *)sizeof(info), &info);
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
			on_entry(f, who);
		else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
			on_exit_of_call(f, who);
	} else if (WSTOPSIG(status) != SIGTRAP && WSTOPSIG(status) != SIGSTOP) {
		/* Each new thread begins with a stop of its own. */
		deliver = WSTOPSIG(status);
	}
	ptrace(f->n && f->has_fired && info.op == PTRACE_SYSCALL_INFO_EXIT
		   ? PTRACE_CONT
		   : PTRACE_SYSCALL,
	    who, NULL, (void *)deliver);
	return true;
}

void fault_call_follow(struct fault_call *f, pid_t child)
{
	pid_t who;
	int status;

	fault_call_attach(child);
	do {
		who = waitpid(-1, &status, __WALL);
		assert_true(who > 0);
	} while (fault_call_step(f, who, status) || who != child);
}

#else

bool fault_call_works(void)
{
	print_message("[  SKIP    ] only on x86-64\n");
	return false;
}

void fault_call_begin(void)
{
}

void fault_call_attach(pid_t child)
{
	(void)child;
}

bool fault_call_step(struct fault_call *f, pid_t child, int status)
{
	(void)f;
	(void)child;
	(void)status;
	return false;
}

void fault_call_follow(struct fault_call *f, pid_t child)
{
	(void)f;
	(void)child;
}

#endif
