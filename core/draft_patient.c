/*
 * draft_patient.c - bodies of the entries about a patient's circumstances.
 */
#include "core/draft_patient.h"

#include <string.h>

static json_t *phone_of(const struct case_phone *p)
{
	json_t *o = json_object();

	json_put_str(o, "number", p->number);
	json_put_str(o, "relation", p->relation);
	if (p->name[0])
		json_put_str(o, "name", p->name);
	json_put_flag(o, "consent", p->consent);
	if (p->retired)
		json_put_flag(o, "retired", true);
	return o;
}

void draft_phones(struct draft *draft, const struct id *patient,
    const struct case_phone *phones, int count)
{
	json_t *body = json_object(), *list = json_array();

	for (int i = 0; i < count && i < CASE_PHONES; i++)
		json_array_append_new(list, phone_of(&phones[i]));
	json_put(body, "phones", list);
	draft_add(draft, KIND_PATIENT_AMENDED, patient, body);
}

void draft_phone_retired(
    struct draft *draft, const struct casefile *file, int number)
{
	struct case_phone phones[CASE_PHONES];

	memcpy(phones, file->phones, sizeof(phones));
	phones[number].retired = true;
	draft_phones(draft, &file->patient, phones, file->phone_count);
}

void draft_phone_first(
    struct draft *draft, const struct casefile *file, int number)
{
	struct case_phone phones[CASE_PHONES];

	phones[0] = file->phones[number];
	phones[0].retired = false;
	for (int i = 0, n = 1; i < file->phone_count; i++)
		if (i != number)
			phones[n++] = file->phones[i];
	draft_phones(draft, &file->patient, phones, file->phone_count);
}

void draft_detail(struct draft *draft, const struct id *patient,
    const char *field, const char *text)
{
	json_t *body = json_object();

	json_put_str(body, field, text);
	draft_add(draft, KIND_PATIENT_AMENDED, patient, body);
}

void draft_died(struct draft *draft, const struct id *patient, int64_t day)
{
	json_t *body = json_object();

	json_put_int(body, "deceased_day", day);
	draft_add(draft, KIND_PATIENT_AMENDED, patient, body);
}

static void put_filled(json_t *body, const char *key, const char *text)
{
	if (text && *text)
		json_put_str(body, key, text);
}

void draft_consent(
    struct draft *draft, const struct id *patient, const struct consent *c)
{
	json_t *body = json_object();

	json_put_str(body, "what", c->what);
	json_put_flag(body, "given", c->given);
	put_filled(body, "supersedes", c->supersedes);
	put_filled(body, "note", c->note);
	draft_add(draft, KIND_CONSENT_SET, patient, body);
}

void draft_appointment(
    struct draft *draft, const struct id *patient, const struct appointment *a)
{
	json_t *body = json_object();

	put_filled(body, "appointment", a->ref);
	json_put_int(body, "at_s", a->at_s);
	json_put_str(body, "department", a->department);
	json_put_str(body, "state", a->state);
	put_filled(body, "note", a->note);
	draft_add(draft, KIND_APPOINTMENT_SET, patient, body);
}

void draft_complaint(
    struct draft *draft, const struct id *patient, const struct complaint *c)
{
	json_t *body = json_object();

	json_put_str(body, "category", c->category);
	json_put_str(body, "text", c->text);
	put_filled(body, "owner", c->owner);
	json_put_int(body, "due_day", c->due_day);
	draft_add(draft, KIND_COMPLAINT_FILED, patient, body);
}
