/*
 * erasure_program_test.c - with real programs: a roster granted by its
 * operator, a patient erased by two persons; the sealed content is found in
 * the backup and the export made before, and in none made after.
 */
#define _GNU_SOURCE
#include "tests/programs.h"

#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "keys/hash.h"
#include "sync/ledger_impl.h"

#include <dirent.h>
#include <signal.h>

#define PLANTED "绝密花朵7731"

static int setup(void **state)
{
	*state = hospital_with_roster(PLANTED);
	return 0;
}

/* The sealed box of the registration, as the centre keeps it. */
static void box_of(struct buf *out, struct hospital *h)
{
	struct home *node = hospital_open(h, "node", NULL);
	struct ledger *l = home_ledger(node);
	struct stmt *s = store_query(home_store(node), Q_ENTRY_SEALED_RECORDS);
	struct ref ref = {.index = 1};

	stmt_bind_id(s, ":stream", &hospital_patient);
	assert_int_equal(stmt_step(s), 1);
	stmt_id(&ref.seat, s, 0);
	ref.seq = (uint64_t)stmt_int(s, 1);
	stmt_reset(s);
	assert_int_equal(ledger_load_record(l, &ref.seat, ref.seq), 0);
	buf_add(out, l->boxes.at[0], l->boxes.len[0]);
	home_close(&node);
}

static bool is_in_file(const char *path, const struct buf *what)
{
	size_t n;
	char *text = test_read_file(path, &n);
	bool found = text && memmem(text, n, what->data, what->len);

	free(text);
	return found;
}

/* In how many files below a folder of the hospital do these bytes stand? */
static int search(const char *dir, const struct buf *what)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[5000];
	int found = 0;

	assert_non_null(d);
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (e->d_type == DT_DIR)
			found += search(path, what);
		else if (e->d_type == DT_REG)
			found += is_in_file(path, what);
	}
	closedir(d);
	return found;
}

static int in_folder(
    struct hospital *h, const char *name, const struct buf *what)
{
	char path[4300];

	snprintf(path, sizeof(path), "%s/%s", h->dir, name);
	return search(path, what);
}

static void copy_all(struct hospital *h, const char *tag)
{
	char line[200];

	snprintf(line, sizeof(line),
	    "suifang-node backup @/backup.%s --home "
	    "@/node",
	    tag);
	run_expect(h, 0, "", line);
	snprintf(line, sizeof(line),
	    "suifang-log export @/export.%s --home "
	    "@/node",
	    tag);
	run_expect(h, 0, "", line);
}

static void ask(struct hospital *h, char ref[REF_TEXT])
{
	char line[300], hex[ID_HEX];

	id_hex(hex, &hospital_patient);
	snprintf(line, sizeof(line),
	    "suifang-key erasure request --home "
	    "@/seats/S002 --patient %s --reason court --passphrase-fd 0",
	    hex);
	run_expect(h, 0, "pw", line);
	snprintf(
	    ref, REF_TEXT, "%.*s", (int)strcspn(run_out(h), "\n"), run_out(h));
}

static void approve(
    struct hospital *h, const char *seat, const char *pw, const char *ref)
{
	char line[300];

	snprintf(line, sizeof(line),
	    "suifang-key erasure approve --home "
	    "@/seats/%s --request %s --passphrase-fd 0",
	    seat, ref);
	run_expect(h, 0, pw, line);
}

static int64_t patients_of(struct hospital *h, const char *seat)
{
	char dir[40];
	struct home *home;
	int64_t n;

	snprintf(dir, sizeof(dir), "seats/%s", seat);
	home = hospital_open(h, dir, "pw");
	assert_int_equal(hospital_settle(home), 0);
	n = hospital_count(home, "SELECT count(*) FROM v_patient");
	home_close(&home);
	return n;
}

/* The list of the erased names the patient. */
static void assert_listed(struct hospital *h, const char *home)
{
	char line[80], hex[ID_HEX];

	snprintf(line, sizeof(line), "suifang-node erasures --home @/%s", home);
	run_expect(h, 0, "", line);
	id_hex(hex, &hospital_patient);
	assert_non_null(strstr(run_out(h), hex));
}

/* The machine burns; another one begins from the backup made before, told by
 * the list alone. */
static void restore_older(struct hospital *h)
{
	char path[4300];

	assert_listed(h, "node");
	test_write_file(h->dir, "erasures", run_out(h));
	run_expect(h, 0, "",
	    "suifang-node restore @/backup.before --home @/anew --org "
	    "@/org.json --request @/restore.req");
	run_expect(h, 0, "root",
	    "suifang-key node cert --key @/root.key --org @/org.json "
	    "--request @/restore.req --host 127.0.0.1 --port % --site "
	    "@/site2.json --passphrase-fd 0");
	/* What run_out gives has no last line feed: a list cut off. */
	run_expect(h, 5, "",
	    "suifang-node restore @/backup.before --home @/anew --site "
	    "@/site2.json --erasures @/erasures");
	run_expect(h, 0, "", "suifang-node erasures --home @/node");
	snprintf(path, sizeof(path), "%s\n", run_out(h));
	test_write_file(h->dir, "erasures", path);
	run_expect(h, 0, "",
	    "suifang-node restore @/backup.before --home @/anew --site "
	    "@/site2.json --erasures @/erasures");
}

static void assert_stays_erased(struct hospital *h, const struct buf *box)
{
	struct home *node = hospital_open(h, "anew", NULL);

	assert_int_equal(test_in_pages(home_store(node), box->data, 16), 0);
	assert_int_equal(
	    hospital_count(node, "SELECT count(*) FROM v_patient"), 0);
	assert_int_equal(
	    hospital_count(node, "SELECT count(*) FROM entry WHERE kind = "
				 "'patient.registered'"),
	    1);
	home_close(&node);
	run_expect(h, 0, "", "suifang-node verify --home @/anew");
	assert_listed(h, "anew");
}

static void test_erasure__two_persons_and_nothing_is_left(void **state)
{
	struct hospital *h = *state;
	struct buf box = {0};
	char ref[REF_TEXT];

	assert_int_equal(patients_of(h, "A017"), 1);
	hospital_stop(h, SIGTERM);
	box_of(&box, h);
	assert_true(box.len > 100);
	copy_all(h, "before");
	hospital_serve(h);
	/* The control: sealed as it is, it stands in both. */
	assert_true(in_folder(h, "backup.before", &box) > 0);
	assert_true(in_folder(h, "export.before", &box) > 0);
	ask(h, ref);
	approve(h, "S002", "pw", ref);
	assert_int_equal(patients_of(h, "A017"), 1);
	approve(h, "O001", "o001", ref);
	assert_int_equal(patients_of(h, "A017"), 0);
	assert_int_equal(patients_of(h, "S002"), 0);
	run_expect(h, 0, "pw",
	    "suifang-key erasure list --home @/seats/S002 --passphrase-fd 0");
	assert_non_null(strstr(run_out(h), "O001"));
	hospital_stop(h, SIGTERM);
	copy_all(h, "after");
	assert_int_equal(in_folder(h, "backup.after", &box), 0);
	assert_int_equal(in_folder(h, "export.after", &box), 0);
	run_expect(h, 0, "", "suifang-log verify @/export.after");
	restore_older(h);
	assert_stays_erased(h, &box);
	buf_fini(&box);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_erasure__two_persons_and_nothing_is_left, setup,
		hospital_teardown),
	};

	return cmocka_run_group_tests_name("erasure", tests, NULL, NULL);
}
