/*
 * fuzz_statement.c - statements of the organisation root, papers and the
 * site file around them: refused, or exactly the text of their values.
 */
#include "tests/fuzz/fuzz.h"

#include "keys/statement.h"
#include "sync/site.h"

static void try_paper(const char *text, size_t n)
{
	struct paper *paper = calloc(1, sizeof(*paper));
	struct statement s;
	json_t *value;

	FUZZ_HOLDS(paper != NULL);
	if (json_load(&value, text, n, SITE_MAX) == 0) {
		if (paper_read(paper, value) == 0) {
			FUZZ_HOLDS(strlen(paper->text) <= STATEMENT_TEXT_MAX);
			if (paper_request(&s, paper) == 0)
				FUZZ_HOLDS(s.what == STATEMENT_OPERATOR ||
					   s.what == STATEMENT_NODE);
		}
		json_decref(value);
	}
	free(paper);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	struct statement s;
	struct site *site = NULL;
	struct buf out = {0};

	if (statement_read(&s, text, n) == 0) {
		statement_write(&out, &s);
		FUZZ_HOLDS(out.len == n && memcmp(out.data, text, n) == 0);
	}
	buf_fini(&out);
	try_paper(text, n);
	if (site_read(&site, text, n) == 0)
		free(site);
	return 0;
}
