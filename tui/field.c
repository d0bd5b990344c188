/*
 * field.c - editing one line of UTF-8.
 */
#include "tui/field.h"

#include "core/text.h"

#include <string.h>

void field_set(struct field *f, const char *text)
{
	text_copy(f->text, sizeof(f->text), text);
	f->len = f->caret = strlen(f->text);
}

void field_wipe(struct field *f)
{
	/* volatile: the compiler must not drop stores to a dying object */
	volatile char *p = f->text;

	for (size_t i = 0; i < sizeof(f->text); i++)
		p[i] = 0;
	f->len = f->caret = 0;
}

static size_t back(const struct field *f, size_t i)
{
	while (i > 0 && ((uint8_t)f->text[--i] & 0xc0) == 0x80)
		;
	return i;
}

static size_t forth(const struct field *f, size_t i)
{
	if (i < f->len)
		i++;
	while (i < f->len && ((uint8_t)f->text[i] & 0xc0) == 0x80)
		i++;
	return i;
}

static void cut(struct field *f, size_t from, size_t to)
{
	memmove(f->text + from, f->text + to, f->len - to + 1);
	f->len -= to - from;
	f->caret = from;
}

static void insert(struct field *f, uint32_t c)
{
	size_t max = f->max && f->max < FIELD_MAX ? f->max : FIELD_MAX - 1;
	char enc[4];
	size_t n = utf8_encode(enc, c);

	if (f->len + n > max)
		return;
	memmove(
	    f->text + f->caret + n, f->text + f->caret, f->len - f->caret + 1);
	memcpy(f->text + f->caret, enc, n);
	f->len += n;
	f->caret += n;
}

static bool edit(struct field *f, uint32_t code)
{
	if (code == K_BACKSPACE)
		cut(f, back(f, f->caret), f->caret);
	else if (code == K_DELETE)
		cut(f, f->caret, forth(f, f->caret));
	else if (code == K_CTRL('u'))
		cut(f, 0, f->caret);
	else if (code == K_LEFT)
		f->caret = back(f, f->caret);
	else if (code == K_RIGHT)
		f->caret = forth(f, f->caret);
	else if (code == K_HOME)
		f->caret = 0;
	else if (code == K_END)
		f->caret = f->len;
	else
		return false;
	return true;
}

bool field_key(struct field *f, const struct key *k)
{
	uint32_t c = k->code;

	if (k->pasted && (c == K_ENTER || c == K_TAB))
		c = ' ';
	if (c == K_PASTE_END)
		return true;
	if (c < K_UP && !text_is_control(c)) {
		insert(f, c);
		return true;
	}
	return k->pasted || edit(f, c);
}

static void draw_stars(
    const struct field *f, struct grid *g, struct spot at, bool focus)
{
	int n = (int)utf8_count(f->text), w = at.w;

	if (n > w - 1)
		n = w - 1;
	draw_fill(g, at, ' ');
	at.w = n;
	draw_fill(g, at, '*');
	if (focus)
		draw_caret(g, at.y, at.x + n);
}

void field_draw(
    const struct field *f, struct grid *g, struct spot at, bool focus)
{
	char head[FIELD_MAX];
	size_t from = 0;

	if (f->secret) {
		draw_stars(f, g, at, focus);
		return;
	}
	text_copy(head, f->caret + 1, f->text);
	while (draw_width(head + from) >= at.w && from < f->caret)
		from = forth(f, from);
	draw_cell(g, at, f->text + from);
	if (focus)
		draw_caret(g, at.y, at.x + draw_width(head + from));
}
