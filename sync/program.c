/* program.c - verbs, options and help of the command-line programs. */
#include "sync/program.h"

#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"
#include "keys/hash.h"
#include "keys/process.h"
#include "sync/ctl.h"
#include "sync/home.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMMON "home= lang= passphrase-fd= help version"

/* Finds name in a list of options; the character after it in *sign. */
static bool in_list(const char *list, const char *name, char *sign)
{
	size_t n = strlen(name);

	for (const char *at = list; at && *at;) {
		size_t len = strcspn(at, " ");
		size_t bare = len;
		if (len && strchr("!=", at[len - 1]))
			bare--;
		if (bare == n && memcmp(at, name, n) == 0) {
			*sign = bare < len ? at[bare] : ' ';
			return true;
		}
		at += len + (at[len] == ' ');
	}
	return false;
}

const char *program_opt(
    const struct program *p, const char *name, const char *fallback)
{
	for (size_t i = 0; i < p->option_count; i++)
		if (strcmp(p->names[i], name) == 0)
			return p->values[i];
	return fallback;
}

bool program_has(const struct program *p, const char *name)
{
	return program_opt(p, name, NULL) != NULL;
}

int program_int(int64_t *out, const struct program *p, const char *name,
    const int64_t range[2])
{
	const char *text = program_opt(p, name, NULL);

	return !text || text_int(out, text, range[0], range[1])
		   ? 0
		   : err_set(ERR_USAGE, "--%s %s", name, text);
}

char *program_absolute(const char *path)
{
	char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);
	struct buf b = {0};
	char *out;

	if (here)
		buf_printf(&b, "%s/", here);
	buf_str(&b, path);
	free(here);
	out = mem_strdup(buf_text(&b));
	buf_fini(&b);
	return out;
}

/* ---- saying ------------------------------------------------------------- */

char *program_home_dir(const struct program *p)
{
	struct buf b = {0};
	char *dir;

	home_dir_of(&b, program_opt(p, "home", NULL));
	dir = mem_strdup(buf_text(&b));
	buf_fini(&b);
	return dir;
}

void program_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* A word of letters, as no path, number or name is. */
static bool has_prose(const char *s)
{
	while (*s) {
		size_t n = strcspn(s, " ");
		size_t letters = strspn(s, "abcdefghijklmnopqrstuvwxyz");

		if (letters >= 3 && (letters == n || s[letters] == ':'))
			return true;
		s += n + strspn(s + n, " ");
	}
	return false;
}

/* What of the detail is the system's own and not translated is the operator's:
 * below a Chinese sentence it says so, on a line of its own. */
int program_complain(int code)
{
	const char *detail = err_told_of(code);

	if (*detail && tr_lang() == LANG_ZH && has_prose(detail))
		program_say(_("%s\n  Detail (for the operator): %s"),
		    _(err_text(code)), detail);
	else if (*detail)
		program_say(_("%s (%s)"), _(err_text(code)), detail);
	else
		program_say("%s", _(err_text(code)));
	return code;
}

static void print_to(struct buf *out, const char *fmt, va_list ap)
{
	char line[1024];

	vsnprintf(line, sizeof(line), fmt, ap);
	if (out)
		buf_str(out, line);
	else
		fputs(line, stdout);
	secret_wipe(line, sizeof(line));
}

void program_print(const struct program *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_to(p->owner ? p->owner->out : NULL, fmt, ap);
	va_end(ap);
}

void program_print_late(const struct program *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_to(p->owner ? p->owner->late : NULL, fmt, ap);
	va_end(ap);
}

void program_say_swap(void)
{
	if (process_has_clear_swap("/proc/swaps", "/sys"))
		program_say("%s", _(process_swap_text()));
}

static void print_options(const char *list)
{
	while (*list) {
		size_t n = strcspn(list, " ");
		char sign = n ? list[n - 1] : ' ';
		int bare = (int)n - (sign == '!' || sign == '=');
		if (sign == '!')
			printf(" --%.*s X", bare, list);
		else if (sign == '=')
			printf(" [--%.*s X]", bare, list);
		else
			printf(" [--%.*s]", bare, list);
		list += n + (list[n] == ' ');
	}
}

static void print_verb(
    const struct program_def *def, const struct program_verb *v)
{
	printf("  %s %s", def->name, v->name);
	print_options(v->options);
	if (v->args)
		printf(" %s", v->args);
	printf("\n      %s\n", _(v->what));
}

static void print_help(const struct program *p)
{
	printf("%s - %s\n\n", p->def->name, _(p->def->what));
	for (const struct program_verb *v = p->def->verbs; v->name; v++)
		if (!p->verb || p->verb == v)
			print_verb(p->def, v);
	printf("\n%s",
	    _("Everywhere: --home DIR, --lang zh|en, --passphrase-fd N, "
	      "--help, --version.\n"));
}

/* ---- reading the call --------------------------------------------------- */

void program_words(struct ctl_words *out, const struct program *p,
    const struct program_passing *what)
{
	char sign;

	ctl_word(out, "%s", p->verb->name);
	for (size_t i = 0; i < p->option_count; i++) {
		char *path = in_list(what->files, p->names[i], &sign)
				 ? program_absolute(p->values[i])
				 : NULL;
		if (path || in_list(p->verb->options, p->names[i], &sign))
			ctl_word(out, "--%s=%s", p->names[i],
			    path ? path : p->values[i]);
		free(path);
	}
	for (int i = 0; i < p->arg_count; i++) {
		char *path = what->args_are_files ? program_absolute(p->args[i])
						  : mem_strdup(p->args[i]);
		ctl_word(out, "%s", path);
		free(path);
	}
}

/* How many words of the call name this verb; 0 = another verb. */
static int matches(const struct program_verb *v, int argc, char **argv)
{
	char copy[64], *save = NULL;
	int n = 0;

	snprintf(copy, sizeof(copy), "%s", v->name);
	for (char *w = strtok_r(copy, " ", &save); w;
	     w = strtok_r(NULL, " ", &save), n++)
		if (n >= argc || strcmp(argv[n], w) != 0)
			return 0;
	return n;
}

static int find_verb(struct program *p, int argc, char **argv)
{
	int best = 0;

	for (const struct program_verb *v = p->def->verbs; v->name; v++) {
		int n = matches(v, argc, argv);
		if (n > best) {
			best = n;
			p->verb = v;
		}
	}
	return best;
}

/* One option; returns how many words it took. */
static int take_option(struct program *p, int left, char **argv)
{
	char name[32], sign = 0;
	const char *equals = strchr(argv[0], '=');
	size_t n = equals ? (size_t)(equals - argv[0]) : strlen(argv[0]);

	snprintf(name, sizeof(name), "%.*s", (int)n - 2, argv[0] + 2);
	if (p->option_count == PROGRAM_OPTIONS ||
	    (!in_list(COMMON, name, &sign) &&
		(!p->verb || !in_list(p->verb->options, name, &sign))))
		return err_set(ERR_USAGE, "%s", argv[0]);
	if (sign == ' ' ? equals != NULL : !equals && left < 2)
		return err_set(ERR_USAGE, "%s", argv[0]);
	p->names[p->option_count] = mem_strdup(name);
	if (sign == ' ')
		p->values[p->option_count++] = "";
	else
		p->values[p->option_count++] = equals ? equals + 1 : argv[1];
	return sign == ' ' || equals ? 1 : 2;
}

static int take_words(struct program *p, int argc, char **argv)
{
	p->args = mem_array((size_t)argc + 1, sizeof(*p->args));
	for (int i = 0; i < argc;) {
		if (strncmp(argv[i], "--", 2) != 0) {
			p->args[p->arg_count++] = argv[i++];
			continue;
		}
		int n = take_option(p, argc - i, argv + i);
		if (n < 0)
			return n;
		i += n;
	}
	return 0;
}

static int check_call(const struct program *p)
{
	const char *list = p->verb->options;

	while (*list) {
		size_t n = strcspn(list, " ");
		char name[32];
		snprintf(name, sizeof(name), "%.*s", (int)n - 1, list);
		if (n && list[n - 1] == '!' && !program_has(p, name))
			return err_set(ERR_USAGE, "--%s", name);
		list += n + (list[n] == ' ');
	}
	if (p->arg_count > 0 && !p->verb->args)
		return err_set(ERR_USAGE, "%s", p->args[0]);
	if (p->arg_count == 0 && p->verb->args && p->verb->args[0] != '[')
		return err_set(ERR_USAGE, "%s", p->verb->args);
	return 0;
}

static int check_lang(const char *lang)
{
	enum lang l;

	return lang ? tr_parse(&l, lang) : 0;
}

static int run(struct program *p)
{
	int r;

	if (program_has(p, "version")) {
		printf("%s %s\n", p->def->name, SUIFANG_VERSION);
		return 0;
	}
	if (program_has(p, "help")) {
		print_help(p);
		return 0;
	}
	if (!p->verb)
		return err_set(
		    ERR_USAGE, "%s", p->arg_count ? p->args[0] : p->def->name);
	r = check_call(p);
	return r < 0 ? r : p->verb->run(p);
}

/* The words, and whether they make a call. */
static int read_call(struct program *p, int argc, char **argv)
{
	int n = find_verb(p, argc, argv);
	int r = take_words(p, argc - n, argv + n);

	return r == 0 ? check_lang(program_opt(p, "lang", NULL)) : r;
}

int program_parse(
    struct program *out, const struct program_def *def, int argc, char **argv)
{
	struct program p = {.def = def};
	int r = read_call(&p, argc, argv);

	if (r == 0)
		r = p.verb ? check_call(&p) : err_set(ERR_USAGE, "no verb");
	if (r < 0)
		program_fini(&p);
	else
		*out = p;
	return r;
}

void program_fini(struct program *p)
{
	for (size_t i = 0; i < p->option_count; i++)
		free((void *)(uintptr_t)p->names[i]);
	free(p->args);
	secret_free(&p->passphrase);
	p->option_count = 0;
	p->args = NULL;
}

int program_run(const struct program_def *def, int argc, char **argv)
{
	struct program p = {.def = def};
	int r;

	json_init();
	hash_init();
	r = read_call(&p, argc - 1, argv + 1);
	program_language(r < 0 ? NULL : program_opt(&p, "lang", NULL));
	if (r == 0)
		r = process_harden();
	if (r == 0)
		r = run(&p);
	if (r < 0)
		program_complain(r);
	program_fini(&p);
	if (fflush(stdout) != 0 && r == 0)
		r = program_complain(program_file_error("-"));
	return err_exit_status(r);
}
