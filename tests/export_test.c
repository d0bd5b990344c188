/* export_test.c - frames served as git objects, exports that stock git
 * accepts, and exports that someone has changed. */
#define _GNU_SOURCE
#include "tests/test.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "keys/hash.h"
#include "keys/sha1_impl.h"
#include "sync/export.h"
#include "sync/gitodb.h"
#include "sync/packfile.h"
#include "tests/maker.h"

#define ITEMS_MAX 64
#define CMD 9000

/* A log in memory: what a store would give. */
struct log {
	struct maker *makers[3];
	struct export_item items[ITEMS_MAX];
	struct record *records[ITEMS_MAX]; /* owned, in order of making */
	struct buf data[ITEMS_MAX];
	struct boxes boxes[ITEMS_MAX];
	size_t made;
	struct commit_name names[ITEMS_MAX];
	size_t n;
	char *dir;
	char faults[4096];
	unsigned faults_n;
};

static void log_init(struct log *log)
{
	memset(log, 0, sizeof(*log));
	for (uint64_t i = 0; i < 3; i++)
		log->makers[i] = maker_new(100 + i);
	log->dir = test_dir_new();
}

static void keep_boxes(
    struct boxes *boxes, struct buf *data, const struct maker *m)
{
	for (uint32_t i = 0; i < m->record.count; i++)
		buf_block(data, m->boxes[i].data, m->boxes[i].len);
	assert_int_equal(
	    boxes_read(boxes, m->record.count, data->data, data->len), 0);
}

/* Keeps the maker's newest record. */
static void log_keep(struct log *log, struct maker *m)
{
	struct record *r = mem_new(sizeof(*r));

	record_copy(r, &m->record);
	log->records[log->made] = r;
	keep_boxes(&log->boxes[log->made], &log->data[log->made], m);
	log->items[log->n] = (struct export_item){
	    .record = r,
	    .sign_pk = m->identity->sign_pk,
	    .dh_pk = m->identity->dh_pk,
	    .boxes = &log->boxes[log->made],
	};
	log->made++;
	log->names[log->n++] = m->head.name;
}

static void log_next(struct log *log, size_t maker, uint32_t entries)
{
	maker_next(log->makers[maker], entries);
	log_keep(log, log->makers[maker]);
}

static void log_fini(struct log *log)
{
	for (size_t i = 0; i < log->made; i++) {
		buf_fini(&log->data[i]);
		free(log->records[i]);
	}
	for (size_t i = 0; i < 3; i++)
		maker_free(&log->makers[i]);
	test_dir_remove(log->dir);
}

static int each(void *ctx,
    int (*visit)(void *visitor, const struct export_item *item), void *visitor)
{
	struct log *log = ctx;
	int rc = 0;

	for (size_t i = 0; i < log->n && rc == 0; i++)
		rc = visit(visitor, &log->items[i]);
	return rc;
}

static int run_export(struct export_report *out, struct log *log)
{
	const struct export_source source = {each, log};
	char path[4200];

	snprintf(path, sizeof(path), "%s/x.git", log->dir);
	int rc = export_write(out, path, &source);

	if (rc < 0)
		print_message("%s: %s\n", err_name(rc), err_detail());
	return rc;
}

static void on_fault(void *ctx, const char *record, int code, const char *why)
{
	struct log *log = ctx;
	size_t n = strlen(log->faults);

	snprintf(log->faults + n, sizeof(log->faults) - n, "%s: %s (%s)\n",
	    record, err_name(code), why);
	log->faults_n++;
}

static int run_verify(
    struct export_report *out, struct log *log, const char *name)
{
	char path[4200];

	log->faults[0] = '\0';
	log->faults_n = 0;
	snprintf(path, sizeof(path), "%s/%s", log->dir, name);
	return export_verify(out, path, on_fault, log);
}

/* Runs text in the log's folder, with $R the repository. */
static int shell(struct log *log, const char *repo, const char *text)
{
	char cmd[CMD];

	snprintf(
	    cmd, sizeof(cmd), "cd '%s' && R=%s && %s", log->dir, repo, text);
	return system(cmd);
}

static bool has_git(void)
{
	if (system("command -v git > /dev/null && "
		   "command -v ssh-keygen > /dev/null") == 0)
		return true;
	printf("[  SKIP    ] git or ssh-keygen is not here\n");
	return false;
}

static void grow(struct log *log, unsigned rounds)
{
	for (unsigned i = 0; i < rounds; i++)
		for (size_t m = 0; m < 3; m++)
			log_next(log, m, 1 + (i + (uint32_t)m) % 4);
}

static void test_sha1__published_digests_agree(void **state)
{
	static const struct {
		const char *text, *hex;
		unsigned times;
	} rows[] = {
	    {"", "da39a3ee5e6b4b0d3255bfef95601890afd80709", 0},
	    {"abc", "a9993e364706816aba3e25717850c26c9cd0d89d", 1},
	    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"84983e441c3bd26ebaae4aa1f95129e5e54670f1", 1},
	    {"a", "34aa973cd4c4daa4f61eeb2bdbad27316534016f", 1000000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sha1_state st;
		struct sha1 sum;
		char hex[SHA1_HEX];
		sha1_init(&st);
		for (unsigned k = 0; k < rows[i].times; k++)
			sha1_update(&st, rows[i].text, strlen(rows[i].text));
		sha1_final(&sum, &st);
		sha1_hex(hex, &sum);
		assert_string_equal(hex, rows[i].hex);
	}
}

/* Where the processor has instructions for it, both ways say the same. */
static void test_sha1__both_ways_agree(void **state)
{
	uint32_t plain[5] = {1, 2, 3, 4, 5}, fast[5] = {1, 2, 3, 4, 5};
	uint8_t text[64 * 9];

	(void)state;
	if (!sha1_x86_can()) {
		printf("[  SKIP    ] this processor has one way only\n");
		return;
	}
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * i ^ i >> 3);
	for (size_t n = 0; n <= 9; n++) {
		sha1_blocks_plain(plain, text, n);
		sha1_blocks_x86(fast, text, n);
		assert_memory_equal(plain, fast, sizeof(plain));
	}
	assert_int_not_equal(plain[0], 1);
}

static int read_frame(void *ctx, struct buf *out, uint8_t pk[SIGN_PUBLIC],
    const struct sha1 *name)
{
	struct log *log = ctx;

	for (size_t i = 0; i < log->n; i++)
		if (sha1_cmp(&log->names[i].git, name) == 0) {
			record_write(out, log->items[i].record);
			memcpy(pk, log->items[i].sign_pk, SIGN_PUBLIC);
			return 0;
		}
	return ERR_NOT_FOUND;
}

static int read_tip(void *ctx, struct sha1 *out, const struct id *seat)
{
	struct log *log = ctx;

	for (size_t i = log->n; i-- > 0;)
		if (id_cmp(&log->items[i].record->seat, seat) == 0) {
			*out = log->names[i].git;
			return 0;
		}
	return ERR_NOT_FOUND;
}

static int count_visit(void *ctx, const struct sha1 *name)
{
	(void)name;
	++*(unsigned *)ctx;
	return 0;
}

static void test_gitodb__frames_are_commits_to_the_library(void **state)
{
	struct log log;
	struct gitodb *db = NULL;
	struct buf out = {0};
	struct sha1 tip, none = {{1}};
	unsigned n = 0;

	(void)state;
	log_init(&log);
	grow(&log, 5);
	const struct gitodb_source source = {read_frame, read_tip, &log};
	assert_int_equal(gitodb_serve(&db, &source), 0);
	for (size_t m = 0; m < 3; m++) {
		assert_int_equal(
		    gitodb_tip(db, &tip, &log.makers[m]->identity->seat), 0);
		buf_clear(&out);
		assert_int_equal(gitodb_read(db, &out, &tip), 0);
		assert_int_equal(out.len, log.makers[m]->commit.len);
		assert_memory_equal(
		    out.data, log.makers[m]->commit.data, out.len);
		assert_int_equal(gitodb_walk(db, &tip, count_visit, &n), 0);
	}
	assert_int_equal(n, 15);
	assert_int_equal(gitodb_read(db, &out, &none), ERR_NOT_FOUND);
	gitodb_close(&db);
	/* A frame that is not what its name says is refused. */
	log.names[3].git = none;
	assert_int_equal(gitodb_serve(&db, &source), 0);
	assert_int_equal(gitodb_read(db, &out, &none), ERR_DAMAGED);
	gitodb_close(&db);
	buf_fini(&out);
	log_fini(&log);
}

static void test_export__stock_git_accepts_all_of_it(void **state)
{
	struct log log;
	struct export_report made, seen;

	(void)state;
	if (!has_git())
		return;
	log_init(&log);
	grow(&log, 6);
	assert_int_equal(run_export(&made, &log), 0);
	assert_int_equal(made.records, 18);
	assert_int_equal(made.seats, 3);
	assert_true(made.boxes > 18);
	assert_false(made.is_sparse);
	assert_int_equal(
	    shell(&log, "x.git",
		"git -C x.git fsck --strict --full >fsck.err 2>&1"),
	    0);
	assert_int_equal(shell(&log, "x.git", "! test -s fsck.err"), 0);
	assert_int_equal(
	    shell(&log, "x.git", "git clone -q --mirror x.git y.git"), 0);
	assert_int_equal(
	    shell(&log, "x.git", "cp x.git/allowed_signers y.git/"), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
		    shell(&log, i ? "y.git" : "x.git",
			"git -C $R -c gpg.format=ssh -c gpg.ssh."
			"allowedSignersFile=$PWD/x.git/allowed_signers "
			"verify-commit $(git -C x.git rev-list --branches) "
			"2>verify.err && test "
			"$(grep -c 'Good \"git\" signature' verify.err) = 18"),
		    0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
		    run_verify(&seen, &log, i ? "y.git" : "x.git"), 0);
		assert_string_equal(log.faults, "");
		assert_int_equal(seen.records, 18);
		assert_int_equal(seen.seats, 3);
		assert_int_equal(seen.withheld, 0);
	}
	assert_int_equal(shell(&log, "x.git",
			     "git -C x.git update-ref -d refs/notes/boxes && "
			     "git -C x.git fsck --strict >gc.out && "
			     "git -C x.git gc -q --prune=now"),
	    0);
	assert_int_equal(run_verify(&seen, &log, "x.git"), 0);
	assert_int_equal(seen.boxes, 0);
	log_fini(&log);
}

static void test_export__withheld_boxes_are_counted(void **state)
{
	struct log log;
	struct export_report made, seen;

	(void)state;
	log_init(&log);
	grow(&log, 2);
	for (size_t i = 0; i < log.n; i += 2)
		log.items[i].boxes = NULL;
	assert_int_equal(run_export(&made, &log), 0);
	assert_true(made.withheld > 0);
	assert_int_equal(run_verify(&seen, &log, "x.git"), 0);
	assert_true(seen.withheld > 0);
	/* Not onto what is there already. */
	assert_int_equal(run_export(&made, &log), ERR_INVALID);
	log_fini(&log);
}

/* Records missing in the middle, and a fork's branch. */
static void test_export__sparse_and_forked_logs_pass_fsck(void **state)
{
	struct log log;
	struct export_report made, seen;
	struct maker *m;

	(void)state;
	if (!has_git())
		return;
	log_init(&log);
	grow(&log, 6);
	m = log.makers[0];
	m->record.lamport++;
	maker_finish(m);
	log_keep(&log, m);
	log.items[log.n - 1].is_branch = true;
	memmove(
	    &log.items[6], &log.items[9], (log.n - 9) * sizeof(log.items[0]));
	log.n -= 3;
	assert_int_equal(run_export(&made, &log), 0);
	assert_true(made.is_sparse);
	assert_int_equal(made.records, 16);
	assert_int_equal(
	    shell(&log, "x.git", "git -C x.git fsck --strict --full >fsck.out"),
	    0);
	assert_int_equal(shell(&log, "x.git",
			     "test $(git -C x.git for-each-ref "
			     "refs/segments refs/forks | wc -l) = 4"),
	    0);
	assert_int_equal(run_verify(&seen, &log, "x.git"), 0);
	assert_true(seen.is_sparse);
	assert_int_equal(seen.records, 16);
	log_fini(&log);
}

static long find_in(const char *data, size_t n, const void *what, size_t k)
{
	for (size_t i = 0; i + k <= n; i++)
		if (memcmp(data + i, what, k) == 0)
			return (long)i;
	return -1;
}

static void flip(const char *path, long at)
{
	FILE *f = fopen(path, "r+b");
	int c;

	assert_non_null(f);
	fseek(f, at, SEEK_SET);
	c = fgetc(f);
	fseek(f, at, SEEK_SET);
	fputc(c ^ 0x20, f);
	assert_int_equal(fclose(f), 0);
}

/* Flips each byte of [at, at + n) of the pack; each time the verifier must
 * complain and name the seat. */
static void flip_each(struct log *log, const char *pack, long at, size_t n)
{
	struct export_report seen;
	char seat[ID_HEX];
	size_t step = (size_t)(10 / test_repeat(10));

	id_hex(seat, &log->makers[0]->identity->seat);
	for (size_t i = 0; i < n; i += step) {
		flip(pack, at + (long)i);
		assert_int_equal(run_verify(&seen, log, "x.git"), ERR_CHECK);
		if (!strstr(log->faults, seat))
			fail_msg("byte %zu: %s", i, log->faults);
		flip(pack, at + (long)i);
	}
	assert_int_equal(run_verify(&seen, log, "x.git"), 0);
}

static void test_export__any_flipped_byte_names_the_record(void **state)
{
	struct log log;
	struct export_report made;
	struct maker *m;
	char *pack, *data, path[4200];
	FILE *f;
	size_t n;

	(void)state;
	log_init(&log);
	m = log.makers[0];
	log_next(&log, 0, 2);
	log_next(&log, 0, 1);
	assert_int_equal(run_export(&made, &log), 0);
	assert_int_equal(shell(&log, "x.git",
			     "chmod u+w x.git/objects/pack/*.pack && "
			     "ls $PWD/x.git/objects/pack/*.pack > name"),
	    0);
	snprintf(path, sizeof(path), "%s/name", log.dir);
	pack = test_read_file(path, &n);
	pack[n - 1] = '\0';
	data = test_read_file(pack, &n);
	long tip = find_in(data, n, m->commit.data, m->commit.len);
	assert_true(tip > 0);
	flip_each(&log, pack, tip, m->commit.len);
	const struct boxes *box = log.items[0].boxes;
	flip_each(
	    &log, pack, find_in(data, n, box->at[1], box->len[1]), box->len[1]);
	long first = find_in(data, n, "tree 4b825dc6", 13);
	assert_true(first > 0 && first != tip);
	flip_each(&log, pack, first, m->commit.len - 48);
	/* The key beside it: another key is not this seat's. */
	snprintf(path, sizeof(path), "%s/x.git/allowed_signers", log.dir);
	f = fopen(path, "rb");
	assert_non_null(f);
	fclose(f);
	flip(path, 110);
	assert_int_equal(run_verify(&made, &log, "x.git"), ERR_CHECK);
	assert_non_null(strstr(log.faults, "allowed_signers:1"));
	free(pack);
	free(data);
	log_fini(&log);
}

/* What git itself lets pass: A's signature under author B. */
static void test_export__another_seats_signature_is_refused(void **state)
{
	struct log log;
	struct export_report made, seen;
	struct identity mixed;
	struct maker *m;

	(void)state;
	log_init(&log);
	m = log.makers[0];
	maker_next(m, 1);
	mixed = *m->identity;
	mixed.sign = log.makers[1]->identity->sign;
	assert_int_equal(commit_sign(&m->record, &mixed), 0);
	log_keep(&log, m);
	log_next(&log, 1, 1);
	log.items[0].sign_pk = log.makers[1]->identity->sign_pk;
	assert_int_equal(run_export(&made, &log), 0);
	/* The exporter was told the wrong key: its line fails. */
	assert_int_equal(run_verify(&seen, &log, "x.git"), ERR_CHECK);
	assert_true(log.faults_n >= 2);
	log_fini(&log);
}

static int failing_each(void *ctx,
    int (*visit)(void *visitor, const struct export_item *item), void *visitor)
{
	static int calls;
	struct log *log = ctx;

	if (calls++ == 0)
		return each(ctx, visit, visitor);
	log->n--;
	return each(ctx, visit, visitor);
}

static void test_export__errors_come_up(void **state)
{
	struct log log;
	struct export_report made;
	char path[4200];

	(void)state;
	log_init(&log);
	grow(&log, 1);
	const struct export_source source = {failing_each, &log};
	snprintf(path, sizeof(path), "%s/half.git", log.dir);
	assert_int_equal(export_write(&made, path, &source), ERR_INVALID);
	assert_int_equal(
	    export_write(&made, "/proc/none/x.git", &source), ERR_IO);
	assert_int_equal(
	    export_verify(&made, "/proc/none", NULL, NULL), ERR_NOT_FOUND);
	log.n = 0;
	assert_int_equal(run_export(&made, &log), 0);
	assert_int_equal(made.records, 0);
	log.n = 2;
	log_fini(&log);
}

/* Onto a disk of so many KiB, in a child: 77 where nobody may mount one, 78
 * where a part of an export stayed, else the negated result. */
static int export_onto(struct log *log, int kib)
{
	struct export_report made;
	struct export_source source = {each, log};
	char full[4200], path[4300], size[32];
	int rc;

	snprintf(full, sizeof(full), "%s/full", log->dir);
	snprintf(path, sizeof(path), "%s/x.git", full);
	snprintf(size, sizeof(size), "size=%dk", kib);
	if (unshare(geteuid() ? CLONE_NEWUSER | CLONE_NEWNS : CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", full, "tmpfs", 0, size))
		return 77;
	rc = export_write(&made, path, &source);
	return rc < 0 && access(path, F_OK) == 0 ? 78 : -rc;
}

static int export_onto_full(struct log *log, int kib)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(export_onto(log, kib));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_export__a_full_disk_is_a_full_disk(void **state)
{
	static const int sizes[] = {8, 16, 24, 32, 48, 64, 96};
	struct log log;
	char path[4200];
	int first;

	(void)state;
	log_init(&log);
	grow(&log, 20);
	snprintf(path, sizeof(path), "%s/full", log.dir);
	assert_int_equal(mkdir(path, 0700), 0);
	first = export_onto_full(&log, 4096);
	for (size_t i = 0; first != 77 && i < ARRAY_LEN(sizes); i++)
		assert_int_equal(
		    export_onto_full(&log, sizes[i]), -ERR_NO_SPACE);
	log_fini(&log);
	if (first == 77)
		skip();
	assert_int_equal(first, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_export__a_full_disk_is_a_full_disk),
	    cmocka_unit_test(test_sha1__published_digests_agree),
	    cmocka_unit_test(test_sha1__both_ways_agree),
	    cmocka_unit_test(test_gitodb__frames_are_commits_to_the_library),
	    cmocka_unit_test(test_export__stock_git_accepts_all_of_it),
	    cmocka_unit_test(test_export__withheld_boxes_are_counted),
	    cmocka_unit_test(test_export__sparse_and_forked_logs_pass_fsck),
	    cmocka_unit_test(test_export__any_flipped_byte_names_the_record),
	    cmocka_unit_test(test_export__another_seats_signature_is_refused),
	    cmocka_unit_test(test_export__errors_come_up),
	};

	return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
