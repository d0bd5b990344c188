/*
 * input.c - the byte-to-key decoder. A sequence is decoded only when it is
 * whole; an incomplete one waits for bytes, an incomplete ESC for 25 ms.
 */
#include "tui/input.h"

#include "core/text.h"

#include <stdio.h>
#include <string.h>

#define SEQ_MAX 32 /* longer escape sequences are nobody's keys */

struct seq {
	const char *bytes; /* after ESC */
	uint32_t code;
};

/* xterm, VT220, rxvt, Linux console and screen agree on most of these. */
static const struct seq sequences[] = {
    {"[A", K_UP},
    {"[B", K_DOWN},
    {"[C", K_RIGHT},
    {"[D", K_LEFT},
    {"[H", K_HOME},
    {"[F", K_END},
    {"[Z", K_BACKTAB},
    {"[1~", K_HOME},
    {"[2~", K_INSERT},
    {"[3~", K_DELETE},
    {"[4~", K_END},
    {"[5~", K_PGUP},
    {"[6~", K_PGDN},
    {"[7~", K_HOME},
    {"[8~", K_END},
    {"OA", K_UP},
    {"OB", K_DOWN},
    {"OC", K_RIGHT},
    {"OD", K_LEFT},
    {"OH", K_HOME},
    {"OF", K_END},
    {"OM", K_ENTER},
    {"OP", K_F0 + 1},
    {"OQ", K_F0 + 2},
    {"OR", K_F0 + 3},
    {"OS", K_F0 + 4},
    {"[11~", K_F0 + 1},
    {"[12~", K_F0 + 2},
    {"[13~", K_F0 + 3},
    {"[14~", K_F0 + 4},
    {"[[A", K_F0 + 1},
    {"[[B", K_F0 + 2},
    {"[[C", K_F0 + 3},
    {"[[D", K_F0 + 4},
    {"[[E", K_F0 + 5},
    {"[15~", K_F0 + 5},
    {"[17~", K_F0 + 6},
    {"[18~", K_F0 + 7},
    {"[19~", K_F0 + 8},
    {"[20~", K_F0 + 9},
    {"[21~", K_F0 + 10},
    {"[23~", K_F0 + 11},
    {"[24~", K_F12},
};

void input_fini(struct input *in)
{
	buf_fini(&in->raw);
}

void input_feed(struct input *in, const void *bytes, size_t n, uint64_t now_ms)
{
	if (in->at > 0) {
		buf_consume(&in->raw, in->at);
		in->at = 0;
	}
	buf_add(&in->raw, bytes, n);
	in->fed_ms = now_ms;
}

size_t input_left(const struct input *in)
{
	return in->raw.len - in->at;
}

/* How long what is pending may wait for its rest. */
static uint64_t patience_ms(const struct input *in)
{
	return in->raw.data[in->at] == 27 ? INPUT_ESC_MS : INPUT_CHAR_MS;
}

/* Bytes of the CSI sequence at p ("[..."), 0 when it is not whole yet, and
 * the bytes up to the fault when a byte does not belong to one. */
static size_t csi_len(const char *p, size_t n)
{
	size_t i = 1;

	if (n > 1 && p[1] == '[') /* Linux console F1..F5 */
		return n > 2 ? 3 : 0;
	for (; i < n && i < SEQ_MAX; i++) {
		if (p[i] >= 0x40 && p[i] <= 0x7e)
			return i + 1;
		if (p[i] < 0x20)
			return i;
	}
	return i < SEQ_MAX ? 0 : i;
}

/* "[1;5A" (a modifier) reads as "[A"; "[3;2~" as "[3~". */
static size_t drop_modifier(char *out, const char *p, size_t n)
{
	const char *semi = memchr(p, ';', n);

	if (!semi || n < 4 || p[n - 1] == '~') {
		size_t keep = semi ? (size_t)(semi - p) : n - 1;
		memcpy(out, p, keep);
		out[keep] = p[n - 1];
		return keep + 1;
	}
	out[0] = '[';
	out[1] = p[n - 1];
	return 2;
}

static uint32_t sequence_code(const char *p, size_t n)
{
	char plain[SEQ_MAX + 1];
	size_t len = drop_modifier(plain, p, n);

	for (size_t i = 0; i < ARRAY_LEN(sequences); i++)
		if (strlen(sequences[i].bytes) == len &&
		    memcmp(sequences[i].bytes, plain, len) == 0)
			return sequences[i].code;
	return K_UNKNOWN;
}

/* "[24;4R" while it is awaited: where the cursor stands. Unasked, the same
 * bytes are F3 with a modifier. */
static bool take_report(struct input *in, const char *p, size_t n)
{
	int row = 0, col = 0;
	char text[SEQ_MAX + 1];

	if (!in->is_asking || p[n - 1] != 'R')
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	if (sscanf(text, "[%3d;%3dR", &row, &col) != 2)
		return false;
	in->is_asking = false;
	in->report_col = col;
	return true;
}

/* Alt+1..9,0 send ESC and the digit: the twin of a function key. */
static uint32_t alt_code(char c)
{
	if (c >= '1' && c <= '9')
		return K_F0 + (uint32_t)(c - '0');
	return c == '0' ? K_F0 + 10 : K_UNKNOWN;
}

/* Decodes what follows an ESC; *used counts the ESC. False: wait. */
static bool next_escape(
    struct input *in, struct key *out, size_t *used, bool late)
{
	const char *p = (const char *)in->raw.data + in->at + 1;
	size_t n = input_left(in) - 1, len;

	*used = 1;
	out->code = K_ESC;
	if (n == 0)
		return late;
	if (*p != '[' && *p != 'O') {
		if ((*p & 0x80) || *p < 0x20 || alt_code(*p) == K_UNKNOWN)
			return true; /* ESC, then another key */
		*used = 2;
		out->code = alt_code(*p);
		return true;
	}
	len = *p == '[' ? csi_len(p, n) : n > 1 ? 2 : 0;
	if (len == 0)
		return late;
	*used = 1 + len;
	if (len == 5 && memcmp(p, "[200~", 5) == 0) {
		in->pasting = true;
		out->code = K_UNKNOWN;
	} else if (take_report(in, p, len)) {
		out->code = K_UNKNOWN;
	} else {
		out->code = sequence_code(p, len);
	}
	return true;
}

/* In a paste only its end mark is special; false: it may be incomplete. */
static bool next_pasted(struct input *in, struct key *out, size_t *used)
{
	static const char end[] = "\033[201~";
	const char *p = (const char *)in->raw.data + in->at;
	size_t n = input_left(in), cmp = n < 6 ? n : 6;

	if (memcmp(p, end, cmp) != 0) {
		out->code = K_ESC;
		*used = 1;
		return true;
	}
	if (n < 6)
		return false;
	in->pasting = false;
	out->code = K_PASTE_END;
	*used = 6;
	return true;
}

/* How many bytes the UTF-8 character led by c should have. */
static size_t utf8_want(uint8_t c)
{
	return c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1;
}

static bool next_char(
    struct input *in, struct key *out, size_t *used, bool late)
{
	const char *p = (const char *)in->raw.data + in->at;
	size_t n = input_left(in);

	*used = utf8_decode(&out->code, p, n);
	if (*used == 0) {
		size_t i = 1, want = utf8_want((uint8_t)*p);
		while (i < n && i < want && ((uint8_t)p[i] & 0xc0) == 0x80)
			i++;
		if (i == n && i < want && !late)
			return false;
		*used = 1;
		out->code = 0xfffd;
	}
	if (out->code == '\n' || out->code == '\r')
		out->code = K_ENTER;
	else if (out->code == 8)
		out->code = K_BACKSPACE;
	return true;
}

static bool next_raw(struct input *in, struct key *out, uint64_t now_ms)
{
	bool whole, late;
	size_t used;

	if (input_left(in) == 0)
		return false;
	late = now_ms - in->fed_ms >= patience_ms(in);
	out->pasted = in->pasting;
	if (in->raw.data[in->at] != 27)
		whole = next_char(in, out, &used, late);
	else if (in->pasting)
		whole = next_pasted(in, out, &used);
	else
		whole = next_escape(in, out, &used, late);
	if (!whole)
		return false;
	in->at += used;
	in->taken += used;
	return true;
}

bool input_next(struct input *in, struct key *out, uint64_t now_ms)
{
	struct key k;

	while (next_raw(in, &k, now_ms)) {
		if (k.code == K_UNKNOWN)
			continue;
		*out = k;
		return true;
	}
	return false;
}

int input_wait_ms(const struct input *in, uint64_t now_ms)
{
	uint64_t waited = now_ms - in->fed_ms;

	if (input_left(in) == 0 || in->pasting)
		return -1;
	return waited >= patience_ms(in) ? 0 : (int)(patience_ms(in) - waited);
}
