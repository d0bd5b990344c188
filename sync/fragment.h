/*
 * fragment.h - application messages as padded pieces that fit a frame, and
 * back. A message is its length (u32 big-endian), its bytes, and zeros up to
 * a multiple of 256; that text is cut every 65,280 bytes. There is exactly
 * one way to cut a message, and any other is refused. Knows nothing of keys.
 */
#ifndef SUIFANG_FRAGMENT_H
#define SUIFANG_FRAGMENT_H

#include "core/base.h"

#define FRAGMENT_PAD 256
#define FRAGMENT_MAX 65280           /* bytes of text in one piece */
#define FRAGMENT_MESSAGE_MAX 1048576 /* bytes of a message */

struct message;

/* Messages on their way in; zero-initialise. Every byte is wiped when it
 * leaves: messages carry keys. */
struct fragments {
	struct message *part;  /* being gathered */
	struct message *first; /* whole, waiting */
	struct message *last;
	struct message *given; /* lent by fragments_next */
	size_t max;            /* of a message; 0 = FRAGMENT_MESSAGE_MAX */
};

/* The text of a message of 1..FRAGMENT_MESSAGE_MAX bytes, *padded long; the
 * caller wipes and frees it. */
uint8_t *fragment_text(size_t *padded, const void *msg, size_t n);
/* Length of the piece of the text that starts at byte at. */
size_t fragment_size(size_t padded, size_t at);

/* Takes the next piece. ERR_PROTOCOL when a length is out of range or the
 * cut or the padding is not the one way; ERR_NO_MEMORY. */
NODISCARD int fragments_add(
    struct fragments *f, const uint8_t *piece, size_t n);
/* The next whole message, borrowed until the next call; false if none. */
bool fragments_next(const uint8_t **msg, size_t *n, struct fragments *f);
void fragments_fini(struct fragments *f);

#endif
