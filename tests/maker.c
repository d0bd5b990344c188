/* maker.c - chains of records for tests. */
#include "tests/maker.h"

#include "core/env.h"
#include "core/mem.h"
#include "keys/hash.h"
#include "keys/seal.h"
#include "keys/secret.h"

struct maker *maker_new(uint64_t seed)
{
	static const struct id org = {{0xab, 0xcd, 0xef}};
	struct maker *m = mem_new(sizeof(*m));

	assert_int_equal(commit_init(), 0);
	test_env_init(&m->world, seed);
	m->identity = identity_new(&org, &m->world.env);
	return m;
}

void maker_free(struct maker **m)
{
	for (size_t i = 0; i < RECORD_ENTRIES_MAX; i++)
		buf_fini(&(*m)->boxes[i]);
	buf_fini(&(*m)->commit);
	identity_free(&(*m)->identity);
	free(*m);
	*m = NULL;
}

static void make_box(struct maker *m, uint32_t i)
{
	struct record_entry *e = &m->record.entries[i];
	struct secret *key = secret_random(SECRET_KEY, &m->world.env);
	struct buf ad = {0}, body = {0};

	buf_printf(&body, "{\"n\":%u,\"note\":\"解晓\"}", (unsigned)i);
	buf_clear(&m->boxes[i]);
	if (e->mode == MODE_CLEAR) {
		buf_add(&m->boxes[i], body.data, body.len);
	} else {
		seal_kid(&e->kid, &e->stream, key);
		commit_box_ad(&ad, &m->record, i);
		assert_int_equal(
		    seal_box(&m->boxes[i], key, &ad, &body, &m->world.env), 0);
	}
	e->len = (uint32_t)m->boxes[i].len;
	hash_blake2b256(&e->box, m->boxes[i].data, m->boxes[i].len);
	secret_free(&key);
	buf_fini(&ad);
	buf_fini(&body);
}

void maker_finish(struct maker *m)
{
	assert_int_equal(commit_sign(&m->record, m->identity), 0);
	buf_clear(&m->commit);
	commit_write(&m->commit, &m->record, m->identity->sign_pk);
	commit_name_of(&m->head.name, m->commit.data, m->commit.len);
	m->head.seq = m->record.seq;
}

void maker_next(struct maker *m, uint32_t n)
{
	static const char *const kinds[] = {"count.day", "contact.recorded"};
	struct record *r = &m->record;

	memset(r, 0, sizeof(*r));
	r->org = m->identity->org;
	r->seat = m->identity->seat;
	r->at_s = m->world.now_s++;
	r->count = n;
	chain_continue(r, &m->head);
	r->lamport = r->seq + 40;
	if (r->seq > 2) {
		r->seen.incarnation = UINT64_C(0x1122334455667788);
		r->seen.size = r->seq * 3;
		env_random(&m->world.env, &r->seen.root, 32);
	}
	for (uint32_t i = 0; i < n; i++) {
		struct record_entry *e = &r->entries[i];
		snprintf(e->kind, sizeof(e->kind), "%s", kinds[i % 2]);
		e->version = 1 + i % 3;
		e->mode = i % 2 ? MODE_STREAM : MODE_CLEAR;
		env_random(&m->world.env, &e->stream, sizeof(e->stream));
	}
	for (uint32_t i = 0; i < n; i++)
		make_box(m, i);
	maker_finish(m);
}
