/* fault_agent.c - what A017's terminal does beside a centre with faults. */
#define _GNU_SOURCE
#include "tests/fault_agent.h"

#include "core/draft.h"
#include "core/err.h"
#include "keys/keyfile.h"
#include "keys/secret.h"
#include "sync/ledger.h"
#include "sync/program.h"
#include "tests/keyfile_cheap.h"

#include <unistd.h>

int fault_agent_note(struct home *home)
{
	struct draft draft = {0};
	int r;

	draft_add(&draft, KIND_NOTE_ADDED, &hospital_patient,
	    json_pack("{s:s}", "text", "电话未通"));
	r = ledger_record(home_ledger(home), &draft, NULL);
	draft_fini(&draft);
	return r;
}

pid_t fault_agent_start(struct hospital *h, int notes)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct home *home = hospital_open(h, "seats/A017", "pw");
		int r = 0;

		for (int i = 0; r == 0 && i < notes; i++)
			r = fault_agent_note(home);
		if (r == 0)
			r = hospital_settle(home);
		home_close(&home);
		_exit(r < 0);
	}
	return pid;
}

void fault_agent_judge(struct hospital *h, uint64_t n)
{
	int64_t received = hospital_ask(h, "seats/A017", FAULT_AGENT_RECEIVED);
	int64_t there = hospital_ask(h, "node", FAULT_AGENT_OWN);

	if (there < received)
		fail_msg("fault %d: receipt for %d, %d there", (int)n,
		    (int)received, (int)there);
}

void fault_agent_cheapen(struct hospital *h)
{
	const struct keyfile_kdf floor = KEYFILE_FLOOR;
	struct secret *pw = secret_dup("pw", 2);
	const struct keyfile_opener opener = {
	    .passphrase = pw, .env = program_env()};
	char path[4200];

	snprintf(path, sizeof(path), "%s/seats/A017/seat.key", h->dir);
	keyfile_cheap_for_test();
	assert_int_equal(keyfile_passwd(path, &opener, pw, &floor), 0);
	secret_free(&pw);
}
