/*
 * import_csv.c - comma-separated values (RFC 4180: quotes, doubled quotes,
 * line breaks inside quotes) and the roster that comes in them.
 */
#include "sync/import_roster.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/kind.h"
#include "core/text.h"
#include "core/tr.h"
#include "sync/import_rows.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS_MAX 32
#define FIELD_MAX 400 /* bytes kept of one field */
#define MEMBER_MAX 16

struct csv {
	struct import_batch *b;
	const char *p;
	const char *end;
	size_t line; /* where the row began */
	size_t next_line;
	const char *fields[COLUMNS_MAX];
	size_t count;
};

struct column {
	const char *name;
	size_t offset; /* of the text in struct import_member */
	bool is_required;
};

static const struct column columns[] = {
    {"member", offsetof(struct import_member, member), true},
    {"name", offsetof(struct import_member, name), true},
    {"role", offsetof(struct import_member, role), true},
    {"name_en", offsetof(struct import_member, name_en), false},
    {"team", offsetof(struct import_member, team), false},
    {"team_en", offsetof(struct import_member, team_en), false},
    {"dialects", offsetof(struct import_member, dialects), false},
    {"scripts", offsetof(struct import_member, scripts), false},
    {"phone", offsetof(struct import_member, phone), false},
};

static bool is_row_end(const struct csv *csv)
{
	return csv->p == csv->end || *csv->p == '\n' || *csv->p == '\r';
}

/* A quoted field; false when its quote never closes. */
static bool read_quoted(struct csv *csv, struct buf *field)
{
	for (csv->p++; csv->p < csv->end; csv->p++) {
		csv->next_line += *csv->p == '\n';
		if (*csv->p != '"') {
			buf_u8(field, (uint8_t)*csv->p);
			continue;
		}
		csv->p++;
		if (csv->p == csv->end || *csv->p != '"')
			return true;
		buf_u8(field, '"');
	}
	return false;
}

static bool read_field(struct csv *csv)
{
	struct buf field = {0};
	bool ok = true;

	if (csv->p < csv->end && *csv->p == '"')
		ok = read_quoted(csv, &field);
	while (ok && !is_row_end(csv) && *csv->p != ',')
		buf_u8(&field, (uint8_t)*csv->p++);
	if (csv->count < COLUMNS_MAX)
		csv->fields[csv->count] =
		    import_clean(csv->b, buf_text(&field), FIELD_MAX);
	csv->count++;
	buf_fini(&field);
	return ok;
}

/* 1 = a row in fields, 0 = the end, ERR_FORMAT = a quote without its twin
 * or too many columns. */
static int next_row(struct csv *csv)
{
	while (csv->p < csv->end && is_row_end(csv))
		csv->next_line += *csv->p++ == '\n';
	if (csv->p == csv->end)
		return 0;
	csv->line = csv->next_line;
	for (csv->count = 0;; csv->p++) {
		if (!read_field(csv))
			return ERR_FORMAT;
		if (is_row_end(csv))
			break;
	}
	return csv->count > COLUMNS_MAX ? ERR_FORMAT : 1;
}

static int refuse(
    const struct csv *csv, const char *file, const char *field, const char *why)
{
	char line[32];
	const struct import_place at = {file, line, ""};

	snprintf(line, sizeof(line), "line %zu", csv->line);
	return import_refuse(csv->b, &at, field, why, "");
}

/* Which column holds what; a required one that is absent is refused. */
static int read_header(
    size_t map[ARRAY_LEN(columns)], struct csv *csv, const char *file)
{
	if (next_row(csv) != 1)
		return refuse(
		    csv, file, "", N_("The first line must name the columns."));
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		map[i] = SIZE_MAX;
		for (size_t k = 0; k < csv->count; k++)
			if (strcmp(csv->fields[k], columns[i].name) == 0)
				map[i] = k;
		if (map[i] == SIZE_MAX && columns[i].is_required)
			return refuse(csv, file, columns[i].name,
			    N_("The first line must name the columns."));
	}
	return 0;
}

static void fill_member(struct import_member *out, const struct csv *csv,
    const size_t map[ARRAY_LEN(columns)])
{
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		const char *value = map[i] < csv->count
					? csv->fields[map[i]]
					: import_keep(csv->b, "");
		memcpy((char *)out + columns[i].offset, &value, sizeof(value));
	}
}

static bool is_staff_number(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789-_");

	return n > 0 && n <= MEMBER_MAX && s[n] == '\0';
}

static int check_member(
    const struct import_member *m, const struct csv *csv, const char *file)
{
	char role = role_letter(m->role);

	if (!is_staff_number(m->member))
		return refuse(csv, file, "member",
		    N_("A staff number has letters and digits, at most 16."));
	if (!*m->name)
		return refuse(csv, file, "name", N_("The name is empty."));
	if (role == 0 || role == 'N')
		return refuse(csv, file, "role",
		    N_("No such role. Use agent, supervisor, clinician, "
		       "reviewer, auditor or operator."));
	return 0;
}

static int read_rows(
    struct csv *csv, const char *file, import_member_fn *each, void *ctx)
{
	size_t map[ARRAY_LEN(columns)];
	struct import_member m = {0};
	int r = read_header(map, csv, file), row, bad;

	if (r)
		return r;
	while ((row = next_row(csv)) != 0) {
		if (row < 0) {
			r = refuse(csv, file, "",
			    N_("A quote is not closed, or there are too many "
			       "columns."));
			if (csv->p == csv->end)
				break;
			continue;
		}
		fill_member(&m, csv, map);
		bad = check_member(&m, csv, file);
		if (bad == 0 && (bad = each(ctx, &m)) < 0)
			return bad;
		r = bad ? bad : r;
	}
	return r;
}

int import_roster(struct import_batch *b, const struct import_text *file,
    import_member_fn *each, void *ctx)
{
	const bool has_mark =
	    file->n >= 3 && memcmp(file->text, "\xef\xbb\xbf", 3) == 0;
	struct csv csv = {
	    .b = b,
	    .p = file->text + (has_mark ? 3 : 0),
	    .end = file->text + file->n,
	    .line = 1,
	    .next_line = 1,
	};

	if (!utf8_is_valid(file->text, file->n))
		return refuse(&csv, file->name, "",
		    N_("The file is not UTF-8. Save it as UTF-8 and import "
		       "again."));
	return read_rows(&csv, file->name, each, ctx);
}
