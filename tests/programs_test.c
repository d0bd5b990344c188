/* programs_test.c - real programs on loopback: a hospital is founded, people
 * come in, what one terminal records reaches the others, and what goes wrong
 * is said with its own exit status. */
#define _GNU_SOURCE
#include "tests/programs.h"
#include "tests/stranger.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "keys/enrol.h"
#include "keys/secret.h"
#include "sync/channel.h"
#include "sync/client.h"
#include "sync/ledger.h"
#include "sync/net.h"
#include "sync/program.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

static int setup(void **state)
{
	struct hospital *h = hospital_with_pair();

	hospital_grant(h, "A012", "agent");
	*state = h;
	return 0;
}

static void test_programs__a_note_reaches_node_and_supervisor(void **state)
{
	struct hospital *h = *state;
	struct home *agent = hospital_open(h, "seats/A017", "pw"), *other;

	assert_int_equal(hospital_settle(agent), 0);
	assert_string_equal(ledger_member(home_ledger(agent)), "A017");
	assert_int_equal(
	    hospital_count(agent, "SELECT count(*) FROM v_patient"), 1);
	hospital_say(agent, KIND_NOTE_ADDED, &hospital_patient,
	    json_pack("{s:s}", "text", "血压控制良好"));
	assert_int_equal(hospital_settle(agent), 0);
	assert_int_equal(hospital_count(agent,
			     "SELECT count(*) FROM record WHERE state = 0"),
	    0);
	home_close(&agent);
	other = hospital_open(h, "seats/S002", "pw");
	assert_int_equal(hospital_settle(other), 0);
	assert_int_equal(
	    hospital_count(other, "SELECT count(*) FROM v_note WHERE text = "
				  "'血压控制良好'"),
	    1);
	home_close(&other);
	hospital_stop(h, SIGTERM);
	other = hospital_open(h, "node", NULL);
	assert_int_equal(
	    hospital_count(other, "SELECT count(*) FROM v_note"), 1);
	assert_int_equal(hospital_count(other,
			     "SELECT count(*) FROM entry WHERE verdict >= 3"),
	    0);
	home_close(&other);
	hospital_serve(h);
}

static void test_programs__a_received_note_survives_kill_9(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/A017", "pw");
	int64_t before;

	for (int i = 0; i < 5; i++)
		hospital_say(home, KIND_NOTE_ADDED, &hospital_patient,
		    json_pack("{s:s}", "text", "电话未通"));
	assert_int_equal(hospital_settle(home), 0);
	before = hospital_count(home, "SELECT count(*) FROM v_note");
	assert_int_equal(hospital_stop(h, SIGKILL), -SIGKILL);
	home_close(&home);
	home = hospital_open(h, "node", NULL);
	assert_int_equal(
	    hospital_count(home, "SELECT count(*) FROM v_note"), before);
	home_close(&home);
	hospital_serve(h);
}

static void test_programs__status_names_the_seats(void **state)
{
	struct hospital *h = *state;

	hospital_sync(h, "A017", 0);
	run_expect(h, 0, "", "suifang-node status --home @/node --lang en");
	assert_non_null(strstr(run_out(h), "A017.1"));
	assert_non_null(strstr(run_out(h), "T-07"));
	assert_non_null(strstr(run_out(h), "serving since"));
	assert_non_null(strstr(run_out(h), "held entries: 0"));
	assert_non_null(strstr(run_out(h), "half-open: 0"));
	assert_non_null(strstr(run_out(h), "lag: 0"));
	assert_null(strstr(run_out(h), "receipts: 0"));
	run_expect(h, 0, "", "suifang-node status --home @/node --lang zh");
	assert_non_null(strstr(run_out(h), "服务开始于"));
	run_expect(h, 0, "", "suifang-node verify --home @/node --lang en");
	assert_non_null(strstr(run_out(h), "seats: 3"));
}

/* ---- codes -------------------------------------------------------------- */

/* A handshake with the right ticket and a wrong secret; the node hangs up. */
static void try_wrong_code(
    struct hospital *h, struct home *home, const uint8_t ticket[8])
{
	static const uint8_t wrong[ENROL_PSK] = {1, 2, 3};
	const struct site *site = home_site(home);
	const struct channel_cfg cfg = {.org = site->org,
	    .static_sk = home_identity(home)->dh->bytes,
	    .purpose = PURPOSE_ENROL,
	    .node_pk = site->node.dh_pk,
	    .ticket = ticket,
	    .psk = wrong,
	    .payload = "x",
	    .payload_len = 1};
	struct channel *ch = channel_new_initiator(&cfg, program_env());
	struct buf in = {0};
	int fd = stranger_dial(h->port), r = 0;

	while (r == 0) {
		r = net_write(channel_out(ch), fd);
		net_wait(fd, false, 50);
		buf_clear(&in);
		if (r == 0)
			r = net_read(&in, fd);
		if (in.len > 0 && channel_feed(ch, in.data, in.len) < 0)
			break;
	}
	assert_int_equal(r, ERR_UNREACHABLE);
	buf_fini(&in);
	channel_free(&ch);
	net_close(&fd);
}

static void issue(
    struct hospital *h, struct enrol_code *code, const char *member)
{
	char line[300];

	snprintf(line, sizeof(line),
	    "suifang-key code issue --home @/seats/O001 --member %s "
	    "--terminal T-12 --passphrase-fd 0",
	    member);
	run_expect(h, 0, "o001", line);
	assert_int_equal(enrol_parse(code, run_out(h)), 0);
}

static int enrol_with(struct hospital *h, const char *member,
    const char *terminal, const char *code)
{
	char line[400];

	snprintf(line, sizeof(line),
	    "suifang-key enrol --home @/seats/try --site @/site.json --member "
	    "%s --terminal %s --code %s --kdf floor --passphrase-fd 0",
	    member, terminal, code);
	return run(h, "pw", line);
}

static void test_programs__five_wrong_tries_burn_a_code(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/A017", "pw");
	struct enrol_code code;
	uint8_t ticket[ENROL_TICKET];

	issue(h, &code, "A012");
	enrol_ticket(ticket, &home_site(home)->org, &code);
	for (int i = 0; i < ENROL_TRIES; i++)
		try_wrong_code(h, home, ticket);
	home_close(&home);
	assert_int_equal(enrol_with(h, "A012", "T-12", code.text), 9);
	hospital_stop(h, SIGTERM); /* forgets the failures of this address */
	hospital_serve(h);
	assert_int_equal(enrol_with(h, "A012", "T-12", code.text), 9);
}

static void test_programs__four_wrong_tries_do_not(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/A017", "pw");
	struct enrol_code code;
	uint8_t ticket[ENROL_TICKET];

	issue(h, &code, "A012");
	enrol_ticket(ticket, &home_site(home)->org, &code);
	for (int i = 0; i < ENROL_TRIES - 1; i++)
		try_wrong_code(h, home, ticket);
	home_close(&home);
	assert_int_equal(enrol_with(h, "A012", "T-99", code.text), 9);
	assert_int_equal(enrol_with(h, "A019", "T-12", code.text), 9);
	assert_int_equal(enrol_with(h, "A012", "T-12", code.text), 0);
	assert_int_equal(enrol_with(h, "A012", "T-12", code.text), 6);
	code.text[3] = code.text[3] == '2' ? '3' : '2';
	run_expect(h, 0, "", "suifang-node stop --home @/node");
	assert_int_equal(hospital_wait(h), 0);
	hospital_serve(h);
	assert_int_equal(enrol_with(h, "A012", "T-12", code.text), 9);
}

/* Only what both people have compared is let in. The seat that waits is the
 * one of the test before. */
static void test_programs__only_the_right_words_let_in(void **state)
{
	struct hospital *h = *state;
	char line[300], *words;

	run_expect(h, 1, "o001",
	    "suifang-key seat grant --home @/seats/O001 --words "
	    "bako_bako_bako_bako_bako_bako --passphrase-fd 0");
	hospital_sync(h, "try", 9);
	run_expect(h, 0, "o001",
	    "suifang-key seat grant --home @/seats/O001 --passphrase-fd 0");
	words = strstr(run_out(h), "T-12 ");
	assert_non_null(words);
	for (char *c = words; *c; c++)
		if (*c == ' ')
			*c = '_';
	snprintf(line, sizeof(line),
	    "suifang-key seat grant --home @/seats/O001 --words %s "
	    "--passphrase-fd 0",
	    words + strlen("T-12_"));
	run_expect(h, 0, "o001", line);
	hospital_sync(h, "try", 0);
}

static void test_programs__a_supervisor_lets_agents_in(void **state)
{
	struct hospital *h = *state;
	char line[400];

	run_expect(h, 0, "pw",
	    "suifang-key code issue --home @/seats/S002 --member A012 "
	    "--terminal T-13 --passphrase-fd 0");
	snprintf(line, sizeof(line),
	    "suifang-key enrol --home @/seats/A012 --site @/site.json "
	    "--member A012 --terminal T-13 --code %.40s --kdf floor "
	    "--passphrase-fd 0",
	    run_out(h));
	run_expect(h, 0, "pw", line);
	run_expect(h, 0, "o001",
	    "suifang-key seat grant --home @/seats/O001 --yes "
	    "--passphrase-fd 0"); /* not the operator's code */
	hospital_sync(h, "A012", 9);
	run_expect(h, 0, "pw",
	    "suifang-key seat grant --home @/seats/S002 --yes "
	    "--passphrase-fd 0");
	hospital_sync(h, "A012", 0);
	run_expect(h, 0, "", "suifang-node status --home @/node --lang en");
	assert_non_null(strstr(run_out(h), "A012.2"));
	assert_non_null(strstr(run_out(h), "held entries: 0"));
}

static void test_programs__a_new_root_takes_over(void **state)
{
	struct hospital *h = *state;
	struct home *node;

	run_expect(h, 0, "root\nnew root\n",
	    "suifang-key root rollover --key @/root.key --new-key @/root2.key "
	    "--org @/org.json --kdf floor --passphrase-fd 0");
	run_expect(h, 9, "root",
	    "suifang-key node cert --key @/root.key --org @/org.json "
	    "--request @/node.req --host 127.0.0.1 --port % --site "
	    "@/site2.json --passphrase-fd 0");
	run_expect(h, 0, "new root",
	    "suifang-key node cert --key @/root2.key --org @/org.json "
	    "--request @/node.req --host 127.0.0.1 --port % --site "
	    "@/site2.json --passphrase-fd 0");
	assert_int_equal(hospital_stop(h, SIGTERM), 0);
	run_expect(
	    h, 0, "", "suifang-node init --home @/node --site @/site2.json");
	node = hospital_open(h, "node", NULL);
	assert_int_equal(
	    hospital_count(node, "SELECT count(*) FROM v_statement WHERE "
				 "what = 'rollover'"),
	    1);
	assert_int_equal(
	    hospital_count(node, "SELECT count(*) FROM v_statement WHERE "
				 "what = 'node'"),
	    2);
	assert_int_equal(hospital_count(node,
			     "SELECT count(*) FROM entry WHERE verdict >= 3"),
	    0);
	home_close(&node);
	hospital_serve(h);
	hospital_sync(h, "A017", 0);
}

/* ---- what goes wrong ---------------------------------------------------- */

static void test_programs__each_fault_has_its_status(void **state)
{
	struct hospital *h = *state;
	struct home *home;

	run_expect(h, 2, "", "suifang-key root init");
	run_expect(h, 2, "", "suifang-key --lang fr sync");
	run_expect(h, 2, "", "suifang-node nonsense");
	run_expect(h, 2, "", "suifang-node serve --nonsense");
	run_expect(h, 0, "", "suifang-node --version");
	run_expect(h, 0, "", "suifang-key --help --lang zh");
	assert_non_null(strstr(run_out(h), "密钥"));
	run_expect(h, 3, "wrong",
	    "suifang-key sync --home @/seats/S002 --passphrase-fd 0");
	hospital_sync(h, "none", 1);
	home = hospital_open(h, "seats/A017", "pw");
	hospital_sync(h, "A017", 6);
	home_close(&home);
	run_expect(h, 6, "", "suifang-node serve --home @/node");
}

static void test_programs__a_node_away_is_unreachable(void **state)
{
	struct hospital *h = *state;
	uint16_t port = h->port;
	int fd = -1;

	assert_int_equal(hospital_stop(h, SIGTERM), 0);
	hospital_sync(h, "S002", 8);
	assert_int_equal(net_listen(&fd, &port, "127.0.0.1", h->port), 0);
	run_expect(h, 6, "", "suifang-node serve --home @/node");
	net_close(&fd);
	hospital_serve(h);
	hospital_sync(h, "S002", 0);
}

static void test_programs__a_changed_site_file_is_refused(void **state)
{
	struct hospital *h = *state;
	char path[4200];
	struct buf text = {0};

	snprintf(path, sizeof(path), "%s/seats/S002/site.json", h->dir);
	assert_int_equal(program_read(&text, path, 100000), 0);
	*strstr(buf_text(&text), "127.0.0.1") = '2';
	assert_int_equal(program_write(path, &text, 0644), 0);
	hospital_sync(h, "S002", 5);
	*strstr(buf_text(&text), "227.0.0.1") = '1';
	assert_int_equal(program_write(path, &text, 0644), 0);
	buf_fini(&text);
}

/* Steps a client until it is in this state; how many ms that took, or the
 * test fails. A loaded machine may take its time, but what is told at the
 * next ping, after 30 s, is too late. */
static uint64_t await(struct client *c, enum client_state state)
{
	uint64_t start = clock_mono_ms(NULL), spent = 0;
	struct client_status s;

	for (;; spent = clock_mono_ms(NULL) - start) {
		struct pollfd p = {client_fd(c), client_events(c), 0};
		client_step(c);
		client_status(&s, c);
		if (s.state == state)
			return spent;
		if (spent > 25000)
			fail_msg("still in state %d", (int)s.state);
		poll(&p, 1, 20);
	}
}

/* 5 s are promised; the centre looks once a second. */
static void test_programs__a_revoked_seat_is_cut(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/S002", "pw");
	struct client *c =
	    client_new(&(struct client_cfg){.ledger = home_ledger(home),
		.site = home_site(home),
		.env = program_env()});

	await(c, CLIENT_ONLINE);
	run_expect(h, 0, "o001",
	    "suifang-key revoke --home @/seats/O001 --member S002 "
	    "--passphrase-fd 0");
	print_message("cut after %d ms\n", (int)await(c, CLIENT_OFFLINE));
	client_free(&c);
	home_close(&home);
}

static void test_programs__a_passphrase_can_be_changed(void **state)
{
	struct hospital *h = *state;

	run_expect(h, 0, "pw\nnew one\n",
	    "suifang-key passwd --home @/seats/A017 --kdf floor "
	    "--passphrase-fd 0");
	hospital_sync(h, "A017", 3);
	run_expect(h, 0, "new one",
	    "suifang-key vault check --home @/seats/A017 --passphrase-fd 0");
	run_expect(h, 0, "new one",
	    "suifang-key vault rekey --home @/seats/A017 --passphrase-fd 0");
	run_expect(h, 0, "new one",
	    "suifang-key sync --home @/seats/A017 --passphrase-fd 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_programs__a_note_reaches_node_and_supervisor),
	    cmocka_unit_test(test_programs__a_received_note_survives_kill_9),
	    cmocka_unit_test(test_programs__status_names_the_seats),
	    cmocka_unit_test(test_programs__five_wrong_tries_burn_a_code),
	    cmocka_unit_test(test_programs__four_wrong_tries_do_not),
	    cmocka_unit_test(test_programs__only_the_right_words_let_in),
	    cmocka_unit_test(test_programs__a_supervisor_lets_agents_in),
	    cmocka_unit_test(test_programs__a_new_root_takes_over),
	    cmocka_unit_test(test_programs__each_fault_has_its_status),
	    cmocka_unit_test(test_programs__a_node_away_is_unreachable),
	    cmocka_unit_test(test_programs__a_changed_site_file_is_refused),
	    cmocka_unit_test(test_programs__a_revoked_seat_is_cut),
	    cmocka_unit_test(test_programs__a_passphrase_can_be_changed),
	};

	return cmocka_run_group_tests_name(
	    "programs", tests, setup, hospital_teardown);
}
