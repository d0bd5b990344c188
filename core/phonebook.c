/*
 * phonebook.c - the owners of a number.
 */
#include "core/phonebook.h"

#include "core/store.h"
#include "core/text.h"

#include <string.h>

#define COUNTRY "86"
#define MOBILE_DIGITS 11

void phonebook_digits(char out[PHONE_DIGITS], const char *typed)
{
	char all[PHONE_DIGITS];
	const char *from = all;
	size_t n = 0, left = strlen(typed);
	uint32_t c;

	for (size_t len; left > 0; typed += len, left -= len) {
		len = utf8_decode(&c, typed, left);
		if (len == 0)
			break;
		c = text_halfwidth(c);
		if (c >= '0' && c <= '9' && n + 1 < PHONE_DIGITS)
			all[n++] = (char)c;
	}
	all[n] = '\0';
	if (n > 4 && memcmp(from, "00" COUNTRY, 4) == 0)
		from += 2;
	if (strlen(from) == MOBILE_DIGITS + 2 && memcmp(from, COUNTRY, 2) == 0)
		from += 2;
	text_copy(out, PHONE_DIGITS, from);
}

static int read_owners(struct phone_owner *out, int max, struct stmt *s)
{
	int n = 0, rc;

	while ((rc = stmt_step(s)) == 1 && n < max) {
		struct phone_owner *p = &out[n];
		if (!stmt_id(&p->patient, s, 0))
			continue;
		text_copy(p->name, sizeof(p->name), stmt_text(s, 1));
		text_copy(p->name_en, sizeof(p->name_en), stmt_text(s, 2));
		text_copy(p->relation, sizeof(p->relation), stmt_text(s, 3));
		text_copy(p->member, sizeof(p->member), stmt_text(s, 4));
		text_copy(p->number, sizeof(p->number), stmt_text(s, 5));
		n++;
	}
	stmt_reset(s);
	return rc < 0 ? rc : n;
}

static struct stmt *asked(struct store *store, enum query_id id,
    const char *number, const struct id *except)
{
	static const struct id nobody;
	struct stmt *s = store_query(store, id);

	stmt_bind_text(s, ":number", number);
	stmt_bind_id(s, ":except", except ? except : &nobody);
	return s;
}

int phonebook_find(struct phone_owner *out, int max, struct store *store,
    const char *number, const struct id *except)
{
	char digits[PHONE_DIGITS];
	struct stmt *s;
	int n;

	phonebook_digits(digits, number);
	if (strlen(digits) < PHONE_TAIL_MIN)
		return 0;
	s = asked(store, Q_PHONE_EXACT, digits, except);
	stmt_bind_int(s, ":max", max);
	n = read_owners(out, max, s);
	if (n != 0)
		return n;
	s = asked(store, Q_PHONE_TAIL, digits, except);
	stmt_bind_int(s, ":max", max);
	return read_owners(out, max, s);
}
