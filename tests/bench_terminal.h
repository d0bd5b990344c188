/*
 * bench_terminal.h - a real terminal of a real hospital for benches: its own
 * process, home, vault and connection, with a list as long as one likes, and
 * a pager on a file of as many lines beside it.
 */
#ifndef SUIFANG_TESTS_BENCH_TERMINAL_H
#define SUIFANG_TESTS_BENCH_TERMINAL_H

#include "tests/programs.h"
#include "tests/screen.h"

/* What the terminal's process tells the bench; in shared memory. */
struct bench_told {
	double unlocked_ms;     /* the keys were at hand; */
	double unlocked_cpu_ms; /* and what the process had spent */
	uint64_t page_cache;    /* bytes that the database holds of its file */
	bool is_settled;        /* nothing is under way to the centre */
	uint64_t commits, frames; /* so far */
};

struct bench_terminal {
	struct hospital *h;
	char *file; /* for the pager */
	int rows;
	volatile struct bench_told *told;
};

/* Agent A017 of a new hospital whose centre does not serve. */
void bench_terminal_init(struct bench_terminal *t);
void bench_terminal_fini(struct bench_terminal *t);
/* Lengthens the list, and the pager's file, to so many rows. */
void bench_terminal_grow(struct bench_terminal *t, int rows);
/* The centre records n times for A017's patients; it must not serve. */
void bench_terminal_owe(struct bench_terminal *t, int n);
/* Gives the patient of that row (its telephone is 155 and eight digits) so
 * many entries with an observation each. */
void bench_terminal_thicken(struct bench_terminal *t, int row, int entries);

/* Starts the terminal's process; the list is on the screen. */
struct vscreen *bench_terminal_start(struct bench_terminal *t);
/* For main: runs the terminal and exits when this process is one. */
void bench_terminal_main(int argc, char **argv);

/* less on the file. */
struct vscreen *bench_pager_start(struct bench_terminal *t);
/* The text of one of its lines that no other has. */
void bench_pager_line(char out[32], int row);

/* Milliseconds from the key to the last byte of its answer. */
double bench_key(struct vscreen *vs, const char *key);
double bench_pager_key(struct vscreen *vs, const char *key, const char *text);
/* CPU time of its process so far, which other work does not stretch. */
double bench_cpu_of(const struct vscreen *vs);
/* Anonymous memory of its process in bytes. */
uint64_t bench_anonymous(const struct vscreen *vs);

#endif
