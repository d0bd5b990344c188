/* vault_register.c - the vault under SQLite's own test suite. */
#include "tests/vault_register.h"

#include "core/vault_int.h"

/* The one instance: SQLite calls again after each sqlite3_shutdown, which
 * forgets who was the default but not who was registered. */
static struct vault *registered;

int vault_vfs_register_for_test(const char *base_vfs)
{
	static const uint8_t key[VAULT_KEY] = "a fixed key for SQLite's suite";

	if (!registered && vault_new(&registered, base_vfs, key) < 0)
		return SQLITE_NOMEM;
	registered->is_shared = true;
	return sqlite3_vfs_register(&registered->vfs, 1);
}
