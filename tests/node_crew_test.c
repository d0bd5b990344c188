/*
 * node_crew_test.c - signatures checked in threads: what comes back is what
 * the ledger would have found, everything comes back, and an end in the
 * middle is an end.
 */
#include "tests/maker.h"
#include "tests/test.h"

#include "core/mem.h"
#include "sync/boxes.h"
#include "sync/drop.h"
#include "sync/net.h"
#include "sync/node_crew.h"
#include "sync/wire.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS 300
#define THREADS 3

struct order {
	struct maker *maker;
	struct buf msgs[JOBS];
	struct commit_name names[JOBS];
	struct crew_job jobs[JOBS];
};

/* One record each, as GIVE; of every third a bit of the signature is wrong,
 * every seventh names another key, and every fifth is no GIVE. */
static bool is_good(size_t i)
{
	return i % 3 != 1 && i % 7 != 1 && i % 5 != 1;
}

static void make_message(struct order *o, size_t i)
{
	struct msg_give *m = mem_new(sizeof(*m));
	struct buf frame = {0};

	maker_next(o->maker, 1);
	o->names[i] = o->maker->head.name;
	if (i % 3 == 1)
		o->maker->record.signature[i % SIGNATURE] ^= 4;
	record_write(&frame, &o->maker->record);
	m->frame = frame.data;
	m->frame_len = frame.len;
	m->boxes.count = 1;
	m->boxes.at[0] = o->maker->boxes[0].data;
	m->boxes.len[0] = (uint32_t)o->maker->boxes[0].len;
	wire_give(&o->msgs[i], m);
	if (i % 5 == 1)
		o->msgs[i].data[0] ^= 1;
	buf_fini(&frame);
	free(m);
}

static struct order *order_new(void)
{
	struct order *o = mem_new(sizeof(*o));

	o->maker = maker_new(11);
	for (size_t i = 0; i < JOBS; i++) {
		make_message(o, i);
		o->jobs[i].msg = &o->msgs[i];
		memcpy(o->jobs[i].pk, o->maker->identity->sign_pk, SIGN_PUBLIC);
		if (i % 7 == 1)
			o->jobs[i].pk[3] ^= 1;
	}
	return o;
}

static void order_free(struct order *o)
{
	for (size_t i = 0; i < JOBS; i++)
		buf_fini(&o->msgs[i]);
	maker_free(&o->maker);
	free(o);
}

static void give(struct crew *crew, struct order *o, size_t from, size_t to)
{
	for (size_t i = from; i + 1 < to; i++)
		o->jobs[i].next = &o->jobs[i + 1];
	o->jobs[to - 1].next = NULL;
	crew_give(crew, &o->jobs[from]);
}

/* Until all are back; how many came. */
static size_t take_all(struct crew *crew)
{
	size_t n = 0;

	while (crew_count(crew) > 0) {
		assert_true(net_wait(crew_fd(crew), false, 60000));
		for (struct crew_job *j = crew_take(crew); j; j = j->next)
			n++;
	}
	return n;
}

static void check(const struct order *o, size_t i)
{
	const struct crew_job *j = &o->jobs[i];

	assert_int_equal(j->is_signed, is_good(i));
	if (!j->is_signed)
		return;
	assert_memory_equal(j->found.pk, j->pk, SIGN_PUBLIC);
	assert_memory_equal(&j->found.name, &o->names[i], sizeof(o->names[i]));
}

static void test_node_crew__all_come_back_as_they_are(void **state)
{
	struct order *o = order_new();
	struct crew *crew = NULL;

	(void)state;
	assert_int_equal(crew_new(&crew, THREADS), 0);
	for (size_t i = 0; i < JOBS; i += 50)
		give(crew, o, i, i + 50);
	assert_int_equal(take_all(crew), JOBS);
	assert_null(crew_take(crew));
	for (size_t i = 0; i < JOBS; i++)
		check(o, i);
	crew_free(&crew);
	order_free(o);
}

static void test_node_crew__an_end_in_the_middle_is_an_end(void **state)
{
	struct order *o = order_new();
	struct crew *crew = NULL;

	(void)state;
	for (int i = 0; i < 20; i++) {
		assert_int_equal(crew_new(&crew, THREADS), 0);
		give(crew, o, 0, JOBS);
		assert_int_equal(crew_count(crew), JOBS);
		crew_free(&crew);
		assert_null(crew);
	}
	order_free(o);
}

/* Threads of this process that have a filter on. */
static int filtered(void)
{
	DIR *d = opendir("/proc/self/task");
	struct dirent *e;
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char path[300], line[200];
		FILE *f;
		snprintf(
		    path, sizeof(path), "/proc/self/task/%s/status", e->d_name);
		if (e->d_name[0] == '.' || !(f = fopen(path, "r")))
			continue;
		while (fgets(line, sizeof(line), f))
			n += strcmp(line, "Seccomp:\t2\n") == 0;
		fclose(f);
	}
	closedir(d);
	return n;
}

/* Some kernels, and programs under sanitizers, have none. */
static bool may_filter(void)
{
	const char *missing = NULL;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(drop_for_node(&missing) < 0 || missing ? 1 : 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void test_node_crew__confines_its_threads_alone(void **state)
{
	int before = filtered(), expected = may_filter() ? THREADS : 0, fd;
	struct crew *crew = NULL;

	(void)state;
	assert_int_equal(crew_new(&crew, THREADS), 0);
	assert_int_equal(filtered() - before, before > 0 ? THREADS : expected);
	crew_free(&crew);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	close(fd);
}

int main(void)
{
	/* First the one that counts threads: those that end take a moment. */
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_node_crew__confines_its_threads_alone),
	    cmocka_unit_test(test_node_crew__all_come_back_as_they_are),
	    cmocka_unit_test(test_node_crew__an_end_in_the_middle_is_an_end),
	};

	return cmocka_run_group_tests_name("node_crew", tests, NULL, NULL);
}
