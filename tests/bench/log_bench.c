/*
 * log_bench.c - `audit`: records a second whose chain is checked again, from
 * stored frames to a tip whose signature is checked. Baseline: every
 * signature checked as at first sight. One JSON line, see docs/OPERATIONS.md.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/id.h"
#include "core/mem.h"
#include "sync/chain.h"
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

/* Records a second. */
static double run(struct log *log, step_fn *step)
{
	const uint8_t *pk = log->maker->identity->sign_pk;
	struct reader r = reader_of(log->frames.data, log->frames.len);
	struct chain_head head = {0};
	uint64_t start = clock_mono_ms(NULL);
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
	return RECORDS * 1000.0 / (double)(clock_mono_ms(NULL) - start + 1);
}

static int cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(struct log *log, step_fn *step)
{
	double v[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		v[i] = run(log, step);
	qsort(v, ROUNDS, sizeof(v[0]), cmp);
	return v[ROUNDS / 2];
}

int main(void)
{
	struct log log = {0};
	double hashes, signatures;

	fill(&log);
	hashes = median(&log, chain_audit);
	signatures = median(&log, chain_step);
	printf("{\"name\":\"audit\",\"value\":%.0f,\"unit\":\"records/s\","
	       "\"baseline\":%.0f,\"baseline_name\":\"every signature\","
	       "\"ratio\":%.2f,\"goal\":\">= %.0f\",\"ok\":%s,\"n\":%d}\n",
	    hashes, signatures, hashes / signatures, GOAL,
	    hashes >= GOAL ? "true" : "false", RECORDS * ROUNDS);
	maker_free(&log.maker);
	buf_fini(&log.frames);
	buf_fini(&log.scratch);
	free(log.record);
	return 0;
}
