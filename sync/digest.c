/* digest.c - one hash a view table, so that two views can be compared. */
#include "core/err.h"
#include "core/mem.h"
#include "keys/hash.h"
#include "sync/ledger_impl.h"

#include <stdlib.h>

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

static int digest_table(struct ledger *l, struct running *d,
    const char *table)
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
