/*
 * options.c - reading the command line of suifang.
 */
#define _GNU_SOURCE
#include "tui/options.h"

#include "core/err.h"
#include "core/text.h"
#include "core/tr.h"
#include "keys/secret.h"
#include "sync/program.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LINE_MAX_BYTES 400

static void help(void)
{
	printf("suifang %s\n\n%s\n", SUIFANG_VERSION,
	    _("The terminal of a follow-up call centre.\n"
	      "\n"
	      "  --home DIR           the folder of the seat ($SUIFANG_HOME, "
	      "~/.suifang)\n"
	      "  --lang zh|en         language\n"
	      "  --plain              numbered prompts, for screen readers and "
	      "braille\n"
	      "  --practice           invented patients, nothing is kept or "
	      "sent\n"
	      "  --theme NAME         dark, light, contrast or mono "
	      "($SUIFANG_THEME, $NO_COLOR)\n"
	      "  --keys FILE          types the bytes of a file first\n"
	      "  --report PERIOD      writes the report of 2026-11, 2026-Q4, "
	      "2026-W47 or\n"
	      "                       2026-11-22 as CSV to the output\n"
	      "  --do 'WORDS'         an act without a screen: release, branch "
	      "release,\n"
	      "                       erasure request, list, approve\n"
	      "  --passphrase-fd N    reads the passphrase from a descriptor\n"
	      "  --help --version\n"
	      "\n"
	      "Inside: ? shows the keys of a screen, : finds a command."));
}

static const struct option long_options[] = {
    {"home", required_argument, NULL, 'h'},
    {"lang", required_argument, NULL, 'l'},
    {"keys", required_argument, NULL, 'k'},
    {"theme", required_argument, NULL, 'c'},
    {"report", required_argument, NULL, 'r'},
    {"passphrase-fd", required_argument, NULL, 'p'},
    {"do", required_argument, NULL, 'd'},
    {"plain", no_argument, NULL, 't'},
    {"practice", no_argument, NULL, 'P'},
    {"fence", no_argument, NULL, 'f'},
    {"help", no_argument, NULL, 'H'},
    {"version", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static int number(int *out, const char *text)
{
	int64_t n;

	if (!text_int(&n, text, 0, 1023))
		return ERR_USAGE;
	*out = (int)n;
	return 0;
}

static int read_theme(enum theme *out, const char *name)
{
	static const char *const names[THEME_COUNT] = {
	    "dark", "light", "contrast", "mono"};

	for (int i = 0; i < THEME_COUNT; i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum theme)i;
			return 0;
		}
	return ERR_USAGE;
}

/* NO_COLOR that is not empty wins over a theme of the environment. */
static enum theme usual_theme(void)
{
	const char *none = getenv("NO_COLOR"), *name = getenv("SUIFANG_THEME");
	enum theme theme = THEME_DARK;

	if (none && *none)
		return THEME_MONO;
	return name && read_theme(&theme, name) == 0 ? theme : THEME_DARK;
}

static int take(struct options *o, int c, bool *version)
{
	if (c == 'h')
		o->home = optarg;
	else if (c == 'l')
		o->lang = optarg;
	else if (c == 'k')
		o->keys = optarg;
	else if (c == 'd')
		o->act = optarg;
	else if (c == 'r')
		o->report = optarg;
	else if (c == 'c')
		return read_theme(&o->theme, optarg);
	else if (c == 'p')
		return number(&o->passphrase_fd, optarg);
	else if (c == 't')
		o->plain = true;
	else if (c == 'P')
		o->practice = true;
	else if (c == 'f')
		o->fence = true;
	else if (c == 'H')
		o->is_done = true;
	else if (c == 'v')
		o->is_done = *version = true;
	else
		return ERR_USAGE;
	return 0;
}

/* The Linux console draws 512 glyphs, none of them Chinese. */
static const char *console_language(struct options *o)
{
	const char *term = getenv("TERM");

	if (o->lang || o->plain || !term || strcmp(term, "linux") != 0)
		return o->lang;
	o->says_language = true;
	return "en";
}

int options_read(struct options *out, int argc, char **argv)
{
	struct options o = {.passphrase_fd = -1, .theme = usual_theme()};
	bool version = false, knows_language;
	enum lang lang;
	int c, rc = 0;

	opterr = 0;
	while (rc == 0 &&
	       (c = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if ((rc = take(&o, c, &version)) < 0)
			rc = err_set(ERR_USAGE, "%s", argv[optind - 1]);
	if (rc == 0 && optind < argc)
		rc = err_set(ERR_USAGE, "%s", argv[optind]);
	knows_language = !o.lang || tr_parse(&lang, o.lang) == 0;
	program_language(knows_language ? console_language(&o) : NULL);
	if (rc == 0 && !knows_language)
		rc = err_set(ERR_LANGUAGE, "%s", o.lang);
	if (rc < 0)
		return rc;
	if (version)
		printf("suifang %s\n", SUIFANG_VERSION);
	else if (o.is_done)
		help();
	*out = o;
	return 0;
}

static int read_line(struct secret **out, int fd)
{
	struct secret *line = secret_new(LINE_MAX_BYTES);
	size_t n = 0;
	ssize_t got;
	char c;

	while ((got = read(fd, &c, 1)) == 1 || (got < 0 && errno == EINTR)) {
		if (got < 0)
			continue;
		if (c == '\n' || n == LINE_MAX_BYTES)
			break;
		line->bytes[n++] = (uint8_t)c;
	}
	if (n > 0)
		*out = secret_dup(line->bytes, n);
	secret_free(&line);
	return n > 0 ? 0 : ERR_PASSPHRASE;
}

int options_passphrase(struct secret **out, const struct options *opts)
{
	struct termios before, silent;
	int rc;

	if (opts->passphrase_fd >= 0)
		return read_line(out, opts->passphrase_fd);
	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return read_line(out, STDIN_FILENO);
	fprintf(stderr, "%s: ", _("Passphrase"));
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	rc = read_line(out, STDIN_FILENO);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	fputc('\n', stderr);
	return rc;
}
