/*
 * fuzz_import.c - files of other systems. First byte even: FHIR; odd: a
 * roster table. Nothing that comes out may carry control characters, and
 * what was seen is taken, passed over or broken.
 */
#include "tests/fuzz/fuzz.h"

#include "core/text.h"
#include "sync/import.h"
#include "sync/import_roster.h"

static void check_text(const char *s)
{
	size_t n = strlen(s), at = 0;

	FUZZ_HOLDS(utf8_is_valid(s, n));
	while (at < n) {
		uint32_t c = 0;
		at += utf8_decode(&c, s + at, n - at);
		FUZZ_HOLDS(!text_is_control(c));
	}
}

static void check_patient(const struct import_patient *p)
{
	check_text(p->name);
	check_text(p->address);
	for (size_t i = 0; i < p->phone_count; i++)
		for (const char *d = p->phones[i].number; *d; d++)
			FUZZ_HOLDS((*d >= '0' && *d <= '9') || *d == '+');
	for (size_t i = 0; i < p->item_count; i++) {
		check_text(p->items[i].text);
		check_text(p->items[i].detail);
		FUZZ_HOLDS(p->items[i].code_count <= IMPORT_CODES);
	}
}

static void try_fhir(const char *text, size_t n)
{
	struct import_batch *b = import_new(28800);
	int r = import_fhir(b, "fuzz", text, n);
	int finished = import_finish(b);

	FUZZ_HOLDS((r < 0 || finished < 0) == (import_problem_count(b) > 0));
	for (size_t i = 0; i < import_patient_count(b); i++)
		check_patient(import_patient_at(b, i));
	for (size_t i = 0; i < import_type_count(b); i++) {
		const struct import_count *c = import_type_at(b, i);
		FUZZ_HOLDS(c->seen == c->taken + c->passed_over + c->broken);
	}
	import_free(&b);
}

static int on_member(void *ctx, const struct import_member *m)
{
	(void)ctx;
	FUZZ_HOLDS(*m->member != '\0');
	check_text(m->member);
	check_text(m->name);
	check_text(m->role);
	return 0;
}

static void try_roster(const char *text, size_t n)
{
	struct import_batch *b = import_new(28800);
	struct import_text file = {"fuzz", text, n};
	int r = import_roster(b, &file, on_member, NULL);

	FUZZ_HOLDS((r < 0) == (import_problem_count(b) > 0));
	import_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 1)
		return 0;
	if (data[0] & 1)
		try_roster((const char *)data + 1, n - 1);
	else
		try_fhir((const char *)data + 1, n - 1);
	return 0;
}
