/* programs.c - starting real programs and looking at what they did. */
#define _GNU_SOURCE
#include "tests/programs.h"

#include "core/draft.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/stmt.h"
#include "core/store.h"
#include "keys/hash.h"
#include "keys/secret.h"
#include "sync/client.h"
#include "sync/commit.h"
#include "sync/ledger.h"
#include "sync/net.h"
#include "sync/program.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS 48
#define WAIT_MS 90000 /* no wait is judged by its length */

const struct id hospital_team = {{0x7e, 1}}, hospital_patient = {{0xa1, 2}};

static const char roster[] =
    "member,name,name_en,role,team,team_en,dialects,scripts,phone\n"
    "A017,林小雨,Lin Xiaoyu,agent,慢病随访组,Chronic care,普通话,*,8017\n"
    "S002,陈静,Chen Jing,supervisor,慢病随访组,Chronic care,普通话,*,8002\n";

/* build/<variant>/bin beside this test. */
static void program_path(char *out, size_t size, const char *name)
{
	char exe[3000];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	assert_true(n > 0);
	exe[n] = '\0';
	*strrchr(exe, '/') = '\0';
	snprintf(out, size, "%s/../bin/%s", exe, name);
}

/* The words of a line, each @ replaced; freed by the caller, one by one. */
static int split(struct hospital *h, const char *line, char **words)
{
	int n = 0;

	while (*line) {
		struct buf b = {0};
		for (; *line && *line != ' '; line++) {
			if (*line == '@')
				buf_str(&b, h->dir);
			else if (*line == '%')
				buf_printf(&b, "%u", h->port);
			else
				buf_u8(&b, *line == '_' ? ' ' : (uint8_t)*line);
		}
		line += *line == ' ';
		assert_true(n < WORDS - 1);
		words[n++] = strdup(buf_text(&b));
		buf_fini(&b);
	}
	words[n] = NULL;
	return n;
}

static pid_t start(char **words, int in, int out, int err)
{
	char path[4096];
	pid_t pid;

	program_path(path, sizeof(path), words[0]);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(in, 0);
		dup2(out, 1);
		dup2(err, 2);
		setenv("LC_ALL", "C.UTF-8", 1);
		execv(path, words);
		_exit(127);
	}
	return pid;
}

static int status_of(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void read_back(struct buf *out, int fd)
{
	ssize_t n;

	buf_clear(out);
	lseek(fd, 0, SEEK_SET);
	do {
		n = read(fd, buf_reserve(out, 4096), 4096);
		if (n > 0)
			out->len += (size_t)n;
	} while (n > 0);
	buf_u8(out, 0);
	out->len--;
}

static int temp_file(void)
{
	FILE *f = tmpfile();
	int fd;

	assert_non_null(f);
	fd = fcntl(fileno(f), F_DUPFD_CLOEXEC, 3);
	fclose(f);
	return fd;
}

int run(struct hospital *h, const char *passphrases, const char *line)
{
	char *words[WORDS];
	int in = temp_file(), out = temp_file(), err = temp_file();
	int n, status;

	assert_int_equal(
	    write(in, passphrases, strlen(passphrases)), strlen(passphrases));
	lseek(in, 0, SEEK_SET);
	n = split(h, line, words);
	status = status_of(start(words, in, out, err));
	read_back(&h->out, out);
	read_back(&h->err, err);
	for (int i = 0; i < n; i++)
		free(words[i]);
	close(in);
	close(out);
	close(err);
	return status;
}

void run_expect(
    struct hospital *h, int status, const char *passphrases, const char *line)
{
	int got = run(h, passphrases, line);

	if (got != status)
		fail_msg("%s\nstatus %d, expected %d\n%s%s", line, got, status,
		    buf_text(&h->out), buf_text(&h->err));
}

const char *run_out(struct hospital *h)
{
	if (h->out.len > 0 && h->out.data[h->out.len - 1] == '\n')
		h->out.data[--h->out.len] = '\0';
	return buf_text(&h->out);
}

/* ---- the hospital ------------------------------------------------------- */

/* A port that nobody else is given while *fd is open: bound, but never
 * listened at, so that the node may come and go there. */
static uint16_t keep_port(int *fd)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);
	const int on = 1;

	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(*fd >= 0);
	setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	assert_int_equal(bind(*fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(getsockname(*fd, (struct sockaddr *)&at, &n), 0);
	return ntohs(at.sin_port);
}

/* The site's own limits; an address of loopback stands for a whole team. */
static void write_limits(const struct hospital *h, int half_open)
{
	char path[4200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/limits.json", h->dir);
	f = fopen(path, "we");
	assert_non_null(f);
	fprintf(f, "{\"limits\":[");
	if (half_open > 0)
		fprintf(f,
		    "{\"prefix\":\"127.0.0.0/8\",\"half_open\":%d,"
		    "\"failures\":1000}",
		    half_open);
	fprintf(f, "]}");
	assert_int_equal(fclose(f), 0);
}

static void found(struct hospital *h)
{
	run_expect(h, 0, "root",
	    "suifang-key root init --key @/root.key --org @/org.json --name "
	    "示范医院 --name-en Demo_Hospital --kdf floor --passphrase-fd 0");
	run_expect(h, 0, "",
	    "suifang-node init --home @/node --org @/org.json --request "
	    "@/node.req");
	run_expect(h, 0, "root",
	    "suifang-key node cert --key @/root.key --org @/org.json "
	    "--request @/node.req --host 127.0.0.1 --port % --site "
	    "@/site.json --limits @/limits.json --passphrase-fd 0");
	run_expect(
	    h, 0, "", "suifang-node init --home @/node --site @/site.json");
	run_expect(h, 0, "o001",
	    "suifang-key enrol --home @/seats/O001 --site @/site.json "
	    "--member O001 --name 周文 --terminal T-00 --request @/op.req "
	    "--kdf floor --passphrase-fd 0");
	run_expect(h, 0, "root",
	    "suifang-key root sign --key @/root.key --org @/org.json "
	    "--request @/op.req --out @/op.json --passphrase-fd 0");
	run_expect(h, 0, "", "suifang-node admit @/op.json --home @/node");
}

struct hospital *hospital_new(void)
{
	return hospital_new_with(0);
}

struct hospital *hospital_new_with(int half_open)
{
	struct hospital *h = mem_new(sizeof(*h));
	struct buf seats = {0};

	hash_init();
	assert_int_equal(commit_init(), 0);
	h->dir = test_dir_new();
	h->port = keep_port(&h->port_fd);
	buf_printf(&seats, "%s/seats", h->dir);
	assert_int_equal(mkdir(buf_text(&seats), 0700), 0);
	buf_fini(&seats);
	write_limits(h, half_open);
	found(h);
	return h;
}

void hospital_free(struct hospital *h)
{
	if (h->node)
		hospital_stop(h, SIGKILL);
	buf_fini(&h->out);
	buf_fini(&h->err);
	close(h->port_fd);
	test_dir_remove(h->dir);
	free(h);
}

int hospital_teardown(void **state)
{
	hospital_free(*state);
	return 0;
}

static void wait_for_file(const char *path)
{
	for (int ms = 0; access(path, F_OK) != 0; ms += 10) {
		if (ms > WAIT_MS)
			fail_msg("%s does not appear", path);
		poll(NULL, 0, 10);
	}
}

void hospital_serve(struct hospital *h)
{
	struct buf port = {0}, log = {0};
	char *words[WORDS];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), err, n;

	buf_printf(&port, "%s/node/port", h->dir);
	unlink(buf_text(&port));
	buf_printf(&log, "%s/node.log", h->dir);
	err = open(
	    buf_text(&log), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	n = split(h, "suifang-node serve --home @/node", words);
	h->node = start(words, null, null, err);
	for (int i = 0; i < n; i++)
		free(words[i]);
	close(null);
	close(err);
	wait_for_file(buf_text(&port));
	buf_fini(&port);
	buf_fini(&log);
}

int hospital_stop(struct hospital *h, int signal_no)
{
	pid_t pid = h->node;

	h->node = 0;
	kill(pid, signal_no);
	return status_of(pid);
}

int hospital_wait(struct hospital *h)
{
	pid_t pid = h->node;

	h->node = 0;
	return status_of(pid);
}

void hospital_enrol(
    struct hospital *h, const char *member, const char *terminal)
{
	char line[600];

	snprintf(line, sizeof(line),
	    "suifang-key code issue --home @/seats/O001 --member %s "
	    "--terminal %s --passphrase-fd 0",
	    member, terminal);
	run_expect(h, 0, "o001", line);
	snprintf(line, sizeof(line),
	    "suifang-key enrol --home @/seats/%s --site @/site.json --member "
	    "%s --terminal %s --code %.40s --kdf floor --passphrase-fd 0",
	    member, member, terminal, run_out(h));
	run_expect(h, 0, "pw", line);
	run_expect(h, 0, "o001",
	    "suifang-key seat grant --home @/seats/O001 --yes "
	    "--passphrase-fd 0");
}

void hospital_grant(struct hospital *h, const char *member, const char *role)
{
	char line[300], team[ID_HEX];

	id_hex(team, &hospital_team);
	snprintf(line, sizeof(line),
	    "suifang-key member grant --home @/seats/O001 --member %s "
	    "--name 某人 --role %s --team %s --passphrase-fd 0",
	    member, role, team);
	run_expect(h, 0, "o001", line);
}

void hospital_sync(struct hospital *h, const char *seat, int status)
{
	char line[200];

	snprintf(line, sizeof(line),
	    "suifang-key sync --home @/seats/%s --passphrase-fd 0", seat);
	run_expect(h, status, strcmp(seat, "O001") == 0 ? "o001" : "pw", line);
}

struct hospital *hospital_with_agent(void)
{
	struct hospital *h = hospital_new();

	hospital_fill(h);
	hospital_serve(h);
	hospital_grant(h, "A017", "agent");
	hospital_enrol(h, "A017", "T-07");
	hospital_sync(h, "A017", 0);
	return h;
}

struct hospital *hospital_with_pair(void)
{
	struct hospital *h = hospital_new();

	hospital_fill(h);
	hospital_serve(h);
	hospital_sync(h, "O001", 0);
	hospital_grant(h, "A017", "agent");
	hospital_grant(h, "S002", "supervisor");
	hospital_enrol(h, "A017", "T-07");
	hospital_enrol(h, "S002", "T-02");
	return h;
}

struct hospital *hospital_with_agents(const char *terminal)
{
	struct hospital *h = hospital_new();

	hospital_serve(h);
	run_expect(h, 0, "",
	    "suifang-node import roster schemas/sample/roster.csv --home "
	    "@/node");
	run_expect(h, 0, "",
	    "suifang-node import fhir schemas/sample/hypertension.json --home "
	    "@/node");
	hospital_enrol(h, "A017", "T-07");
	hospital_enrol(h, "A012", terminal);
	hospital_sync(h, "A017", 0);
	hospital_sync(h, "A012", 0);
	return h;
}

static struct id team_of_roster(struct home *node)
{
	struct stmt *s = store_query(home_store(node), Q_TEAM_BY_NAME);
	struct id team = {{0}};

	stmt_bind_text(s, ":name", "慢病随访组");
	assert_int_equal(stmt_step(s), 1);
	stmt_id(&team, s, 0);
	stmt_reset(s);
	return team;
}

struct hospital *hospital_with_roster(const char *name)
{
	struct hospital *h = hospital_new();
	struct home *node;
	struct id team;

	test_write_file(h->dir, "roster.csv", roster);
	hospital_serve(h);
	run_expect(h, 0, "o001",
	    "suifang-key member grant --home @/seats/O001 --roster "
	    "@/roster.csv --passphrase-fd 0");
	hospital_enrol(h, "A017", "T-07");
	hospital_enrol(h, "S002", "T-02");
	hospital_stop(h, SIGTERM);
	node = hospital_open(h, "node", NULL);
	team = team_of_roster(node);
	hospital_register(node, &team, &hospital_patient, name);
	home_close(&node);
	hospital_serve(h);
	return h;
}

/* One of the node's files in /proc, as text; "" when it has gone. */
static void node_file(
    char *out, size_t size, const struct hospital *h, const char *name)
{
	char path[60];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)h->node, name);
	f = fopen(path, "re");
	if (f) {
		n = fread(out, 1, size - 1, f);
		fclose(f);
	}
	out[n] = '\0';
}

double hospital_cpu_ms(const struct hospital *h)
{
	unsigned long user = 0, kernel = 0;
	char line[1000];
	const char *at;

	node_file(line, sizeof(line), h, "stat");
	at = strrchr(line, ')'); /* utime and stime are fields 14 and 15 */
	if (!at || sscanf(at,
		       ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
		       "%lu %lu",
		       &user, &kernel) != 2)
		return 0;
	return (double)(user + kernel) * 1000 / (double)sysconf(_SC_CLK_TCK);
}

double hospital_memory_kb(const struct hospital *h)
{
	char lines[4000];
	const char *at;

	node_file(lines, sizeof(lines), h, "status");
	at = strstr(lines, "VmRSS:");
	return at ? atof(at + strlen("VmRSS:")) : 0;
}

pid_t hospital_start(
    struct hospital *h, const char *name, const char *line, int *in)
{
	char *words[WORDS];
	char path[4200];
	int ends[2], log, n = split(h, line, words);
	pid_t pid;

	snprintf(path, sizeof(path), "%s/%s.log", h->dir, name);
	log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	assert_true(log >= 0);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = start(words, ends[0], log, log);
	for (int i = 0; i < n; i++)
		free(words[i]);
	close(ends[0]);
	close(log);
	*in = ends[1];
	return pid;
}

int hospital_end(pid_t pid)
{
	return status_of(pid);
}

/* ---- homes in this process ---------------------------------------------- */

struct home *hospital_open(
    struct hospital *h, const char *home, const char *passphrase)
{
	struct home *out = NULL;
	struct secret *s =
	    passphrase ? secret_dup(passphrase, strlen(passphrase)) : NULL;
	char dir[4200];

	snprintf(dir, sizeof(dir), "%s/%s", h->dir, home);
	assert_int_equal(home_open(&out, &(struct home_opts){.dir = dir,
					     .is_node = !passphrase,
					     .env = program_env(),
					     .passphrase = s}),
	    0);
	secret_free(&s);
	return out;
}

int hospital_settle(struct home *home)
{
	return client_settle(&(struct client_cfg){.ledger = home_ledger(home),
				 .site = home_site(home),
				 .env = program_env(),
				 .address = home_address(home)},
	    WAIT_MS);
}

void hospital_say(
    struct home *home, enum kind kind, const struct id *stream, json_t *body)
{
	struct draft draft = {0};

	draft_add(&draft, kind, stream, body);
	assert_int_equal(ledger_record(home_ledger(home), &draft, NULL), 0);
	draft_fini(&draft);
}

int64_t hospital_count(struct home *home, const char *sql)
{
	return test_scalar(home_store(home), sql);
}

int64_t hospital_ask(struct hospital *h, const char *home, const char *sql)
{
	struct home *opened =
	    hospital_open(h, home, strcmp(home, "node") == 0 ? NULL : "pw");
	int64_t n = hospital_count(opened, sql);

	home_close(&opened);
	return n;
}

void hospital_found_team(struct home *node)
{
	hospital_say(node, KIND_TEAM_SET, &hospital_team,
	    json_pack("{s:s,s:s}", "name", "心内科", "name_en", "Cardiology"));
}

void hospital_register(struct home *node, const struct id *team,
    const struct id *patient, const char *name)
{
	json_t *body =
	    json_pack("{s:s,s:s}", "member", "A017", "reason", "initial");

	hospital_say(node, KIND_PATIENT_REGISTERED, patient,
	    json_pack("{s:s,s:s}", "name", name, "sex", "female"));
	draft_put_id(body, "patient", patient);
	hospital_say(node, KIND_ASSIGNED, team, body);
}

void hospital_fill(struct hospital *h)
{
	struct home *node = hospital_open(h, "node", NULL);

	hospital_found_team(node);
	hospital_register(node, &hospital_team, &hospital_patient, "测试者");
	home_close(&node);
}
