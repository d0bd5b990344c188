/* import_known.c - comparing imported people with the view. */
#include "sync/import_known.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/store.h"
#include "sync/import_body.h"

#include <string.h>

#define PHONES_MAX 8
#define IDENTIFIERS_MAX 16

/* One row or none of a query that is bound: 1, 0 or an error. */
static int has_row(bool *out, struct stmt *q)
{
	int r = stmt_has_row(q);

	if (r >= 0)
		*out = r == 1;
	return r < 0 ? r : 0;
}

/* Texts are stored cut, so they are looked up cut. */
static void bind_cut(
    struct stmt *q, const char *name, const char *s, size_t chars)
{
	json_t *o = json_object();

	import_put_text(o, "s", s, chars);
	stmt_bind_text(q, name, json_str(o, "s", ""));
	json_decref(o);
}

int import_known_find(struct id *out, bool *found, struct store *store,
    const struct import_patient *p)
{
	struct id one;
	int r = 0;

	*found = false;
	for (size_t i = 0; i < p->id_count && r >= 0; i++) {
		struct stmt *q = store_query(store, Q_IMPORT_FIND);
		bind_cut(q, ":system", p->ids[i].system, IMPORT_SYSTEM_CHARS);
		bind_cut(q, ":value", p->ids[i].value, 64);
		while ((r = stmt_step(q)) == 1 && stmt_id(&one, q, 0)) {
			if (*found && id_cmp(out, &one) != 0) {
				r = err_set(
				    ERR_STALE, "identifiers of two patients");
				break;
			}
			*out = one;
			*found = true;
		}
		stmt_reset(q);
	}
	return r < 0 ? r : 0;
}

static char sex_letter(const char *word)
{
	return strcmp(word, "male") == 0     ? 'M'
	       : strcmp(word, "female") == 0 ? 'F'
	       : strcmp(word, "other") == 0  ? 'O'
					     : '\0';
}

int import_known_details(struct import_details *out, struct store *store,
    const struct id *stream, const struct import_patient *p)
{
	struct stmt *q = store_query(store, Q_IMPORT_DETAILS);
	int r;

	*out = (struct import_details){0};
	stmt_bind_id(q, ":stream", stream);
	r = stmt_step(q);
	if (r == 1) {
		out->sex = sex_letter(stmt_text(q, 1));
		out->has_birth = !stmt_is_null(q, 2);
		out->birth_day = stmt_int(q, 2);
		out->is_deceased = !stmt_is_null(q, 3);
		out->differs =
		    !p->is_reference &&
		    (strcmp(stmt_text(q, 0), p->name) != 0 ||
			(*p->sex && *p->sex != out->sex) ||
			(p->has_birth && out->birth_day != p->birth_day));
	}
	stmt_reset(q);
	return r < 0 ? r : 0;
}

static void bind_day(struct stmt *q, const struct import_item *item)
{
	if (item->has_time)
		stmt_bind_int(q, ":at", item->day);
	else
		stmt_bind_null(q, ":at");
}

int import_known_item(bool *out, struct store *store, const struct id *stream,
    const struct import_item *item)
{
	static const enum query_id queries[] = {
	    [IMPORT_CONDITION] = Q_IMPORT_HAS_CONDITION,
	    [IMPORT_PROCEDURE] = Q_IMPORT_HAS_PROCEDURE,
	    [IMPORT_OBSERVATION] = Q_IMPORT_HAS_OBSERVATION,
	    [IMPORT_ENCOUNTER] = Q_IMPORT_HAS_VISIT,
	    [IMPORT_MEDICATION] = Q_IMPORT_HAS_MEDICATION,
	};
	struct stmt *q = store_query(store, queries[item->kind]);
	struct import_code code = import_code_of(item);
	const char *filed = *code.code ? code.code : item->text;
	char key[IMPORT_VISIT_KEY];

	stmt_bind_id(q, ":stream", stream);
	switch (item->kind) {
	case IMPORT_CONDITION:
		bind_cut(q, ":system", code.system, IMPORT_SYSTEM_CHARS);
		bind_cut(q, ":code", filed, IMPORT_CODE_CHARS);
		break;
	case IMPORT_PROCEDURE:
		bind_cut(q, ":code", filed, IMPORT_CODE_CHARS);
		bind_day(q, item);
		break;
	case IMPORT_OBSERVATION:
		bind_cut(q, ":code", *code.code ? code.code : "note",
		    IMPORT_CODE_CHARS);
		stmt_bind_int(q, ":at", item->at_s);
		stmt_bind_int(q, ":value", item->value);
		break;
	case IMPORT_ENCOUNTER:
		import_visit_key(key, item);
		stmt_bind_text(q, ":key", key);
		break;
	case IMPORT_MEDICATION:
		bind_cut(q, ":text", item->text, IMPORT_TEXT_CHARS);
		bind_day(q, item);
		break;
	}
	return has_row(out, q);
}

static int add_facts(struct facts *out, struct stmt *q, const struct id *stream,
    const char *code)
{
	int r;

	stmt_bind_id(q, ":stream", stream);
	while ((r = stmt_step(q)) == 1)
		facts_add_coded(
		    out, code, stmt_text(q, 0), stmt_int(q, 1) * DAY_S);
	return r;
}

int import_known_facts(
    struct facts *out, struct store *store, const struct id *stream)
{
	int r = add_facts(
	    out, store_query(store, Q_IMPORT_CONDITIONS), stream, "condition");

	if (r == 0)
		r = add_facts(out, store_query(store, Q_IMPORT_PROCEDURES),
		    stream, "procedure");
	return r;
}

int import_known_pathways(
    json_t **out, struct store *store, const struct id *stream)
{
	struct stmt *q = store_query(store, Q_IMPORT_ENROLMENTS);
	json_t *names = json_array();
	int r;

	stmt_bind_id(q, ":stream", stream);
	while ((r = stmt_step(q)) == 1)
		if (stmt_is_null(q, 1))
			json_array_append_new(
			    names, json_string(stmt_text(q, 0)));
	if (r < 0)
		json_decref(names);
	else
		*out = names;
	return r;
}

int import_known_pathway(bool *was, struct store *store,
    const struct id *stream, const char *pathway)
{
	struct stmt *q = store_query(store, Q_IMPORT_ENROLMENTS);
	int r;

	*was = false;
	stmt_bind_id(q, ":stream", stream);
	while ((r = stmt_step(q)) == 1)
		*was |= strcmp(stmt_text(q, 0), pathway) == 0;
	return r;
}

static json_t *phone_row(const struct stmt *q)
{
	json_t *o = json_object();

	json_put_str(o, "number", stmt_text(q, 0));
	json_put_str(o, "relation", stmt_text(q, 1));
	if (*stmt_text(q, 2))
		json_put_str(o, "name", stmt_text(q, 2));
	json_put_flag(o, "consent", stmt_int(q, 3) != 0);
	if (stmt_int(q, 4))
		json_put_flag(o, "retired", true);
	return o;
}

/* Is there an element whose two members are those of this one? */
static bool has_element(
    const json_t *list, const json_t *one, const char *const members[2])
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *o = json_array_get(list, i);
		if (strcmp(json_str(o, members[0], ""),
			json_str(one, members[0], "")) == 0 &&
		    strcmp(json_str(o, members[1], ""),
			json_str(one, members[1], "")) == 0)
			return true;
	}
	return false;
}

/* Takes one; false when it is there or there is no room. */
static bool add_new(
    json_t *list, json_t *one, const char *const members[2], size_t most)
{
	bool is_new =
	    json_array_size(list) < most && !has_element(list, one, members);

	if (is_new)
		json_array_append(list, one);
	json_decref(one);
	return is_new;
}

static int give_list(json_t **out, json_t *list, int r)
{
	if (r < 0)
		json_decref(list);
	else
		*out = list;
	return r;
}

int import_known_phones(json_t **out, bool *grew, struct store *store,
    const struct id *stream, const struct import_patient *p)
{
	static const char *const members[2] = {"number", "relation"};
	struct stmt *q = store_query(store, Q_IMPORT_PHONES);
	json_t *list = json_array();
	int r;

	stmt_bind_id(q, ":stream", stream);
	while ((r = stmt_step(q)) == 1)
		json_array_append_new(list, phone_row(q));
	*grew = false;
	for (size_t i = 0; i < p->phone_count; i++)
		if (add_new(list, import_body_phone(&p->phones[i]), members,
			PHONES_MAX))
			*grew = true;
	return give_list(out, list, r);
}

int import_known_identifiers(json_t **out, bool *grew, struct store *store,
    const struct id *stream, const struct import_patient *p)
{
	static const char *const members[2] = {"system", "value"};
	struct stmt *q = store_query(store, Q_IMPORT_IDENTIFIERS);
	json_t *list = json_array();
	int r;

	stmt_bind_id(q, ":stream", stream);
	while ((r = stmt_step(q)) == 1) {
		json_t *o = json_object();
		json_put_str(o, "system", stmt_text(q, 0));
		json_put_str(o, "value", stmt_text(q, 1));
		json_array_append_new(list, o);
	}
	*grew = false;
	for (size_t i = 0; i < p->id_count; i++)
		if (add_new(list, import_body_identifier(&p->ids[i]), members,
			IDENTIFIERS_MAX))
			*grew = true;
	return give_list(out, list, r);
}

int import_known_member(bool *has, struct store *store, const struct id *stream)
{
	struct stmt *q = store_query(store, Q_IMPORT_ASSIGNED);

	stmt_bind_id(q, ":patient", stream);
	return has_row(has, q);
}
