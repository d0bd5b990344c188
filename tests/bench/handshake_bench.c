/*
 * handshake_bench.c - full handshakes a second, both ends on one core, against
 * nothing but the X25519 that a handshake cannot do without.
 */
#include "tests/channel_pair.h"

#include <sodium.h>
#include <time.h>

#define SPAN_MS 700
#define BASE_MULTS 3 /* two ephemeral keys, and s */
#define MULTS 6      /* es, ee and se on both sides */

static uint64_t cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static struct channel_pair world;

static void shake_hands(uint64_t seed)
{
	struct channel_pair p = world;

	p.env.env.ctx = &p.env;
	p.env.seed = seed;
	channel_pair_open(&p);
	channel_pair_run(&p);
	if (!channel_pair_is_ready(&p))
		abort();
	channel_pair_fini(&p);
}

static void only_curve(uint64_t seed)
{
	uint8_t sk[32] = {(uint8_t)seed}, pk[32], out[32];

	for (int i = 0; i < BASE_MULTS; i++)
		crypto_scalarmult_curve25519_base(pk, sk);
	for (int i = 0; i < MULTS; i++)
		if (crypto_scalarmult_curve25519(out, sk, pk) != 0)
			abort();
}

/* A second of CPU holds so many. */
static double rate(void (*run)(uint64_t seed), uint64_t *n)
{
	uint64_t start = cpu_us(), spent;

	*n = 0;
	do {
		run(++*n);
		spent = cpu_us() - start;
	} while (spent < SPAN_MS * 1000);
	return (double)*n * 1e6 / (double)spent;
}

int main(void)
{
	uint64_t n, ignored;
	double curve, hands;

	if (sodium_init() < 0)
		return 1;
	channel_pair_init(&world, PURPOSE_SESSION, 1);
	rate(only_curve, &ignored); /* warm */
	curve = rate(only_curve, &ignored);
	hands = rate(shake_hands, &n);
	printf("{\"name\":\"handshake\",\"value\":%.0f,\"unit\":\"/s\","
	       "\"baseline\":%.0f,\"baseline_name\":\"X25519 alone\","
	       "\"ratio\":%.2f,\"goal\":\"ratio >= 0.80\",\"ok\":%s,"
	       "\"n\":%llu}\n",
	    hands, curve, hands / curve,
	    hands / curve >= 0.8 ? "true" : "false", (unsigned long long)n);
	return 0;
}
