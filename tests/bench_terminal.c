/* bench_terminal.c - a hospital, its terminal and a pager beside it. */
#define _GNU_SOURCE
#include "tests/bench_terminal.h"

#include "core/clock.h"
#include "core/store.h"
#include "core/tr.h"
#include "keys/hash.h"
#include "keys/keyfile.h"
#include "keys/secret.h"
#include "sync/client.h"
#include "sync/ledger.h"
#include "sync/program.h"
#include "tests/bench.h"
#include "tests/desk_maker.h"
#include "tests/keyfile_cheap.h"
#include "tui/app.h"
#include "tui/screens.h"
#include "tui/shift.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define OWN_PATIENTS 20
#define SEAT "seats/A017"

static struct id own_patient(int n)
{
	return (struct id){{0xa1, (uint8_t)n}};
}

static volatile struct bench_told *share(const char *dir)
{
	char path[4300];
	void *at;
	int fd;

	snprintf(path, sizeof(path), "%s/told", dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, sizeof(struct bench_told)), 0);
	at = mmap(NULL, sizeof(struct bench_told), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	assert_ptr_not_equal(at, MAP_FAILED);
	close(fd);
	return at;
}

/* ---- the hospital ---- */

static void fill(struct hospital *h)
{
	struct home *node = hospital_open(h, "node", NULL);

	hospital_found_team(node);
	for (int i = 0; i < OWN_PATIENTS; i++) {
		struct id p = own_patient(i);
		hospital_register(node, &hospital_team, &p, "测试者");
	}
	home_close(&node);
}

/* The bench is not about Argon2. */
static void make_cheap(struct hospital *h)
{
	struct secret *pass = secret_dup("pw", 2);
	struct keyfile_opener opener = {
	    .passphrase = pass, .env = program_env()};
	struct keyfile_kdf kdf = KEYFILE_FLOOR; /* made cheap below */
	char path[4300];

	keyfile_cheap_for_test();
	snprintf(path, sizeof(path), "%s/" SEAT "/seat.key", h->dir);
	assert_int_equal(keyfile_passwd(path, &opener, pass, &kdf), 0);
	secret_free(&pass);
}

void bench_terminal_init(struct bench_terminal *t)
{
	struct home *home;

	*t = (struct bench_terminal){.h = hospital_new()};
	fill(t->h);
	hospital_serve(t->h);
	hospital_sync(t->h, "O001", 0);
	run_expect(t->h, 0, "o001",
	    "suifang-key member grant --home @/seats/O001 --member A017 "
	    "--name 林小雨 --role agent --team "
	    "7e010000000000000000000000000000 --passphrase-fd 0");
	hospital_enrol(t->h, "A017", "T-07");
	make_cheap(t->h);
	home = hospital_open(t->h, SEAT, "pw");
	assert_int_equal(hospital_settle(home), 0);
	home_close(&home);
	hospital_stop(t->h, SIGTERM);
	assert_true(asprintf(&t->file, "%s/lines", t->h->dir) > 0);
	t->told = share(t->h->dir);
}

void bench_terminal_fini(struct bench_terminal *t)
{
	munmap((void *)(uintptr_t)t->told, sizeof(*t->told));
	hospital_free(t->h);
	free(t->file);
}

void bench_pager_line(char out[32], int row)
{
	snprintf(out, 32, "row %07d", row);
}

static void grow_file(struct bench_terminal *t, int rows)
{
	FILE *f = fopen(t->file, "a");
	char name[32];

	assert_non_null(f);
	for (int i = t->rows; i < rows; i++) {
		bench_pager_line(name, i);
		fprintf(f,
		    "%s 高危 欧阳建国  67 高血压       常规随访  今天       "
		    "155%08d oyjg\n",
		    name, i);
	}
	fclose(f);
}

void bench_terminal_grow(struct bench_terminal *t, int rows)
{
	struct home *home = hospital_open(t->h, SEAT, "pw");
	struct desk_maker m;

	desk_maker_borrow(&m, home_store(home), env_now_s(program_env()));
	m.seq = (uint64_t)t->rows * 8;
	desk_maker_fill_from(&m, t->rows, rows - t->rows);
	desk_maker_return(&m);
	home_close(&home);
	grow_file(t, rows);
	t->rows = rows;
}

static void observe(struct draft *d, const struct id *p, int n)
{
	int64_t at = env_now_s(program_env()) - n * 3600;

	draft_add(d, KIND_OBSERVATIONS_RECORDED, p,
	    json_pack("{s:[{s:s,s:i,s:i,s:s,s:I,s:s}]}", "items", "code",
		"8480-6", "value", 120 + n % 60, "scale", 0, "unit", "mm[Hg]",
		"at_s", (json_int_t)at, "source", "clinic"));
}

void bench_terminal_owe(struct bench_terminal *t, int n)
{
	struct home *node = hospital_open(t->h, "node", NULL);
	struct ledger *l = home_ledger(node);

	assert_int_equal(ledger_begin(l), 0);
	for (int i = 0; i < n; i++) {
		struct id p = own_patient(i % OWN_PATIENTS);
		struct draft d = {0};
		observe(&d, &p, i);
		assert_int_equal(ledger_add(l, &d, NULL), 0);
		draft_fini(&d);
	}
	assert_int_equal(ledger_commit(l), 0);
	home_close(&node);
}

void bench_terminal_thicken(struct bench_terminal *t, int row, int entries)
{
	struct home *home = hospital_open(t->h, SEAT, "pw");
	struct id p = desk_patient(1000 + row);
	int64_t at = env_now_s(program_env()) - 86400;
	struct desk_maker m;
	char body[900];

	desk_maker_borrow(&m, home_store(home), at);
	m.seq = UINT64_C(1) << 40;
	assert_int_equal(store_begin(home_store(home)), 0);
	for (int i = 0; i < entries; i++) {
		long long s = (long long)at - i * 7200LL;
		snprintf(body, sizeof(body),
		    "{'answers':[{'int':%d,'link':'sbp','scale':0,"
		    "'type':'integer','unit':'mmHg'}],'class':'satisfied',"
		    "'completed':true,'disposition':'completed',"
		    "'disposition_version':1,'ended_s':%lld,'observations':"
		    "[{'at_s':%lld,'code':'8480-6','scale':0,'source':'told',"
		    "'unit':'mmHg','value':%d}],'reached':true,'respondent':"
		    "'self','started_s':%lld}",
		    120 + i % 50, s, s, 120 + i % 50, s - 200);
		m.shift_s = -i * 7200LL;
		desk_maker_enter(&m, KIND_CONTACT_RECORDED, &p, body);
	}
	assert_int_equal(store_commit(home_store(home)), 0);
	desk_maker_return(&m);
	home_close(&home);
}

/* ---- the terminal's process ---- */

struct process {
	struct shift *shift;
	volatile struct bench_told *told;
	struct app *app;
};

static enum look status(void *ctx, char *out, size_t size)
{
	return desk_status(&((struct process *)ctx)->shift->desk, out, size);
}

static uint64_t generation(void *ctx)
{
	return desk_generation(&((struct process *)ctx)->shift->desk);
}

static void turn(void *ctx, struct app *app)
{
	struct process *p = ctx;
	struct client_status s;
	sqlite3_int64 cache = 0, high;

	shift_turn(p->shift, app);
	client_status(&s, p->shift->client);
	sqlite3_status64(SQLITE_STATUS_PAGECACHE_OVERFLOW, &cache, &high, 0);
	p->told->page_cache = (uint64_t)cache;
	p->told->is_settled = s.is_settled;
	p->told->commits = store_generation(p->shift->desk.store);
	p->told->frames++;
}

static int terminal(const char *dir)
{
	struct process p = {.told = share(dir)};
	struct app_cfg cfg = {.env = program_env(),
	    .in_fd = 0,
	    .out_fd = 1,
	    .fence = true,
	    .hooks = {status, generation, NULL, NULL, turn, &p}};
	struct secret *pass = secret_dup("pw", 2);
	char home[4300];
	int r = app_new(&p.app, &cfg);

	snprintf(home, sizeof(home), "%s/" SEAT, dir);
	p.told->unlocked_ms = bench_ms();
	p.told->unlocked_cpu_ms = bench_cpu_ms();
	if (r == 0)
		r = shift_open(&p.shift, home, pass, program_env());
	if (r == 0) {
		app_set_world(p.app, &p.shift->desk);
		r = app_push(p.app, &work_screen, NULL);
	}
	if (r == 0)
		r = app_run(p.app);
	secret_free(&pass);
	app_free(&p.app);
	shift_close(&p.shift);
	return -r;
}

void bench_terminal_main(int argc, char **argv)
{
	if (argc != 3 || strcmp(argv[1], "--terminal") != 0)
		return;
	hash_init();
	keyfile_cheap_for_test();
	tr_init("build/plain/share/locale", LANG_ZH);
	exit(terminal(argv[2]));
}

struct vscreen *bench_terminal_start(struct bench_terminal *t)
{
	char exe[] = "/proc/self/exe", word[] = "--terminal";
	char *argv[] = {exe, word, t->h->dir, NULL};

	return screen_start(argv, (struct vscreen_size){24, 80});
}

/* ---- beside it ---- */

struct vscreen *bench_pager_start(struct bench_terminal *t)
{
	char less[] = "less", option[] = "-S";
	char *argv[] = {less, option, t->file, NULL};

	setenv("LESSCHARSET", "utf-8", 1);
	setenv("LESSHISTFILE", "-", 1);
	unsetenv("LESS");
	return screen_start_plain(
	    argv, (struct vscreen_size){24, 80}, "row 0000022");
}

double bench_key(struct vscreen *vs, const char *key)
{
	double from = bench_ms();

	screen_keys(vs, key);
	return screen_heard_ms(vs) - from;
}

double bench_pager_key(struct vscreen *vs, const char *key, const char *text)
{
	double from = bench_ms();

	if (!screen_keys_until(vs, key, text))
		return -1;
	return screen_heard_ms(vs) - from;
}

double bench_cpu_of(const struct vscreen *vs)
{
	struct timespec ts = {0};
	clockid_t clock;

	assert_int_equal(clock_getcpuclockid(screen_pid(vs), &clock), 0);
	clock_gettime(clock, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

uint64_t bench_anonymous(const struct vscreen *vs)
{
	char path[64], line[256];
	uint64_t kib = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", screen_pid(vs));
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		if (strncmp(line, "Anonymous:", 10) == 0)
			kib = strtoull(line + 10, NULL, 10);
	fclose(f);
	return kib * 1024;
}
