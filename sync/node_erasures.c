/* node_erasures.c - the list of erased patients, written and read. */
#include "sync/node_erasures.h"

#include "core/buf.h"
#include "core/err.h"
#include "core/id.h"
#include "core/store.h"
#include "sync/erase.h"
#include "sync/home.h"
#include "sync/ledger.h"
#include "sync/program.h"
#include "sync/request.h"

#include <string.h>

#define HEAD "suifang-erasures 1 "
#define LIST_MAX (16u << 20)

int verb_erasures(const struct request *q, bool *stop)
{
	struct stmt *s = store_query(home_store(q->home), Q_ERASED_LIST);
	char hex[ID_HEX];
	struct id id;
	int r;

	(void)stop;
	id_hex(hex, &home_site(q->home)->org);
	buf_printf(q->out, "%s%s\n", HEAD, hex);
	while ((r = stmt_step(s)) == 1) {
		stmt_id(&id, s, 0);
		id_hex(hex, &id);
		buf_printf(q->out, "%s\n", hex);
	}
	return r;
}

/* One line of n bytes as an id. */
static int read_id(struct id *out, const char *line, size_t n)
{
	char hex[ID_HEX];

	if (n != ID_HEX - 1)
		return err_set(ERR_FORMAT, "a list of erasures");
	memcpy(hex, line, n);
	hex[n] = '\0';
	return id_parse(out, hex) ? 0
				  : err_set(ERR_FORMAT, "a list of erasures");
}

static int take_lines(struct ledger *l, const struct id *org, const char *text)
{
	const size_t head = sizeof(HEAD) - 1;
	struct id id = {{0}};
	size_t n;
	int r;

	if (strncmp(text, HEAD, head) != 0)
		return err_set(ERR_FORMAT, "not a list of erasures");
	text += head;
	n = strcspn(text, "\n");
	if ((r = read_id(&id, text, n)) < 0)
		return r;
	if (id_cmp(&id, org) != 0)
		return err_set(ERR_ORGANISATION, "a list of erasures");
	for (text += n; r == 0 && text[0] == '\n' && text[1]; text += n) {
		n = strcspn(++text, "\n");
		if ((r = read_id(&id, text, n)) == 0)
			r = erase_note(l, &id);
	}
	/* A list that was cut off would let somebody through. */
	if (r == 0 && strcmp(text, "\n") != 0)
		r = err_set(ERR_TRUNCATED, "a list of erasures");
	return r;
}

int erasures_take(struct home *home, const char *path)
{
	struct ledger *l = home_ledger(home);
	struct buf text = {0};
	int r = program_read(&text, path, LIST_MAX);

	if (r == 0)
		r = ledger_begin(l);
	if (r == 0)
		r = take_lines(l, &home_site(home)->org, buf_text(&text));
	if (r == 0)
		r = ledger_commit(l);
	else
		ledger_rollback(l);
	buf_fini(&text);
	return r;
}
