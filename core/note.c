/* note.c - one write a line, so that lines of several processes stay whole. */
#include "core/note.h"

#include "core/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_MAX_BYTES 512

static int sink = -1;

void note_to(int fd)
{
	sink = fd;
}

static int stamp(char *out, size_t size)
{
	int64_t now = clock_now_s(NULL);
	int year, month, mday;
	int s = (int)second_of_day(now, 0);

	day_to_civil(day_of(now, 0), &year, &month, &mday);
	return snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02dZ ", year,
	    month, mday, s / 3600, s / 60 % 60, s % 60);
}

void note_event(const char *event, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	va_list ap;
	int n;

	if (sink < 0)
		return;
	n = stamp(line, sizeof(line));
	n += snprintf(line + n, sizeof(line) - (size_t)n, "%.60s ", event);
	va_start(ap, fmt);
	n += vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, ap);
	va_end(ap);
	if (n > LINE_MAX_BYTES - 2)
		n = LINE_MAX_BYTES - 2;
	for (int i = 0; i < n; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 127)
			line[i] = '?';
	line[n++] = '\n';
	/* A log that cannot be written must not stop the service; a full disk
	 * has room again one day, so the next line is tried. */
	if (write(sink, line, (size_t)n) < 0)
		return;
}
