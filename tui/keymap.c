/*
 * keymap.c - ops.def as a table, and the search of a key in it.
 */
#include "tui/keymap.h"

#include "core/text.h"
#include "core/tr.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct op_row rows[OP_COUNT] = {
    [OP_NONE] = {"", "", "", "", "", ""},
#define X(name, key1, key2, label, title, pinyin)                              \
	[OP_##name] = {#name, key1, key2, label, title, pinyin},
#include "tui/ops.def"
#undef X
};

static const enum op global_ops[] = {OP_HELP, OP_PALETTE, OP_BACK, OP_LANG,
    OP_LOCK, OP_REDRAW, OP_SUSPEND, OP_UNDO, OP_THEME, OP_DUMP, OP_NONE};

static const struct {
	const char *name;
	uint32_t code;
} names[] = {
    {"Enter", K_ENTER},
    {"Esc", K_ESC},
    {"Tab", K_TAB},
    {"Space", K_SPACE},
    {"Up", K_UP},
    {"Down", K_DOWN},
    {"Left", K_LEFT},
    {"Right", K_RIGHT},
    {"Home", K_HOME},
    {"End", K_END},
    {"PgUp", K_PGUP},
    {"PgDn", K_PGDN},
    {"Backspace", K_BACKSPACE},
    {"Delete", K_DELETE},
    {"S-Tab", K_BACKTAB},
};

const struct op_row *op_row_of(enum op op)
{
	return &rows[op];
}

uint32_t keymap_parse(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].code;
	if (name[0] == 'F' && name[1])
		return K_F0 + (uint32_t)atoi(name + 1);
	if (name[0] == 'C' && name[1] == '-')
		return K_CTRL(name[2]);
	return name[0] && !name[1] ? (uint32_t)(uint8_t)name[0] : 0;
}

bool keymap_fold(struct keymap *m, struct key *k)
{
	if (k->pasted)
		return true;
	k->code = text_halfwidth(k->code);
	if (k->code == 0x3002) /* ideographic full stop */
		k->code = '.';
	if (k->code == 0x3001)
		k->code = ',';
	if (!m->semicolon) {
		m->semicolon = k->code == ';';
		return !m->semicolon;
	}
	m->semicolon = false;
	if (k->code >= '0' && k->code <= '9')
		k->code = K_F0 + (k->code == '0' ? 10 : k->code - '0');
	else if (k->code == 'l')
		k->code = K_F12;
	return true;
}

static bool is_printable(uint32_t code)
{
	return code >= ' ' && code != 127 && code < K_UP;
}

static enum op find_in(const enum op *ops, uint32_t code)
{
	for (; *ops != OP_NONE; ops++)
		if (code == keymap_parse(rows[*ops].key1) ||
		    code == keymap_parse(rows[*ops].key2))
			return *ops;
	return OP_NONE;
}

enum op keymap_find(const enum op *ops, const struct key *k, bool text)
{
	enum op op;

	if (k->pasted || k->code == 0 || (text && is_printable(k->code)))
		return OP_NONE;
	op = find_in(ops, k->code);
	return op != OP_NONE ? op : find_in(global_ops, k->code);
}

enum op keymap_holder(const enum op *ops, enum op op,
    bool (*is_off)(const void *ctx, enum op op), const void *ctx)
{
	for (; *ops != OP_NONE; ops++)
		if (strcmp(rows[*ops].key1, rows[op].key1) == 0 &&
		    rows[op].key1[0] && !is_off(ctx, *ops))
			return *ops;
	return op;
}

bool keymap_matches(enum op op, const char *typed)
{
	const struct op_row *row = op_row_of(op);

	return text_has(row->title, typed) || text_has(row->name, typed) ||
	       (row->pinyin[0] &&
		   strncasecmp(row->pinyin, typed, strlen(typed)) == 0);
}

bool keymap_is_global(enum op op)
{
	for (const enum op *g = global_ops; *g != OP_NONE; g++)
		if (*g == op)
			return true;
	return false;
}
