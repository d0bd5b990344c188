/* do.c - the words of --do become a call of suifang-key's verbs. */
#include "tui/do.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/tr.h"
#include "sync/key_verbs.h"
#include "tui/options.h"

#include <stdio.h>
#include <string.h>

#define WORDS_MAX 40

/* What a person decides; other verbs belong to suifang-key. */
static const char *const acts[] = {"release", "branch release",
    "erasure request", "erasure list", "erasure approve"};

static bool is_act(char *const *words, int n)
{
	char both[60];

	for (size_t i = 0; n > 0 && i < ARRAY_LEN(acts); i++) {
		snprintf(both, sizeof(both), "%.20s %.20s", words[0],
		    n > 1 ? words[1] : "");
		if (strcmp(acts[i], words[0]) == 0 ||
		    strcmp(acts[i], both) == 0)
			return true;
	}
	return false;
}

/* Splits at blanks; how many, at most most. */
static int split(char **words, int most, char *text)
{
	char *save = NULL;
	int n = 0;

	for (char *w = strtok_r(text, " ", &save); w && n < most;
	     w = strtok_r(NULL, " ", &save))
		words[n++] = w;
	return n;
}

static void add(char **words, int *n, const char *name, const char *value)
{
	if (!value)
		return;
	words[(*n)++] = (char *)(uintptr_t)name;
	words[(*n)++] = (char *)(uintptr_t)value;
}

int do_act(const struct options *o)
{
	static char program[] = "suifang", entry[] = "--entry";
	char *words[WORDS_MAX + 12], *said[WORDS_MAX], fd[12];
	struct buf text = {0};
	int n = 0, said_n, status;

	buf_str(&text, o->act);
	said_n = split(said, WORDS_MAX, (char *)(uintptr_t)buf_text(&text));
	if (said_n == 0 || !is_act(said, said_n)) {
		status = err_set(ERR_USAGE, "--do %s", o->act);
		buf_fini(&text);
		return err_exit_status(program_complain(status));
	}
	words[n++] = program;
	for (int i = 0; i < said_n; i++) {
		/* "release NAME" as people say it. */
		if (i == 1 && strcmp(said[0], "release") == 0 &&
		    said[1][0] != '-')
			words[n++] = entry;
		words[n++] = said[i];
	}
	snprintf(fd, sizeof(fd), "%d", o->passphrase_fd);
	add(words, &n, "--home", o->home);
	add(words, &n, "--lang", o->lang);
	add(words, &n, "--passphrase-fd", o->passphrase_fd >= 0 ? fd : NULL);
	words[n] = NULL;
	status = program_run(&key_program, n, words);
	buf_fini(&text);
	return status;
}
