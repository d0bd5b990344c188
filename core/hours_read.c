/* hours_read.c - reading the settings of hours and holidays. */
#include "core/asset.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/hours.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOLIDAYS_MAX 400

static const char *const members[] = {
    "id",
    "version",
    "title",
    "source",
    "zone_min",
    "weekdays",
    "quiet",
    "slots",
    "cap",
    NULL,
};

static const char *const holiday_members[] = {
    "id",
    "version",
    "title",
    "source",
    "holidays",
    NULL,
};

bool hours_parse_time(int *out_min, const char *text)
{
	int h;
	int m;

	if (strlen(text) != 5 || text[2] != ':' ||
	    strspn(text, "0123456789:") != 5 || strchr(text + 3, ':') != NULL)
		return false;
	h = (text[0] - '0') * 10 + text[1] - '0';
	m = (text[3] - '0') * 10 + text[4] - '0';
	if (text[1] == ':' || text[0] == ':' || m > 59 || m % HOURS_STEP_MIN ||
	    h * 60 + m > 24 * 60)
		return false;
	*out_min = h * 60 + m;
	return true;
}

static int read_weekdays(unsigned *out, const json_t *list, const char *at)
{
	unsigned days = 0;
	size_t i;
	json_t *v;

	json_array_foreach (list, i, v) {
		int64_t d = json_is_integer(v) ? json_integer_value(v) : 0;

		if (d < 1 || d > 7)
			return err_set(ERR_INVALID,
			    _("%s.weekdays[%zu]: 1 is Monday, 7 Sunday"), at,
			    i);
		days |= 1u << (d - 1);
	}
	*out = days;
	return 0;
}

static int read_span(struct span *out, const json_t *j, const char *at)
{
	static const char *const names[] = {"from", "to", "weekdays", NULL};
	int r = content_members(j, at, names);

	if (r)
		return r;
	if (!hours_parse_time(&out->from_min, json_str(j, "from", "")) ||
	    !hours_parse_time(&out->to_min, json_str(j, "to", "")) ||
	    out->from_min == out->to_min)
		return err_set(ERR_INVALID,
		    _("%s: from and to are quarters of an hour, HH:MM"), at);
	return read_weekdays(&out->weekdays, json_list(j, "weekdays"), at);
}

static int read_spans(
    struct span *out, size_t *n, const json_t *root, const char *key)
{
	const json_t *list = json_list(root, key);
	size_t total = json_array_size(list);

	if (total > HOURS_SPANS_MAX)
		return err_set(ERR_INVALID, _("$.%s: too many"), key);
	for (size_t i = 0; i < total; i++) {
		char at[40];
		int r;

		snprintf(at, sizeof(at), "$.%s[%zu]", key, i);
		r = read_span(out + i, json_array_get(list, i), at);
		if (r)
			return r;
	}
	*n = total;
	return 0;
}

static int read_cap(struct hours *h)
{
	static const int64_t range[2] = {0, 366};
	static const int64_t zones[2] = {-1080, 1080};
	const json_t *cap = json_object_get(h->root, "cap");
	int64_t v[4];
	int r = content_int(&v[0], cap, "attempts_day", range);

	if (!r)
		r = content_int(&v[1], cap, "contacts", range);
	if (!r)
		r = content_int(&v[2], cap, "days", range);
	if (!r)
		r = content_int(&v[3], h->root, "zone_min", zones);
	if (r)
		return r;
	h->cap_attempts_day = (int)v[0];
	h->cap_contacts = (int)v[1];
	h->cap_days = (int)v[2];
	h->zone_s = (int32_t)(v[3] * 60);
	return 0;
}

static int read_settings(struct hours *h)
{
	int r = content_members(h->root, "$", members);

	if (!r)
		r = read_cap(h);
	if (!r)
		r = read_weekdays(
		    &h->weekdays, json_list(h->root, "weekdays"), "$");
	if (!r)
		r = read_spans(h->quiet, &h->n_quiet, h->root, "quiet");
	if (!r)
		r = read_spans(h->slots, &h->n_slots, h->root, "slots");
	return r;
}

int hours_parse(struct hours **out, const char *json, size_t n)
{
	struct hours *h = mem_new(sizeof(*h));
	int r = content_parse(&h->root, &h->head, json, n);

	if (!r)
		r = read_settings(h);
	if (r)
		hours_free(&h);
	else
		*out = h;
	return r;
}

static int read_holiday(struct holiday *out, const json_t *j, const char *at)
{
	static const char *const names[] = {"from", "to", "name", NULL};
	int r = content_members(j, at, names);

	if (r)
		return r;
	if (!day_parse(&out->first_day, json_str(j, "from", "")) ||
	    !day_parse(&out->last_day, json_str(j, "to", "")) ||
	    out->last_day < out->first_day)
		return err_set(ERR_INVALID, _("%s: no proper days"), at);
	return content_words(&out->name, j, "name", at);
}

static int read_holidays(struct holiday **out, const json_t *root)
{
	const json_t *list = json_list(root, "holidays");
	size_t total = json_array_size(list);
	struct holiday *all;
	int r = content_members(root, "$", holiday_members);

	if (!r && (total == 0 || total > HOLIDAYS_MAX))
		r = err_set(ERR_INVALID, _("$.holidays: none or too many"));
	if (r)
		return r;
	all = mem_array(total, sizeof(*all));
	for (size_t i = 0; i < total && !r; i++) {
		char at[40];

		snprintf(at, sizeof(at), "$.holidays[%zu]", i);
		r = read_holiday(all + i, json_array_get(list, i), at);
	}
	if (r)
		free(all);
	else
		*out = all;
	return r;
}

int hours_add_holidays(struct hours *h, const char *json, size_t n)
{
	struct content_head head;
	struct holiday *all = NULL;
	json_t *root = NULL;
	int r = content_parse(&root, &head, json, n);

	if (!r)
		r = read_holidays(&all, root);
	if (r) {
		json_decref(root);
		return r;
	}
	free(h->holidays);
	json_decref(h->holiday_root);
	h->holidays = all;
	h->n_holidays = json_array_size(json_list(root, "holidays"));
	h->holiday_root = root;
	return 0;
}

int hours_load(struct hours **out)
{
	const struct asset *a = asset_find("settings/hours.json");
	const struct asset *b = asset_find("settings/holidays.json");
	struct hours *h = NULL;
	int r;

	if (!a || !b)
		return err_set(ERR_NOT_FOUND, "settings of hours");
	r = hours_parse(&h, a->data, a->len);
	if (!r)
		r = hours_add_holidays(h, b->data, b->len);
	if (r)
		hours_free(&h);
	else
		*out = h;
	return r;
}

void hours_free(struct hours **h)
{
	if (!*h)
		return;
	free((*h)->holidays);
	json_decref((*h)->holiday_root);
	json_decref((*h)->root);
	free(*h);
	*h = NULL;
}
