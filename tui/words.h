/*
 * words.h - codes of the view as words for people: risk, due time, why a row
 * is where it is. Every status is also a word, never colour alone.
 */
#ifndef SUIFANG_TUI_WORDS_H
#define SUIFANG_TUI_WORDS_H

#include "core/base.h"
#include "tui/draw.h"

struct alert_row;
struct desk;
struct work_row;

/* "HIGH!", "mid", "low", or "". */
const char *words_risk(const char *level);
enum look words_risk_look(const char *level);
/* "today", "tomorrow", "yesterday", "11-25", "2027-01-03". */
void words_day(char *out, size_t size, int64_t day, int64_t today);
/* With the time of day: "09:40" today, else "tomorrow 09:40". */
void words_time(char *out, size_t size, const struct desk *d, int64_t at_s);
/* Why this row stands here now; the look by urgency. */
enum look words_state(
    char *out, size_t size, struct desk *d, const struct work_row *row);
/* "Mr", age and so on: "男 67". */
void words_person(char *out, size_t size, char sex, int age);
/* A title up to its first bracket or comma, for narrow columns. */
void words_short(char *out, size_t size, const char *title);
/* The name in the language in use. */
/* A pathway's name for a narrow column: without the words that every pathway
 * has ("follow-up", "health management"). */
/* What the centre decided of an entry, and what a supervisor said of it
 * since: "held: ...; released by S002 at 10:05 (...)". */
struct signed_entry;
enum look words_verdict(char *out, size_t size, const struct desk *desk,
    const struct signed_entry *entry);
void words_pathway(char *out, size_t size, const char *title);
/* A measurement's name without the unit at its end. */
void words_measure(char *out, size_t size, const char *name);
const char *words_name(const char *zh, const char *en);
const char *words_relation(const char *code);
/* What the dialler says of the line: " ringing", " ended" ... */
const char *words_line(int dialer_state);
/* "hard" as the patient's hearing; a text of its own stays. */
const char *words_hearing(const char *code);
/* "emergency", "red", "orange", "yellow" as words. */
const char *words_level(const char *level);
enum look words_level_look(const char *level);
const char *words_alert_state(const struct alert_row *a);
const char *words_step(const char *what);
/* Remaining "00:18", or "-00:12" when it is past; hours and minutes. */
void words_remaining(char *out, size_t size, int64_t seconds);
/* How long something took: "14 min", "3 h 20 min", "2 d 5 h". */
void words_took(char *out, size_t size, int64_t seconds);

/* "steady", "fluctuating" ... of enum trend_course. */
const char *words_course(int course);

#endif
