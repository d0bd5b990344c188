/*
 * passphrase.h - asking for passphrases over a screen: the old one, the new
 * one twice. They live in wiped memory only and go to the desk's keys.
 */
#ifndef SUIFANG_TUI_PASSPHRASE_H
#define SUIFANG_TUI_PASSPHRASE_H

struct app;

/* The fewest characters of a new one. */
#define PASSPHRASE_MIN 12

/* Another passphrase for this seat. */
void passphrase_change(struct app *app);
/* A new key for all that is stored here. */
void passphrase_rekey(struct app *app);

#endif
