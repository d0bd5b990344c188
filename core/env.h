/*
 * env.h - the world as core/ and sync/ logic sees it: time and randomness
 * come from the caller, so that the simulator can be the caller.
 */
#ifndef SUIFANG_ENV_H
#define SUIFANG_ENV_H

#include "core/base.h"

struct env {
	/* Wall clock, seconds since 1970 UTC. */
	int64_t (*now_s)(void *ctx);
	/* Milliseconds that never go back; origin arbitrary. */
	uint64_t (*mono_ms)(void *ctx);
	/* Fills buf with n unpredictable bytes. */
	void (*random)(void *ctx, void *buf, size_t n);
	void *ctx;
};

static inline int64_t env_now_s(const struct env *env)
{
	return env->now_s(env->ctx);
}

static inline uint64_t env_mono_ms(const struct env *env)
{
	return env->mono_ms(env->ctx);
}

static inline void env_random(const struct env *env, void *buf, size_t n)
{
	env->random(env->ctx, buf, n);
}

#endif
