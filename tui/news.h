/*
 * news.h - what the centre decided about one's own work while nobody looked:
 * entries that it holds back. Reads only.
 */
#ifndef SUIFANG_TUI_NEWS_H
#define SUIFANG_TUI_NEWS_H

#include "core/base.h"

struct desk;

/* 1: more is held back than was told last, and out says what to do; 0: there
 * is nothing new; or an error of the store. */
NODISCARD int news_held(char *out, size_t size, struct desk *desk);

#endif
