/* site.c - reading, verifying and writing the site file and papers. */
#include "sync/site.h"

#include "core/err.h"
#include "core/id.h"
#include "core/mem.h"
#include "core/text.h"
#include "core/tr.h"
#include "keys/hash.h"
#include "keys/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SITE_FORMAT 1

/* Copies a text member that must fit and be clean; false when not. */
static bool take(char *out, size_t size, const json_t *object, const char *key)
{
	const char *s = json_str(object, key, NULL);
	struct buf clean = {0};
	bool ok = false;

	if (s && strlen(s) < size && *s) {
		text_clean(&clean, s, strlen(s));
		ok = strcmp(buf_text(&clean), s) == 0;
		text_copy(out, size, s);
	}
	buf_fini(&clean);
	return ok;
}

/* ---- papers ------------------------------------------------------------- */

int paper_read(struct paper *out, const json_t *value)
{
	const char *text = json_str(value, "text", NULL);
	const char *signature = json_str(value, "signature", NULL);

	if (!text || strlen(text) >= sizeof(out->text) || !signature ||
	    strlen(signature) != sizeof(out->signature) - 1)
		return err_set(ERR_FORMAT, "not a statement with signature");
	text_copy(out->text, sizeof(out->text), text);
	text_copy(out->signature, sizeof(out->signature), signature);
	return 0;
}

json_t *paper_json(const struct paper *paper)
{
	json_t *value = json_object();

	json_put_str(value, "text", paper->text);
	json_put_str(value, "signature", paper->signature);
	return value;
}

void paper_make(
    struct paper *out, const struct statement *s, const struct secret *key)
{
	struct buf text = {0};
	uint8_t signature[SIGNATURE];

	statement_write(&text, s);
	statement_sign(signature, &text, key);
	text_copy(out->text, sizeof(out->text), buf_text(&text));
	hex_encode(out->signature, signature, sizeof(signature));
	buf_fini(&text);
}

int paper_request(struct statement *out, const struct paper *paper)
{
	struct statement s;
	const struct statement_source source = {
	    NULL, paper->text, paper->signature};
	int r = statement_read(&s, paper->text, strlen(paper->text));

	if (r < 0)
		return r;
	if (s.what != STATEMENT_NODE && s.what != STATEMENT_OPERATOR)
		return err_set(ERR_FORMAT, "a request of another kind");
	return statement_verify(out, &source, &s.org, s.sign_pk);
}

/* ---- reading ------------------------------------------------------------ */

static int verify_paper(struct statement *out, const struct paper *paper,
    enum statement_what what, const struct site *site)
{
	const struct statement_source source = {
	    statement_name(what), paper->text, paper->signature};

	return statement_verify(out, &source, &site->org, site->root_pk);
}

/* The first root vouches for itself: the organisation is its hash. */
static int read_genesis(struct site *site, const json_t *root)
{
	struct statement s;
	struct id org;
	int r = paper_read(&site->genesis, json_object_get(root, "genesis"));

	if (r < 0)
		return r;
	r = statement_read(&s, site->genesis.text, strlen(site->genesis.text));
	if (r < 0)
		return r;
	identity_org(&org, s.root_pk);
	memcpy(site->root_pk, s.root_pk, sizeof(site->root_pk));
	if (s.what != STATEMENT_GENESIS || id_cmp(&org, &site->org) != 0)
		return err_set(ERR_ORGANISATION, "genesis of another org");
	return verify_paper(&s, &site->genesis, STATEMENT_GENESIS, site);
}

static int read_rollovers(struct site *site, const json_t *root)
{
	const json_t *list = json_list(root, "rollovers");

	for (size_t i = 0; i < json_array_size(list); i++) {
		struct paper *p = &site->rollovers[i];
		struct statement s;
		if (i == SITE_ROLLOVERS)
			return err_set(ERR_TOO_LARGE, "rollovers");
		int r = paper_read(p, json_array_get(list, i));
		if (r == 0)
			r = verify_paper(&s, p, STATEMENT_ROLLOVER, site);
		if (r == 0)
			r = statement_rollover_check(&s, site->root_pk);
		if (r < 0)
			return r;
		memcpy(site->root_pk, s.root_pk, sizeof(site->root_pk));
		site->rollover_count = i + 1;
	}
	return 0;
}

int site_limits_read(struct site *site, const json_t *root)
{
	const json_t *list = json_list(root, "limits");

	if (json_array_size(list) > SITE_LIMITS)
		return err_set(ERR_TOO_LARGE, "limits");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i);
		struct site_limit *l = &site->limits[i];
		int64_t half = json_int(row, "half_open", -1);
		int64_t fail = json_int(row, "failures", -1);
		if (!take(l->prefix, sizeof(l->prefix), row, "prefix") ||
		    half < 1 || half > 100000 || fail < 1 || fail > 100000)
			return err_set(ERR_FORMAT, "limits[%zu]", i);
		l->half_open = (int)half;
		l->failures = (int)fail;
		site->limit_count = i + 1;
	}
	return 0;
}

static int read_head(struct site *site, const json_t *root)
{
	const char *org = json_str(root, "org", "");

	if (json_int(root, "format", 0) > SITE_FORMAT)
		return err_set(ERR_NEWER, "site format");
	if (json_int(root, "format", 0) != SITE_FORMAT ||
	    !id_parse(&site->org, org) ||
	    !take(site->name, sizeof(site->name), root, "name") ||
	    !take(site->name_en, sizeof(site->name_en), root, "name_en"))
		return err_set(ERR_FORMAT, "not a site file");
	return 0;
}

static int read_address(struct site *site, const json_t *root)
{
	int64_t port = json_int(root, "port", -1);

	if (port < 0 || port > 65535 ||
	    !take(site->host, sizeof(site->host), root, "host"))
		return err_set(ERR_FORMAT, "host or port");
	site->port = (uint16_t)port;
	return 0;
}

/* Signed by a root of this organisation, of today or before. */
static int verify_by_any(
    struct statement *out, const struct paper *paper, const struct site *site)
{
	const struct statement_source source = {
	    statement_name(STATEMENT_INCARNATION), paper->text,
	    paper->signature};
	struct statement root;
	int r = ERR_SIGNATURE;

	for (size_t i = 0; r < 0 && i <= site->rollover_count; i++) {
		const struct paper *p =
		    i ? &site->rollovers[i - 1] : &site->genesis;
		r = statement_read(&root, p->text, strlen(p->text));
		if (r == 0)
			r = statement_verify(
			    out, &source, &site->org, root.root_pk);
	}
	return r;
}

static int add_restore(struct site *site, const struct paper *paper)
{
	struct ledger_restore *to = &site->restores[site->restore_count];
	uint64_t least = site->restore_count ? to[-1].ordinal + 1 : 2;
	struct statement s;
	int r = verify_by_any(&s, paper, site);

	if (r < 0)
		return r;
	if (s.incarnation < least || s.old >= s.incarnation || s.old < 1)
		return err_set(ERR_FORMAT, "incarnations out of order");
	site->incarnations[site->restore_count++] = *paper;
	*to = (struct ledger_restore){s.incarnation, s.old, s.size, s.root};
	return 0;
}

/* What a former root signed is vouched for by today's, who signs the file. */
static int read_incarnations(struct site *site, const json_t *root)
{
	const json_t *list = json_list(root, "incarnations");
	struct paper paper;
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_array_size(list); i++) {
		if (i == LEDGER_RESTORES)
			return err_set(ERR_TOO_LARGE, "incarnations");
		r = paper_read(&paper, json_array_get(list, i));
		if (r == 0)
			r = add_restore(site, &paper);
	}
	return r;
}

static int read_org(struct site *site, const json_t *root)
{
	int r = read_head(site, root);

	if (r == 0)
		r = read_genesis(site, root);
	if (r == 0)
		r = read_rollovers(site, root);
	return r == 0 ? read_incarnations(site, root) : r;
}

int site_org_read(struct site *out, const json_t *value)
{
	*out = (struct site){0};
	return read_org(out, value);
}

/* What the root signs of the file. */
static void add_signed(struct buf *out, const json_t *root)
{
	size_t n;
	const char *prefix = prefix_bytes(&n, PREFIX_SITE);
	json_t *rest = json_copy((json_t *)(uintptr_t)root);

	json_object_del(rest, "signature");
	buf_add(out, prefix, n);
	json_canonical(out, rest);
	json_decref(rest);
}

static int verify_file(const struct site *site, const json_t *root)
{
	const char *hex = json_str(root, "signature", "");
	uint8_t signature[SIGNATURE];
	struct buf b = {0};
	bool ok = strlen(hex) == 2 * (size_t)SIGNATURE &&
		  hex_decode(signature, SIGNATURE, hex);

	add_signed(&b, root);
	ok = ok && sign_is_valid(signature, site->root_pk, b.data, b.len);
	buf_fini(&b);
	return ok ? 0 : err_set(ERR_SIGNATURE, "site file");
}

static int read_all(struct site *site, const json_t *root)
{
	int r = read_org(site, root);

	if (r == 0)
		r = verify_file(site, root);
	if (r == 0)
		r = read_address(site, root);
	if (r == 0)
		r = paper_read(
		    &site->certificate, json_object_get(root, "node"));
	if (r == 0)
		r = verify_paper(
		    &site->node, &site->certificate, STATEMENT_NODE, site);
	if (r == 0 && site->restore_count > 0 &&
	    site->node.incarnation !=
		site->restores[site->restore_count - 1].ordinal)
		r = err_set(ERR_FORMAT, "a node of another incarnation");
	return r == 0 ? site_limits_read(site, root) : r;
}

int site_read(struct site **out, const char *text, size_t n)
{
	json_t *root;
	struct site *site;
	int r = json_load(&root, text, n, SITE_MAX);

	if (r < 0)
		return r;
	site = mem_new(sizeof(*site));
	r = read_all(site, root);
	json_decref(root);
	if (r < 0)
		free(site);
	else
		*out = site;
	return r;
}

/* ---- writing ------------------------------------------------------------ */

static json_t *limits_json(const struct site *site)
{
	json_t *list = json_array();

	for (size_t i = 0; i < site->limit_count; i++) {
		const struct site_limit *l = &site->limits[i];
		json_t *row = json_object();
		json_put_str(row, "prefix", l->prefix);
		json_put_int(row, "half_open", l->half_open);
		json_put_int(row, "failures", l->failures);
		json_array_append_new(list, row);
	}
	return list;
}

json_t *site_org_json(const struct site *site)
{
	json_t *root = json_object(), *list = json_array();
	char org[ID_HEX];

	id_hex(org, &site->org);
	json_put_int(root, "format", SITE_FORMAT);
	json_put_str(root, "org", org);
	json_put_str(root, "name", site->name);
	json_put_str(root, "name_en", site->name_en);
	json_put(root, "genesis", paper_json(&site->genesis));
	for (size_t i = 0; i < site->rollover_count; i++)
		json_array_append_new(list, paper_json(&site->rollovers[i]));
	json_put(root, "rollovers", list);
	if (site->restore_count > 0) {
		list = json_array();
		for (size_t i = 0; i < site->restore_count; i++)
			json_array_append_new(
			    list, paper_json(&site->incarnations[i]));
		json_put(root, "incarnations", list);
	}
	return root;
}

static json_t *site_json(const struct site *site)
{
	json_t *root = site_org_json(site);

	json_put_str(root, "host", site->host);
	json_put_int(root, "port", site->port);
	json_put(root, "node", paper_json(&site->certificate));
	json_put(root, "limits", limits_json(site));
	return root;
}

void site_write(
    struct buf *out, const struct site *site, const struct secret *root_key)
{
	json_t *root = site_json(site);
	struct buf b = {0};
	uint8_t signature[SIGNATURE];
	char hex[2 * SIGNATURE + 1];
	char *text;

	add_signed(&b, root);
	sign_detached(signature, root_key, b.data, b.len);
	hex_encode(hex, signature, sizeof(signature));
	json_put_str(root, "signature", hex);
	text = json_dumps(root, JSON_INDENT(2));
	buf_str(out, text);
	buf_u8(out, '\n');
	free(text);
	json_decref(root);
	buf_fini(&b);
}

void site_found(struct site *out, const struct secret *root,
    const uint8_t root_pk[SIGN_PUBLIC], int64_t now_s)
{
	struct statement s = {.what = STATEMENT_GENESIS, .from_s = now_s};

	*out = (struct site){0};
	identity_org(&out->org, root_pk);
	memcpy(out->root_pk, root_pk, SIGN_PUBLIC);
	memcpy(s.root_pk, root_pk, SIGN_PUBLIC);
	s.org = out->org;
	paper_make(&out->genesis, &s, root);
}

size_t site_roots(
    uint8_t out[SITE_ROLLOVERS + 1][SIGN_PUBLIC], const struct site *site)
{
	struct statement root;
	size_t n = 0;

	for (size_t i = 0; i <= site->rollover_count; i++) {
		const struct paper *p =
		    i ? &site->rollovers[i - 1] : &site->genesis;
		if (statement_read(&root, p->text, strlen(p->text)) == 0)
			memcpy(out[n++], root.root_pk, SIGN_PUBLIC);
	}
	return n;
}

int site_add_restore(
    struct site *site, const struct statement *anew, const struct secret *root)
{
	struct paper paper;

	if (site->restore_count == LEDGER_RESTORES)
		return err_set(ERR_TOO_LARGE, "incarnations");
	paper_make(&paper, anew, root);
	return add_restore(site, &paper);
}

int site_check_time(const struct site *site, int64_t now_s)
{
	if (now_s < site->node.from_s || now_s >= site->node.until_s)
		return err_set(ERR_EXPIRED, "the node's certificate");
	return 0;
}

void site_ledger_node(struct ledger_node *out, const struct site *site)
{
	out->seat = site->node.seat;
	memcpy(out->sign_pk, site->node.sign_pk, sizeof(out->sign_pk));
	memcpy(out->seal_pk, site->node.seal_pk, sizeof(out->seal_pk));
	memcpy(out->check_pk, site->node.check_pk, sizeof(out->check_pk));
	out->incarnation = site->node.incarnation;
	memcpy(out->restores, site->restores, sizeof(out->restores));
	out->restore_count = site->restore_count;
}

void site_address(char *out, size_t size, const struct site *site)
{
	snprintf(out, size, strchr(site->host, ':') ? "[%s]:%u" : "%s:%u",
	    site->host, site->port);
}

const char *site_name(const struct site *site)
{
	return tr_pick(site->name, site->name_en);
}
