/* content_replay_test.c - replay over real ledgers: a contact recorded by a
 * seat is asked again under other content, and nothing is written. */
#include "core/kind.h"
#include "sync/content_replay.h"
#include "tests/world.h"

#define BODY                                                                   \
	"{\"respondent\":\"self\",\"disposition\":\"completed\","              \
	"\"disposition_version\":1,\"reached\":true,\"completed\":true,"       \
	"\"started_s\":1795312000,\"ended_s\":1795312300,"                     \
	"\"class\":\"unsatisfied\",\"script\":\"hypertension\","               \
	"\"done\":[{\"pathway\":\"hypertension\",\"step\":\"routine\"}],"      \
	"\"answers\":[{\"link\":\"class\",\"type\":\"choice\","                \
	"\"code\":\"unsatisfied\"}],"                                          \
	"\"observations\":[{\"code\":\"8480-6\",\"value\":175,\"scale\":0,"    \
	"\"unit\":\"mm[Hg]\",\"at_s\":1795312200,\"source\":\"home\"}]}"

struct told {
	size_t of[REPLAY_KINDS];
	struct id patient;
	char texts[2][120];
};

static void listen(void *ctx, const struct id *patient, enum replay_kind kind,
    int64_t at_s, const char *const texts[2])
{
	struct told *t = ctx;

	assert_true(at_s > 0);
	t->of[kind]++;
	t->patient = *patient;
	if (kind == REPLAY_EARLIER)
		for (size_t i = 0; i < 2; i++)
			snprintf(t->texts[i], 120, "%s", texts[i]);
}

/* The content of the program with one word changed everywhere in a file. */
static void change(struct content_files *files, const char *path,
    const char *from, const char *to)
{
	for (size_t i = 0; i < files->n; i++) {
		char *text;
		char *at;

		if (strcmp(files->at[i].path, path))
			continue;
		text = strdup(files->at[i].text);
		assert_non_null(text);
		while ((at = strstr(text, from)))
			memcpy(at, to, strlen(to));
		files->at[i].text = text;
	}
}

static void drop(struct content_files *files, const char *path)
{
	const struct content_file *f = content_file_find(files, path);

	free((void *)(uintptr_t)f->text);
}

static void test_replay__reads_the_log_and_writes_nothing(void **state)
{
	struct world *w = world_new(3);
	struct world_seat *seat = world_join(w, "A017", "agent");
	struct content_files was = content_files_builtin();
	struct content_files now = content_files_builtin();
	struct told told = {.texts = {"", ""}};
	struct content_replay cfg = {.was = &was,
	    .now = &now,
	    .zone_s = 28800,
	    .tell = listen,
	    .ctx = &told};
	struct replay_total total = {0};
	char before[HASH_HEX];
	char after[HASH_HEX];
	struct id patient;

	(void)state;
	assert_int_equal(world_sync(seat), 0);
	patient = world_patient(w, "Wang", "A017");
	assert_int_equal(world_sync(seat), 0);
	world_say(seat, KIND_CONTACT_RECORDED, &patient, BODY);
	change(&now, "rules/hypertension.json", "\"value\": 180",
	    "\"value\": 170");
	change(
	    &now, "pathways/hypertension.json", "\"days\": 14", "\"days\": 10");
	world_digest(before, seat);
	assert_int_equal(content_replay_run(&total, seat->store, &cfg), 0);
	world_digest(after, seat);
	assert_string_equal(before, after);
	assert_int_equal(total.contacts, 1);
	assert_int_equal(told.of[REPLAY_ALERT_MORE], 1);
	assert_int_equal(told.of[REPLAY_ALERT_FEWER], 0);
	assert_int_equal(told.of[REPLAY_EARLIER], 1);
	assert_memory_equal(&told.patient, &patient, sizeof(patient));
	assert_non_null(strstr(told.texts[0], "htn-unsatisfied"));
	drop(&now, "rules/hypertension.json");
	drop(&now, "pathways/hypertension.json");
	free(was.at);
	free(now.at);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_replay__reads_the_log_and_writes_nothing),
	};

	return cmocka_run_group_tests_name("content_replay", tests, NULL, NULL);
}
