/* directory.c - who is in the team's care, by the number that calls. */
#include "sync/directory.h"

#include "core/err.h"
#include "core/kind.h"
#include "keys/hash.h"
#include "keys/secret.h"
#include "sync/ledger_impl.h"
#include "sync/wire_bulk.h"

#include <stdio.h>
#include <string.h>

#define FRESH_S 600
#define DIGITS 24
#define DIGEST "directory.digest"
#define KEY "directory.key"

void directory_fini(struct directory *d)
{
	secret_wipe(d->key, sizeof(d->key));
	buf_fini(&d->rows);
	d->is_made = false;
}

/* "+86 138-0000 0000" and "13800000000" are one number. */
static void digits_of(char out[DIGITS], const char *number)
{
	const char *p = number;
	size_t n = 0;

	if (strncmp(p, "+86", 3) == 0)
		p += 3;
	else if (strncmp(p, "0086", 4) == 0)
		p += 4;
	for (; *p && n + 1 < DIGITS; p++)
		if (*p >= '0' && *p <= '9')
			out[n++] = *p;
	out[n] = '\0';
}

static void hash_number(
    struct id *out, const uint8_t key[DIRECTORY_KEY], const char *number)
{
	char digits[DIGITS];

	digits_of(digits, number);
	hash_prefixed_id(out, PREFIX_PHONE,
	    (const struct part[]){
		{key, DIRECTORY_KEY}, {digits, strlen(digits)}},
	    2);
}

/* ---- the centre --------------------------------------------------------- */

static size_t char_len(const char *s)
{
	size_t n = 1;

	while (((uint8_t)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* First and last character of a name; of two only the first. */
static void mask(char out[DIRECTORY_NAME], const char *name)
{
	size_t first = *name ? char_len(name) : 0, at = first, chars = 1;
	const char *last = "";

	for (; name[at]; at += char_len(name + at), chars++)
		last = name + at;
	snprintf(out, DIRECTORY_NAME, "%.*s*%s", (int)first, name,
	    chars > 2 ? last : "");
}

static void key_name(char out[60], const struct id *team)
{
	char hex[ID_HEX];

	id_hex(hex, team);
	snprintf(out, 60, KEY "/%s", hex);
}

static int load_key(struct ledger *l, struct directory *d)
{
	char name[60];
	int r;

	key_name(name, &d->team);
	r = store_meta_get(l->cfg.store, name, d->key, sizeof(d->key));
	if (r != ERR_NOT_FOUND)
		return r;
	env_random(l->cfg.env, d->key, sizeof(d->key));
	return store_meta_set(l->cfg.store, name, d->key, sizeof(d->key));
}

/* One row a patient; numbers of one patient follow each other. */
struct person {
	struct id stream;
	char name[DIRECTORY_NAME];
	uint8_t phones[WIRE_PHONES_MAX * WIRE_PHONE];
	size_t count;
};

static void put(struct directory *d, const struct person *p)
{
	const struct wire_person row = {
	    p->stream, p->name, strlen(p->name), p->phones, p->count};

	if (p->count == 0)
		return;
	wire_put_person(&d->rows, &row);
	d->count++;
}

static int make(struct ledger *l, struct directory *d)
{
	struct stmt *s = store_query(l->cfg.store, Q_DIRECTORY_ROWS);
	struct person p = {.count = 0};
	struct id stream, phone;
	int r;

	buf_clear(&d->rows);
	d->count = 0;
	stmt_bind_id(s, ":team", &d->team);
	while ((r = stmt_step(s)) == 1) {
		stmt_id(&stream, s, 0);
		if (id_cmp(&stream, &p.stream) != 0) {
			put(d, &p);
			p = (struct person){.stream = stream};
			mask(p.name, stmt_text(s, 1));
		}
		if (p.count == WIRE_PHONES_MAX)
			continue;
		hash_number(&phone, d->key, stmt_text(s, 2));
		memcpy(p.phones + p.count++ * WIRE_PHONE, phone.b, WIRE_PHONE);
	}
	put(d, &p);
	hash_prefixed(&d->digest, PREFIX_DIRECTORY,
	    (const struct part[]){
		{d->key, sizeof(d->key)}, {d->rows.data, d->rows.len}},
	    2);
	return r;
}

int directory_of(
    const struct directory **out, struct ledger *l, const struct id *team)
{
	struct directory *d = &l->directory;
	int64_t now = env_now_s(l->cfg.env);
	int r;

	*out = d;
	if (d->is_made && id_cmp(&d->team, team) == 0 && now >= d->at_s &&
	    now - d->at_s < FRESH_S)
		return 0;
	d->is_made = false;
	d->team = *team;
	d->at_s = now;
	if ((r = load_key(l, d)) == 0)
		r = make(l, d);
	d->is_made = r == 0;
	return r;
}

/* ---- a terminal --------------------------------------------------------- */

int directory_is(struct ledger *l, const struct hash *digest)
{
	struct hash here;
	int r = store_meta_get(l->cfg.store, DIGEST, here.b, sizeof(here.b));

	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	return hash_cmp(&here, digest) == 0;
}

static int keep(struct ledger *l, const struct wire_person *p)
{
	struct stmt *s;
	struct id phone;
	char name[DIRECTORY_NAME];
	int r = 0;

	snprintf(name, sizeof(name), "%.*s", (int)p->name_len, p->name);
	for (size_t i = 0; r == 0 && i < p->phones_count; i++) {
		memcpy(phone.b, p->phones + i * WIRE_PHONE, WIRE_PHONE);
		s = store_query(l->cfg.store, Q_DIRECTORY_PUT);
		stmt_bind_id(s, ":phone", &phone);
		stmt_bind_id(s, ":stream", &p->stream);
		stmt_bind_text(s, ":name", name);
		r = stmt_run(s);
	}
	return r;
}

int directory_take(
    struct ledger *l, const struct msg_directory *m, const struct hash *digest)
{
	struct reader rows = reader_of(m->rows, m->rows_len);
	struct wire_person p;
	int r = 0;

	if (m->is_first)
		r = stmt_run(store_query(l->cfg.store, Q_DIRECTORY_CLEAR));
	if (r == 0)
		r = store_meta_set(l->cfg.store, KEY, m->key, sizeof(m->key));
	while (r == 0 && wire_next_person(&p, &rows))
		r = keep(l, &p);
	return r < 0 || !m->is_last ? r
				    : store_meta_set(l->cfg.store, DIGEST,
					  digest->b, sizeof(digest->b));
}

int directory_find(struct directory_entry *out, int max, struct store *store,
    const char *number)
{
	struct stmt *s = store_query(store, Q_DIRECTORY_FIND);
	uint8_t key[DIRECTORY_KEY];
	struct id phone;
	int n = 0, r = store_meta_get(store, KEY, key, sizeof(key));

	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	hash_number(&phone, key, number);
	secret_wipe(key, sizeof(key));
	stmt_bind_id(s, ":phone", &phone);
	while (n < max && (r = stmt_step(s)) == 1) {
		stmt_id(&out[n].patient, s, 0);
		snprintf(out[n++].name, DIRECTORY_NAME, "%s", stmt_text(s, 1));
	}
	stmt_reset(s);
	return r < 0 ? r : n;
}

void directory_take_call(struct draft *out, const struct id *patient)
{
	json_t *body = json_object();

	json_put_str(body, "reason", "incoming call");
	draft_add(out, KIND_GLASS_BROKEN, patient, body);
}
