/*
 * lease.h - how long a terminal may use what it was lent, counted without
 * trusting one clock: each minute the wall time, the boot and the time since
 * it are kept; what has passed is the larger of powered-on time and wall
 * time. A wall clock that goes back ends the lease until the centre renews
 * it. Binds honest software only. Seconds throughout; pure.
 */
#ifndef SUIFANG_LEASE_H
#define SUIFANG_LEASE_H

#include "core/base.h"
#include "core/buf.h"

#define LEASE_DEFAULT_S INT64_C(259200) /* 72 hours */
#define LEASE_BACK_S 300   /* a wall clock may be set back so far */
#define LEASE_KEEP_S 60    /* how often the count is kept */
#define LEASE_WARN_S 43200 /* from here a person is warned */

struct lease_clock {
	int64_t wall_s;
	uint64_t on_s; /* since boot, asleep or awake */
	uint8_t boot[16];
};

struct lease {
	bool is_given;  /* ever, by the centre */
	bool is_broken; /* the wall clock went back */
	int64_t len_s;  /* 0: without end */
	int64_t used_s;
	struct lease_clock last; /* when it was counted */
};

/* From now on the whole length again. */
void lease_renew(
    struct lease *lease, int64_t len_s, const struct lease_clock *now) NONNULL;
/* Adds what has passed since it was counted last. */
void lease_count(struct lease *lease, const struct lease_clock *now) NONNULL;
/* What is left at the last count; INT64_MAX for no end or no lease at all. */
int64_t lease_left_s(const struct lease *lease) NONNULL;

void lease_write(struct buf *out, const struct lease *lease) NONNULL;
/* ERR_DAMAGED; *out is then a broken lease. */
NODISCARD int lease_read(struct lease *out, const void *data, size_t n);

#endif
