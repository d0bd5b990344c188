/*
 * vault_list.c - which files of a vault are open, so that a log or a journal
 * finds the database that it belongs to.
 */
#include "core/vault_file.h"

#include <string.h>

/* The list of open files changes under a mutex: SQLite's own tests use
 * threads, and several connections to one file. */
static sqlite3_mutex *list_enter(void)
{
	sqlite3_mutex *m = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);

	sqlite3_mutex_enter(m);
	return m;
}

/* The database of a log or journal. SQLite keeps the names of one connection
 * side by side, the database's first: of several databases of that name, it
 * is the one whose name lies closest before. */
static struct vault_file *find_db(struct vault *v, const char *name)
{
	struct vault_file *best = NULL;
	uintptr_t at = (uintptr_t)name, best_gap = UINTPTR_MAX;

	for (struct vault_file *f = v->dbs; f; f = f->next) {
		size_t n = f->name ? strlen(f->name) : 0;
		uintptr_t gap = at - (uintptr_t)f->name;

		if (n && strncmp(f->name, name, n) == 0 &&
		    (strcmp(name + n, "-wal") == 0 ||
			strcmp(name + n, "-journal") == 0) &&
		    (!best || gap < best_gap)) {
			best = f;
			best_gap = gap;
		}
	}
	return best;
}

bool vault_is_log(const struct vault_file *f)
{
	return f->kind == VK_WAL || f->kind == VK_JOURNAL;
}

void vault_list_add(struct vault_file *f, const char *name)
{
	struct vault_file **head;
	sqlite3_mutex *m = list_enter();

	if (vault_is_log(f))
		f->db = find_db(f->vault, name);
	f->name = name;
	head = vault_is_log(f) ? &f->vault->logs : &f->vault->dbs;
	f->next = *head;
	f->back = head;
	if (*head)
		(*head)->back = &f->next;
	*head = f;
	sqlite3_mutex_leave(m);
}

void vault_list_remove(struct vault_file *f)
{
	sqlite3_mutex *m;

	if (!f->back)
		return;
	m = list_enter();
	*f->back = f->next;
	if (f->next)
		f->next->back = f->back;
	for (struct vault_file *g = f->vault->logs; g; g = g->next)
		if (g->db == f)
			g->db = find_db(f->vault, g->name);
	sqlite3_mutex_leave(m);
}
