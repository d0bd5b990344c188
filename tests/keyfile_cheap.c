/* keyfile_cheap.c - cheap key files for tests. */
#include "tests/keyfile_cheap.h"

#include "keys/keyfile_impl.h"

void keyfile_cheap_for_test(void)
{
	keyfile_forced = (struct keyfile_kdf){8, 1};
}
