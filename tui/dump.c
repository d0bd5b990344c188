/*
 * dump.c - the grid as text.
 */
#include "tui/dump.h"

#include "core/err.h"
#include "core/text.h"
#include "tui/draw.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void dump_cell(struct buf *out, const struct cell *c, bool mask)
{
	char enc[4];

	if (mask && c->secret && c->ch != ' ') {
		buf_u8(out, '*');
		return;
	}
	if (c->width == 0)
		return;
	buf_add(out, enc, utf8_encode(enc, c->ch));
	if (c->comb)
		buf_add(out, enc, utf8_encode(enc, c->comb));
}

void dump_text(struct buf *out, const struct grid *g, bool mask)
{
	for (int y = 0; y < g->rows; y++) {
		for (int x = 0; x < g->cols; x++)
			dump_cell(out, grid_at(g, y, x), mask);
		while (out->len > 0 && out->data[out->len - 1] == ' ')
			out->data[--out->len] = 0;
		buf_u8(out, '\n');
	}
}

static int write_all(int fd, const struct buf *b)
{
	for (size_t at = 0; at < b->len;) {
		ssize_t n = write(fd, b->data + at, b->len - at);
		if (n < 0)
			return errno == ENOSPC ? ERR_NO_SPACE : ERR_IO;
		at += (size_t)n;
	}
	return 0;
}

int dump_write(char *path, size_t size, const struct grid *g, const char *dir,
    int64_t at_s)
{
	struct buf text = {0};
	int fd, rc;

	snprintf(path, size, "%s/screen-%lld.txt", dir, (long long)at_s);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(ERR_IO, "open dump: errno %d", errno);
	dump_text(&text, g, true);
	rc = write_all(fd, &text);
	if (close(fd) < 0 && rc == 0)
		rc = ERR_IO;
	buf_fini(&text);
	return rc;
}
