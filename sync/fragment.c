/* fragment.c - cutting and gathering of application messages. */
#include "sync/fragment.h"

#include "core/err.h"
#include "core/mem.h"
#include "keys/secret.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH 4 /* the declared length leads the first piece */

struct message {
	struct message *next;
	size_t len;
	size_t padded;
	size_t filled;
	uint8_t text[];
};

static void message_free(struct message **m)
{
	if (!*m)
		return;
	secret_wipe((*m)->text, (*m)->padded);
	free(*m);
	*m = NULL;
}

static size_t padded_size(size_t n)
{
	return (LENGTH + n + FRAGMENT_PAD - 1) / FRAGMENT_PAD * FRAGMENT_PAD;
}

uint8_t *fragment_text(size_t *padded, const void *msg, size_t n)
{
	uint8_t *text;

	assert(n > 0 && n <= FRAGMENT_MESSAGE_MAX);
	*padded = padded_size(n);
	text = mem_new(*padded);
	for (unsigned i = 0; i < LENGTH; i++)
		text[i] = (uint8_t)(n >> (8 * (LENGTH - 1 - i)));
	memcpy(text + LENGTH, msg, n);
	return text;
}

size_t fragment_size(size_t padded, size_t at)
{
	size_t left = padded - at;

	return left < FRAGMENT_MAX ? left : FRAGMENT_MAX;
}

static int begin(struct fragments *f, const uint8_t *piece, size_t have)
{
	size_t n, max = f->max ? f->max : FRAGMENT_MESSAGE_MAX;
	struct message *m;

	if (have < LENGTH)
		return err_set(ERR_PROTOCOL, "fragment of %zu bytes", have);
	n = (size_t)piece[0] << 24 | (size_t)piece[1] << 16 |
	    (size_t)piece[2] << 8 | piece[3];
	if (n == 0 || n > max)
		return err_set(ERR_PROTOCOL, "message of %zu bytes", n);
	m = mem_try(sizeof(*m) + padded_size(n), SIZE_MAX);
	if (!m)
		return err_set(ERR_NO_MEMORY, "message of %zu bytes", n);
	m->len = n;
	m->padded = padded_size(n);
	f->part = m;
	return 0;
}

static int finish(struct fragments *f)
{
	struct message *m = f->part;

	for (size_t i = LENGTH + m->len; i < m->padded; i++)
		if (m->text[i] != 0)
			return err_set(ERR_PROTOCOL, "padding is not zero");
	f->part = NULL;
	if (f->last)
		f->last->next = m;
	else
		f->first = m;
	f->last = m;
	return 0;
}

int fragments_add(struct fragments *f, const uint8_t *piece, size_t n)
{
	struct message *m;
	int r = f->part ? 0 : begin(f, piece, n);

	if (r < 0)
		return r;
	m = f->part;
	if (n != fragment_size(m->padded, m->filled))
		return err_set(ERR_PROTOCOL, "fragment of %zu bytes", n);
	memcpy(m->text + m->filled, piece, n);
	m->filled += n;
	return m->filled == m->padded ? finish(f) : 0;
}

bool fragments_next(const uint8_t **msg, size_t *n, struct fragments *f)
{
	struct message *m = f->first;

	message_free(&f->given);
	if (!m)
		return false;
	f->first = m->next;
	if (!f->first)
		f->last = NULL;
	f->given = m;
	*msg = m->text + LENGTH;
	*n = m->len;
	return true;
}

void fragments_fini(struct fragments *f)
{
	const uint8_t *msg;
	size_t n;

	while (fragments_next(&msg, &n, f))
		continue;
	message_free(&f->part);
}
