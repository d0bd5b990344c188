/* digest.c - one hash a view table, so that two views can be compared. */
#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "keys/hash.h"
#include "sync/ledger_impl.h"

#include <stdlib.h>
#include <string.h>

#define TABLES_MAX 128

/* Rows as typed, length-led values; hashed in runs so that a table of any
 * size needs little memory: h = BLAKE2b(h | run). */
struct running {
	struct hash h;
	struct buf run;
	uint64_t rows;
};

static void flush(struct running *d)
{
	buf_add(&d->run, d->h.b, sizeof(d->h.b));
	hash_blake2b256(&d->h, d->run.data, d->run.len);
	buf_clear(&d->run);
}

static void add_value(struct buf *out, const struct stmt *s, int col)
{
	const void *data;
	size_t n;

	buf_u8(out, (uint8_t)stmt_type(s, col));
	switch (stmt_type(s, col)) {
	case STMT_NULL:
		break;
	case STMT_INT:
		buf_u64(out, (uint64_t)stmt_int(s, col));
		break;
	case STMT_TEXT:
	case STMT_BLOB:
		data = stmt_blob(s, col, &n);
		buf_block(out, data, n);
	}
}

static int digest_table(struct ledger *l, struct running *d, const char *table)
{
	struct stmt *s;
	int r = store_view_rows(&s, l->cfg.store, table);

	if (r < 0)
		return r;
	while ((r = stmt_step(s)) == 1) {
		for (int col = 0; col < stmt_columns(s); col++)
			add_value(&d->run, s, col);
		d->rows++;
		if (d->run.len > 65536)
			flush(d);
	}
	flush(d);
	stmt_free(&s);
	return r;
}

static int read_names(struct ledger *l, char *names[TABLES_MAX], size_t *n)
{
	struct stmt *s = store_query(l->cfg.store, Q_VIEW_TABLES);
	int r;

	while ((r = stmt_step(s)) == 1 && *n < TABLES_MAX)
		names[(*n)++] = mem_strdup(stmt_text(s, 0));
	stmt_reset(s);
	return r;
}

int ledger_digest(struct ledger *l, ledger_digest_fn *each, void *ctx)
{
	char *names[TABLES_MAX];
	size_t n = 0;
	int r = read_names(l, names, &n);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct running d = {0};
		r = digest_table(l, &d, names[i]);
		if (r == 0)
			each(ctx, names[i], &d.h, d.rows);
		buf_fini(&d.run);
	}
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	return r < 0 ? r : 0;
}

/* ---- by stream ---- */

struct stream_sum {
	struct id stream;
	struct hash h;
	uint64_t rows;
};

struct stream_sums {
	struct stream_sum *at; /* by stream */
	size_t n, cap;
};

/* The stream's sum, made where it is new. */
static struct stream_sum *sum_of(
    struct stream_sums *sums, const struct id *stream)
{
	size_t lo = 0, hi = sums->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (id_cmp(&sums->at[mid].stream, stream) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < sums->n && id_cmp(&sums->at[lo].stream, stream) == 0)
		return &sums->at[lo];
	if (sums->n == sums->cap) {
		sums->cap = sums->cap ? sums->cap * 2 : 64;
		sums->at = mem_grow(sums->at, sums->cap, sizeof(*sums->at));
	}
	memmove(sums->at + lo + 1, sums->at + lo,
	    (sums->n - lo) * sizeof(*sums->at));
	sums->n++;
	sums->at[lo] = (struct stream_sum){.stream = *stream};
	return &sums->at[lo];
}

static int add_table(
    struct ledger *l, struct stream_sums *sums, const char *table)
{
	struct buf row = {0};
	struct stmt *s;
	int r = store_view_rows(&s, l->cfg.store, table);

	if (r < 0)
		return r;
	while ((r = stmt_step(s)) == 1) {
		struct stream_sum *sum;
		struct id stream = {{0}};
		stmt_id(&stream, s, 0); /* every view table begins with it */
		sum = sum_of(sums, &stream);
		buf_clear(&row);
		buf_add(&row, sum->h.b, sizeof(sum->h.b));
		buf_block(&row, table, strlen(table));
		for (int col = 0; col < stmt_columns(s); col++)
			add_value(&row, s, col);
		hash_blake2b256(&sum->h, row.data, row.len);
		sum->rows++;
	}
	stmt_free(&s);
	buf_fini(&row);
	return r;
}

int ledger_digest_streams(struct ledger *l, ledger_digest_fn *each, void *ctx)
{
	struct stream_sums sums = {0};
	char *names[TABLES_MAX];
	size_t n = 0;
	int r = read_names(l, names, &n);

	for (size_t i = 0; i < n; i++) {
		if (r >= 0)
			r = add_table(l, &sums, names[i]);
		free(names[i]);
	}
	for (size_t i = 0; r >= 0 && i < sums.n; i++) {
		char hex[ID_HEX];
		id_hex(hex, &sums.at[i].stream);
		each(ctx, hex, &sums.at[i].h, sums.at[i].rows);
	}
	free(sums.at);
	return r < 0 ? r : 0;
}
