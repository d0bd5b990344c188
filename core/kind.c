/* kind.c - lookups in kinds.def. */
#include "core/kind.h"

#include "core/tr.h"

#include <string.h>

static const struct kind_info kinds[KIND_COUNT] = {
#define X(symbol, name, version, stream, modes, order, roles, undo, title)     \
	{name, version, STREAM_CLASS_##stream, modes, ORDER_##order, roles,    \
	    undo, title},
#include "core/kinds.def"
#undef X
};

static const struct {
	char letter;
	const char *name;
} roles[] = {{'N', "node"}, {'O', "operator"}, {'S', "supervisor"},
    {'A', "agent"}, {'D', "clinician"}, {'Q', "reviewer"}, {'U', "auditor"}};

const struct kind_info *kind_info(enum kind kind)
{
	return &kinds[kind];
}

bool kind_find(enum kind *out, const char *name)
{
	for (int i = 0; i < KIND_COUNT; i++) {
		if (kinds[i].name[0] == name[0] &&
		    strcmp(kinds[i].name, name) == 0) {
			*out = (enum kind)i;
			return true;
		}
	}
	return false;
}

static bool has_letter(const char *set, char letter)
{
	return letter && strchr(set, letter);
}

bool kind_may_say(enum kind kind, char role)
{
	return has_letter(kinds[kind].roles, role);
}

bool kind_may_use(enum kind kind, char mode)
{
	return has_letter(kinds[kind].modes, mode);
}

char role_letter(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].letter;
	return 0;
}
