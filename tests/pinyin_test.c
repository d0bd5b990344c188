/* pinyin_test.c - surnames are read as surnames, and the second reading that
 * people type is kept. */
#include "tests/test.h"

#include "core/err.h"
#include "sync/import_pinyin.h"

static struct pinyin_engine *engine;

static void test_pinyin__names(void **state)
{
	static const struct {
		const char *name, *spelled, *full, *initials, *second;
	} rows[] = {
	    {"单雪梅", "Shan Xuemei", "shanxuemei", "sxm", ""},
	    {"解晓东", "Xie Xiaodong", "xiexiaodong", "xxd", ""},
	    {"曾强", "Zeng Qiang", "zengqiang", "zq", ""},
	    {"仇玉兰", "Qiu Yulan", "qiuyulan", "qyl", ""},
	    {"区志明", "Ou Zhiming", "ouzhiming", "ozm", ""},
	    {"查文斌", "Zha Wenbin", "zhawenbin", "zwb", ""},
	    {"任桂英", "Ren Guiying", "renguiying", "rgy", ""},
	    {"欧阳建国", "Ouyang Jianguo", "ouyangjianguo", "oyjg", ""},
	    {"尉迟海燕", "Yuchi Haiyan", "yuchihaiyan", "ychy", ""},
	    {"覃秀兰", "Tan Xiulan", "tanxiulan", "txl", "qinxiulan"},
	    {"祭春梅", "Ji Chunmei", "jichunmei", "jcm", "zhaichunmei"},
	    {"单于强", "Shanyu Qiang", "shanyuqiang", "syq", "chanyuqiang"},
	    {"吕红", "Lu Hong", "luhong", "lh", "lvhong"},
	    {"李珅", "Li Shen", "lishen", "ls", ""},
	    {"李单", "Li Dan", "lidan", "ld", ""},
	    {"María Luisa", "Maria Luisa", "marialuisa", "ml", ""},
	    {"Medhurst46", "Medhurst46", "medhurst46", "m", ""},
	    {"", "", "", "", ""},
	};
	struct pinyin p;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(pinyin_read(&p, engine, rows[i].name), 0);
		assert_string_equal(p.spelled, rows[i].spelled);
		assert_string_equal(p.full, rows[i].full);
		assert_string_equal(p.initials, rows[i].initials);
		assert_string_equal(p.second_full, rows[i].second);
	}
}

static void test_pinyin__a_name_without_end_is_refused(void **state)
{
	char name[2048];
	struct pinyin p;

	(void)state;
	for (size_t len = 3; len < sizeof(name); len += 30) {
		for (size_t i = 0; i + 3 <= len; i += 3)
			memcpy(name + i, "庄", 4);
		int r = pinyin_read(&p, engine, name);
		assert_true(len < 60 ? r == 0 : r == 0 || r == ERR_INVALID);
		assert_true(len < 200 || r == ERR_INVALID);
	}
}

static int open_engine(void **state)
{
	(void)state;
	return pinyin_engine_new(&engine);
}

static int close_engine(void **state)
{
	(void)state;
	pinyin_engine_free(&engine);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pinyin__names),
	    cmocka_unit_test(test_pinyin__a_name_without_end_is_refused),
	};

	return cmocka_run_group_tests_name(
	    "pinyin", tests, open_engine, close_engine);
}
