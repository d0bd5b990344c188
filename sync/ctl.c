/* ctl.c - both ends of the control socket's little protocol. */
#define _GNU_SOURCE
#include "sync/ctl.h"

#include "core/err.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tr.h"
#include "sync/home.h"
#include "sync/net.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MS 600000 /* an import may take minutes */
#define BUSY_TRIES 30    /* while another process opens or leaves the home */
#define BUSY_MS 100

int ctl_read(struct ctl_request *out, const char *line, size_t n)
{
	json_t *root;
	const json_t *words;
	enum lang lang;
	int r = json_load(&root, line, n, CTL_LINE_MAX);

	if (r < 0)
		return r;
	words = json_list(root, "words");
	*out = (struct ctl_request){.root = root};
	if (tr_parse(&lang, json_str(root, "lang", "")) < 0 ||
	    json_array_size(words) == 0) {
		ctl_request_fini(out);
		return err_set(ERR_FORMAT, "not a request");
	}
	snprintf(
	    out->lang, sizeof(out->lang), "%s", json_str(root, "lang", ""));
	out->proof = json_str(root, "proof", "");
	out->words = mem_array(json_array_size(words), sizeof(*out->words));
	for (size_t i = 0; i < json_array_size(words); i++) {
		const json_t *w = json_array_get(words, i);
		out->words[i] = json_is_string(w) ? json_string_value(w) : "";
	}
	out->count = json_array_size(words);
	return 0;
}

void ctl_request_fini(struct ctl_request *q)
{
	free(q->words);
	json_decref(q->root);
	*q = (struct ctl_request){0};
}

void ctl_finish(struct buf *out, int code, const char *detail)
{
	json_t *end = json_object();

	json_put_int(end, "code", code);
	json_put_str(end, "detail", detail);
	buf_u8(out, CTL_MARK);
	json_canonical(out, end);
	buf_u8(out, '\n');
	json_decref(end);
}

/* ---- asking ------------------------------------------------------------- */

static void write_request(struct buf *out, const struct ctl_asking *a)
{
	json_t *root = json_object(), *list = json_array();

	for (size_t i = 0; i < a->count; i++)
		json_array_append_new(list, json_string(a->words[i]));
	if (a->proof)
		json_put_str(root, "proof", a->proof);
	json_put_str(root, "lang", tr_lang() == LANG_ZH ? "zh" : "en");
	json_put(root, "words", list);
	json_canonical(out, root);
	buf_u8(out, '\n');
	json_decref(root);
}

static int read_end(const char *text, size_t n)
{
	json_t *end;
	int code, r = json_load(&end, text, n, CTL_LINE_MAX);

	if (r < 0)
		return r;
	code = (int)json_int(end, "code", ERR_FORMAT);
	if (code < 0)
		err_set(code, "%s", json_str(end, "detail", ""));
	json_decref(end);
	return code;
}

/* Prints what has come so far; true when the end was seen, *code set. */
static bool take_answer(
    struct buf *in, struct buf *answer, const bool *is_closed, int *code)
{
	const uint8_t *mark =
	    in->len ? memchr(in->data, CTL_MARK, in->len) : NULL;
	size_t n = mark ? (size_t)(mark - in->data) : in->len;

	if (n && answer)
		buf_add(answer, in->data, n);
	else if (n)
		fwrite(in->data, 1, n, stdout);
	buf_consume(in, n);
	if (!mark || in->data[in->len - 1] != '\n')
		return *is_closed;
	*code = read_end((const char *)in->data + 1, in->len - 1);
	return true;
}

static int converse(int fd, struct buf *out, struct buf *answer)
{
	struct buf in = {0};
	bool is_closed = false;
	int code = err_set(ERR_INTERRUPTED, "the owner left"), r;

	r = net_write(out, fd);
	while (r == 0 && !take_answer(&in, answer, &is_closed, &code)) {
		if (out->len > 0)
			r = net_write(out, fd);
		if (!net_wait(fd, out->len > 0, ANSWER_MS))
			r = err_set(ERR_UNREACHABLE, "no answer came");
		if (r == 0 && net_read(&in, fd) < 0)
			is_closed = true;
	}
	buf_fini(&in);
	return r < 0 ? ERR_INTERRUPTED : code;
}

int ctl_call(const struct ctl_asking *a)
{
	struct buf path = {0}, out = {0};
	int fd = -1, r;

	home_path(&path, a->dir, "ctl.sock");
	r = net_connect_ctl(&fd, buf_text(&path));
	buf_fini(&path);
	if (r < 0)
		return r == ERR_UNREACHABLE ? CTL_NOBODY : r;
	write_request(&out, a);
	r = converse(fd, &out, a->answer);
	buf_fini(&out);
	net_close(&fd);
	return r;
}

bool ctl_is_served(const char *dir)
{
	struct buf path = {0};
	int fd, r;

	home_path(&path, dir, "ctl.sock");
	r = net_connect_ctl(&fd, buf_text(&path));
	buf_fini(&path);
	if (r == 0)
		net_close(&fd);
	return r == 0;
}

int ctl_ask_or_run(const struct ctl_asking *a,
    int (*run_here)(void *ctx, const struct ctl_asking *asking), void *ctx)
{
	int r = ERR_IN_USE;

	for (int tries = BUSY_TRIES; r == ERR_IN_USE && tries > 0; tries--) {
		if (tries < BUSY_TRIES)
			net_sleep(BUSY_MS);
		r = ctl_call(a);
		if (r != CTL_NOBODY)
			break;
		r = run_here(ctx, a);
	}
	return r;
}

void ctl_word(struct ctl_words *w, const char *fmt, ...)
{
	char *word;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	word = mem_array((size_t)n + 1, 1);
	va_start(ap, fmt);
	vsnprintf(word, (size_t)n + 1, fmt, ap);
	va_end(ap);
	w->items = mem_room(w->items, w->count, sizeof(*w->items));
	w->items[w->count++] = word;
}

void ctl_words_fini(struct ctl_words *w)
{
	for (size_t i = 0; i < w->count; i++)
		free((void *)(uintptr_t)w->items[i]);
	free(w->items);
	*w = (struct ctl_words){0};
}
