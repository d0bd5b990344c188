/*
 * port_test.c - whatever comes to the centre's port that should not:
 * refused or held, with a line of its own in the operator's log.
 */
#define _GNU_SOURCE
#include "tests/programs.h"

#include "core/draft.h"
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "keys/enrol.h"
#include "sync/channel.h"
#include "sync/ledger.h"
#include "sync/net.h"
#include "sync/program.h"

#include <poll.h>
#include <signal.h>

static struct id team = {{0x7e, 1}}, patient = {{0xa1, 2}};

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
	hospital_serve(h);
	run_expect(h, 0, "o001",
	    "suifang-key member grant --home @/seats/O001 --member A017 "
	    "--name 某人 --role agent --team "
	    "7e010000000000000000000000000000 --passphrase-fd 0");
	hospital_enrol(h, "A017", "T-07");
	run_expect(h, 0, "pw",
	    "suifang-key sync --home @/seats/A017 --passphrase-fd 0");
	*state = h;
	return 0;
}

static int teardown(void **state)
{
	hospital_free(*state);
	return 0;
}

/* Waits for a line of the operator's log that says all of this. */
static void expect_line(struct hospital *h, const char *event, const char *with)
{
	char cmd[5000];

	snprintf(cmd, sizeof(cmd),
	    "for i in $(seq 300); do grep -a ' %s ' '%s/node.log' | "
	    "grep -aq '%s' && exit 0; sleep 0.1; done; tail -5 '%s/node.log'; "
	    "exit 1",
	    event, h->dir, with, h->dir);
	if (system(cmd) != 0)
		fail_msg("no line %s with %s", event, with);
}

static int dial(uint16_t port)
{
	char address[32];
	struct net_dial *d;
	int fd = -1;

	snprintf(address, sizeof(address), "127.0.0.1:%u", port);
	assert_int_equal(net_dial_new(&d, address), 0);
	while (fd < 0) {
		assert_int_equal(net_dial_step(&fd, d), 0);
		if (fd < 0)
			net_wait(net_dial_fd(d), true, 50);
	}
	net_dial_free(&d);
	return fd;
}

/* Says these bytes and waits until the centre hangs up. */
static void say_bytes(struct hospital *h, const void *data, size_t n)
{
	struct buf out = {0}, in = {0};
	int fd = dial(h->port);

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

/* A handshake that an observer kept and says again. */
static void test_port__a_replayed_handshake(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/A017", "pw");
	const struct site *site = home_site(home);
	struct channel *ch = channel_new_initiator(
	    &(struct channel_cfg){.org = site->org,
		.static_sk = home_identity(home)->dh->bytes,
		.purpose = PURPOSE_SESSION,
		.node_pk = site->node.dh_pk},
	    program_env());
	struct buf kept = {0}, in = {0};
	int fd = dial(h->port);
	char cmd[4600];

	while (!channel_is_ready(ch) || channel_out(ch)->len > 0) {
		buf_add(&kept, channel_out(ch)->data, channel_out(ch)->len);
		assert_int_equal(net_write(channel_out(ch), fd), 0);
		if (channel_is_ready(ch))
			break;
		net_wait(fd, false, 50);
		buf_clear(&in);
		assert_int_equal(net_read(&in, fd), 0);
		if (in.len)
			assert_int_equal(channel_feed(ch, in.data, in.len), 0);
	}
	net_close(&fd);
	channel_free(&ch);
	snprintf(cmd, sizeof(cmd), "cp '%s/node.log' '%s/before.log'", h->dir,
	    h->dir);
	assert_int_equal(system(cmd), 0);
	say_bytes(h, kept.data, kept.len);
	expect_line(h, "connection.failed", "bad tag in message 3");
	buf_fini(&kept);
	buf_fini(&in);
	home_close(&home);
}

/* ---- codes -------------------------------------------------------------- */

static void enrol(
    struct hospital *h, int status, const char *home, const char *code)
{
	char line[500];

	snprintf(line, sizeof(line),
	    "suifang-key enrol --home @/seats/%s --site @/site.json --member "
	    "A017 --terminal T-12 --code %.40s --kdf floor --passphrase-fd 0 "
	    "--lang zh",
	    home, code);
	run_expect(h, status, "pw", line);
	if (status)
		assert_non_null(strstr(buf_text(&h->err), "一次性代码"));
}

static void test_port__codes_used_and_unknown(void **state)
{
	struct hospital *h = *state;
	char code[64];

	run_expect(h, 0, "o001",
	    "suifang-key code issue --home @/seats/O001 --member A017 "
	    "--terminal T-12 --passphrase-fd 0");
	snprintf(code, sizeof(code), "%.60s", run_out(h));
	enrol(h, 0, "one", code);
	expect_line(h, "enrol.request", "result=kept");
	enrol(h, 9, "two", code);
	expect_line(h, "enrol.refused", "why=used");
}

/* ---- records ------------------------------------------------------------ */

static void test_port__a_kind_that_the_role_may_not_write(void **state)
{
	struct hospital *h = *state;
	struct home *home = hospital_open(h, "seats/A017", "pw");
	struct draft draft = {0};

	/* An honest terminal does not even sign it. */
	draft_add(&draft, KIND_MEMBER_REVOKED, ledger_roster(home_ledger(home)),
	    json_pack("{s:s,s:s}", "member", "O001", "reason", "left"));
	assert_int_equal(
	    ledger_record(home_ledger(home), &draft, NULL), ERR_NOT_PERMITTED);
	draft_fini(&draft);
	home_close(&home);
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
	run(h, "pw", "suifang-key sync --home @/seats/A017 --passphrase-fd 0");
	expect_line(h, "session.open", "mode=give-only");
	expect_line(h, "record.held", "entries=1");
	run_expect(h, 0, "", "suifang-node status --home @/node --lang en");
	assert_non_null(strstr(run_out(h), "held entries: 1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_port__bytes_before_the_handshake),
	    cmocka_unit_test(test_port__another_organisation_or_version),
	    cmocka_unit_test(test_port__a_replayed_handshake),
	    cmocka_unit_test(test_port__codes_used_and_unknown),
	    cmocka_unit_test(test_port__a_kind_that_the_role_may_not_write),
	    cmocka_unit_test(test_port__a_revoked_seat_only_gives),
	};

	return cmocka_run_group_tests_name("port", tests, setup, teardown);
}
