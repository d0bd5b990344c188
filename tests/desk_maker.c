/*
 * desk_maker.c - see the header. The world stands at 2026-11-22 10:00 in
 * Shanghai.
 */
#include "tests/desk_maker.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/fold.h"
#include "core/json.h"
#include "core/shelf.h"
#include "core/store.h"

#include <unistd.h>

static const struct id roster = {{0xaa}};
static const struct id team = {{0xbb}};

static int refuse(void *ctx, const char *dir, struct secret *passphrase)
{
	(void)ctx;
	(void)dir;
	(void)passphrase;
	return -3;
}

const struct unlock_arg desk_locked = {
    .dir = "/nowhere/A017", .is_locked = true, .unlock = refuse};

struct id desk_patient(int n)
{
	struct id id = {{0xcc}};

	id.b[12] = (uint8_t)(n >> 24);
	id.b[13] = (uint8_t)(n >> 16);
	id.b[14] = (uint8_t)(n >> 8);
	id.b[15] = (uint8_t)n;
	return id;
}

/* What the corridor would keep of it, as received by the centre: the record's
 * row with its first entry, and the entry's. Three hashes in four begin low
 * enough for the sample of reviews. */
static void keep_row(struct desk_maker *m, enum kind kind,
    const struct id *stream, unsigned index)
{
	char sql[1200], seat[ID_HEX], hex[ID_HEX];
	unsigned first = m->seq % 4 != 3 ? (unsigned)(m->seq * 5 % 13) : 200;
	long long at = (long long)(m->world.now_s + m->shift_s);

	id_hex(seat, &m->desk.seat);
	id_hex(hex, stream);
	snprintf(sql, sizeof(sql),
	    "INSERT INTO record SELECT x'%s', %llu, x'%02x%06llx%056d', "
	    "zeroblob(20), %llu, %lld, %llu, 1, NULL, x'', x'' "
	    "WHERE %u = 1",
	    seat, (unsigned long long)m->seq, first,
	    (unsigned long long)m->seq * 40503 % 0xffffff, 0,
	    (unsigned long long)m->seq, at, (unsigned long long)m->seq, index);
	assert_int_equal(test_exec(m->desk.store, sql), 0);
	snprintf(sql, sizeof(sql),
	    "INSERT INTO entry VALUES (x'%s', %llu, x'%s', %llu, %u, '%s', 1, "
	    "'S', NULL, %lld, %llu, 1, 1)",
	    hex, (unsigned long long)m->seq, seat, (unsigned long long)m->seq,
	    index, kind_info(kind)->name, at, (unsigned long long)m->seq);
	assert_int_equal(test_exec(m->desk.store, sql), 0);
}

static int fold_one(struct desk_maker *m, enum kind kind,
    const struct id *stream, const json_t *body, unsigned index)
{
	struct fold_entry e = {.kind = kind,
	    .stream = *stream,
	    .ref = {m->desk.seat, m->seq, index},
	    .lamport = m->seq,
	    .pos = (int64_t)m->seq,
	    .at_s = m->world.now_s + m->shift_s,
	    .body = body};

	if (!m->is_bare)
		keep_row(m, kind, stream, index);
	return fold_apply(m->fold, &e);
}

static int record(void *ctx, const struct draft *draft, uint64_t *seq)
{
	struct desk_maker *m = ctx;
	int rc = m->fail;

	m->fail = 0;
	for (size_t i = 0; i < draft->count && rc == 0; i++)
		rc = entry_check(
		    m->book, draft->entries[i].kind, draft->entries[i].body);
	if (rc < 0)
		return rc;
	m->seq++;
	rc = store_begin(m->desk.store);
	for (size_t i = 0; i < draft->count && rc == 0; i++)
		rc = fold_one(m, draft->entries[i].kind,
		    &draft->entries[i].stream, draft->entries[i].body,
		    (unsigned)i + 1);
	if (rc == 0)
		rc = shelf_clear(m->desk.store, draft->slot);
	if (rc < 0) {
		store_rollback(m->desk.store);
		return rc;
	}
	rc = store_commit(m->desk.store);
	m->recorded++;
	*seq = m->seq;
	return rc;
}

/* Enough for the screens: the record of this number has no effect. */
static int undo(void *ctx, const struct id *seat, uint64_t seq)
{
	struct desk_maker *m = ctx;

	(void)seat;
	return seq == m->seq ? 0 : ERR_RULE;
}

/* As if every record were whole. */
static int prove(
    void *ctx, struct desk_proof *out, const struct id *seat, uint64_t seq)
{
	struct desk_maker *m = ctx;

	(void)seat;
	*out = (struct desk_proof){.key = "7f3a 91c2 0be4",
	    .hash = "05c4112233445566778899aabbccddeeff00112233445566778899aab"
		    "bccddee",
	    .git = "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
	    .is_linked = seq > 1,
	    .boxes = 1,
	    .is_placed = true,
	    .placed_s = m->world.now_s,
	    .size = m->seq + 1};
	return 0;
}

static uint64_t next_seq(void *ctx)
{
	return ((struct desk_maker *)ctx)->seq + 1;
}

static void sync_state(void *ctx, struct desk_sync *out)
{
	*out = ((struct desk_maker *)ctx)->sync;
}

static const struct crew_seat *crew(void *ctx, size_t *count)
{
	struct desk_maker *m = ctx;

	*count = m->crew_count;
	return m->crew_count ? m->crew : NULL;
}

void desk_maker_staff(struct desk_maker *m)
{
	static const struct {
		char member[5];
		uint8_t state;
		int ago_s;
	} rows[] = {{"A012", PRESENCE_OFFLINE, 19 * 3600},
	    {"A017", PRESENCE_CALL, 3}, {"A019", PRESENCE_AWAY, 2400}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct crew_seat *c = &m->crew[m->crew_count++];
		*c = (struct crew_seat){.seat = {{0xdd}},
		    .state = rows[i].state,
		    .heard_s = m->world.now_s - rows[i].ago_s};
		memcpy(c->seat.b + 1, rows[i].member, 4);
	}
}

void desk_maker_enter(struct desk_maker *m, enum kind kind,
    const struct id *stream, const char *body)
{
	char text[8192];
	json_t *json;

	snprintf(text, sizeof(text), "%s", body);
	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	if (json_load(&json, text, strlen(text), sizeof(text)) < 0)
		fail_msg("%s: %s", err_detail(), text);
	if (entry_check(m->book, kind, json) < 0)
		fail_msg("%s: %s", err_detail(), text);
	m->seq++;
	assert_int_equal(fold_one(m, kind, stream, json, 1), 0);
	json_decref(json);
}

static void add_member(struct desk_maker *m, const char *member,
    const char *name, const char *name_en, const char *role)
{
	char body[500], seat[ID_HEX];
	struct id id = {{0xdd}};

	snprintf(body, sizeof(body),
	    "{'member':'%s','name':'%s','name_en':'%s','role':'%s',"
	    "'team':'bb000000000000000000000000000000','from_s':1,'until_s':"
	    "9000000000}",
	    member, name, name_en, role);
	desk_maker_enter(m, KIND_MEMBER_GRANTED, &roster, body);
	snprintf(body, sizeof(body),
	    "{'member':'%s','capacity':40,'active':true}", member);
	desk_maker_enter(m, KIND_TEAM_MEMBER, &team, body);
	memcpy(id.b + 1, member, 4);
	id_hex(seat, &id);
	snprintf(body, sizeof(body),
	    "{'seat':'%s','sign_key':'%064d','dh_key':'%064d','member':'%s',"
	    "'ordinal':1,'terminal':'T-07','from_s':1,'until_s':9000000000}",
	    seat, 0, 0, member);
	desk_maker_enter(m, KIND_SEAT_GRANTED, &roster, body);
}

static void add_people(struct desk_maker *m)
{
	add_member(m, "A012", "赵敏", "Zhao Min", "agent");
	add_member(m, "A017", "林小雨", "Lin Xiaoyu", "agent");
	add_member(m, "A019", "吴海燕", "Wu Haiyan", "agent");
	add_member(m, "S002", "钱国平", "Qian Guoping", "supervisor");
	add_member(m, "D001", "王建民", "Wang Jianmin", "clinician");
	desk_maker_enter(m, KIND_TEAM_SET, &team,
	    "{'name':'心内组','name_en':'cardio team','department':'心内科'}");
	desk_maker_enter(m, KIND_SETTINGS_SET, &roster,
	    "{'name':'示例医院','name_en':'Sample hospital','zone_s':28800,"
	    "'lease_s':259200,'duty_phone':'8021'}");
}

static void open_store(struct desk_maker *m, const char *vfs)
{
	static const uint8_t key[32] = {7};
	char path[600];

	snprintf(path, sizeof(path), "%s/vault.db", m->dir);
	assert_int_equal(store_open(&m->desk.store,
			     &(struct store_opts){
				 .path = path, .key = key, .base_vfs = vfs}),
	    0);
	m->book = entry_book_new();
	m->fold = fold_new(m->desk.store, m->book);
}

void desk_maker_init(struct desk_maker *m, char role, const char *dir)
{
	desk_maker_init_on(m, role, dir, NULL);
}

void desk_maker_init_on(
    struct desk_maker *m, char role, const char *dir, const char *vfs)
{
	static const char members[][2][8] = {
	    {"A", "A017"}, {"S", "S002"}, {"D", "D001"}};
	char *copy = dir ? strdup(dir) : test_dir_new();
	int64_t seq;
	bool is_new;

	*m = (struct desk_maker){.dir = copy};
	test_env_init(&m->world, 1);
	m->sync = (struct desk_sync){.is_online = true,
	    .is_current = true,
	    .heard_s = m->world.now_s - 3,
	    .rtt_ms = 41,
	    .address = "node1.hosp:7443",
	    .key = "b210 77ae 4c9d 0f3e"};
	open_store(m, vfs);
	m->desk.env = &m->world.env;
	m->desk.role = role;
	m->desk.ordinal = 2;
	m->desk.team = team;
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (members[i][0][0] == role)
			strcpy(m->desk.member, members[i][1]);
	strcpy(m->desk.terminal, "T-07");
	strcpy(m->desk.home, m->dir);
	m->desk.seat.b[0] = 0xdd;
	memcpy(m->desk.seat.b + 1, m->desk.member, 4);
	m->desk.keys = (struct desk_keys){.prove = prove, .ctx = m};
	m->desk.log = (struct desk_log){record, undo, next_seq, m};
	m->desk.sync_state = sync_state;
	m->desk.crew = crew;
	m->desk.sync_ctx = m;
	assert_int_equal(store_meta_get_int(m->desk.store, "seq", -1, &seq), 0);
	is_new = seq < 0;
	m->seq = is_new ? 0 : (uint64_t)seq + 1000000;
	assert_int_equal(store_begin(m->desk.store), 0);
	if (is_new)
		add_people(m);
	assert_int_equal(
	    store_meta_set_int(m->desk.store, "seq", (int64_t)m->seq), 0);
	assert_int_equal(store_commit(m->desk.store), 0);
	assert_int_equal(desk_init(&m->desk), 0);
}

void desk_maker_fini(struct desk_maker *m)
{
	desk_fini(&m->desk);
	fold_free(&m->fold);
	entry_book_free(&m->book);
	store_close(&m->desk.store);
	if (strncmp(m->dir, "/tmp/suifang-keep", 17) != 0)
		test_dir_remove(m->dir);
	else
		free(m->dir);
}

/* One patient of the fixed world. */
struct sample {
	const char *name, *name_en, *initials, *sex, *phone, *risk;
	int birth_year;
	const char *condition, *code, *pathway, *step, *script;
	int due, close; /* days from today */
	int attempts;
};

static const struct sample samples[] = {
    {"欧阳建国", "Ouyang Jianguo", "oyjg", "male", "13800004802", "high", 1959,
	"冠心病 PCI术后", "Z95.5", "pci", "day-7", "pci-day7", -1, 2, 0},
    {"单雪梅", "Shan Xuemei", "sxm", "female", "13900001177", "high", 1968,
	"心力衰竭", "I50", "hypertension", "routine", "hypertension", 0, 3, 1},
    {"曾强", "Zeng Qiang", "zq", "male", "13700002233", "mid", 1955, "高血压",
	"I10", "hypertension", "routine", "hypertension", 0, 5, 0},
    {"仇玉兰", "Qiu Yulan", "qyl", "female", "13600003344", "mid", 1962,
	"2型糖尿病", "E11", "type2-diabetes", "routine", "type2-diabetes", 0, 5,
	2},
    {"解晓东", "Xie Xiaodong", "xxd", "male", "13500004455", "low", 1977,
	"高血压", "I10", "hypertension", "first", "hypertension", 1, 9, 0},
    {"区志明", "Ou Zhiming", "ozm", "male", "13400005566", "low", 1971,
	"高血压", "I10", "hypertension", "first", "hypertension", 1, 9, 0},
};

static int today(const struct desk_maker *m)
{
	return (int)day_of(m->world.now_s, 28800);
}

static void register_patient(
    struct desk_maker *m, const struct id *id, const struct sample *s)
{
	char body[1500];

	snprintf(body, sizeof(body),
	    "{'name':'%s','name_en':'%s','pinyin':'%s','initials':'%s',"
	    "'sex':'%s','birth_day':%lld,'id_no':'9999991959010100%02d',"
	    "'source':'test','phones':[{'number':'%s','relation':'self',"
	    "'consent':true},{'number':'13900009999','relation':'child',"
	    "'name':'明','consent':true}]}",
	    s->name, s->name_en, s->name_en, s->initials, s->sex,
	    (long long)day_from_civil(s->birth_year, 3, 1), id->b[15] % 100,
	    s->phone);
	desk_maker_enter(m, KIND_PATIENT_REGISTERED, id, body);
	snprintf(body, sizeof(body),
	    "{'items':[{'code':'%s','system':'icd10','text':'%s',"
	    "'onset_day':20000}]}",
	    s->code, s->condition);
	desk_maker_enter(m, KIND_CONDITIONS_RECORDED, id, body);
	snprintf(body, sizeof(body),
	    "{'level':'%s','reason':'','rule':'risk-levels','version':'1'}",
	    s->risk);
	desk_maker_enter(m, KIND_RISK_SET, id, body);
}

static void enrol_patient(
    struct desk_maker *m, const struct id *id, const struct sample *s)
{
	char body[1500], hex[ID_HEX];

	snprintf(body, sizeof(body),
	    "{'pathway':'%s','version':'1','anchor':'enrolment',"
	    "'anchor_day':%d,'next':[{'pathway':'%s','pathway_version':'1',"
	    "'step':'%s','script':'%s','open_day':%d,'due_day':%d,"
	    "'close_day':%d,'minutes':8,'attempts':%d,'not_before_s':0,"
	    "'rule':'plan','rule_version':'1','why_zh':'按计划随访',"
	    "'why_en':'as planned'}]}",
	    s->pathway, today(m) - 7, s->pathway, s->step, s->script,
	    today(m) - 9, today(m) + s->due, today(m) + s->close, s->attempts);
	desk_maker_enter(m, KIND_PATHWAY_ENROLLED, id, body);
	id_hex(hex, id);
	snprintf(body, sizeof(body),
	    "{'patient':'%s','member':'A017','reason':'initial'}", hex);
	desk_maker_enter(m, KIND_ASSIGNED, &team, body);
}

static void add_readings(struct desk_maker *m, const struct id *id)
{
	static const int systolic[] = {
	    168, 160, 158, 150, 152, 148, 146, 141, 139, 136, 134, 128};
	char body[400];

	for (int i = 0; i < 12; i++) {
		long long at = ((long long)today(m) - 14 * (12 - i)) * DAY_S;
		snprintf(body, sizeof(body),
		    "{'items':[{'code':'8480-6','value':%d,'scale':0,"
		    "'unit':'mm[Hg]','at_s':%lld,'source':'clinic'},"
		    "{'code':'8462-4','value':%d,'scale':0,'unit':'mm[Hg]',"
		    "'at_s':%lld,'source':'clinic'}]}",
		    systolic[i], at, systolic[i] / 2 + 8, at);
		desk_maker_enter(m, KIND_OBSERVATIONS_RECORDED, id, body);
	}
	desk_maker_enter(m, KIND_MEDICATIONS_RECORDED, id,
	    "{'items':[{'code':'a','system':'local','text':'阿司匹林肠溶片','"
	    "dose':'100 mg qd',"
	    "'active':true,'day':20700},{'code':'b','system':'local','text':'"
	    "替格瑞洛片',"
	    "'dose':'90 mg bid','active':true,'day':20700}]}");
}

void desk_maker_fill(struct desk_maker *m)
{
	assert_int_equal(store_begin(m->desk.store), 0);
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct id id = desk_patient((int)i + 1);
		register_patient(m, &id, &samples[i]);
		enrol_patient(m, &id, &samples[i]);
		add_readings(m, &id);
	}
	struct id promised = desk_patient(2);
	char body[300];
	snprintf(body, sizeof(body),
	    "{'due_s':%lld,'owner':'A017','who':'self','note':'约9:40'}",
	    (long long)m->world.now_s - 1200);
	desk_maker_enter(m, KIND_CALLBACK_PROMISED, &promised, body);
	m->shift_s = -2400;
	desk_maker_enter(m, KIND_ALERT_RAISED, &promised,
	    "{'no':'A012.1-7','rule':'hf-weight','version':'3',"
	    "'level':'red','text_zh':'体重 3 天 +2.4 kg',"
	    "'text_en':'Weight +2.4 kg in 3 days','queue':'cardiology',"
	    "'sla_s':1800,'instruction_zh':'请患者少活动，等医生回电',"
	    "'instruction_en':'Rest; a doctor will call back',"
	    "'value':'29463-7 62.4'}");
	m->shift_s = 0;
	assert_int_equal(store_commit(m->desk.store), 0);
}

/* An alert of four days ago and what became of it. */
static void follow_alert(struct desk_maker *m, const struct id *id)
{
	char body[400], ref[REF_TEXT];

	desk_maker_enter(m, KIND_ALERT_RAISED, id,
	    "{'no':'A017.1-3','rule':'pci-bleeding-minor','version':'1',"
	    "'level':'orange','text_zh':'轻度出血','text_en':'Minor bleeding',"
	    "'queue':'cardiology','sla_s':86400}");
	ref_text(ref, &(struct ref){m->desk.seat, m->seq, 1});
	snprintf(body, sizeof(body), "{'alert':'%s','owner':'D001'}", ref);
	desk_maker_enter(m, KIND_ALERT_ACKNOWLEDGED, id, body);
	m->shift_s += 5 * 3600;
	snprintf(body, sizeof(body),
	    "{'alert':'%s','action':'观察，勿停药 go on, watch'}", ref);
	desk_maker_enter(m, KIND_ALERT_HANDLED, id, body);
	m->shift_s += DAY_S;
	snprintf(body, sizeof(body), "{'alert':'%s','waiver':'by phone'}", ref);
	desk_maker_enter(m, KIND_ALERT_CLOSED, id, body);
}

void desk_maker_follow(struct desk_maker *m)
{
	struct id id = desk_patient(1);
	int64_t at = m->world.now_s - 4 * DAY_S;
	char body[700];

	m->shift_s = -4 * DAY_S;
	snprintf(body, sizeof(body),
	    "{'items':[{'code':'36.06','system':'icd9','text':'右冠支架1枚',"
	    "'day':%d}]}",
	    today(m) - 8);
	desk_maker_enter(m, KIND_PROCEDURES_RECORDED, &id, body);
	snprintf(body, sizeof(body),
	    "{'items':[{'code':'1558-6','value':69,'scale':1,'unit':'mmol/L',"
	    "'at_s':%lld,'source':'clinic'},{'code':'1558-6','value':74,"
	    "'scale':1,'unit':'mmol/L','at_s':%lld,'source':'clinic'},"
	    "{'code':'18262-6','value':29,'scale':1,'unit':'mmol/L','at_s':"
	    "%lld,'source':'clinic'},{'code':'18262-6','value':17,'scale':1,"
	    "'unit':'mmol/L','at_s':%lld,'source':'clinic'},{'code':'8867-4',"
	    "'value':72,'scale':0,'unit':'/min','at_s':%lld,'source':'home'}]}",
	    (long long)(at - 30 * DAY_S), (long long)at,
	    (long long)(at - 30 * DAY_S), (long long)at, (long long)at);
	desk_maker_enter(m, KIND_OBSERVATIONS_RECORDED, &id, body);
	snprintf(body, sizeof(body),
	    "{'respondent':'self','disposition':'completed',"
	    "'disposition_version':1,'reached':true,'completed':true,"
	    "'started_s':%lld,'ended_s':%lld,'class':'satisfied',"
	    "'note':'服药规律, 牙龈少量出血'}",
	    (long long)at, (long long)at + 372);
	desk_maker_enter(m, KIND_CONTACT_RECORDED, &id, body);
	follow_alert(m, &id);
	m->shift_s = 0;
}

/* People who differ, so that a page of them is really drawn anew. */
static void name_for(char *name, char *en, size_t size, int i)
{
	static const char *const families[][2] = {{"王", "Wang"}, {"李", "Li"},
	    {"张", "Zhang"}, {"欧阳", "Ouyang"}, {"陈", "Chen"}, {"单", "Shan"},
	    {"赵", "Zhao"}, {"曾", "Zeng"}, {"周", "Zhou"}, {"仇", "Qiu"},
	    {"孙", "Sun"}};
	static const char *const given[][2] = {{"秀英", "Xiuying"},
	    {"伟", "Wei"}, {"桂兰", "Guilan"}, {"建国", "Jianguo"},
	    {"敏", "Min"}, {"玉兰", "Yulan"}, {"强", "Qiang"},
	    {"晓东", "Xiaodong"}, {"丽", "Li"}, {"志明", "Zhiming"},
	    {"军", "Jun"}, {"雪梅", "Xuemei"}, {"海燕", "Haiyan"}};
	const char *const *f = families[(size_t)i % ARRAY_LEN(families)];
	const char *const *g = given[(size_t)i % ARRAY_LEN(given)];

	snprintf(name, size, "%s%s", f[0], g[0]);
	snprintf(en, size, "%s %s", f[1], g[1]);
}

void desk_maker_borrow(struct desk_maker *m, struct store *store, int64_t now_s)
{
	*m = (struct desk_maker){.varied = true,
	    .is_bare = true,
	    .desk.store = store,
	    .desk.seat = {{0xdd}}};
	test_env_init(&m->world, 1);
	m->world.now_s = now_s;
	m->book = entry_book_new();
	m->fold = fold_new(store, m->book);
}

void desk_maker_return(struct desk_maker *m)
{
	fold_free(&m->fold);
	entry_book_free(&m->book);
}

void desk_maker_fill_many(struct desk_maker *m, int n)
{
	desk_maker_fill_from(m, 0, n);
}

void desk_maker_fill_from(struct desk_maker *m, int from, int n)
{
	bool was_bare = m->is_bare;

	m->is_bare = true;
	assert_int_equal(store_begin(m->desk.store), 0);
	for (int i = from; i < from + n; i++) {
		struct id id = desk_patient(1000 + i);
		struct sample s = samples[i % (int)ARRAY_LEN(samples)];
		char phone[16];
		snprintf(phone, sizeof(phone), "155%08d", i);
		s.phone = phone;
		char name[40], name_en[40];
		if (m->varied) {
			name_for(name, name_en, sizeof(name), i);
			s.name = name;
			s.name_en = name_en;
			s.birth_year = 1935 + i % 53;
		}
		s.due = i % 60 - 5;
		s.close = s.due + 7;
		s.risk = i % 10 ? "low" : "high";
		register_patient(m, &id, &s);
		enrol_patient(m, &id, &s);
	}
	assert_int_equal(store_commit(m->desk.store), 0);
	m->is_bare = was_bare;
}

void desk_maker_enrol_both(struct desk_maker *m)
{
	static const char *const plans[] = {"heart-failure", "copd"};
	struct id p = desk_patient(2);
	int today = (int)((m->world.now_s + 28800) / 86400);
	char body[700];

	for (int i = 0; i < 2; i++) {
		const char *id = plans[i];
		snprintf(body, sizeof(body),
		    "{'pathway':'%s','version':'1','anchor':'enrolment',"
		    "'anchor_day':%d,'next':[{'pathway':'%s',"
		    "'pathway_version':'1','step':'routine','script':'%s',"
		    "'open_day':%d,'due_day':%d,'close_day':%d,'minutes':5,"
		    "'attempts':0,'not_before_s':0,'rule':'plan',"
		    "'rule_version':'1'}]}",
		    id, today - 7, id, id, today - 1, today, today + 9);
		desk_maker_enter(m, KIND_PATHWAY_ENROLLED, &p, body);
	}
}
