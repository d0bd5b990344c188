/*
 * contact_fhir.h - the answers of one recorded contact as FHIR R4: one
 * QuestionnaireResponse for each script that was asked. Reads the store;
 * must not know files or people.
 */
#ifndef SUIFANG_CONTACT_FHIR_H
#define SUIFANG_CONTACT_FHIR_H

#include "core/base.h"

#include <jansson.h>

struct id;
struct store;

struct contact_fhir {
	struct store *store;
	const struct id *patient;
	const char *ref; /* of the contact */
	int32_t zone_s;
};

/* Appends the responses to a list. subject: an identifier of the patient,
 * else the patient's handle here. identifier: system urn:suifang:contact,
 * value "<seat>-<seq>.<n>/<script>", the same at every export. ERR_NOT_FOUND:
 * the version of a script that was asked is not here; err_detail names it. */
NODISCARD int contact_fhir_add(json_t *list, const struct contact_fhir *ask);

#endif
