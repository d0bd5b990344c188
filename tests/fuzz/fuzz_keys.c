/*
 * fuzz_keys.c - bytes of a terminal: the decoder consumes all of them, gives
 * only keys it names, and a field fed with them stays valid UTF-8 and draws
 * into its cells alone.
 */
#include "tests/fuzz/fuzz.h"

#include "core/text.h"
#include "tui/draw.h"
#include "tui/field.h"
#include "tui/input.h"
#include "tui/keymap.h"

#include <locale.h>
#include <string.h>

static void check_grid(const struct field *f)
{
	struct grid g = {0};

	grid_reset(&g, 3, 20);
	field_draw(f, &g, (struct spot){1, 3, 9, LOOK_TEXT, false}, true);
	for (int x = 0; x < 20; x++) {
		FUZZ_HOLDS(grid_at(&g, 0, x)->ch == ' ');
		FUZZ_HOLDS(grid_at(&g, 2, x)->ch == ' ');
		FUZZ_HOLDS((x >= 3 && x < 12) || grid_at(&g, 1, x)->ch == ' ');
		FUZZ_HOLDS(grid_at(&g, 1, x)->width != 2 ||
			   grid_at(&g, 1, x + 1)->width == 0);
	}
	FUZZ_HOLDS(g.caret_y == 1 && g.caret_x >= 3 && g.caret_x <= 12);
	grid_fini(&g);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct input in = {0};
	struct field f = {.max = n % 40 + 4};
	struct keymap m = {0};
	struct key k;
	uint64_t now = 0;

	setlocale(LC_ALL, "C.UTF-8");
	for (size_t at = 0; at < n; at += 3, now += 10) {
		input_feed(&in, data + at, n - at < 3 ? n - at : 3, now);
		while (input_next(&in, &k, now)) {
			FUZZ_HOLDS(k.code <= K_F12);
			field_key(&f, &k);
			FUZZ_HOLDS(f.len <= f.max && f.caret <= f.len);
			FUZZ_HOLDS(utf8_is_valid(f.text, f.len));
			keymap_fold(&m, &k);
		}
	}
	while (input_next(&in, &k, now + INPUT_CHAR_MS))
		;
	FUZZ_HOLDS(in.pasting || input_left(&in) == 0);
	check_grid(&f);
	input_fini(&in);
	return 0;
}
