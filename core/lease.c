/* lease.c - counting a lease. */
#include "core/lease.h"

#include "core/err.h"

#include <string.h>

void lease_renew(
    struct lease *lease, int64_t len_s, const struct lease_clock *now)
{
	*lease = (struct lease){.is_given = true, .len_s = len_s, .last = *now};
}

/* Since the last count, as far as the machine itself can know: after a new
 * start at least the time since that. */
static int64_t powered_s(const struct lease *l, const struct lease_clock *now)
{
	bool is_same = memcmp(l->last.boot, now->boot, sizeof(now->boot)) == 0;

	if (!is_same)
		return (int64_t)now->on_s;
	return now->on_s > l->last.on_s ? (int64_t)(now->on_s - l->last.on_s)
					: 0;
}

void lease_count(struct lease *lease, const struct lease_clock *now)
{
	int64_t wall = now->wall_s - lease->last.wall_s;
	int64_t on = powered_s(lease, now);

	if (!lease->is_given)
		return;
	if (wall < -LEASE_BACK_S)
		lease->is_broken = true;
	lease->used_s += wall > on ? wall : on;
	lease->last = *now;
}

int64_t lease_left_s(const struct lease *lease)
{
	if (!lease->is_given)
		return INT64_MAX;
	if (lease->is_broken)
		return 0;
	if (lease->len_s == 0)
		return INT64_MAX;
	return lease->used_s < lease->len_s ? lease->len_s - lease->used_s : 0;
}

void lease_write(struct buf *out, const struct lease *lease)
{
	buf_u8(out, 1);
	buf_u8(out, lease->is_given);
	buf_u8(out, lease->is_broken);
	buf_u64(out, (uint64_t)lease->len_s);
	buf_u64(out, (uint64_t)lease->used_s);
	buf_u64(out, (uint64_t)lease->last.wall_s);
	buf_u64(out, lease->last.on_s);
	buf_add(out, lease->last.boot, sizeof(lease->last.boot));
}

int lease_read(struct lease *out, const void *data, size_t n)
{
	struct reader in = reader_of(data, n);
	bool is_known = reader_u8(&in) == 1;

	memset(out, 0, sizeof(*out));
	out->is_given = reader_u8(&in);
	out->is_broken = reader_u8(&in);
	out->len_s = (int64_t)reader_u64(&in);
	out->used_s = (int64_t)reader_u64(&in);
	out->last.wall_s = (int64_t)reader_u64(&in);
	out->last.on_s = reader_u64(&in);
	reader_copy(out->last.boot, &in, sizeof(out->last.boot));
	if (is_known && reader_is_done(&in))
		return 0;
	*out = (struct lease){.is_given = true, .is_broken = true};
	return err_set(ERR_DAMAGED, "lease");
}
