/* drop.c - the filter is made of drop.def's rows, then put in place. */
#define _GNU_SOURCE
#include "sync/drop.h"

#include "core/err.h"

#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define THIS_MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_MACHINE AUDIT_ARCH_AARCH64
#endif

/* A sanitizer's own work needs calls that the product does not. */
#if defined(THIS_MACHINE) && !defined(__SANITIZE_ADDRESS__) &&                 \
    !defined(__SANITIZE_THREAD__)
#define HAS_FILTER 1
#else
#define HAS_FILTER 0
#endif

#define ROWS_MAX 400 /* of a filter */

/* Machines younger than x86-64 never had these. */
#ifndef __x86_64__
#define SYS_open -1
#define SYS_stat -1
#define SYS_lstat -1
#define SYS_access -1
#define SYS_readlink -1
#define SYS_mkdir -1
#define SYS_rmdir -1
#define SYS_unlink -1
#define SYS_rename -1
#define SYS_link -1
#define SYS_chmod -1
#define SYS_dup2 -1
#define SYS_poll -1
#define SYS_select -1
#define SYS_epoll_wait -1
#define SYS_getrlimit -1
#define SYS_time -1
#endif

static int refused(const char *what)
{
	return err_set(ERR_NOT_PERMITTED, "%s: %s", what, strerror(errno));
}

/* ---- who ---------------------------------------------------------------- */

int drop_to_owner(const char *dir)
{
	struct stat st;

	if (stat(dir, &st) < 0)
		return err_set(ERR_NOT_FOUND, "%s: %s", dir, strerror(errno));
	if (geteuid() != 0 || st.st_uid == 0)
		return 0;
	if (setgroups(0, NULL) < 0 || setgid(st.st_gid) < 0 ||
	    setuid(st.st_uid) < 0)
		return refused("owner of the home");
	if (setuid(0) == 0)
		return err_set(ERR_NOT_PERMITTED, "still root");
	return 0;
}

/* ---- steps -------------------------------------------------------------- */

/* 1: this kernel does not have it. */
static int no_new_privileges(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errno == EINVAL ? 1 : refused("no new privileges");
	return 0;
}

static int no_capabilities(void)
{
	struct __user_cap_header_struct head = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};

	/* Out of reach for good; only who has the right may do this. */
	for (int cap = 0; geteuid() == 0 && cap <= CAP_LAST_CAP; cap++)
		(void)prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	if (syscall(SYS_capset, &head, none) < 0)
		return refused("capabilities");
	return 0;
}

#if HAS_FILTER

struct filter {
	struct sock_filter rows[ROWS_MAX];
	unsigned short n;
};

static void add(struct filter *f, struct sock_filter row)
{
	if (f->n < ROWS_MAX)
		f->rows[f->n++] = row;
}

static void add_call(struct filter *f, uint32_t nr, uint32_t action)
{
	add(f,
	    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1));
	add(f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* Numbers mean nothing before the machine they are of is known. */
static void begin(struct filter *f)
{
	f->n = 0;
	add(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		   offsetof(struct seccomp_data, arch)));
	add(f, (struct sock_filter)BPF_JUMP(
		   BPF_JMP | BPF_JEQ | BPF_K, THIS_MACHINE, 1, 0));
	add(f, (struct sock_filter)BPF_STMT(
		   BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
	add(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		   offsetof(struct seccomp_data, nr)));
}

static int install(struct filter *f, uint32_t otherwise)
{
	struct sock_fprog prog = {f->n + 1, f->rows};

	if (f->n >= ROWS_MAX - 1)
		return err_set(ERR_TOO_LARGE, "system call filter");
	f->rows[f->n] =
	    (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, otherwise);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0) < 0)
		return errno == EINVAL ? 1 : refused("system calls");
	return 0;
}

enum list {
	LIST_KEEP,
	LIST_KILL
};

static const struct call {
	enum list list;
	int nr;
	const char *name;
} calls[] = {
#define KEEP(call) {LIST_KEEP, SYS_##call, #call},
#define KILL(call) {LIST_KILL, SYS_##call, #call},
#include "sync/drop.def"
#undef KEEP
#undef KILL
};

static int only_kept_calls(void)
{
	struct filter f;

	begin(&f);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		if (calls[i].nr >= 0)
			add_call(&f, (uint32_t)calls[i].nr,
			    calls[i].list == LIST_KEEP
				? SECCOMP_RET_ALLOW
				: SECCOMP_RET_KILL_PROCESS);
	return install(&f, SECCOMP_RET_ERRNO | EPERM);
}

static int no_intruders_calls(void)
{
	struct filter f;

	begin(&f);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		if (calls[i].list == LIST_KILL && calls[i].nr != SYS_execve &&
		    calls[i].nr != SYS_execveat)
			add_call(&f, (uint32_t)calls[i].nr,
			    SECCOMP_RET_ERRNO | EPERM);
	return install(&f, SECCOMP_RET_ALLOW);
}

#else

static int only_kept_calls(void)
{
	return 1;
}

static int no_intruders_calls(void)
{
	return 1;
}

#endif

/* ---- the lists ---------------------------------------------------------- */

struct step {
	const char *name;
	int (*run)(void);
};

static int run_steps(const char **missing, const struct step *steps)
{
	*missing = NULL;
	for (; steps->name; steps++) {
		int r = steps->run();
		if (r < 0)
			return r;
		if (r > 0)
			*missing = steps->name;
	}
	return 0;
}

static const struct step of_node[] = {
    {"no-new-privileges", no_new_privileges},
    {"no-capabilities", no_capabilities},
    {"system-calls", only_kept_calls},
    {NULL, NULL},
};

static const struct step of_terminal[] = {
    {"no-new-privileges", no_new_privileges},
    {"system-calls", no_intruders_calls},
    {NULL, NULL},
};

int drop_for_node(const char **missing)
{
	return run_steps(missing, of_node);
}

int drop_for_terminal(const char **missing)
{
	return run_steps(missing, of_terminal);
}
