/*
 * Tests of practice: calls with invented patients on a store that is gone
 * afterwards, undo included.
 */
#include "core/draft_contact.h"
#include "core/err.h"
#include "core/store.h"
#include "core/worklist.h"
#include "tests/test.h"
#include "tui/call.h"
#include "tui/catalog.h"
#include "tui/desk.h"
#include "tui/practice.h"

#include <dirent.h>
#include <unistd.h>

static int files_in(const char *dir)
{
	const struct dirent *e;
	DIR *d = opendir(dir);
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static int attempts(struct desk *d, const struct id *patient)
{
	struct work_row row;

	assert_int_equal(worklist_row(&row, d->store, patient), 0);
	return row.attempts;
}

static void make_call(struct desk *d, const struct id *patient, char *ref)
{
	const struct cadence *set = catalog_cadence(d->catalog);
	struct call *c;

	assert_int_equal(call_begin(&c, d, patient, ""), 0);
	assert_int_equal(
	    call_finish(ref, c, cadence_find(set, "no-answer"), NULL), 0);
	call_free(&c);
}

static void test_practice__calls_are_undone_and_nothing_stays(void **state)
{
	struct id patient = {{0xfc}};
	struct practice *p;
	struct test_env world;
	char *dir = test_dir_new(), ref[REF_TEXT];
	struct desk *d;

	(void)state;
	patient.b[15] = 1;
	setenv("TMPDIR", dir, 1);
	test_env_init(&world, 7);
	assert_int_equal(practice_open(&p, &world.env), 0);
	assert_int_equal(files_in(dir), 1);
	d = practice_desk(p);
	assert_true(d->is_practice);
	assert_int_equal(attempts(d, &patient), 0);
	make_call(d, &patient, ref);
	assert_int_equal(attempts(d, &patient), 1);
	assert_int_equal(desk_undo(d, ref), 0);
	assert_int_equal(attempts(d, &patient), 0);
	make_call(d, &patient, ref);
	assert_int_equal(attempts(d, &patient), 1);
	practice_close(&p);
	assert_int_equal(files_in(dir), 0);
	unsetenv("TMPDIR");
	test_dir_remove(dir);
}

static void test_practice__needs_a_folder_it_may_write(void **state)
{
	struct practice *p;
	struct test_env world;

	(void)state;
	setenv("TMPDIR", "/proc/nowhere", 1);
	test_env_init(&world, 7);
	assert_int_equal(practice_open(&p, &world.env), ERR_READ_ONLY);
	unsetenv("TMPDIR");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_practice__calls_are_undone_and_nothing_stays),
	    cmocka_unit_test(test_practice__needs_a_folder_it_may_write),
	};

	return cmocka_run_group_tests_name("practice", tests, NULL, NULL);
}
