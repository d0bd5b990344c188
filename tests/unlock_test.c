/*
 * unlock_test.c - the first screen: whose seat, which key, what a wrong
 * passphrase says, and that somebody has the seat open already, before a
 * passphrase is typed.
 */
#include "core/env.h"
#include "core/tr.h"
#include "keys/identity.h"
#include "keys/keyfile.h"
#include "keys/secret.h"
#include "tests/keyfile_cheap.h"
#include "sync/net.h"
#include "tests/screen.h"
#include "tests/test.h"
#include "tui/app.h"
#include "tui/holding.h"
#include "tui/screens.h"

#include <string.h>
#include <sys/stat.h>

struct door {
	char *dir;
	struct test_env world;
	enum lang lang;
};

/* Only the right words open; there is nothing behind. */
static int unlock(void *ctx, const char *dir, struct secret *pass)
{
	struct door *d = ctx;
	struct keyfile_opener opener = {
	    .passphrase = pass, .env = &d->world.env};
	struct keyring *ring;
	char path[500];
	int rc;

	snprintf(path, sizeof(path), "%s/seat.key", dir);
	rc = keyfile_unlock(&ring, path, &opener);
	if (rc == 0)
		keyring_free(&ring);
	return rc;
}

static int door_stage(void *ctx)
{
	struct door *d = ctx;
	struct unlock_arg arg = {.dir = d->dir, .unlock = unlock, .ctx = d};
	struct app_cfg cfg = {
	    .env = &d->world.env, .in_fd = 0, .out_fd = 1, .fence = true};
	struct app *app;
	int rc;

	tr_init("build/plain/share/locale", d->lang);
	rc = app_new(&app, &cfg);
	if (rc == 0)
		rc = app_push(app, &unlock_screen, &arg);
	if (rc == 0)
		rc = app_run(app);
	return -rc;
}

static int setup(void **state)
{
	struct door *d = calloc(1, sizeof(*d));
	const struct id org = {{1, 2, 3}};
	struct identity *me;
	struct secret *pass = secret_dup("lin xiao yu", 11);
	struct keyfile_new n = {
	    .member = "A017", .passphrase = pass, .kdf = KEYFILE_USUAL};
	char path[500];

	assert_non_null(d);
	keyfile_cheap_for_test();
	d->dir = test_dir_new();
	test_env_init(&d->world, 11);
	me = identity_new(&org, &d->world.env);
	n.me = me;
	n.env = &d->world.env;
	snprintf(path, sizeof(path), "%s/seat.key", d->dir);
	assert_int_equal(keyfile_create(path, &n), 0);
	identity_free(&me);
	secret_free(&pass);
	*state = d;
	return 0;
}

static int teardown(void **state)
{
	struct door *d = *state;

	test_dir_remove(d->dir);
	free(d);
	return 0;
}

static struct vscreen *start(struct door *d, enum lang lang, int rows, int cols)
{
	d->lang = lang;
	return screen_fork(door_stage, d, (struct vscreen_size){rows, cols});
}

static void test_unlock__pictures(void **state)
{
	struct vscreen *vs = start(*state, LANG_ZH, 24, 80);

	screen_expect(vs, "unlock-zh");
	screen_keys(vs, "lin xiao");
	screen_expect(vs, "unlock-typed-zh");
	screen_free(&vs);
	vs = start(*state, LANG_EN, 40, 120);
	screen_expect(vs, "unlock-en");
	screen_free(&vs);
}

static void put_holding(const struct door *d, const char *text)
{
	char path[500];
	FILE *f;

	snprintf(path, sizeof(path), "%s/holding", d->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* Numbers and times, before the passphrase; the key's end with its print. */
static void test_unlock__tells_what_the_terminal_holds(void **state)
{
	struct door *d = *state;
	int64_t now = env_now_s(&d->world.env);
	struct holding h = {now - 60, 42, 3, now - 12 * 3600 - 60,
			   now + 40 * 86400, 28800},
		       back;
	struct buf text = {0};
	struct vscreen *vs;

	holding_text(&text, &h);
	assert_true(holding_parse(&back, buf_text(&text), text.len));
	assert_memory_equal(&back, &h, sizeof(h));
	put_holding(d, buf_text(&text));
	vs = start(d, LANG_ZH, 24, 80);
	screen_expect(vs, "unlock-holding-zh");
	screen_free(&vs);
	vs = start(d, LANG_EN, 24, 80);
	screen_expect(vs, "unlock-holding-en");
	screen_free(&vs);
	vs = start(d, LANG_EN, 10, 40);
	assert_true(screen_has(vs, "Passphrase"));
	screen_free(&vs);
	buf_fini(&text);
}

/* Anybody may write the file: what is not exactly it is not shown. */
static void test_unlock__believes_no_other_file(void **state)
{
	static const char whole[] = "sf-holding 1\nas-of 9\npatients 4\n"
				    "unsent 0\nheard 0\nuntil 0\nzone 0\n";
	static const char *const others[] = {"", "sf-holding 1\n",
	    "sf-holding 2\nas-of 9\npatients 4\nunsent 0\nheard 0\nuntil "
	    "0\nzone 0\n",
	    "sf-holding 1\nas-of 9\npatients -4\nunsent 0\nheard 0\nuntil "
	    "0\nzone 0\n",
	    "sf-holding 1\nas-of 9\npatients 4\nunsent "
	    "99999999999999999999\nheard 0\nuntil 0\nzone 0\n",
	    "sf-holding 1\nas-of 9\npatients 4 \033[31m\nunsent 0\nheard 0\n"
	    "until 0\nzone 0\n",
	    "sf-holding 1\nas-of 9\npatients 4\nunsent 0\nheard 0\nuntil 0\n"
	    "zone 0\nmore 1\n"};
	struct holding h;
	struct vscreen *vs;

	assert_true(holding_parse(&h, whole, sizeof(whole) - 1));
	for (size_t n = 0; n < sizeof(whole) - 1; n++)
		assert_false(holding_parse(&h, whole, n));
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(holding_parse(&h, others[i], strlen(others[i])));
	put_holding(*state, others[5]);
	vs = start(*state, LANG_EN, 24, 80);
	assert_true(screen_has(vs, "The data on this terminal is encrypted."));
	screen_free(&vs);
}

static void test_unlock__says_so_when_the_seat_is_open_elsewhere(void **state)
{
	struct door *d = *state;
	struct vscreen *vs;
	char path[500];
	int fd;

	snprintf(path, sizeof(path), "%s/ctl.sock", d->dir);
	assert_int_equal(chmod(d->dir, 0700), 0);
	assert_int_equal(net_listen_ctl(&fd, path), 0);
	vs = start(d, LANG_ZH, 24, 80);
	assert_true(screen_has(vs, "已在这台机器的另一个窗口中打开"));
	screen_free(&vs);
	net_unlisten_ctl(&fd, path);
	vs = start(d, LANG_ZH, 24, 80);
	assert_false(screen_has(vs, "另一个窗口"));
	screen_free(&vs);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_unlock__pictures, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_unlock__tells_what_the_terminal_holds, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_unlock__believes_no_other_file, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_unlock__says_so_when_the_seat_is_open_elsewhere, setup,
		teardown),
	};

	return cmocka_run_group_tests_name("unlock", tests, NULL, NULL);
}
