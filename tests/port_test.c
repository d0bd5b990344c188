/*
 * port_test.c - whatever comes to the centre's port that should not:
 * refused or held, with a line of its own in the operator's log.
 */
#define _GNU_SOURCE
#include "tests/programs.h"
#include "tests/stranger.h"

#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "keys/enrol.h"
#include "sync/ledger.h"
#include "sync/net.h"
#include "sync/program.h"
#include "sync/wire.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

/* Well formed, and of nobody. */
#define NO_CODE "00000-00000-00000-00000-000000"

static struct id team = {{0x7e, 1}}, patient = {{0xa1, 2}};

/* All that is refused here comes from one address. */
static void allow_failures(struct hospital *h)
{
	char path[4200];
	struct buf text = {0};

	snprintf(path, sizeof(path), "%s/limits.json", h->dir);
	buf_str(&text, "{\"limits\":[{\"prefix\":\"127.0.0.1\",\"half_open\":"
		       "4,\"failures\":1000}]}");
	assert_int_equal(program_write(path, &text, 0600), 0);
	buf_fini(&text);
	run_expect(h, 0, "root",
	    "suifang-key node cert --key @/root.key --org @/org.json "
	    "--request @/node.req --host 127.0.0.1 --port % --site "
	    "@/site.json --limits @/limits.json --passphrase-fd 0");
	run_expect(
	    h, 0, "", "suifang-node init --home @/node --site @/site.json");
}

static int setup(void **state)
{
	struct hospital *h = hospital_new();
	struct home *node = hospital_open(h, "node", NULL);
	json_t *body =
	    json_pack("{s:s,s:s}", "member", "A017", "reason", "initial");

	hospital_say(
	    node, KIND_TEAM_SET, &team, json_pack("{s:s}", "name", "心内科"));
	hospital_say(node, KIND_PATIENT_REGISTERED, &patient,
	    json_pack("{s:s,s:s}", "name", "测试者", "sex", "female"));
	draft_put_id(body, "patient", &patient);
	hospital_say(node, KIND_ASSIGNED, &team, body);
	home_close(&node);
	allow_failures(h);
	hospital_serve(h);
	run_expect(h, 0, "o001",
	    "suifang-key member grant --home @/seats/O001 --member A017 "
	    "--name 某人 --role agent --team "
	    "7e010000000000000000000000000000 --passphrase-fd 0");
	hospital_enrol(h, "A017", "T-07");
	hospital_sync(h, "A017", 0);
	*state = h;
	return 0;
}

/* Waits for a line of the operator's log that says all of this. */
static void expect_line(struct hospital *h, const char *event, const char *with)
{
	char cmd[5000];

	snprintf(cmd, sizeof(cmd),
	    "for i in $(seq 900); do grep -a ' %s ' '%s/node.log' | "
	    "grep -aq '%s' && exit 0; sleep 0.1; done; tail -5 '%s/node.log'; "
	    "exit 1",
	    event, h->dir, with, h->dir);
	if (system(cmd) != 0)
		fail_msg("no line %s with %s", event, with);
}

/* Says these bytes and waits until the centre hangs up. */
static void say_bytes(struct hospital *h, const void *data, size_t n)
{
	struct buf out = {0}, in = {0};
	int fd = stranger_dial(h->port);

	buf_add(&out, data, n);
	while (net_write(&out, fd) == 0 && net_read(&in, fd) == 0)
		net_wait(fd, false, 50);
	buf_fini(&out);
	buf_fini(&in);
	net_close(&fd);
}

static void test_port__bytes_before_the_handshake(void **state)
{
	struct hospital *h = *state;
	uint8_t noise[300];

	memset(noise, 0xff, sizeof(noise));
	say_bytes(h, noise, sizeof(noise));
	expect_line(h, "connection.failed",
	    "from=127.0.0.1.* stage=handshake .*error=ERR_PROTOCOL");
	say_bytes(h, "GET / HTTP/1.1\r\n\r\n", 18);
	run_expect(h, 0, "", "suifang-node status --home @/node --lang en");
	assert_non_null(strstr(run_out(h), "failed handshakes: 2"));
}

static void test_port__bytes_after_the_handshake(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/A017", "pw");
	struct stranger s;
	struct buf noise = {0};

	stranger_open(&s, h, home);
	for (int i = 0; i < 400; i++)
		buf_u8(&noise, (uint8_t)(i * 7));
	assert_int_equal(net_write(&noise, s.fd), 0);
	while (net_read(&noise, s.fd) == 0)
		net_wait(s.fd, false, 50);
	expect_line(h, "connection.failed", "stage=session .*ERR_PROTOCOL");
	stranger_close(&s);
	home_close(&home);
	buf_fini(&noise);
}

static void hello(uint8_t out[26], const struct id *org, uint8_t version)
{
	static const uint8_t head[] = {0, 23, 'S', 'F', 'C', 'H', 1, 1};

	memcpy(out, head, sizeof(head));
	out[8] = version;
	memcpy(out + 9, org->b, 16);
}

static void test_port__another_organisation_or_version(void **state)
{
	struct hospital *h = *state;
	struct id other = {{9}};
	uint8_t text[26];
	struct home *home = hospital_open(h, "seats/A017", "pw");

	hello(text, &other, 1);
	say_bytes(h, text, 25);
	expect_line(h, "connection.failed", "ERR_ORGANISATION");
	hello(text, &home_site(home)->org, 9);
	say_bytes(h, text, 25);
	expect_line(h, "connection.failed", "ERR_VERSION");
	home_close(&home);
}

/* What a person at a terminal reads, in both languages. */
static void expect_words(struct hospital *h, int status, const char *line,
    const char *zh, const char *en)
{
	char cmd[700];

	snprintf(cmd, sizeof(cmd), "%s --lang zh", line);
	run_expect(h, status, "pw", cmd);
	if (!strstr(buf_text(&h->err), zh))
		fail_msg("%s: %s", zh, buf_text(&h->err));
	snprintf(cmd, sizeof(cmd), "%s --lang en", line);
	run_expect(h, status, "pw", cmd);
	if (!strstr(buf_text(&h->err), en))
		fail_msg("%s: %s", en, buf_text(&h->err));
}

#define ENROL                                                                  \
	"suifang-key enrol --member A017 --terminal T-12 --kdf floor "         \
	"--passphrase-fd 0 --home @/seats/"

/* A terminal with the site file of another hospital, at this address. */
static void test_port__a_site_file_of_another_organisation(void **state)
{
	struct hospital *h = *state;

	run_expect(h, 0, "root",
	    "suifang-key root init --key @/b.key --org @/b.json --name 他院 "
	    "--name-en Other --kdf floor --passphrase-fd 0");
	run_expect(h, 0, "",
	    "suifang-node init --home @/b --org @/b.json --request @/b.req");
	run_expect(h, 0, "root",
	    "suifang-key node cert --key @/b.key --org @/b.json --request "
	    "@/b.req --host 127.0.0.1 --port % --site @/b.site "
	    "--passphrase-fd 0");
	expect_words(h, 9, ENROL "b --site @/b.site --code " NO_CODE,
	    "该中心属于另一机构",
	    "This centre belongs to another organisation");
}

/* A centre that lacks this terminal's version says so and hangs up. */
static pid_t start_newer_centre(uint16_t *port)
{
	struct hello_answer answer = {.refusal = HELLO_NO_VERSION};
	int fd = -1, peer;
	struct address from;
	pid_t pid;

	*port = 0;
	assert_int_equal(net_listen(&fd, port, "127.0.0.1", 0), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	while (pid == 0) {
		struct buf text = {0}, out = {0}, in = {0};
		net_wait(fd, false, 1000);
		if (net_accept(&peer, &from, fd) < 0 || peer < 0)
			continue;
		hello_answer_write(&text, &answer);
		buf_u16(&out, (uint16_t)text.len);
		buf_add(&out, text.data, text.len);
		net_wait(peer, false, 1000);
		if (net_read(&in, peer) == 0 && net_write(&out, peer) == 0)
			net_wait(peer, false, 1000);
		net_close(&peer);
		buf_fini(&text);
		buf_fini(&out);
		buf_fini(&in);
	}
	net_close(&fd);
	return pid;
}

static void test_port__a_terminal_that_is_too_old(void **state)
{
	struct hospital *h = *state;
	char line[500];
	uint16_t port;
	pid_t centre = start_newer_centre(&port);

	snprintf(line, sizeof(line),
	    ENROL "old --site @/site.json --code " NO_CODE
		  " --address 127.0.0.1:%u",
	    port);
	expect_words(h, 10, line, "中心与本终端的协议版本不同",
	    "speak different versions");
	kill(centre, SIGKILL);
	assert_int_equal(hospital_end(centre), -SIGKILL);
}

/* A handshake that an observer kept and says again. */
static void test_port__a_replayed_handshake(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/A017", "pw");
	struct stranger s;

	stranger_shake(&s, h, home);
	net_close(&s.fd);
	say_bytes(h, s.kept.data, s.kept.len);
	expect_line(h, "connection.failed", "bad tag in message 3");
	stranger_close(&s);
	home_close(&home);
}

/* What an operator names is a file, or it would be waited for for ever. */
static void test_port__a_pipe_does_not_stop_the_centre(void **state)
{
	struct hospital *h = *state;
	char path[4200];

	snprintf(path, sizeof(path), "%s/pipe", h->dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	run_expect(h, 1, "", "suifang-node admit @/pipe --home @/node");
	run_expect(h, 1, "", "suifang-node import fhir @/pipe --home @/node");
	run_expect(h, 0, "", "suifang-node status --home @/node");
	expect_line(h, "node.request", "verb=admit result=ERR_NOT_FILE");
}

/* ---- codes -------------------------------------------------------------- */

static void expect_code_refused(struct hospital *h, const char *code)
{
	char line[500];

	snprintf(line, sizeof(line), ENROL "x --site @/site.json --code %.40s",
	    code);
	expect_words(
	    h, 9, line, "一次性代码", "The one-time code was not accepted");
}

static void test_port__codes_used_and_unknown(void **state)
{
	struct hospital *h = *state;
	char code[64], line[500];

	run_expect(h, 0, "o001",
	    "suifang-key code issue --home @/seats/O001 --member A017 "
	    "--terminal T-12 --passphrase-fd 0");
	snprintf(code, sizeof(code), "%.60s", run_out(h));
	snprintf(line, sizeof(line),
	    ENROL "one --site @/site.json --code %.40s", code);
	run_expect(h, 0, "pw", line);
	expect_line(h, "enrol.request", "result=kept");
	expect_code_refused(h, code);
	expect_line(h, "enrol.refused", "why=used");
	expect_code_refused(h, NO_CODE);
	expect_line(h, "enrol.refused", "why=unknown");
}

/* Issued a day ago: as the roster would have it. */
static void test_port__a_code_that_has_expired(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/O001", "o001");
	struct enrol_for whom = {home_site(home)->org, "A017", "agent", "T-12",
	    env_now_s(program_env()) - 1};
	struct enrol_code code;
	uint8_t ticket[ENROL_TICKET];
	char hex[2 * ENROL_TICKET + 1], shown[ENROL_SHOWN];

	assert_int_equal(enrol_derive(&code, home_identity(home)->dh,
			     home_site(home)->node.dh_pk, &whom),
	    0);
	enrol_ticket(ticket, &whom.org, &code);
	hex_encode(hex, ticket, sizeof(ticket));
	hospital_say(home, KIND_CODE_ISSUED, ledger_roster(home_ledger(home)),
	    json_pack("{s:s,s:s,s:s,s:s,s:I}", "ticket", hex, "member", "A017",
		"role", "agent", "terminal", "T-12", "until_s",
		(json_int_t)whom.until_s));
	assert_int_equal(hospital_settle(home), 0);
	home_close(&home);
	enrol_show(shown, &code);
	expect_code_refused(h, shown);
	expect_line(h, "enrol.refused", "why=expired");
}

/* Whoever saw the ticket pass and guesses at the code. */
static void guess(struct hospital *h, struct home *home, const char *shown)
{
	struct enrol_code code;
	uint8_t ticket[ENROL_TICKET], psk[ENROL_PSK] = {1};
	struct stranger s = {.fd = stranger_dial(h->port)};
	struct buf in = {0};

	assert_int_equal(enrol_parse(&code, shown), 0);
	enrol_ticket(ticket, &home_site(home)->org, &code);
	s.cfg = (struct channel_cfg){.org = home_site(home)->org,
	    .static_sk = home_identity(home)->dh->bytes,
	    .purpose = PURPOSE_ENROL,
	    .node_pk = home_site(home)->node.dh_pk,
	    .ticket = ticket,
	    .psk = psk,
	    .payload = "x",
	    .payload_len = 1};
	s.channel = channel_new_initiator(&s.cfg, program_env());
	while (net_write(channel_out(s.channel), s.fd) == 0 &&
	       net_read(&in, s.fd) == 0) {
		assert_int_equal(channel_feed(s.channel, in.data, in.len), 0);
		buf_clear(&in);
		net_wait(s.fd, channel_out(s.channel)->len > 0, 50);
	}
	stranger_close(&s);
	buf_fini(&in);
}

static void test_port__a_wrong_code_five_times(void **state)
{
	struct hospital *h = *state;
	struct home *home;
	char code[64];

	run_expect(h, 0, "o001",
	    "suifang-key code issue --home @/seats/O001 --member A017 "
	    "--terminal T-12 --passphrase-fd 0");
	snprintf(code, sizeof(code), "%.60s", run_out(h));
	home = hospital_open(h, "seats/A017", "pw");
	for (int i = 0; i < ENROL_TRIES; i++)
		guess(h, home, code);
	home_close(&home);
	expect_line(h, "enrol.refused", "why=wrong");
	expect_line(h, "enrol.burnt", "ticket=");
	expect_code_refused(h, code); /* though it is the right one */
}

/* ---- records ------------------------------------------------------------ */

/* Two more notes of this seat; returns the number of the first. */
static uint64_t two_notes(struct home *home)
{
	uint64_t seq = ledger_next_seq(home_ledger(home));

	for (int i = 0; i < 2; i++)
		hospital_say(home, KIND_NOTE_ADDED, &patient,
		    json_pack("{s:s}", "text", "电话未通"));
	return seq;
}

/* Refused with this error; the seat's own program then gives all. */
static void expect_refused(
    struct hospital *h, struct home *home, const struct buf *give, int code)
{
	struct stranger s;

	stranger_open(&s, h, home);
	assert_int_equal(s.refusal, 0);
	assert_false(stranger_say(&s, give, 0));
	assert_true(s.refusal == code || s.refusal == ERR_PROTOCOL);
	stranger_close(&s);
	assert_int_equal(hospital_settle(home), 0);
}

static void test_port__a_record_of_another_seat(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/O001", "o001");
	struct buf give = {0};

	stranger_give(&give, home, 1);
	home_close(&home);
	home = hospital_open(h, "seats/A017", "pw");
	expect_refused(h, home, &give, ERR_NOT_PERMITTED);
	expect_line(h, "connection.failed",
	    "stage=session .*ERR_NOT_PERMITTED .*a record of another seat");
	home_close(&home);
	buf_fini(&give);
}

/* The centre says again how far it is, and gets the rest first. */
static void test_port__a_record_with_a_hole(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/A017", "pw");
	uint64_t first = two_notes(home);
	struct buf give = {0};
	struct stranger s;

	stranger_give(&give, home, first + 1);
	stranger_open(&s, h, home);
	assert_true(stranger_say(&s, &give, MSG_WELCOME));
	assert_int_equal(s.refusal, 0);
	expect_line(h, "record.gap", "seat=");
	while (stranger_say(&s, &give, MSG_WELCOME))
		;
	expect_line(h, "connection.failed", "holes without end");
	stranger_close(&s);
	assert_int_equal(test_scalar(home_store(home),
			     "SELECT count(*) FROM record WHERE state = 0"),
	    2);
	assert_int_equal(hospital_settle(home), 0);
	home_close(&home);
	buf_fini(&give);
}

static void test_port__a_record_that_was_changed(void **state)
{
	static const struct {
		int from_end; /* byte of the message */
		const char *with;
	} rows[] = {
	    {1, "ERR_DAMAGED"},     /* in its box */
	    {400, "ERR_SIGNATURE"}, /* in its fields */
	};
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/A017", "pw");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf give = {0};
		stranger_give(&give, home, two_notes(home));
		assert_true(give.len > (size_t)rows[i].from_end);
		give.data[give.len - (size_t)rows[i].from_end] ^= 1;
		expect_refused(h, home, &give, ERR_SIGNATURE);
		expect_line(h, "connection.failed", rows[i].with);
		buf_fini(&give);
	}
	home_close(&home);
}

static void expect_held(struct hospital *h, int count)
{
	char line[40];

	run_expect(h, 0, "", "suifang-node status --home @/node --lang en");
	snprintf(line, sizeof(line), "held entries: %d ", count);
	if (!strstr(buf_text(&h->out), line))
		fail_msg("%s: %s", line, buf_text(&h->out));
}

/* An honest terminal does not even sign it; what another signs is kept and
 * has no effect. */
static void test_port__a_kind_that_the_role_may_not_write(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/A017", "pw");
	const struct id *roster = ledger_roster(home_ledger(home));
	struct draft draft = {0};
	json_t *body =
	    json_pack("{s:s,s:s}", "member", "O001", "reason", "left");

	draft_add(&draft, KIND_MEMBER_REVOKED, roster, json_incref(body));
	assert_int_equal(
	    ledger_record(home_ledger(home), &draft, NULL), ERR_NOT_PERMITTED);
	draft_fini(&draft);
	stranger_record(home, 'O', KIND_MEMBER_REVOKED, roster, body);
	assert_int_equal(hospital_settle(home), 0);
	expect_line(h, "record.held", "entries=1 why=HELD_ROLE");
	expect_held(h, 1);
	/* Its author sees that; O001 goes on. */
	assert_int_equal(test_scalar(home_store(home),
			     "SELECT count(*) FROM entry WHERE verdict = 3"),
	    1);
	home_close(&home);
	hospital_sync(h, "O001", 0);
}

/* A terminal that enrolled and that nobody has let in yet. */
static void test_port__a_seat_that_nobody_granted(void **state)
{
	struct hospital *h = *state;

	expect_words(h, 9,
	    "suifang-key sync --home @/seats/one --passphrase-fd 0",
	    "没有此操作的权限", "not permitted");
	expect_line(h, "connection.failed", "the roster has no such seat");
}

/* Revoked: it may give what it has; that is stored, and held. */
static void test_port__a_revoked_seat_only_gives(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/A017", "pw");

	hospital_say(home, KIND_NOTE_ADDED, &patient,
	    json_pack("{s:s}", "text", "离线时写的"));
	home_close(&home);
	run_expect(h, 0, "o001",
	    "suifang-key revoke --home @/seats/O001 --member A017 "
	    "--passphrase-fd 0");
	expect_words(h, 9,
	    "suifang-key sync --home @/seats/A017 --passphrase-fd 0",
	    "此终端已被吊销", "This terminal is revoked");
	expect_line(h, "session.open", "mode=give-only");
	expect_line(h, "record.held", "entries=1 why=HELD_REVOKED");
	expect_held(h, 2);
	home = hospital_open(h, "seats/A017", "pw");
	assert_int_equal(test_scalar(home_store(home),
			     "SELECT count(*) FROM record WHERE state = 0"),
	    0);
	home_close(&home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_port__bytes_before_the_handshake),
	    cmocka_unit_test(test_port__bytes_after_the_handshake),
	    cmocka_unit_test(test_port__another_organisation_or_version),
	    cmocka_unit_test(test_port__a_site_file_of_another_organisation),
	    cmocka_unit_test(test_port__a_terminal_that_is_too_old),
	    cmocka_unit_test(test_port__a_replayed_handshake),
	    cmocka_unit_test(test_port__a_pipe_does_not_stop_the_centre),
	    cmocka_unit_test(test_port__codes_used_and_unknown),
	    cmocka_unit_test(test_port__a_code_that_has_expired),
	    cmocka_unit_test(test_port__a_wrong_code_five_times),
	    cmocka_unit_test(test_port__a_record_of_another_seat),
	    cmocka_unit_test(test_port__a_record_with_a_hole),
	    cmocka_unit_test(test_port__a_record_that_was_changed),
	    cmocka_unit_test(test_port__a_kind_that_the_role_may_not_write),
	    cmocka_unit_test(test_port__a_seat_that_nobody_granted),
	    cmocka_unit_test(test_port__a_revoked_seat_only_gives),
	};

	return cmocka_run_group_tests_name(
	    "port", tests, setup, hospital_teardown);
}
