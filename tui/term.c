/*
 * term.c - ncursesw as an output device. Input is not its business: the
 * loop reads bytes itself, because get_wch loses resizes and halves of
 * Chinese characters.
 */
#define _XOPEN_SOURCE_EXTENDED 1
#include "tui/term.h"

#include "core/err.h"
#include "core/mem.h"
#include "tui/draw.h"

#include <curses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

struct term {
	SCREEN *screen;
	FILE *in, *out;
	int in_fd, out_fd;
	bool coloured;
	enum theme theme;
};

/* One look: 256-colour and 8-colour foreground and background (-1: the
 * terminal's own) and attributes that carry it without any colour. */
struct paint {
	short fg256, bg256, fg8, bg8;
	attr_t attr;
};

static const struct paint paints[THEME_COUNT][LOOK_COUNT] =
    {
	[THEME_DARK] =
	    {
		[LOOK_TEXT] = {-1, -1, -1, -1, A_NORMAL},
		[LOOK_DIM] = {245, -1, -1, -1, A_NORMAL},
		[LOOK_BAR] = {253, 24, COLOR_WHITE, COLOR_BLUE, A_NORMAL},
		[LOOK_KEY] = {229, 24, COLOR_YELLOW, COLOR_BLUE, A_BOLD},
		[LOOK_SELECT] = {-1, -1, -1, -1, A_REVERSE},
		[LOOK_HEAD] = {110, -1, COLOR_CYAN, -1, A_NORMAL},
		[LOOK_ALERT] = {210, -1, COLOR_RED, -1, A_BOLD},
		[LOOK_LATE] = {221, -1, COLOR_YELLOW, -1, A_NORMAL},
		[LOOK_DONE] = {114, -1, COLOR_GREEN, -1, A_NORMAL},
		[LOOK_MARK] = {222, -1, COLOR_YELLOW, -1, A_BOLD},
		[LOOK_BANNER] = {231, 124, COLOR_WHITE, COLOR_RED, A_BOLD},
	    },
	[THEME_LIGHT] =
	    {
		[LOOK_TEXT] = {-1, -1, -1, -1, A_NORMAL},
		[LOOK_DIM] = {241, -1, -1, -1, A_NORMAL},
		[LOOK_BAR] = {235, 153, COLOR_BLACK, COLOR_CYAN, A_NORMAL},
		[LOOK_KEY] = {18, 153, COLOR_BLUE, COLOR_CYAN, A_BOLD},
		[LOOK_SELECT] = {-1, -1, -1, -1, A_REVERSE},
		[LOOK_HEAD] = {24, -1, COLOR_BLUE, -1, A_NORMAL},
		[LOOK_ALERT] = {160, -1, COLOR_RED, -1, A_BOLD},
		[LOOK_LATE] = {130, -1, COLOR_MAGENTA, -1, A_NORMAL},
		[LOOK_DONE] = {28, -1, COLOR_GREEN, -1, A_NORMAL},
		[LOOK_MARK] = {90, -1, COLOR_MAGENTA, -1, A_BOLD},
		[LOOK_BANNER] = {231, 124, COLOR_WHITE, COLOR_RED, A_BOLD},
	    },
	[THEME_CONTRAST] =
	    {
		[LOOK_TEXT] = {231, 16, COLOR_WHITE, COLOR_BLACK, A_BOLD},
		[LOOK_DIM] = {231, 16, COLOR_WHITE, COLOR_BLACK, A_NORMAL},
		[LOOK_BAR] = {16, 231, COLOR_BLACK, COLOR_WHITE, A_NORMAL},
		[LOOK_KEY] = {16, 231, COLOR_BLACK, COLOR_WHITE, A_BOLD},
		[LOOK_SELECT] = {16, 226, COLOR_BLACK, COLOR_YELLOW, A_NORMAL},
		[LOOK_HEAD] = {231, 16, COLOR_WHITE, COLOR_BLACK, A_UNDERLINE},
		[LOOK_ALERT] = {231, 160, COLOR_WHITE, COLOR_RED, A_BOLD},
		[LOOK_LATE] = {226, 16, COLOR_YELLOW, COLOR_BLACK, A_BOLD},
		[LOOK_DONE] = {46, 16, COLOR_GREEN, COLOR_BLACK, A_BOLD},
		[LOOK_MARK] = {226, 16, COLOR_YELLOW, COLOR_BLACK, A_BOLD},
		[LOOK_BANNER] = {231, 160, COLOR_WHITE, COLOR_RED, A_BOLD},
	    },
	[THEME_MONO] =
	    {
		[LOOK_BAR] = {-1, -1, -1, -1, A_REVERSE},
		[LOOK_KEY] = {-1, -1, -1, -1, A_REVERSE | A_BOLD},
		[LOOK_SELECT] = {-1, -1, -1, -1, A_REVERSE},
		[LOOK_ALERT] = {-1, -1, -1, -1, A_BOLD},
		[LOOK_LATE] = {-1, -1, -1, -1, A_BOLD},
		[LOOK_MARK] = {-1, -1, -1, -1, A_BOLD},
		[LOOK_BANNER] = {-1, -1, -1, -1, A_REVERSE | A_BOLD},
	    },
};

static const char paste_on[] = "\033[?2004h";
static const char paste_off[] = "\033[?2004l";

static void restore_on_exhausted(void)
{
	endwin();
}

/* Bytes for a terminal that went away are nobody's loss. */
void term_raw(struct term *t, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t w = write(t->out_fd, bytes, n);
		if (w <= 0)
			return;
		bytes += w;
		n -= (size_t)w;
	}
}

static bool can_place_cursor(void)
{
	return tigetstr("cup") && tigetstr("cup") != (char *)-1;
}

static int start_curses(struct term *t)
{
	t->screen = newterm(NULL, t->out, t->in);
	if (!t->screen)
		return err_set(ERR_TERMINAL, "newterm");
	if (!can_place_cursor()) {
		endwin();
		return err_set(ERR_TERMINAL, "no cup");
	}
	raw();
	noecho();
	nonl();
	typeahead(-1);
	leaveok(stdscr, FALSE);
	t->coloured = has_colors() && start_color() == OK;
	if (t->coloured)
		use_default_colors();
	return 0;
}

/* Consoles and old terminals draw no such characters at all. */
bool term_ask_widths(struct term *t)
{
	static const char *const deaf[] = {"linux", "vt", "ansi", "cons"};
	static const char ask[] = "\r\342\224\200\342\200\246\033[6n\r\033[K";
	const char *name = getenv("TERM");

	if (!name || MB_CUR_MAX < 3)
		return false;
	for (size_t i = 0; i < sizeof(deaf) / sizeof(deaf[0]); i++)
		if (strncmp(name, deaf[i], strlen(deaf[i])) == 0)
			return false;
	term_raw(t, ask, sizeof(ask) - 1);
	term_forget(t);
	return true;
}

int term_open(struct term **out, int in_fd, int out_fd)
{
	struct term *t = mem_new(sizeof(*t));
	int rc = 0;

	t->in_fd = in_fd;
	t->out_fd = out_fd;
	t->in = fdopen(dup(in_fd), "r");
	t->out = fdopen(dup(out_fd), "w");
	if (!t->in || !t->out || !isatty(in_fd) || !isatty(out_fd))
		rc = err_set(ERR_TERMINAL, "not a terminal");
	if (rc == 0)
		rc = start_curses(t);
	if (rc < 0) {
		if (t->screen)
			delscreen(t->screen);
		t->screen = NULL;
		term_close(&t);
		return rc;
	}
	mem_on_exhausted(restore_on_exhausted);
	term_theme(t, THEME_DARK);
	term_raw(t, paste_on, sizeof(paste_on) - 1);
	*out = t;
	return 0;
}

void term_close(struct term **tp)
{
	struct term *t = *tp;

	if (!t)
		return;
	if (t->screen) {
		term_raw(t, paste_off, sizeof(paste_off) - 1);
		endwin();
		delscreen(t->screen);
		mem_on_exhausted(NULL);
	}
	if (t->in)
		fclose(t->in);
	if (t->out)
		fclose(t->out);
	free(t);
	*tp = NULL;
}

void term_theme(struct term *t, enum theme theme)
{
	bool rich = COLORS >= 256;

	t->theme = t->coloured ? theme : THEME_MONO;
	for (short i = 0; t->coloured && i < LOOK_COUNT; i++) {
		const struct paint *p = &paints[t->theme][i];
		init_pair((short)(i + 1), rich ? p->fg256 : p->fg8,
		    rich ? p->bg256 : p->bg8);
	}
	term_forget(t);
}

/* Wide characters of one run of cells of one look. */
static int run_chars(wchar_t *out, const struct grid *g, int y, int *x)
{
	int look = grid_at(g, y, *x)->look, n = 0;

	for (; *x < g->cols && grid_at(g, y, *x)->look == look; (*x)++) {
		const struct cell *c = grid_at(g, y, *x);
		if (c->width == 0)
			continue;
		out[n++] = (wchar_t)c->ch;
		if (c->comb)
			out[n++] = (wchar_t)c->comb;
	}
	return n;
}

static void show_row(struct term *t, const struct grid *g, int y)
{
	static wchar_t run[2 * GRID_COLS_MAX + 1];

	for (int x = 0; x < g->cols;) {
		int from = x, look = grid_at(g, y, x)->look;
		int n = run_chars(run, g, y, &x);
		short pair = (short)(t->theme == THEME_MONO ? 0 : look + 1);
		attr_set(paints[t->theme][look].attr, pair, NULL);
		mvaddnwstr(y, from, run, n);
	}
}

void term_show(struct term *t, const struct grid *g)
{
	erase();
	for (int y = 0; y < g->rows; y++)
		show_row(t, g, y);
	attr_set(A_NORMAL, 0, NULL);
	move(g->caret_y, g->caret_x);
	wnoutrefresh(stdscr);
	doupdate();
}

void term_size(struct term *t, int *rows, int *cols)
{
	struct winsize ws = {0};

	*rows = 24;
	*cols = 80;
	if (ioctl(t->out_fd, TIOCGWINSZ, &ws) == 0 && ws.ws_row && ws.ws_col) {
		*rows = ws.ws_row;
		*cols = ws.ws_col;
	}
	if (*rows != LINES || *cols != COLS)
		resize_term(*rows, *cols);
}

void term_forget(struct term *t)
{
	(void)t;
	clearok(curscr, TRUE);
}

void term_bell(struct term *t)
{
	(void)t;
	beep();
}

/* The whole job stops, as the shell that started it expects. */
static void stop_group(void)
{
	struct sigaction stop = {.sa_handler = SIG_DFL}, before;

	sigaction(SIGTSTP, &stop, &before);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &before, NULL);
}

void term_suspend(struct term *t)
{
	term_raw(t, paste_off, sizeof(paste_off) - 1);
	endwin();
	stop_group();
	reset_prog_mode();
	refresh();
	term_raw(t, paste_on, sizeof(paste_on) - 1);
	term_forget(t);
}
