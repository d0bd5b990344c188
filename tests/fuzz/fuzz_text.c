/*
 * fuzz_text.c - names and notes from outside: what text_clean lets through
 * is valid UTF-8 without control characters, and cleaning again changes
 * nothing.
 */
#include "tests/fuzz/fuzz.h"

#include "core/text.h"

static void check_clean(const struct buf *b)
{
	const char *s = buf_text(b);
	size_t at = 0;

	FUZZ_HOLDS(utf8_is_valid(s, b->len));
	while (at < b->len) {
		uint32_t c;
		size_t n = utf8_decode(&c, s + at, b->len - at);
		char back[4];
		FUZZ_HOLDS(n >= 1 && n <= 4 && !text_is_control(c));
		FUZZ_HOLDS(utf8_encode(back, c) == n);
		FUZZ_HOLDS(memcmp(back, s + at, n) == 0);
		at += n;
	}
}

static void check_cut(const char *s, size_t n)
{
	char *text = malloc(n + 1);
	char cut[17];

	FUZZ_HOLDS(text != NULL);
	memcpy(text, s, n);
	text[n] = '\0';
	if (utf8_is_valid(text, strlen(text))) {
		text_copy(cut, sizeof(cut), text);
		FUZZ_HOLDS(strlen(cut) < sizeof(cut));
		FUZZ_HOLDS(utf8_is_valid(cut, strlen(cut)));
		FUZZ_HOLDS(utf8_count(text) <= strlen(text));
		FUZZ_HOLDS(text_has(text, cut));
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *s = (const char *)data;
	struct buf once = {0}, twice = {0};

	text_clean(&once, s, n);
	check_clean(&once);
	text_clean(&twice, buf_text(&once), once.len);
	FUZZ_HOLDS(once.len == twice.len);
	FUZZ_HOLDS(memcmp(buf_text(&once), buf_text(&twice), once.len) == 0);
	buf_fini(&once);
	buf_fini(&twice);
	check_cut(s, n);
	return 0;
}
