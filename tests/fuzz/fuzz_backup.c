/*
 * fuzz_backup.c - a backup file as a disk may have left it, or somebody who
 * is not the centre written it: refused, or whole and of the centre.
 */
#include "tests/fuzz/fuzz.h"

#include "core/buf.h"
#include "sync/backup.h"
#include "tests/fuzz_world.h"

static int take(void *ctx, struct buf *out, size_t n)
{
	struct reader *in = ctx;

	if (n > reader_left(in))
		n = reader_left(in);
	buf_clear(out);
	buf_add(out, reader_bytes(in, n), n);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct world *w = fuzz_world()->world;
	const uint8_t pk[1][32] = {{0}};
	struct reader in = reader_of(data, n);
	struct backup_source source = {take, &in};
	struct backup_roots roots = {&w->org, pk, 1};
	struct backup_report report = {0};

	/* By a root that is not ours it never holds. */
	FUZZ_HOLDS(backup_verify(&report, &source, &roots) < 0);
	in = reader_of(data, n);
	memset(&report, 0, sizeof(report));
	roots.pk = &w->root_pk;
	if (backup_verify(&report, &source, &roots) == 0) {
		FUZZ_HOLDS(report.records == report.order.size);
		FUZZ_HOLDS(reader_left(&in) == 0);
	}
	return 0;
}
