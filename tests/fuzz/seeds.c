/*
 * seeds.c - writes the seeds that no editor can: those with hashes, keys and
 * signatures in them. Run after a change of a format, from the top:
 *
 *     make build/plain/fuzz-seeds && build/plain/fuzz-seeds
 */
#include "core/buf.h"
#include "core/mem.h"
#include "keys/enrol.h"
#include "keys/hash.h"
#include "keys/keyfile.h"
#include "keys/seal.h"
#include "keys/statement.h"
#include "sync/backup.h"
#include "sync/carry.h"
#include "sync/checkpoint.h"
#include "sync/site.h"
#include "sync/wire.h"
#include "tests/fuzz_world.h"
#include "tests/keyfile_cheap.h"
#include "tests/maker.h"

#include <sys/stat.h>

/* Writes what b holds, and empties it. */
static void put(const char *target, const char *name, struct buf *b)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "tests/fuzz/corpus/%s", target);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "tests/fuzz/corpus/%s/%s", target, name);
	f = fopen(path, "wb");
	if (!f || fwrite(b->data, 1, b->len, f) != b->len || fclose(f) != 0)
		abort();
	buf_fini(b);
}

static void must(int r)
{
	if (r < 0)
		abort();
}

static struct secret *sign_key(uint8_t pk[SIGN_PUBLIC], int fill)
{
	struct secret *seed = secret_new(SIGN_SEED), *key;

	memset(seed->bytes, fill, SIGN_SEED);
	identity_sign_key(&key, pk, seed);
	secret_free(&seed);
	return key;
}

static void records(void)
{
	static const uint32_t counts[] = {1, 2, 9};
	struct maker *m = maker_new(1);
	struct buf b = {0};
	char name[32];

	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		maker_next(m, counts[i]);
		snprintf(name, sizeof(name), "frame-%u", counts[i]);
		buf_u8(&b, 0);
		record_write(&b, &m->record);
		put("record", name, &b);
		snprintf(name, sizeof(name), "commit-%u", counts[i]);
		buf_u8(&b, 1);
		buf_add(&b, m->commit.data, m->commit.len);
		put("record", name, &b);
	}
	maker_free(&m);
}

static void checkpoints(void)
{
	uint8_t pk[SIGN_PUBLIC];
	struct secret *key = sign_key(pk, 42);
	struct checkpoint c = {.org = {{1}}, .incarnation = 3, .lmax = 99};
	struct buf b = {0};

	checkpoint_sign(&b, &c, key);
	put("checkpoint", "empty", &b);
	c.tree = (struct merkle_tree){123456, {{8, 9}}};
	checkpoint_sign(&b, &c, key);
	put("checkpoint", "full", &b);
	secret_free(&key);
}

static struct statement statement_of(enum statement_what what,
    const struct id *org, const uint8_t pk[SIGN_PUBLIC])
{
	struct statement s = {.what = what, .org = *org, .from_s = 1000};

	if (what == STATEMENT_GENESIS || what == STATEMENT_ROLLOVER)
		memcpy(s.root_pk, pk, sizeof(s.root_pk));
	if (what == STATEMENT_NODE || what == STATEMENT_OPERATOR) {
		memcpy(s.sign_pk, pk, sizeof(s.sign_pk));
		memset(s.dh_pk, 4, sizeof(s.dh_pk));
		s.until_s = 9999;
		identity_seat(&s.seat, &s.org, s.sign_pk, s.dh_pk);
	}
	if (what == STATEMENT_NODE || what == STATEMENT_INCARNATION)
		s.incarnation = 2;
	if (what == STATEMENT_NODE)
		memset(s.check_pk, 5, sizeof(s.check_pk));
	if (what == STATEMENT_INCARNATION) {
		s.old = 1;
		s.size = 77;
	}
	if (what == STATEMENT_OPERATOR) {
		strcpy(s.member, "O001");
		strcpy(s.name, "运维 一");
		strcpy(s.terminal, "T-00");
	}
	return s;
}

static void statements(void)
{
	uint8_t pk[SIGN_PUBLIC];
	struct secret *root = sign_key(pk, 43);
	struct site *site = mem_new(sizeof(*site));
	struct paper paper;
	struct buf b = {0};
	struct id org;

	identity_org(&org, pk);
	for (int what = 0; what < STATEMENT_WHATS; what++) {
		enum statement_what w = (enum statement_what)what;
		struct statement s = statement_of(w, &org, pk);
		statement_write(&b, &s);
		put("statement", statement_name(w), &b);
		paper_make(&paper, &s, root);
		json_t *value = paper_json(&paper);
		char name[32];
		json_canonical(&b, value);
		snprintf(name, sizeof(name), "%s.json", statement_name(w));
		put("statement", name, &b);
		json_decref(value);
	}
	site_found(site, root, pk, 50);
	strcpy(site->name, "随访中心");
	strcpy(site->name_en, "Follow-up centre");
	strcpy(site->host, "127.0.0.1");
	site->port = 7443;
	site->limits[0] = (struct site_limit){"10.0.0.0/8", 32, 100};
	site->limit_count = 1;
	struct statement node = statement_of(STATEMENT_NODE, &org, pk);
	paper_make(&site->certificate, &node, root);
	site_write(&b, site, root);
	put("statement", "site.json", &b);
	secret_free(&root);
	free(site);
}

static void signatures(void)
{
	struct sshsig sig = {.pk = {1}, .signature = {2}, .space = "git"};
	char line[SSH_PUBLIC_TEXT];
	struct buf b = {0};

	for (uint8_t lead = 0; lead < 2; lead++) {
		buf_u8(&b, lead);
		sshsig_armor(&b, &sig, lead ? " " : "");
		put("sshsig", lead ? "commit" : "file", &b);
	}
	ssh_public_text(line, sig.pk);
	buf_u8(&b, 0);
	buf_str(&b, line);
	put("sshsig", "public", &b);
}

static void boxes(void)
{
	static const size_t sizes[] = {0, 5, 124, 125};
	struct secret *key = secret_new(SECRET_KEY);
	struct test_env env;
	struct buf b = {0}, body = {0}, ad = {0};
	char name[32];

	test_env_init(&env, 1);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		size_t n = sizes[i], padded = (4 + n + 127) / 128 * 128;
		buf_u8(&b, 1); /* the inside of a box, canonical */
		buf_u8(&b, (uint8_t)n);
		buf_add(&b, "\0\0\0", 3);
		memset(buf_reserve(&b, padded), 'x', n);
		memset(b.data + b.len + n, 0, padded - n);
		b.len += padded - 4;
		snprintf(name, sizeof(name), "inside-%zu", n);
		put("box", name, &b);
	}
	buf_str(&body, "{}");
	buf_u8(&b, 0);
	if (seal_box(&b, key, &ad, &body, &env.env) < 0)
		abort();
	put("box", "other-key", &b);
	buf_fini(&body);
	secret_free(&key);
}

static void enrolments(void)
{
	struct enrol_request req = {
	    .org = {{1}}, .dh_pk = {2}, .member = "A017", .terminal = "T-07"};
	struct secret *key = sign_key(req.sign_pk, 44);
	struct secret *dh = secret_new(DH_KEY);
	struct enrol_code code;
	struct buf b = {0};
	uint8_t peer[DH_KEY];
	char shown[ENROL_SHOWN];

	memset(dh->bytes, 6, DH_KEY);
	identity_dh_public(peer, dh);
	enrol_payload_write(&b, &req, key);
	put("enrol", "payload", &b);
	if (enrol_derive(&code, dh, peer,
		&(struct enrol_for){.org = req.org,
		    .member = "A017",
		    .role = "agent",
		    .terminal = "T-07",
		    .until_s = 1}) < 0)
		abort();
	buf_str(&b, code.text);
	put("enrol", "code", &b);
	enrol_show(shown, &code);
	buf_str(&b, shown);
	put("enrol", "code-shown", &b);
	secret_free(&key);
	secret_free(&dh);
}

static void keyfile(const char *name, bool has_passphrase, bool is_rekeying)
{
	struct test_env env;
	struct id org = {{1}};
	struct identity *me;
	struct secret *passphrase = secret_dup("correct horse", 13);
	struct keyfile_opener opener = {.env = &env.env};
	struct keyfile_new made = {.member = "A017", .env = &env.env};
	char *dir = test_dir_new(), path[4200];
	struct buf b = {0};
	size_t n;

	test_env_init(&env, 6);
	me = identity_new(&org, &env.env);
	made.me = me;
	if (has_passphrase) {
		made.passphrase = opener.passphrase = passphrase;
		made.kdf = KEYFILE_FLOOR;
	}
	snprintf(path, sizeof(path), "%s/seat.key", dir);
	must(keyfile_create(path, &made));
	if (is_rekeying)
		must(keyfile_rekey_begin(path, &opener));
	char *text = test_read_file(path, &n);
	buf_add(&b, text, n);
	put("keyfile", name, &b);
	free(text);
	test_dir_remove(dir);
	identity_free(&me);
	secret_free(&passphrase);
}

static void keyfiles(void)
{
	keyfile_cheap_for_test();
	keyfile("seat", true, false);
	keyfile("rekeying", true, true);
	keyfile("node", false, false);
}

/* Each message of a queue as a seed of its own, for both targets, and the
 * whole queue as one. */
static void take_queue(const char *who, uint8_t how, const struct buf *queue)
{
	struct reader in = reader_of(queue->data, queue->len);
	struct buf b = {0};
	char name[40];
	size_t n;

	if (queue->len == 0)
		return;
	for (int i = 0; i < 6 && reader_left(&in) > 0; i++) {
		const uint8_t *msg = reader_block(&in, &n, queue->len);
		snprintf(name, sizeof(name), "%s-%d-%u", who, i, msg[0]);
		buf_add(&b, msg, n);
		put("wire", name, &b);
		buf_u8(&b, how);
		buf_block(&b, msg, n);
		put("session", name, &b);
	}
	snprintf(name, sizeof(name), "%s-all", who);
	buf_u8(&b, how);
	buf_add(&b, queue->data, queue->len);
	put("session", name, &b);
}

/* Both ends of a file that is carried, and the centre's backup. */
static void carried(void)
{
	struct world_seat *seat = fuzz_world();
	struct ledger *node = seat->world->node.ledger;
	struct backup_cursor cursor = {0};
	struct carry_report report;
	struct buf letter = {0}, answer = {0}, b = {0};
	int r;

	while ((r = backup_write(&b, node, &cursor, 1 << 20)) == 0)
		;
	must(r);
	put("backup", "whole", &b);
	must(carry_letter(&letter, &report, seat->ledger, true));
	buf_u8(&b, 0);
	buf_add(&b, letter.data, letter.len);
	put("unpack", "letter", &b);
	must(carry_take(&answer, &report, node, &letter));
	for (uint8_t how = 1; how <= 2; how++) {
		buf_u8(&b, how);
		buf_add(&b, answer.data,
		    how == 2 ? answer.len - SIGNATURE : answer.len);
		put("unpack", how == 1 ? "reply" : "unsigned", &b);
	}
	buf_fini(&letter);
	buf_fini(&answer);
}

/* What waits is taken and committed, and answered. */
static void speak(struct session *to, struct buf *queue, struct ledger *l)
{
	struct buf now = *queue;
	struct reader in = reader_of(now.data, now.len);
	size_t n;

	*queue = (struct buf){0};
	while (reader_left(&in) > 0) {
		const uint8_t *msg = reader_block(&in, &n, now.len);
		must(session_message(to, msg, n));
	}
	must(ledger_commit(l));
	session_committed(to);
	must(session_pump(to));
	buf_fini(&now);
}

static void sessions(void)
{
	struct world_seat *seat = fuzz_world();
	struct buf b = {0};

	fuzz_world_connect(seat, false);
	take_queue("hello", 1, &seat->to_node);
	world_cut(seat);
	fuzz_world_connect(seat, true);
	must(ledger_commit(seat->world->node.ledger));
	must(session_pump(seat->here));
	must(session_pump(seat->there));
	take_queue("give", 3, &seat->to_node);
	take_queue("feed", 2, &seat->to_seat);
	world_cut(seat);
	/* A whole exchange, message by message; what is carried follows. */
	fuzz_world_connect(seat, true);
	must(session_pump(seat->here));
	for (int i = 0; i < 4; i++) {
		char name[32];
		snprintf(name, sizeof(name), "round-%d-seat", i);
		take_queue(name, 3, &seat->to_node);
		speak(seat->there, &seat->to_node, seat->world->node.ledger);
		snprintf(name, sizeof(name), "round-%d-node", i);
		take_queue(name, 2, &seat->to_seat);
		speak(seat->here, &seat->to_seat, seat->ledger);
	}
	world_cut(seat);
	for (int msg = MSG_TOOK; msg <= MSG_BYE; msg++) {
		char name[32];
		snprintf(name, sizeof(name), "number-%d", msg);
		wire_number(&b, (enum msg)msg, 3);
		put("wire", name, &b);
	}
}

int main(void)
{
	hash_init();
	records();
	checkpoints();
	statements();
	signatures();
	boxes();
	enrolments();
	keyfiles();
	sessions();
	carried();
	return 0;
}
