/*
 * import_csv.c - comma-separated values (RFC 4180: quotes, doubled quotes,
 * line breaks inside quotes), the columns found by their names.
 */
#include "sync/import_csv.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/text.h"
#include "core/tr.h"
#include "sync/import_rows.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS_MAX 32
#define FIELD_MAX 400 /* bytes kept of one field */

struct csv {
	struct import_batch *b;
	const char *file;
	const char *p;
	const char *end;
	size_t line; /* where the row began */
	size_t next_line;
	const char *fields[COLUMNS_MAX];
	size_t count;
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

size_t csv_line(const struct csv *csv)
{
	return csv->line;
}

int csv_refuse(const struct csv *csv, const char *field, const char *why)
{
	char line[32];
	const struct import_place at = {csv->file, line, ""};

	snprintf(line, sizeof(line), "line %zu", csv->line);
	return import_refuse(csv->b, &at, field, why, "");
}

/* Which column holds what; a required one that is absent is refused. */
static int read_header(
    size_t map[COLUMNS_MAX], struct csv *csv, const struct csv_form *form)
{
	if (next_row(csv) != 1)
		return csv_refuse(
		    csv, "", N_("The first line must name the columns."));
	for (size_t i = 0; i < form->column_count; i++) {
		map[i] = SIZE_MAX;
		for (size_t k = 0; k < csv->count; k++)
			if (strcmp(csv->fields[k], form->columns[i].name) == 0)
				map[i] = k;
		if (map[i] == SIZE_MAX && form->columns[i].is_required)
			return csv_refuse(csv, form->columns[i].name,
			    N_("The first line must name the columns."));
	}
	return 0;
}

static void fill_row(const struct csv *csv, const struct csv_form *form,
    const size_t map[COLUMNS_MAX])
{
	for (size_t i = 0; i < form->column_count; i++) {
		const char *value = map[i] < csv->count
					? csv->fields[map[i]]
					: import_keep(csv->b, "");
		memcpy((char *)form->row + form->columns[i].offset, &value,
		    sizeof(value));
	}
}

/* A row that was cut off would blank what it does not name. */
static int refuse_short(const struct csv *csv)
{
	return csv_refuse(csv, "",
	    N_("The row has fewer columns than the first line: the file may "
	       "be cut off."));
}

static int read_rows(struct csv *csv, const struct csv_form *form)
{
	size_t map[COLUMNS_MAX];
	int r = read_header(map, csv, form), row, bad;
	size_t columns = csv->count;

	if (r)
		return r;
	while ((row = next_row(csv)) != 0) {
		if (row < 0) {
			r = csv_refuse(csv, "",
			    N_("A quote is not closed, or there are too many "
			       "columns."));
			if (csv->p == csv->end)
				break;
			continue;
		}
		fill_row(csv, form, map);
		bad = csv->count < columns ? refuse_short(csv)
					   : form->each(form->ctx, csv);
		if (bad < 0 && bad != ERR_QUARANTINED)
			return bad;
		r = bad ? bad : r;
	}
	return r;
}

int import_csv(struct import_batch *b, const struct import_text *file,
    const struct csv_form *form)
{
	const bool has_mark =
	    file->n >= 3 && memcmp(file->text, "\xef\xbb\xbf", 3) == 0;
	struct csv csv = {
	    .b = b,
	    .file = file->name,
	    .p = file->text + (has_mark ? 3 : 0),
	    .end = file->text + file->n,
	    .line = 1,
	    .next_line = 1,
	};

	if (!utf8_is_valid(file->text, file->n))
		return csv_refuse(&csv, "",
		    N_("The file is not UTF-8. Save it as UTF-8 and import "
		       "again."));
	return read_rows(&csv, form);
}
