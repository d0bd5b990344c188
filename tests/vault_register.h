/*
 * vault_register.h - the vault as the default VFS of a process, with a fixed
 * key, for SQLite's own test suite. Never linked into a product.
 */
#ifndef SUIFANG_TESTS_VAULT_REGISTER_H
#define SUIFANG_TESTS_VAULT_REGISTER_H

/* Registers the vault over base_vfs (NULL: the present default) as the
 * default VFS, for any page size and for files that several connections
 * share. Asks for the 40 reserved bytes of new files by itself. May be given
 * to SQLite as SQLITE_EXTRA_INIT. Returns a SQLite code. */
int vault_vfs_register_for_test(const char *base_vfs);

#endif
