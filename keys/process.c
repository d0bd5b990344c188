/* process.c - self-protection of a process that holds keys. */
#define _GNU_SOURCE
#include "keys/process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "core/err.h"
#include "core/tr.h"

int process_harden(void)
{
	const struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return err_set(
		    ERR_NOT_PERMITTED, "core limit: %s", strerror(errno));
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_set(
		    ERR_NOT_PERMITTED, "dumpable: %s", strerror(errno));
	return 0;
}

/* Device mapper names its encrypted targets CRYPT-... in dm/uuid. */
static bool is_crypt_device(const char *sys_path, const char *name)
{
	char path[512], uuid[16] = "";
	FILE *f;

	snprintf(path, sizeof(path), "%s/block/%s/dm/uuid", sys_path, name);
	f = fopen(path, "r");
	if (!f)
		return false;
	if (!fgets(uuid, sizeof(uuid), f))
		uuid[0] = '\0';
	fclose(f);
	return strncmp(uuid, "CRYPT-", 6) == 0;
}

static bool is_clear_swap(const char *line, const char *sys_path)
{
	char dev[256];
	const char *name;
	char *real;
	bool clear;

	if (sscanf(line, "%255s", dev) != 1 || dev[0] != '/')
		return false;
	/* /dev/mapper/swap and friends are links to /dev/dm-N */
	real = realpath(dev, NULL);
	name = strrchr(real ? real : dev, '/') + 1;
	clear =
	    strncmp(name, "zram", 4) != 0 && !is_crypt_device(sys_path, name);
	free(real);
	return clear;
}

bool process_has_clear_swap(const char *swaps_path, const char *sys_path)
{
	char line[512];
	bool clear = false;
	FILE *f = fopen(swaps_path, "r");

	if (!f)
		return false;
	while (!clear && fgets(line, sizeof(line), f))
		clear = is_clear_swap(line, sys_path);
	fclose(f);
	return clear;
}

const char *process_swap_text(void)
{
	return N_("This computer swaps memory to a disk without encryption. "
		  "Ask your operator to encrypt the swap area or turn it "
		  "off.");
}
