/* limits.c - counting of connections that have not proved anything yet. */
#include "sync/limits.h"

#include "core/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 1024 /* addresses remembered at a time */

/* One address with half-open connections or failures not yet forgiven.
 * owed_ms is when its last failure will be forgiven: failures then are
 * (owed_ms - now) / refill, and nothing needs refilling by a clock. */
struct slot {
	struct address address;
	uint64_t owed_ms;
	const struct limits_row *row;
	unsigned half_open;
};

struct limits {
	struct limits_cfg cfg;
	unsigned half_open;
	unsigned used;
	struct slot slot[SLOTS];
};

void limits_defaults(struct limits_cfg *out)
{
	*out = (struct limits_cfg){.half_open = 64,
	    .deadline_ms = 5000,
	    .slow_reader_ms = 60000,
	    .any = {.half_open = 4, .failures = 10, .refill_ms = 6000}};
}

const char *limits_verdict_name(enum limits_verdict verdict)
{
	static const char *const names[] = {
	    "admit", "full", "address", "failures"};

	return names[verdict];
}

struct limits *limits_new(const struct limits_cfg *cfg)
{
	struct limits *l = mem_new(sizeof(*l));

	assert(cfg->prefixes <= LIMITS_PREFIXES && cfg->half_open < SLOTS);
	assert(cfg->any.failures > 0);
	for (unsigned i = 0; i < cfg->prefixes; i++)
		assert(cfg->prefix[i].failures > 0);
	l->cfg = *cfg;
	return l;
}

void limits_free(struct limits **l)
{
	free(*l);
	*l = NULL;
}

static bool is_in(const struct address *a, const struct limits_row *row)
{
	unsigned bytes = row->bits / 8, rest = row->bits % 8;
	uint8_t mask = (uint8_t)(0xff00 >> rest);

	if (memcmp(a->b, row->prefix.b, bytes) != 0)
		return false;
	return rest == 0 || ((a->b[bytes] ^ row->prefix.b[bytes]) & mask) == 0;
}

/* The longest prefix wins. */
static const struct limits_row *row_of(
    const struct limits *l, const struct address *a)
{
	const struct limits_row *best = &l->cfg.any;

	for (unsigned i = 0; i < l->cfg.prefixes; i++) {
		const struct limits_row *row = &l->cfg.prefix[i];
		if (is_in(a, row) &&
		    (best == &l->cfg.any || row->bits > best->bits))
			best = row;
	}
	return best;
}

static bool is_ipv4(const struct address *a)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(a->b, mapped, sizeof(mapped)) == 0;
}

/* What counts as one address. */
static struct address key_of(
    const struct address *a, const struct limits_row *row)
{
	if (row->is_shared)
		return row->prefix;
	struct address key = *a;
	if (!is_ipv4(a))
		memset(key.b + 8, 0, 8);
	return key;
}

static bool is_idle(const struct slot *s, uint64_t now_ms)
{
	return s->half_open == 0 && s->owed_ms <= now_ms;
}

static struct slot *find(
    struct limits *l, const struct address *key, const struct limits_row *row)
{
	for (unsigned i = 0; i < l->used; i++)
		if (l->slot[i].row == row &&
		    memcmp(&l->slot[i].address, key, sizeof(*key)) == 0)
			return &l->slot[i];
	return NULL;
}

/* Forgets the address that is quiet and closest to being forgiven; addresses
 * with half-open connections are fewer than SLOTS by far. */
static struct slot *evict(struct limits *l)
{
	struct slot *best = NULL;

	for (unsigned i = 0; i < l->used; i++) {
		struct slot *s = &l->slot[i];
		if (s->half_open == 0 && (!best || s->owed_ms < best->owed_ms))
			best = s;
	}
	assert(best);
	return best;
}

static struct slot *slot_of(
    struct limits *l, const struct address *from, uint64_t now_ms)
{
	const struct limits_row *row = row_of(l, from);
	struct address key = key_of(from, row);
	struct slot *s = find(l, &key, row);

	if (s)
		return s;
	for (unsigned i = 0; i < l->used && !s; i++)
		if (is_idle(&l->slot[i], now_ms))
			s = &l->slot[i];
	if (!s)
		s = l->used < SLOTS ? &l->slot[l->used++] : evict(l);
	*s = (struct slot){.address = key, .row = row};
	return s;
}

/* The n-th failure in a burst is owed n * refill_ms. */
static bool has_failed_too_often(const struct slot *s, uint64_t now_ms)
{
	uint64_t owed = s->owed_ms > now_ms ? s->owed_ms - now_ms : 0;

	return owed > (uint64_t)(s->row->failures - 1) * s->row->refill_ms;
}

enum limits_verdict limits_begin(
    struct limits *l, const struct address *from, uint64_t now_ms)
{
	struct slot *s;

	if (l->half_open >= l->cfg.half_open)
		return LIMITS_FULL;
	s = slot_of(l, from, now_ms);
	if (s->half_open >= s->row->half_open)
		return LIMITS_ADDRESS;
	if (has_failed_too_often(s, now_ms))
		return LIMITS_FAILURES;
	s->half_open++;
	l->half_open++;
	return LIMITS_ADMIT;
}

void limits_end(
    struct limits *l, const struct address *from, bool failed, uint64_t now_ms)
{
	struct slot *s = slot_of(l, from, now_ms);

	assert(s->half_open > 0 && l->half_open > 0);
	s->half_open--;
	l->half_open--;
	if (!failed)
		return;
	if (s->owed_ms < now_ms)
		s->owed_ms = now_ms;
	s->owed_ms += s->row->refill_ms;
}

unsigned limits_half_open(const struct limits *l)
{
	return l->half_open;
}

bool limits_is_slow(const struct limits *l, uint64_t since_ms, uint64_t now_ms)
{
	return now_ms - since_ms >= l->cfg.slow_reader_ms;
}

bool limits_is_late(const struct limits *l, uint64_t since_ms, uint64_t now_ms)
{
	return now_ms - since_ms >= l->cfg.deadline_ms;
}
