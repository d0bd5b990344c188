/* fault_memory.c - SQLite's allocator with a counter in front. */
#include "tests/fault_vfs.h"

#include <assert.h>
#include <sqlite3.h>

static sqlite3_mem_methods real;
static uint64_t fail_in;
static bool fail_stays;
static bool has_failed;

static bool must_fail(void)
{
	if (has_failed && fail_stays)
		return true;
	if (fail_in && --fail_in == 0) {
		has_failed = true;
		return true;
	}
	return false;
}

static void *counted_malloc(int n)
{
	return must_fail() ? NULL : real.xMalloc(n);
}

static void *counted_realloc(void *p, int n)
{
	return must_fail() ? NULL : real.xRealloc(p, n);
}

void fault_memory_install(void)
{
	sqlite3_mem_methods counted;
	int rc = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);

	assert(rc == SQLITE_OK);
	counted = real;
	counted.xMalloc = counted_malloc;
	counted.xRealloc = counted_realloc;
	rc = sqlite3_config(SQLITE_CONFIG_MALLOC, &counted);
	assert(rc == SQLITE_OK);
	/* Before the vault does, which has it not count its memory. */
	rc = sqlite3_initialize();
	assert(rc == SQLITE_OK);
}

void fault_memory_at(uint64_t n, bool stays)
{
	fail_in = n;
	fail_stays = stays;
	has_failed = false;
}

bool fault_memory_has_failed(void)
{
	return has_failed;
}
