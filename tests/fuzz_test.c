/*
 * fuzz_test.c - every fuzz target on its seeds and on mutations of them,
 * without libFuzzer. The table of targets is made by the Makefile from
 * tests/fuzz/fuzz_*.c; there each target's entry point gets its own name.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/test.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define SEEDS_MAX 512
#define INPUT_MAX 8192
#define BUDGET_MS 1500   /* for one target's mutations */
#define MUTATIONS_MIN 20 /* however slow the machine */

#define X(name) int fuzz_##name(const uint8_t *data, size_t n);
#include "fuzz_targets.def"
#undef X

struct input {
	uint8_t *data;
	size_t len;
};

struct corpus {
	struct input seed[SEEDS_MAX];
	size_t count;
};

struct target {
	const char *name; /* "channel" */
	int (*run)(const uint8_t *data, size_t n);
};

static void corpus_load(struct corpus *c, const char *name)
{
	char path[512];
	struct dirent *e;
	DIR *dir;

	c->count = 0;
	snprintf(path, sizeof(path), "tests/fuzz/corpus/%s", name);
	dir = opendir(path);
	if (!dir)
		return;
	while ((e = readdir(dir)) && c->count < SEEDS_MAX) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "tests/fuzz/corpus/%s/%s", name,
		    e->d_name);
		struct input *in = &c->seed[c->count++];
		in->data = (uint8_t *)test_read_file(path, &in->len);
	}
	closedir(dir);
}

static void corpus_free(struct corpus *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->seed[i].data);
}

static struct input running;

/* Keeps the input that broke a property, for a debugger and a new seed. */
static void keep_input(int sig)
{
	int fd = open("build/fuzz-crash", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd >= 0 && write(fd, running.data, running.len) >= 0) {
		static const char say[] = "input kept in build/fuzz-crash\n";
		if (write(STDERR_FILENO, say, sizeof(say) - 1) >= 0)
			close(fd);
	}
	signal(sig, SIG_DFL);
	raise(sig);
}

static uint32_t draw(struct test_env *env, uint32_t below)
{
	uint32_t v;

	env_random(&env->env, &v, sizeof(v));
	return below ? v % below : 0;
}

static uint64_t spent_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* The bytes exactly as long as the input, so that sanitizers see one byte
 * too far. */
static void run_exact(const struct target *t, const uint8_t *data, size_t n)
{
	uint8_t *exact = malloc(n ? n : 1);

	assert_non_null(exact);
	if (n)
		memcpy(exact, data, n);
	running = (struct input){exact, n};
	assert_int_equal(t->run(exact, n), 0);
	free(exact);
}

static size_t mutate_once(uint8_t *d, size_t n, struct test_env *env)
{
	static const uint8_t telling[] = {0, 1, 0x7f, 0x80, 0xff, '"', '{'};
	size_t at = draw(env, (uint32_t)n), len, to;

	if (n == 0) {
		d[0] = (uint8_t)draw(env, 256);
		return 1;
	}
	switch (draw(env, 6)) {
	case 0:
		d[at] ^= (uint8_t)(1u << draw(env, 8));
		return n;
	case 1:
		d[at] = telling[draw(env, ARRAY_LEN(telling))];
		return n;
	case 2:
		d[at] = (uint8_t)draw(env, 256);
		return n;
	case 3: /* cut the end */
		return at;
	case 4: /* take bytes out */
		len = 1 + draw(env, (uint32_t)(n - at));
		memmove(d + at, d + at + len, n - at - len);
		return n - len;
	default: /* repeat bytes somewhere else */
		len = 1 + draw(env, (uint32_t)(n - at));
		to = draw(env, (uint32_t)n);
		if (n + len > INPUT_MAX)
			return n;
		memmove(d + to + len, d + to, n - to);
		memmove(d + to, d + (at < to ? at : at + len), len);
		return n + len;
	}
}

static size_t mutate(uint8_t *out, const struct corpus *c, struct test_env *env)
{
	size_t n = 0;

	if (c->count > 0) {
		const struct input *in =
		    &c->seed[draw(env, (uint32_t)c->count)];
		n = in->len < INPUT_MAX / 2 ? in->len : INPUT_MAX / 2;
		memcpy(out, in->data, n);
	}
	for (uint32_t i = 1 + draw(env, 4); i > 0; i--)
		n = mutate_once(out, n, env);
	return n;
}

static int screens, unseen;

static void look_for(const char *name)
{
	screens++;
	if (fuzz_screens_saw(name))
		return;
	unseen++;
	print_error("no seed of corpus/screens shows: %s\n", name);
}

/* Each screen that a source of tui/ defines: `const struct screen_ops x = {`
 * and its name in the line after it. */
static void look_for_each(const char *path)
{
	static const char head[] = "const struct screen_ops ";
	static const char name[] = ".name = \"";
	char *text = test_read_file(path, NULL);

	for (char *p = text; (p = strstr(p, head)); p++) {
		char *line = strchr(p, '\n'), *at = NULL;
		if (strncmp(line - 3, "= {", 3) == 0)
			at = strstr(line, name);
		if (!at)
			continue;
		at += strlen(name);
		p = strchr(at, '"');
		*p = '\0';
		look_for(at);
	}
	free(text);
}

/* Before mutations, which are luck. */
static void check_all_screens(void)
{
	struct dirent *e;
	char path[300];
	DIR *dir = opendir("tui");

	assert_non_null(dir);
	while ((e = readdir(dir))) {
		size_t len = strlen(e->d_name);
		if (len < 3 || strcmp(e->d_name + len - 2, ".c") != 0)
			continue;
		snprintf(path, sizeof(path), "tui/%s", e->d_name);
		look_for_each(path);
	}
	closedir(dir);
	assert_int_equal(unseen, 0);
	assert_true(screens >= 25);
	printf("screens: all %d were shown\n", screens);
}

static void run_target(const struct target *t)
{
	static uint8_t input[2 * INPUT_MAX];
	struct corpus c;
	struct test_env env;
	uint64_t start;
	int done = 0;

	corpus_load(&c, t->name);
	if (c.count == 0)
		fail_msg("tests/fuzz/corpus/%s holds no seed", t->name);
	for (size_t i = 0; i < c.count; i++)
		run_exact(t, c.seed[i].data, c.seed[i].len);
	run_exact(t, NULL, 0);
	if (strcmp(t->name, "screens") == 0)
		check_all_screens();
	test_env_init(&env, 20261122);
	start = spent_ms();
	while (done < test_repeat(20000) &&
	       (done < MUTATIONS_MIN || spent_ms() - start < BUDGET_MS)) {
		size_t n = mutate(input, &c, &env);
		run_exact(t, input, n);
		done++;
	}
	printf("%s: %zu seeds, %d mutations\n", t->name, c.count, done);
	corpus_free(&c);
}

#define X(name)                                                                \
	static void test_fuzz__##name(void **state)                            \
	{                                                                      \
		static const struct target target = {#name, fuzz_##name};      \
		(void)state;                                                   \
		run_target(&target);                                           \
	}
#include "fuzz_targets.def"
#undef X

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define X(name) cmocka_unit_test(test_fuzz__##name),
#include "fuzz_targets.def"
#undef X
	};
	signal(SIGABRT, keep_input);
	return cmocka_run_group_tests_name("fuzz", tests, NULL, NULL);
}
