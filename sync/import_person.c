/*
 * import_person.c - one FHIR R4 Patient resource as a person: which of the
 * identifiers is the key, which name is the name, which numbers can be
 * called.
 */
#include "sync/import_rows.h"

#include "core/buf.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/json.h"
#include "core/text.h"
#include "core/tr.h"

#include <string.h>

#define NAME_MAX_BYTES 96
#define TEXT_MAX_BYTES 240
#define PHONE_MIN 5
#define PHONE_MAX 20

static bool is_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* Type code of an identifier, such as MR (record) or NI (resident). */
static const char *type_of(const json_t *id)
{
	const json_t *type = json_object_get(id, "type");
	const json_t *coding = json_array_get(json_list(type, "coding"), 0);

	return json_str(coding, "code", "");
}

/* How well an identifier names one person for ever; 0 for not at all. */
static int strength_of(const json_t *id)
{
	const char *type = type_of(id);

	if (!*json_str(id, "value", "") ||
	    is_equal(json_str(id, "use", ""), "old"))
		return 0;
	if (is_equal(type, "MR"))
		return 4;
	if (is_equal(type, "NI") || is_equal(type, "NNCHN"))
		return 3;
	return *json_str(id, "system", "") ? 2 : 1;
}

/* "system|value" of the strongest identifier; false when there is none. */
static bool key_of(struct buf *out, const json_t *resource)
{
	const json_t *ids = json_list(resource, "identifier");
	const json_t *best = NULL;
	int strength = 0;

	for (size_t i = 0; i < json_array_size(ids); i++) {
		const json_t *id = json_array_get(ids, i);
		if (strength_of(id) > strength) {
			strength = strength_of(id);
			best = id;
		}
	}
	if (best)
		buf_printf(out, "%s|%s", json_str(best, "system", ""),
		    json_str(best, "value", ""));
	return best != NULL;
}

/* Somebody of this batch who carries the same record or resident number. */
static const struct import_patient *same_person(
    const struct import_batch *b, const json_t *resource)
{
	const json_t *ids = json_list(resource, "identifier");
	const struct import_patient *p = NULL;

	for (size_t i = 0; !p && i < json_array_size(ids); i++) {
		const json_t *id = json_array_get(ids, i);
		struct buf name = {0};
		if (strength_of(id) >= 3) {
			buf_printf(&name, "%s|%s", json_str(id, "system", ""),
			    json_str(id, "value", ""));
			p = import_known_person(b, buf_text(&name));
		}
		buf_fini(&name);
	}
	return p;
}

static void add_identifiers(
    struct import_batch *b, struct import_patient *p, const json_t *resource)
{
	const json_t *ids = json_list(resource, "identifier");

	for (size_t i = 0; i < json_array_size(ids); i++) {
		const json_t *id = json_array_get(ids, i);
		const struct import_identifier row = {
		    .system = import_clean(b, json_str(id, "system", ""), 200),
		    .value = import_clean(b, json_str(id, "value", ""), 64),
		    .type = import_clean(b, type_of(id), 16),
		};
		if (*row.value)
			import_add_identifier(b, p, &row);
	}
}

/* What a reference may call this person: the full URL, "Patient/<id>", and
 * both of them within the file and the folder. */
static void add_names(struct import_batch *b, const struct import_place *at,
    const char *key, const char *const names[2])
{
	struct buf name = {0};

	for (size_t i = 0; i < 2; i++) {
		if (!*names[i])
			continue;
		import_name_person(b, names[i], key);
		for (int depth = 0; depth < 2; depth++) {
			import_scope(&name, at->file, depth, names[i]);
			import_name_person(b, buf_text(&name), key);
		}
	}
	buf_fini(&name);
}

/* ISO 21090: SYL and ABC are spellings, IDE the ideographs. */
static const char *representation_of(const json_t *name)
{
	const json_t *list = json_list(name, "extension");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *e = json_array_get(list, i);
		if (text_has(json_str(e, "url", ""), "EN-representation"))
			return json_str(e, "valueCode", "");
	}
	return "";
}

static bool is_han(const char *s)
{
	uint32_t c = 0;

	return utf8_decode(&c, s, strlen(s)) == 3 && c >= 0x2e80 && c < 0xa000;
}

/* As people say it: 欧阳建国, but Louis Maggio. */
static void say_name(struct buf *out, const json_t *name)
{
	const char *family = json_str(name, "family", "");
	const json_t *given = json_list(name, "given");
	const char *text = json_str(name, "text", "");

	if (*text) {
		buf_str(out, text);
		return;
	}
	if (is_han(family))
		buf_str(out, family);
	for (size_t i = 0; i < json_array_size(given); i++) {
		const json_t *part = json_array_get(given, i);
		if (json_is_string(part))
			buf_printf(out, "%s%s", json_string_value(part),
			    is_han(family) ? "" : " ");
	}
	if (!is_han(family))
		buf_str(out, family);
}

static int rank_of_name(const json_t *name)
{
	const char *use = json_str(name, "use", "");

	if (is_equal(use, "old") || is_equal(use, "maiden"))
		return 1;
	return is_equal(use, "official") ? 4 : is_equal(use, "usual") ? 3 : 2;
}

static void read_names(
    struct import_batch *b, struct import_patient *p, const json_t *resource)
{
	const json_t *names = json_list(resource, "name");
	int best = 0;

	for (size_t i = 0; i < json_array_size(names); i++) {
		const json_t *name = json_array_get(names, i);
		const char *form = representation_of(name);
		bool is_spelling =
		    is_equal(form, "SYL") || is_equal(form, "ABC");
		struct buf said = {0};

		say_name(&said, name);
		if (is_spelling) {
			p->spelled =
			    import_clean(b, buf_text(&said), NAME_MAX_BYTES);
		} else if (rank_of_name(name) > best && said.len) {
			best = rank_of_name(name);
			p->name =
			    import_clean(b, buf_text(&said), NAME_MAX_BYTES);
		}
		buf_fini(&said);
	}
}

/* Digits with an optional leading +; China's own +86 and 0086 dropped. */
static bool dial_form(struct buf *out, const char *s)
{
	size_t digits = 0;

	for (uint32_t c; *s; s++) {
		size_t len = utf8_decode(&c, s, strlen(s));
		c = text_halfwidth(c);
		if (c >= '0' && c <= '9') {
			buf_u8(out, (uint8_t)c);
			digits++;
		} else if (c == '+' && out->len == 0) {
			buf_u8(out, '+');
		} else if (!strchr(" -().", (int)(c < 128 ? c : '!'))) {
			return false;
		}
		s += len - 1;
	}
	if (strncmp(buf_text(out), "+86", 3) == 0)
		buf_consume(out, 3);
	else if (strncmp(buf_text(out), "0086", 4) == 0)
		buf_consume(out, 4);
	return digits >= PHONE_MIN && digits <= PHONE_MAX;
}

/* A number that cannot be dialled is told, and its owner is kept. */
static void add_phones(struct import_batch *b, const struct import_place *at,
    struct import_patient *p, const json_t *owner, const char *relation)
{
	const json_t *list = json_list(owner, "telecom");
	const json_t *name = json_object_get(owner, "name");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *t = json_array_get(list, i);
		const char *system = json_str(t, "system", "phone");
		struct buf number = {0}, said = {0};

		if ((!is_equal(system, "phone") && !is_equal(system, "sms")) ||
		    is_equal(json_str(t, "use", ""), "old"))
			continue;
		if (*relation && json_is_object(name))
			say_name(&said, name);
		if (dial_form(&number, json_str(t, "value", "")))
			import_add_phone(b, p,
			    &(struct import_phone){
				import_keep(b, buf_text(&number)), relation,
				import_clean(
				    b, buf_text(&said), NAME_MAX_BYTES)});
		else
			(void)import_refuse(b, at, "telecom",
			    N_("The telephone number cannot be dialled."), "");
		buf_fini(&number);
		buf_fini(&said);
	}
}

static const char *relation_of(struct import_batch *b, const json_t *contact)
{
	const json_t *relation =
	    json_array_get(json_list(contact, "relationship"), 0);
	const json_t *coding = json_array_get(json_list(relation, "coding"), 0);
	const char *text =
	    json_str(coding, "display", json_str(coding, "code", "contact"));

	text = import_clean(b, json_str(relation, "text", text), 48);
	return *text ? text : import_keep(b, "contact");
}

static void read_phones(struct import_batch *b, const struct import_place *at,
    struct import_patient *p, const json_t *resource)
{
	const json_t *contacts = json_list(resource, "contact");

	p->phone_count = 0;
	add_phones(b, at, p, resource, import_keep(b, ""));
	for (size_t i = 0; i < json_array_size(contacts); i++) {
		const json_t *c = json_array_get(contacts, i);
		add_phones(b, at, p, c, relation_of(b, c));
	}
}

/* 0, or the refusal of a date that is there and wrong. */
static int read_day(int64_t *out, struct import_batch *b,
    const struct import_place *at, const json_t *resource, const char *field)
{
	const char *text = json_str(resource, field, NULL);
	int64_t at_s;

	if (!text)
		return 0;
	if (!time_parse_fhir(&at_s, text, import_zone(b)))
		return import_refuse(
		    b, at, field, N_("The date is not in the calendar."), text);
	*out = day_of(at_s, import_zone(b));
	return 0;
}

/* Birth and death of a person still to be found. */
static int read_dates(struct import_patient *out, struct import_batch *b,
    const struct import_place *at, const json_t *resource)
{
	int r = read_day(&out->birth_day, b, at, resource, "birthDate");

	if (r == 0)
		r = read_day(
		    &out->deceased_day, b, at, resource, "deceasedDateTime");
	out->has_birth = json_str(resource, "birthDate", NULL) != NULL;
	out->is_deceased = json_flag(resource, "deceasedBoolean") ||
			   json_str(resource, "deceasedDateTime", NULL);
	return r;
}

static void read_rest(
    struct import_batch *b, struct import_patient *p, const json_t *resource)
{
	const char *gender = json_str(resource, "gender", "");
	const json_t *address =
	    json_array_get(json_list(resource, "address"), 0);
	const json_t *spoken = json_object_get(
	    json_array_get(json_list(resource, "communication"), 0),
	    "language");
	const json_t *coding = json_array_get(json_list(spoken, "coding"), 0);

	p->sex = import_keep(b, is_equal(gender, "male")     ? "M"
				: is_equal(gender, "female") ? "F"
				: is_equal(gender, "other")  ? "O"
							     : "");
	p->address = import_clean(b,
	    json_str(address, "text", json_str(address, "city", "")),
	    TEXT_MAX_BYTES);
	p->language = import_clean(
	    b, json_str(spoken, "text", json_str(coding, "code", "")), 32);
}

/* Refuses what could not be recognised again, or called by name. */
static int check_person(struct buf *key, struct import_batch *b,
    const struct import_place *at, const json_t *resource)
{
	struct buf name = {0};
	int r = 0;

	say_name(&name, json_array_get(json_list(resource, "name"), 0));
	if (!key_of(key, resource))
		r = import_refuse(b, at, "identifier",
		    N_("A patient without an identifier cannot be recognised "
		       "again."),
		    "");
	else if (name.len == 0)
		r = import_refuse(b, at, "name",
		    N_("A patient without a name cannot be called."), "");
	buf_fini(&name);
	return r;
}

static void fill_person(struct import_batch *b, const struct import_place *at,
    struct import_patient *p, const json_t *resource)
{
	add_identifiers(b, p, resource);
	read_names(b, p, resource);
	read_rest(b, p, resource);
	read_phones(b, at, p, resource);
}

int import_read_person(struct import_batch *b, const struct import_place *at,
    const json_t *resource, const char *url)
{
	const struct import_patient *known = same_person(b, resource);
	const char *id = json_str(resource, "id", "");
	struct import_patient *p, dates = {0};
	struct buf key = {0}, name = {0};
	int r = check_person(&key, b, at, resource);

	if (r == 0)
		r = read_dates(&dates, b, at, resource);
	if (r)
		goto out;
	p = import_person(
	    b, known ? known->key : import_clean(b, buf_text(&key), 300));
	p->birth_day = dates.birth_day;
	p->has_birth = dates.has_birth;
	p->deceased_day = dates.deceased_day;
	p->is_deceased |= dates.is_deceased;
	if (*id)
		buf_printf(&name, "Patient/%s", id);
	add_names(b, at, p->key, (const char *const[2]){url, buf_text(&name)});
	fill_person(b, at, p, resource);
out:
	buf_fini(&key);
	buf_fini(&name);
	return r;
}
