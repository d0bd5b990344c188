/*
 * statement.c - one table says which fields each kind of statement has, in
 * the order of its lines; writing and reading walk it. Reading accepts what
 * writing would have given and nothing else: it writes what it understood
 * and compares.
 */
#include "keys/statement.h"

#include "core/err.h"
#include "core/id.h"
#include "core/text.h"
#include "keys/hash.h"
#include "keys/secret.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_LINE "sf-statement 1\n"

enum field_type {
	FIELD_HEX,
	FIELD_INT,
	FIELD_TEXT
};

struct field {
	const char *key;
	enum field_type type;
	unsigned kinds; /* bits of enum statement_what */
	size_t offset, size;
};

#define GENESIS (1u << STATEMENT_GENESIS)
#define NODE (1u << STATEMENT_NODE)
#define OPERATOR (1u << STATEMENT_OPERATOR)
#define ROLLED (1u << STATEMENT_ROLLOVER)
#define ANEW (1u << STATEMENT_INCARNATION)
#define ALL ((1u << STATEMENT_WHATS) - 1)
#define AT(member)                                                             \
	offsetof(struct statement, member),                                    \
	    sizeof(((struct statement *)0)->member)

static const struct field fields[] = {
    {"org", FIELD_HEX, ALL, AT(org)},
    {"incarnation", FIELD_INT, NODE | ANEW, AT(incarnation)},
    {"old-incarnation", FIELD_INT, ANEW, AT(old)},
    {"root-key", FIELD_HEX, GENESIS | ROLLED, AT(root_pk)},
    {"member", FIELD_TEXT, OPERATOR, AT(member)},
    {"name", FIELD_TEXT, OPERATOR, AT(name)},
    {"terminal", FIELD_TEXT, OPERATOR, AT(terminal)},
    {"seat", FIELD_HEX, NODE | OPERATOR, AT(seat)},
    {"sign-key", FIELD_HEX, NODE | OPERATOR, AT(sign_pk)},
    {"dh-key", FIELD_HEX, NODE | OPERATOR, AT(dh_pk)},
    {"check-key", FIELD_HEX, NODE, AT(check_pk)},
    {"seal-key", FIELD_HEX, NODE, AT(seal_pk)},
    {"size", FIELD_INT, ANEW, AT(size)},
    {"order-root", FIELD_HEX, ANEW, AT(root)},
    {"from", FIELD_INT, ALL, AT(from_s)},
    {"until", FIELD_INT, NODE | OPERATOR, AT(until_s)},
    {"countersign", FIELD_HEX, ROLLED, AT(countersign)},
};

static const char *const names[STATEMENT_WHATS] = {
    "genesis", "node", "operator", "rollover", "incarnation"};

const char *statement_name(enum statement_what what)
{
	return names[what];
}

static bool has_field(enum statement_what what, const struct field *f)
{
	return (f->kinds >> what) & 1;
}

static void write_field(
    struct buf *out, const struct statement *s, const struct field *f)
{
	const uint8_t *at = (const uint8_t *)s + f->offset;
	uint64_t v;

	buf_str(out, f->key);
	buf_u8(out, ' ');
	switch (f->type) {
	case FIELD_HEX:
		buf_hex(out, at, f->size);
		break;
	case FIELD_INT:
		memcpy(&v, at, sizeof(v));
		assert(v <= (uint64_t)INT53_MAX);
		buf_printf(out, "%" PRIu64, v);
		break;
	case FIELD_TEXT:
		buf_str(out, (const char *)at);
		break;
	}
	buf_u8(out, '\n');
}

void statement_write(struct buf *out, const struct statement *s)
{
	buf_str(out, FIRST_LINE);
	buf_printf(out, "what %s\n", names[s->what]);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (has_field(s->what, &fields[i]))
			write_field(out, s, &fields[i]);
}

/* ---- reading ------------------------------------------------------------ */

/* The value of the next line, which must have this key; NULL when not. */
static const char *take_line(
    struct reader *r, const char *key, char *line, size_t size)
{
	const char *at = (const char *)r->p;
	const char *lf = memchr(at, '\n', reader_left(r));
	size_t key_len = strlen(key);
	size_t n = lf ? (size_t)(lf - at) : 0;

	if (!lf || n <= key_len + 1 || n - key_len > size ||
	    memcmp(at, key, key_len) != 0 || at[key_len] != ' ')
		return NULL;
	n -= key_len + 1;
	memcpy(line, at + key_len + 1, n);
	line[n] = '\0';
	r->p = (const uint8_t *)lf + 1;
	return strlen(line) == n ? line : NULL;
}

static bool is_plain(const char *s)
{
	size_t n = strlen(s);
	uint32_t c;

	for (size_t i = 0; i < n;) {
		size_t len = utf8_decode(&c, s + i, n - i);
		if (len == 0 || text_is_control(c))
			return false;
		i += len;
	}
	return n > 0;
}

static bool read_value(void *at, const struct field *f, const char *value)
{
	uint64_t v;

	switch (f->type) {
	case FIELD_HEX:
		return strlen(value) == 2 * f->size &&
		       hex_decode(at, f->size, value);
	case FIELD_INT:
		v = strtoull(value, NULL, 10);
		memcpy(at, &v, sizeof(v));
		return v <= (uint64_t)INT53_MAX;
	case FIELD_TEXT:
		if (strlen(value) >= f->size || !is_plain(value))
			return false;
		text_copy(at, f->size, value);
		return true;
	}
	return false;
}

static bool read_what(struct statement *out, const char *name)
{
	for (int i = 0; name && i < STATEMENT_WHATS; i++)
		if (strcmp(name, names[i]) == 0) {
			out->what = (enum statement_what)i;
			return true;
		}
	return false;
}

static bool read_fields(struct statement *out, struct reader *r)
{
	char line[2 * SIGNATURE + 1];

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const struct field *f = &fields[i];
		if (!has_field(out->what, f))
			continue;
		const char *v = take_line(r, f->key, line, sizeof(line));
		if (!v || !read_value((uint8_t *)out + f->offset, f, v))
			return false;
	}
	return reader_is_done(r);
}

static bool is_seat_right(const struct statement *s)
{
	struct id seat;

	if (s->what != STATEMENT_NODE && s->what != STATEMENT_OPERATOR)
		return true;
	identity_seat(&seat, &s->org, s->sign_pk, s->dh_pk);
	return id_cmp(&seat, &s->seat) == 0;
}

int statement_read(struct statement *out, const char *text, size_t n)
{
	struct statement s = {0};
	struct reader r = reader_of(text, n);
	const uint8_t *first = reader_bytes(&r, strlen(FIRST_LINE));
	struct buf again = {0};
	char line[32];
	bool ok = n <= STATEMENT_TEXT_MAX && first &&
		  memcmp(first, FIRST_LINE, strlen(FIRST_LINE)) == 0 &&
		  read_what(&s, take_line(&r, "what", line, sizeof(line))) &&
		  read_fields(&s, &r);

	if (ok) {
		statement_write(&again, &s);
		ok = again.len == n && memcmp(again.data, text, n) == 0;
		buf_fini(&again);
	}
	if (!ok)
		return err_set(ERR_FORMAT, "not a statement");
	if (!is_seat_right(&s))
		return err_set(ERR_FORMAT, "keys of another seat");
	*out = s;
	return 0;
}

/* ---- signing ------------------------------------------------------------ */

static void add_prefix(struct buf *out, enum prefix prefix)
{
	size_t n;
	const char *bytes = prefix_bytes(&n, prefix);

	buf_add(out, bytes, n);
}

void statement_sign(uint8_t signature[SIGNATURE], const struct buf *text,
    const struct secret *root)
{
	struct buf b = {0};

	add_prefix(&b, PREFIX_STATEMENT);
	buf_add(&b, text->data, text->len);
	sign_detached(signature, root, b.data, b.len);
	buf_fini(&b);
}

int statement_verify(struct statement *out,
    const struct statement_source *source, const struct id *org,
    const uint8_t root_pk[SIGN_PUBLIC])
{
	struct statement s;
	uint8_t signature[SIGNATURE];
	struct buf b = {0};
	bool ok;
	int r = statement_read(&s, source->text, strlen(source->text));

	if (r < 0)
		return r;
	if (source->what && strcmp(source->what, names[s.what]) != 0)
		return err_set(ERR_FORMAT, "a statement of another kind");
	if (id_cmp(&s.org, org) != 0)
		return err_set(ERR_ORGANISATION, "statement of another org");
	add_prefix(&b, PREFIX_STATEMENT);
	buf_str(&b, source->text);
	ok = strlen(source->signature) == 2 * (size_t)SIGNATURE &&
	     hex_decode(signature, SIGNATURE, source->signature) &&
	     sign_is_valid(signature, root_pk, b.data, b.len);
	buf_fini(&b);
	if (!ok)
		return err_set(ERR_SIGNATURE, "statement %s", names[s.what]);
	*out = s;
	return 0;
}

static void rollover_bytes(struct buf *out, const struct statement *s,
    const uint8_t old_pk[SIGN_PUBLIC])
{
	add_prefix(out, PREFIX_ROLLOVER);
	buf_add(out, &s->org, sizeof(s->org));
	buf_add(out, old_pk, SIGN_PUBLIC);
	buf_add(out, s->root_pk, SIGN_PUBLIC);
}

void statement_countersign(struct statement *rollover,
    const uint8_t old_pk[SIGN_PUBLIC], const struct secret *new_root)
{
	struct buf b = {0};

	rollover_bytes(&b, rollover, old_pk);
	sign_detached(rollover->countersign, new_root, b.data, b.len);
	buf_fini(&b);
}

int statement_rollover_check(
    const struct statement *rollover, const uint8_t old_pk[SIGN_PUBLIC])
{
	struct buf b = {0};
	bool ok;

	rollover_bytes(&b, rollover, old_pk);
	ok = sign_is_valid(
	    rollover->countersign, rollover->root_pk, b.data, b.len);
	buf_fini(&b);
	return ok ? 0 : err_set(ERR_SIGNATURE, "the new root did not sign");
}
