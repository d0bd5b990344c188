/* test.c - helpers of all tests. */
#include "tests/test.h"

#include <stdbool.h>
#include <unistd.h>

static int64_t env_now(void *ctx)
{
	return ((struct test_env *)ctx)->now_s;
}

static uint64_t env_mono(void *ctx)
{
	return ((struct test_env *)ctx)->mono_ms;
}

static void env_fill(void *ctx, void *buf, size_t n)
{
	struct test_env *t = ctx;
	uint8_t *p = buf;

	for (size_t i = 0; i < n; i++) {
		uint64_t z = (t->seed += UINT64_C(0x9e3779b97f4a7c15));
		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		p[i] = (uint8_t)(z ^ (z >> 31));
	}
}

void test_env_init(struct test_env *t, uint64_t seed)
{
	*t = (struct test_env){
	    .env = {env_now, env_mono, env_fill, t},
	    .now_s = 1795312800, /* 2026-11-22 10:00 in Shanghai */
	    .mono_ms = 1000,
	    .seed = seed,
	};
}

char *test_dir_new(void)
{
	const char *base = getenv("TMPDIR");
	char *dir = malloc(4096);

	assert_non_null(dir);
	snprintf(dir, 4096, "%s/suifang-test-XXXXXX", base ? base : "/tmp");
	assert_non_null(mkdtemp(dir));
	return dir;
}

void test_dir_remove(char *dir)
{
	char cmd[4200];

	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", dir);
	assert_int_equal(system(cmd), 0);
	free(dir);
}

const char *test_shared(const char *path)
{
	static char full[4096];
	const char *require = getenv("REQUIRE");

	snprintf(full, sizeof(full), "../shared/%s", path);
	if (access(full, R_OK) == 0)
		return full;
	printf("[  SKIP    ] ../shared/%s is not here\n", path);
	if (require && strstr(require, "shared"))
		fail_msg("REQUIRE=shared, and ../shared/%s is absent", path);
	return NULL;
}

int test_repeat(int n)
{
#if defined(__SANITIZE_ADDRESS__)
	return n / 10 > 0 ? n / 10 : 1;
#else
	return n;
#endif
}

char *test_read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *data;
	long size;

	if (!f)
		fail_msg("cannot read %s", path);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	size = ftell(f);
	assert_true(size >= 0);
	rewind(f);
	data = malloc((size_t)size + 1);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, (size_t)size, f), (size_t)size);
	data[size] = '\0';
	fclose(f);
	if (len)
		*len = (size_t)size;
	return data;
}

void test_write_file(const char *dir, const char *name, const char *text)
{
	char path[4300];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}
