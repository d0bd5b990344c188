/* import_world.c - the world of the importers' tests. */
#include "tests/import_world.h"
#include "tests/own.h"

#include <dirent.h>

/* What the ledger does with a draft, without keys: check and fold. */
void import_world_save(struct world *w, struct draft *draft)
{
	assert_int_equal(store_begin(w->store), 0);
	w->seq++;
	for (size_t i = 0; i < draft->count; i++) {
		struct draft_entry *d = &draft->entries[i];
		struct fold_entry e = {.kind = d->kind,
		    .stream = d->stream,
		    .lamport = w->seq,
		    .pos = (int64_t)w->seq,
		    .at_s = w->env.now_s,
		    .body = d->body};

		e.ref.seq = w->seq;
		e.ref.index = (unsigned)i + 1;
		if (entry_check(w->book, d->kind, d->body))
			fail_msg(
			    "%s: %s", kind_info(d->kind)->name, err_detail());
		if (fold_apply(w->fold, &e))
			fail_msg(
			    "%s: %s", kind_info(d->kind)->name, err_detail());
		w->kinds[d->kind]++;
	}
	assert_int_equal(store_commit(w->store), 0);
	draft_fini(draft);
}

static int save_member(void *ctx, const struct import_member *member)
{
	struct world *w = ctx;
	struct draft draft = {0};
	enum import_change change;

	assert_int_equal(import_member(&draft, &change, &w->staff, member), 0);
	assert_int_equal(change == IMPORT_SAME, draft.count == 0);
	import_world_save(w, &draft);
	return 0;
}

void import_world_roster(struct world *w, const char *text)
{
	struct import_batch *b = import_new(ZONE);
	const struct import_text file = {"roster.csv", text, strlen(text)};

	assert_int_equal(import_roster(b, &file, save_member, w), 0);
	import_free(&b);
}

int import_world_new(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char path[4200];
	size_t n;

	assert_non_null(w);
	w->dir = test_dir_new();
	snprintf(path, sizeof(path), "%s/vault.db", w->dir);
	test_env_init(&w->env, 7);
	static const uint8_t key[32] = {1, 2, 3};
	assert_int_equal(store_open(&w->store,
			     &(struct store_opts){.path = path, .key = key}),
	    0);
	w->book = entry_book_new();
	w->fold = fold_new(w->store, w->book);
	w->pathways = own_pathways();
	assert_int_equal(pinyin_engine_new(&w->pinyin), 0);
	w->staff = (struct import_staff){
	    w->store, &w->env.env, {{9}}, INT64_C(253402300799)};
	char *roster = test_read_file("schemas/sample/roster.csv", &n);
	import_world_roster(w, roster);
	free(roster);
	w->site = (struct import_site){.store = w->store,
	    .env = &w->env.env,
	    .pathways = w->pathways,
	    .pinyin = w->pinyin,
	    .zone_s = ZONE,
	    .source = "示例医院"};
	assert_int_equal(import_team(&w->site.team, w->store, ""), 0);
	assert_false(id_is_zero(&w->site.team));
	*state = w;
	return 0;
}

int import_world_free(void **state)
{
	struct world *w = *state;

	pinyin_engine_free(&w->pinyin);
	pathway_set_free(&w->pathways);
	fold_free(&w->fold);
	entry_book_free(&w->book);
	store_close(&w->store);
	test_dir_remove(w->dir);
	free(w);
	return 0;
}

void import_world_read(
    struct import_batch *b, const char *dir, const char *suffix)
{
	struct dirent **list;
	int n = scandir(dir, &list, NULL, alphasort);
	char path[4600];

	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		const char *dot = strrchr(list[i]->d_name, '.');
		size_t size;
		snprintf(path, sizeof(path), "%s/%s", dir, list[i]->d_name);
		if (dot && strcmp(dot, suffix) == 0) {
			char *text = test_read_file(path, &size);
			assert_int_equal(
			    import_fhir(b, list[i]->d_name, text, size), 0);
			free(text);
		}
		free(list[i]);
	}
	free(list);
}

struct import_batch *import_world_sample(void)
{
	struct import_batch *b = import_new(ZONE);

	import_world_read(b, "schemas/sample", ".json");
	import_world_read(b, "schemas/sample/bulk", ".ndjson");
	assert_int_equal(import_finish(b), 0);
	return b;
}
