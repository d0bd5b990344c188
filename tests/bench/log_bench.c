/*
 * log_bench.c - `audit`: records a second whose chain is checked again, from
 * stored frames to a tip whose signature is checked. Baseline: every
 * signature checked as at first sight. CPU time, both in turn.
 */
#include <stdlib.h>

#include "core/id.h"
#include "core/mem.h"
#include "sync/chain.h"
#include "tests/bench.h"
#include "tests/maker.h"

#define RECORDS 20000
#define ROUNDS 5
#define GOAL 150000.0

struct log {
	struct maker *maker;
	struct buf frames; /* u32 length, frame */
	struct record *record;
	struct buf scratch;
};

typedef int step_fn(struct chain_head *head, const struct record *r,
    const uint8_t pk[SIGN_PUBLIC], struct buf *scratch);

static void fill(struct log *log)
{
	log->maker = maker_new(1);
	log->record = mem_new(sizeof(*log->record));
	for (int i = 0; i < RECORDS; i++) {
		struct buf frame = {0};
		maker_next(log->maker, 1 + i % 2);
		record_write(&frame, &log->maker->record);
		buf_block(&log->frames, frame.data, frame.len);
		buf_fini(&frame);
	}
}

/* Milliseconds for all of them. */
static double run(struct log *log, step_fn *step)
{
	const uint8_t *pk = log->maker->identity->sign_pk;
	struct reader r = reader_of(log->frames.data, log->frames.len);
	struct chain_head head = {0};
	double start = bench_cpu_ms();
	size_t n;

	while (reader_left(&r) > 0) {
		const uint8_t *p = reader_block(&r, &n, RECORD_FRAME_MAX);
		if (!p || record_read(log->record, p, n) < 0 ||
		    step(&head, log->record, pk, &log->scratch) < 0)
			exit(1);
	}
	if (commit_verify(log->record, pk, &log->scratch) < 0 ||
	    hash_cmp(&head.name.hash, &log->maker->head.name.hash) != 0)
		exit(1);
	return bench_cpu_ms() - start;
}

int main(void)
{
	struct bench_samples hashes = {0}, signatures = {0};
	struct log log = {0};
	double ratio;

	fill(&log);
	for (int i = 0; i < ROUNDS; i++) {
		bench_add(&hashes, run(&log, chain_audit));
		bench_add(&signatures, run(&log, chain_step));
	}
	ratio = bench_ratio(&signatures, &hashes);
	bench_print(&(struct bench_line){.name = "audit",
	    .unit = "records/s",
	    .baseline_name = "every signature",
	    .value = RECORDS * 1000 / bench_percentile(&hashes, 0.5),
	    .baseline = RECORDS * 1000 / bench_percentile(&signatures, 0.5),
	    .ratio = ratio,
	    .goal = GOAL,
	    .at_least = true,
	    .n = (size_t)RECORDS * ROUNDS});
	bench_fini(&hashes);
	bench_fini(&signatures);
	maker_free(&log.maker);
	buf_fini(&log.frames);
	buf_fini(&log.scratch);
	free(log.record);
	return 0;
}
