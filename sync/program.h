/*
 * program.h - what every command-line program shares (an edge): verbs and
 * their options from one table, language, help, version, the passphrase,
 * whole files in and out, the real world as struct env, and errors that
 * become a sentence and an exit status. Must not know what verbs do.
 */
#ifndef SUIFANG_SYNC_PROGRAM_H
#define SUIFANG_SYNC_PROGRAM_H

#include "core/base.h"
#include "core/buf.h"
#include "core/env.h"
#include "core/json.h"
#include "keys/secret.h"

#define PROGRAM_OPTIONS 24 /* most options of one call */

struct ctl_words;
struct home;
struct program;

/*
 * A verb that runs in the process that owns the home, asked through its
 * control socket: there is no terminal of its own to speak to.
 */
struct program_owner {
	struct home *home;
	struct buf *out;   /* its lines */
	struct buf *late;  /* those to be said when the centre has it all */
	bool is_unsettled; /* out: it wants the centre to have it all */
};

/*
 * One verb. options: names separated by spaces, "name!" takes a value and
 * must be there, "name=" takes a value, "name" stands alone. All verbs have
 * home= lang= passphrase-fd= help version. args: what follows, such as
 * "FILE...", or NULL for nothing.
 */
struct program_verb {
	const char *name; /* "root init" */
	const char *options;
	const char *args;
	const char *what; /* gettext key, one line */
	int (*run)(struct program *p);
};

struct program_def {
	const char *name;                 /* "suifang-key" */
	const char *what;                 /* gettext key */
	const struct program_verb *verbs; /* ends with a NULL name */
};

/* What a verb sees. */
struct program {
	const struct program_def *def;
	const struct program_verb *verb;
	const char *names[PROGRAM_OPTIONS];
	const char *values[PROGRAM_OPTIONS]; /* "" for those that stand alone */
	size_t option_count;
	char **args; /* positional */
	int arg_count;
	bool has_read_fd;            /* passphrases come one a line */
	struct program_owner *owner; /* NULL: a program of its own */
	struct secret *passphrase;   /* asked for already; the program's */
};

/* The whole of a main: returns the exit status. */
int program_run(const struct program_def *def, int argc, char **argv);

/* Reads a call without running it; free with program_fini. ERR_USAGE. */
NODISCARD int program_parse(
    struct program *out, const struct program_def *def, int argc, char **argv);
void program_fini(struct program *p);

/* A result: to standard output, or to who asked the owner. The late one
 * only counts once the centre has what was recorded. */
void program_print(const struct program *p, const char *fmt, ...)
    PRINTF_LIKE(2, 3);
void program_print_late(const struct program *p, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* Value of an option of the call, or fallback. */
const char *program_opt(
    const struct program *p, const char *name, const char *fallback);
bool program_has(const struct program *p, const char *name);
/* A whole number within lo..hi; ERR_USAGE. */
NODISCARD int program_int(int64_t *out, const struct program *p,
    const char *name, const int64_t range[2]);

/* The folder of this call: --home, or where a home is else; freed with
 * free(). */
char *program_home_dir(const struct program *p);

/* A path as the owner of a home sees it, who may run in another folder;
 * freed with free(). */
char *program_absolute(const char *path);

/* The words of a call for the owner of its home: the verb, its own options
 * by their value or, those of `files`, as a path, and its arguments. */
struct program_passing {
	const char *files; /* as a verb has its options */
	bool args_are_files;
};
void program_words(struct ctl_words *out, const struct program *p,
    const struct program_passing *what);

/* Says one line of user text on standard error (stdout is for results). */
void program_say(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Says the text of an error and its detail; returns code. */
int program_complain(int code);

/* Where memory may reach a disk in clear, says so; else nothing. */
void program_say_swap(void);

/* The next line of --passphrase-fd, or typed at the terminal without echo;
 * is_new asks twice. *out is the caller's. ERR_PASSPHRASE when empty,
 * ERR_USAGE when there is neither descriptor nor terminal. */
NODISCARD int program_passphrase(
    struct secret **out, struct program *p, const char *prompt, bool is_new);

/* Language by --lang, else by LC_ALL and LANG; texts beside the program. */
void program_language(const char *lang);
/* Where the catalogues are: ../share/locale beside the program. Static. */
const char *program_locale_dir(void);

/* Clock and system generator. */
const struct env *program_env(void);

/* What errno means for whoever named this path: a code with its detail. */
int program_file_error(const char *path);
/* Opens a file for reading, never anything that may keep its reader waiting
 * for ever, such as a pipe: whoever asks the serving centre names what he
 * likes. ERR_NOT_FOUND, ERR_IO, ERR_READ_ONLY, ERR_INVALID. */
NODISCARD int program_open(int *fd, const char *path);
/* Whole file, NUL-terminated, at most max bytes. ERR_NOT_FOUND, ERR_IO,
 * ERR_TOO_LARGE. */
NODISCARD int program_read(struct buf *out, const char *path, size_t max);
/* Writes a new file beside path, syncs, renames. ERR_NO_SPACE, ERR_IO,
 * ERR_READ_ONLY. mode as for chmod. */
NODISCARD int program_write(
    const char *path, const struct buf *data, unsigned mode);
/* Takes back a file that this program has just made. */
void program_remove(const char *path);
/* A JSON file of at most 64 KiB. */
NODISCARD int program_read_json(json_t **out, const char *path);
NODISCARD int program_write_json(const char *path, const json_t *value);

#endif
