/*
 * kind.h - the closed list of what can be said in the log (kinds.def).
 */
#ifndef SUIFANG_KIND_H
#define SUIFANG_KIND_H

#include "core/base.h"

enum kind {
#define X(symbol, name, version, stream, modes, order, roles, undo, title)     \
	KIND_##symbol,
#include "core/kinds.def"
#undef X
	KIND_COUNT
};

enum stream_class {
	STREAM_CLASS_ROSTER,
	STREAM_CLASS_TEAM,
	STREAM_CLASS_PATIENT,
	STREAM_CLASS_CONTENT,
	STREAM_CLASS_ANY
};

/* STREAM: as the other entries of the stream that it names fold. */
enum fold_order {
	ORDER_POSITION,
	ORDER_LAMPORT,
	ORDER_STREAM
};

struct kind_info {
	const char *name;
	int version;
	enum stream_class stream;
	const char *modes;
	enum fold_order order;
	const char *roles;
	bool may_be_undone;
	const char *title; /* key for tr() */
};

const struct kind_info *kind_info(enum kind kind);
/* false for a name this program does not know. */
bool kind_find(enum kind *out, const char *name);
/* May a person of this role ('A', 'S', ...; see kinds.def) say it? */
bool kind_may_say(enum kind kind, char role);
bool kind_may_use(enum kind kind, char mode);

/* 'A' for "agent" and so on; 0 for an unknown name. */
char role_letter(const char *name);

#endif
