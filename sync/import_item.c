/*
 * import_item.c - the clinical resources of FHIR R4 as items: conditions,
 * procedures, observations, encounters, medication requests. Measurements
 * become scaled integers in one unit; a panel becomes one item a component.
 */
#include "sync/import_rows.h"

#include "core/buf.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/json.h"
#include "core/text.h"
#include "core/tr.h"
#include "core/unit.h"

#include <inttypes.h>
#include <string.h>

#define TEXT_MAX_BYTES 240
/* Decimals kept before a unit is converted; files carry up to thirteen. */
#define WORK_SCALE 6
/* Decimals kept of a measurement that has no canonical unit. */
#define LOOSE_SCALE 2

/* Everything one resource is read with. */
struct source {
	struct import_batch *b;
	const struct import_place *at;
	const json_t *resource;
	const char *url;
};

struct reader_row {
	const char *type;
	enum import_kind kind;
	const char *code;     /* member with the concept */
	const char *times[5]; /* members that may tell when, best first */
	const char *status;   /* member with the state */
};

static bool is_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static const struct reader_row readers[] = {
    {"Condition", IMPORT_CONDITION, "code",
	{"onsetDateTime", "onsetPeriod", "recordedDate"}, "clinicalStatus"},
    {"Procedure", IMPORT_PROCEDURE, "code",
	{"performedDateTime", "performedPeriod"}, "status"},
    {"Observation", IMPORT_OBSERVATION, "code",
	{"effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"},
	"status"},
    {"Encounter", IMPORT_ENCOUNTER, "type", {"period"}, "class"},
    {"MedicationRequest", IMPORT_MEDICATION, "medicationCodeableConcept",
	{"authoredOn"}, "status"},
};

static const struct reader_row *row_of(const char *type)
{
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (is_equal(readers[i].type, type))
			return &readers[i];
	return NULL;
}

static const char *short_system(const char *uri)
{
	static const char *const names[][2] = {
	    {"http://hl7.org/fhir/sid/icd-10", "icd10"},
	    {"http://hl7.org/fhir/sid/icd-10-cm", "icd10"},
	    {"http://hl7.org/fhir/sid/icd-10-cn", "icd10"},
	    {"http://hl7.org/fhir/sid/icd-9-cm", "icd9"},
	    {"http://snomed.info/sct", "snomed"},
	    {"http://loinc.org", "loinc"},
	    {"http://www.whocc.no/atc", "atc"},
	    {"http://www.nlm.nih.gov/research/umls/rxnorm", "rxnorm"},
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (is_equal(uri, names[i][0]))
			return names[i][1];
	return uri;
}

/* LOINC has one code for a mass and another for an amount of the same thing;
 * rules know one of the two, and the unit tells them apart. */
static const char *loinc_twin(const char *code)
{
	static const char *const twins[][2] = {
	    {"14771-0", "1558-6"},  /* fasting glucose */
	    {"15074-8", "2339-0"},  /* glucose in blood */
	    {"14749-6", "2345-7"},  /* glucose in serum */
	    {"14647-2", "2093-3"},  /* cholesterol */
	    {"22748-8", "18262-6"}, /* LDL cholesterol */
	    {"14646-4", "2085-9"},  /* HDL cholesterol */
	    {"14927-8", "2571-8"},  /* triglycerides */
	    {"59826-8", "38483-4"}, /* creatinine in blood */
	    {"14682-9", "2160-0"},  /* creatinine in serum */
	    {"14933-6", "3084-1"},  /* urate */
	};

	for (size_t i = 0; i < ARRAY_LEN(twins); i++)
		if (is_equal(code, twins[i][0]))
			return twins[i][1];
	return code;
}

static void read_concept(
    struct import_item *item, struct import_batch *b, const json_t *concept)
{
	const json_t *codings = json_list(concept, "coding");
	const char *text = json_str(concept, "text", "");

	item->code_count = 0;
	for (size_t i = 0; i < json_array_size(codings); i++) {
		const json_t *c = json_array_get(codings, i);
		const char *system = short_system(json_str(c, "system", ""));
		const char *code = json_str(c, "code", "");

		if (!*text)
			text = json_str(c, "display", "");
		if (!*code || item->code_count == IMPORT_CODES)
			continue;
		if (is_equal(system, "loinc"))
			code = loinc_twin(code);
		item->codes[item->code_count++] = (struct import_code){
		    import_clean(b, system, 120), import_clean(b, code, 48)};
	}
	item->text = import_clean(b, text, TEXT_MAX_BYTES);
}

/* One moment; 1 when it is absent, ERR_QUARANTINED when it is no moment. */
static int read_moment(int64_t *out, const struct source *s,
    const json_t *value, const char *field)
{
	if (!json_is_string(value))
		return 1;
	if (time_parse_fhir(out, json_string_value(value), import_zone(s->b)))
		return 0;
	return import_refuse(s->b, s->at, field,
	    N_("The date is not in the calendar."), json_string_value(value));
}

static int read_time(struct import_item *item, const struct source *s,
    const struct reader_row *row)
{
	for (size_t i = 0; i < ARRAY_LEN(row->times) && row->times[i]; i++) {
		const char *field = row->times[i];
		const json_t *v = json_object_get(s->resource, field);
		const json_t *end = json_object_get(v, "end");
		int r;

		if (json_is_object(v))
			v = json_object_get(v, "start");
		r = read_moment(&item->at_s, s, v, field);
		if (r == 1)
			continue;
		item->has_time = r == 0;
		item->day = day_of(item->at_s, import_zone(s->b));
		if (r == 0)
			r = read_moment(&item->end_s, s, end, field);
		return r < 0 ? r : 0;
	}
	return 0;
}

/* A resource that its source has withdrawn or never meant. */
static bool is_void(const json_t *resource)
{
	static const char *const states[] = {
	    "entered-in-error", "cancelled", "not-done", "registered", "draft"};
	static const char *const doubts[] = {
	    "entered-in-error", "refuted", "differential"};
	const char *state = json_str(resource, "status", "");
	const json_t *verified = json_array_get(
	    json_list(
		json_object_get(resource, "verificationStatus"), "coding"),
	    0);
	bool is = false;

	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		is |= is_equal(state, states[i]);
	for (size_t i = 0; i < ARRAY_LEN(doubts); i++)
		is |= is_equal(json_str(verified, "code", ""), doubts[i]);
	return is;
}

static void read_status(struct import_item *item, const struct source *s,
    const struct reader_row *row)
{
	const json_t *v = json_object_get(s->resource, row->status);
	const json_t *coding = json_array_get(json_list(v, "coding"), 0);
	const char *text = json_is_string(v) ? json_string_value(v)
			   : coding          ? json_str(coding, "code", "")
					     : json_str(v, "code", "");

	item->status = import_clean(s->b, text, 32);
}

/* The reference as a name that import_finish can look up. */
static const char *subject_of(const struct source *s)
{
	const json_t *subject = json_object_get(s->resource, "subject");
	const json_t *id;
	const char *reference, *query;
	struct buf name = {0};

	if (!subject)
		subject = json_object_get(s->resource, "patient");
	id = json_object_get(subject, "identifier");
	reference = json_str(subject, "reference", "");
	query = strstr(reference, "?identifier=");
	if (query)
		return import_keep(s->b, query + strlen("?identifier="));
	if (*reference || !id)
		return import_keep(s->b, reference);
	buf_printf(&name, "%s|%s", json_str(id, "system", ""),
	    json_str(id, "value", ""));
	reference = import_keep(s->b, buf_text(&name));
	buf_fini(&name);
	return reference;
}

/* Stable over imports. Its time and code are part of it, because two
 * hospitals may both have an Observation/1. */
static const char *key_of(
    const struct source *s, const struct import_item *item)
{
	const json_t *id =
	    json_array_get(json_list(s->resource, "identifier"), 0);
	const char *own = json_str(s->resource, "id", "");
	struct buf key = {0};
	const char *kept;

	if (*json_str(id, "value", ""))
		buf_printf(&key, "%s|%s", json_str(id, "system", ""),
		    json_str(id, "value", ""));
	else if (*own)
		buf_printf(&key, "%s/%s", s->at->type, own);
	else
		buf_str(&key, s->url);
	if (key.len)
		buf_printf(&key, "@%" PRId64 "/%s", item->at_s,
		    item->code_count ? item->codes[0].code : "");
	kept = import_clean(s->b, buf_text(&key), 300);
	buf_fini(&key);
	return kept;
}

/* Decimals to read a number at: its final ones where nothing is converted,
 * so that it is rounded once. */
static int scale_of(const char *code, const char *unit)
{
	int scale;
	const char *own = unit_canonical(&scale, code);

	if (!own)
		return LOOSE_SCALE;
	return is_equal(own, unit) ? scale : WORK_SCALE;
}

/* The number as an integer in the code's own unit. */
static int read_quantity(
    struct import_item *item, const struct source *s, const json_t *quantity)
{
	const json_t *number = json_object_get(quantity, "value");
	const char *code = item->code_count ? item->codes[0].code : "";
	const char *unit =
	    json_str(quantity, "code", json_str(quantity, "unit", ""));
	struct quantity in = {0}, out;

	in.scale = scale_of(code, unit);
	if (!json_is_number(number) ||
	    !unit_round(&in.value, json_number_value(number), in.scale))
		return import_refuse(s->b, s->at, "valueQuantity",
		    N_("The value is no number."), code);
	text_copy(in.unit, sizeof(in.unit), unit);
	if (unit_convert(&out, &in, code))
		return import_refuse(s->b, s->at, "valueQuantity",
		    N_("The unit does not belong to this measurement."), code);
	while (!unit_canonical(&in.scale, code) && out.scale > 0 &&
	       out.value % 10 == 0) {
		out.value /= 10;
		out.scale--;
	}
	item->value = out.value;
	item->scale = out.scale;
	item->unit = import_clean(s->b, out.unit, UNIT_TEXT);
	item->detail =
	    import_clean(s->b, json_str(quantity, "comparator", ""), 4);
	item->has_value = true;
	return 0;
}

/* value[x] of an observation or a component; IMPORT_PASSED when there is
 * none. */
static int read_value(
    struct import_item *item, const struct source *s, const json_t *holder)
{
	const json_t *quantity = json_object_get(holder, "valueQuantity");
	const json_t *concept = json_object_get(holder, "valueCodeableConcept");
	const json_t *whole = json_object_get(holder, "valueInteger");
	const char *text = json_str(holder, "valueString", "");
	struct import_item coded = {0};

	if (quantity)
		return read_quantity(item, s, quantity);
	if (json_is_integer(whole)) {
		item->value = json_integer_value(whole);
		item->has_value = true;
		return 0;
	}
	if (concept) {
		read_concept(&coded, s->b, concept);
		item->detail = coded.text;
		item->status =
		    coded.code_count ? coded.codes[0].code : item->status;
		return 0;
	}
	if (!*text)
		return IMPORT_PASSED;
	item->detail = import_clean(s->b, text, TEXT_MAX_BYTES);
	return 0;
}

static int add(const struct source *s, struct import_item *item)
{
	item->key = key_of(s, item);
	return import_add_item(s->b, s->at, subject_of(s), item)
		   ? 0
		   : IMPORT_PASSED;
}

/* Blood pressure comes as components in either order. */
static int add_components(
    const struct source *s, const struct import_item *panel)
{
	const json_t *list = json_list(s->resource, "component");
	int r = IMPORT_PASSED;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *c = json_array_get(list, i);
		struct import_item item = *panel;
		int one;

		read_concept(&item, s->b, json_object_get(c, "code"));
		one = read_value(&item, s, c);
		if (one == 0)
			one = add(s, &item);
		if (one < 0)
			return one;
		r = one == 0 ? 0 : r;
	}
	return r;
}

static int read_observation(const struct source *s, struct import_item *item)
{
	int r, parts;

	if (!item->has_time)
		return import_refuse(s->b, s->at, "effectiveDateTime",
		    N_("A measurement without a time cannot be used."), "");
	r = read_value(item, s, s->resource);
	if (r == 0)
		r = add(s, item);
	if (r < 0)
		return r;
	parts = add_components(s, item);
	return parts < 0 || r != 0 ? parts : r;
}

static void read_medication(struct import_item *item, const struct source *s)
{
	const json_t *reference =
	    json_object_get(s->resource, "medicationReference");
	const json_t *dosage =
	    json_array_get(json_list(s->resource, "dosageInstruction"), 0);

	if (!*item->text)
		item->text = import_clean(
		    s->b, json_str(reference, "display", ""), TEXT_MAX_BYTES);
	item->detail =
	    import_clean(s->b, json_str(dosage, "text", ""), TEXT_MAX_BYTES);
}

/* The ward or clinic goes to detail, the class to status. */
static void read_encounter(struct import_item *item, const struct source *s)
{
	const json_t *class = json_object_get(s->resource, "class");
	const json_t *service = json_object_get(s->resource, "serviceType");

	read_concept(item, s->b, service);
	item->detail = item->text;
	read_concept(
	    item, s->b, json_array_get(json_list(s->resource, "type"), 0));
	item->status = import_clean(s->b, json_str(class, "code", ""), 16);
}

static int read_rest(const struct source *s, struct import_item *item)
{
	if (item->kind == IMPORT_OBSERVATION)
		return read_observation(s, item);
	if (item->kind == IMPORT_MEDICATION)
		read_medication(item, s);
	if (item->kind == IMPORT_ENCOUNTER)
		read_encounter(item, s);
	else if (item->code_count == 0 && !*item->text)
		return import_refuse(
		    s->b, s->at, "code", N_("It does not say what it is."), "");
	return add(s, item);
}

int import_read_item(struct import_batch *b, const struct import_place *at,
    const json_t *resource, const char *url)
{
	const struct source s = {b, at, resource, url};
	const struct reader_row *row = row_of(at->type);
	struct import_item item = {.kind = row->kind};
	int r;

	if (is_void(resource))
		return IMPORT_PASSED;
	if (!*subject_of(&s))
		return import_refuse(b, at, "subject",
		    N_("It does not say whom it is about."), "");
	item.key = item.text = item.detail = item.unit = import_keep(b, "");
	read_concept(&item, b, json_object_get(resource, row->code));
	read_status(&item, &s, row);
	r = read_time(&item, &s, row);
	return r ? r : read_rest(&s, &item);
}

bool import_is_item(const char *type)
{
	return row_of(type) != NULL;
}
