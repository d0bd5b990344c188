/*
 * cond_tree.h - the compiled form of a condition, shared by the reader and
 * the evaluator and by nobody else.
 */
#ifndef SUIFANG_COND_TREE_H
#define SUIFANG_COND_TREE_H

#include "core/base.h"
#include "core/facts.h"

enum cond_kind {
	COND_LEAF,
	COND_ALL,
	COND_ANY,
	COND_NOT
};

enum cond_op {
	COND_EXISTS,
	COND_EQ,
	COND_NE,
	COND_GT,
	COND_LT,
	COND_GE,
	COND_LE,
	COND_STARTS,
	COND_IN
};

enum cond_of {
	COND_LAST,
	COND_PREVIOUS,
	COND_DIFFERENCE,
	COND_RISE,
	COND_COUNT
};

struct cond_leaf {
	char code[FACT_CODE];
	enum cond_op op;
	enum cond_of of;
	int days; /* 0: no limit given */
	bool is_ever;
	int64_t value;
	int scale;
	bool is_number; /* value and scale are set */
	char **texts;   /* option codes */
	size_t n_texts;
};

struct cond {
	enum cond_kind kind;
	struct cond_leaf leaf;
	struct cond **of; /* branches of all, any, not */
	size_t n;
};

#endif
