/* enrol_test.c - codes that survive typing, payloads that do not survive
 * change, words that both sides see alike. */
#include "tests/test.h"

#include "core/err.h"
#include "core/id.h"
#include "keys/enrol.h"
#include "keys/hash.h"
#include "keys/secret.h"

static const struct id org = {{7, 7, 7}};

struct pair {
	struct test_env t;
	struct identity *issuer, *node;
};

static int setup(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));

	hash_init();
	test_env_init(&p->t, 11);
	p->issuer = identity_new(&org, &p->t.env);
	p->node = identity_new(&org, &p->t.env);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct pair *p = *state;

	identity_free(&p->issuer);
	identity_free(&p->node);
	free(p);
	return 0;
}

static struct enrol_for whom(void)
{
	return (struct enrol_for){org, "A017", "agent", "T-07", 5000};
}

static void code_of(struct enrol_code *out, struct pair *p)
{
	struct enrol_for w = whom();

	assert_int_equal(
	    enrol_derive(out, p->issuer->dh, p->node->dh_pk, &w), 0);
}

static void test_enrol__both_sides_derive_the_same_code(void **state)
{
	struct pair *p = *state;
	struct enrol_code a, b;
	struct enrol_for w = whom();

	code_of(&a, p);
	assert_int_equal(
	    enrol_derive(&b, p->node->dh, p->issuer->dh_pk, &w), 0);
	assert_string_equal(a.text, b.text);
	assert_int_equal(strlen(a.text), ENROL_CODE);
	w.until_s++;
	assert_int_equal(
	    enrol_derive(&b, p->node->dh, p->issuer->dh_pk, &w), 0);
	assert_string_not_equal(a.text, b.text);
	w = whom();
	w.role = "supervisor";
	assert_int_equal(
	    enrol_derive(&b, p->node->dh, p->issuer->dh_pk, &w), 0);
	assert_string_not_equal(a.text, b.text);
}

static void test_enrol__a_key_of_low_order_is_refused(void **state)
{
	struct pair *p = *state;
	static const uint8_t zero[DH_KEY];
	struct enrol_for w = whom();
	struct enrol_code c;

	assert_int_equal(enrol_derive(&c, p->issuer->dh, zero, &w), ERR_FORMAT);
}

static void test_enrol__what_is_shown_can_be_typed(void **state)
{
	struct pair *p = *state;
	struct enrol_code code, back;
	char shown[ENROL_SHOWN], low[ENROL_SHOWN * 4] = "  ";
	size_t n = 2;

	code_of(&code, p);
	enrol_show(shown, &code);
	assert_int_equal(enrol_parse(&back, shown), 0);
	assert_string_equal(back.text, code.text);
	for (char *c = shown; *c; c++) { /* as an input method leaves it */
		if (*c >= 'A' && *c <= 'Z')
			n += (size_t)sprintf(
			    low + n, "\xef\xbd%c", (char)(*c - 'A' + 0x81));
		else if (*c == '0')
			low[n++] = 'o';
		else if (*c == '1')
			low[n++] = 'l';
		else
			low[n++] = *c == '-' ? ' ' : *c;
	}
	low[n] = '\0';
	assert_int_equal(enrol_parse(&back, low), 0);
	assert_string_equal(back.text, code.text);
}

static void test_enrol__every_slip_of_the_finger_shows(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct pair *p = *state;
	struct enrol_code code, typed, back;

	code_of(&code, p);
	for (int i = 0; i < ENROL_CODE; i++)
		for (int k = 0; k < 32; k++) {
			typed = code;
			typed.text[i] = alphabet[k];
			assert_int_equal(enrol_parse(&back, typed.text),
			    alphabet[k] == code.text[i] ? 0 : ERR_CODE);
		}
	for (int i = 0; i < ENROL_CODE; i++)
		for (int k = 0; k < i; k++) {
			typed = code;
			typed.text[i] = code.text[k];
			typed.text[k] = code.text[i];
			assert_int_equal(enrol_parse(&back, typed.text),
			    code.text[i] == code.text[k] ? 0 : ERR_CODE);
		}
	typed = code;
	typed.text[ENROL_CODE - 1] = '\0';
	assert_int_equal(enrol_parse(&back, typed.text), ERR_CODE);
	assert_int_equal(enrol_parse(&back, ""), ERR_CODE);
	assert_int_equal(enrol_parse(&back, "\xff\xfe"), ERR_CODE);
}

static struct enrol_request request(struct pair *p)
{
	struct enrol_request req = {.org = org, .ticket = {1, 2, 3}};

	memcpy(req.sign_pk, p->issuer->sign_pk, SIGN_PUBLIC);
	memcpy(req.dh_pk, p->issuer->dh_pk, DH_KEY);
	strcpy(req.member, "A017");
	strcpy(req.terminal, "T-07");
	return req;
}

/* The node's view: it knows org, ticket and the X25519 key beforehand. */
static struct enrol_request expected(const struct enrol_request *req)
{
	struct enrol_request out = {.org = req->org};

	memcpy(out.ticket, req->ticket, sizeof(out.ticket));
	memcpy(out.dh_pk, req->dh_pk, sizeof(out.dh_pk));
	return out;
}

static void test_enrol__a_payload_is_bound_to_all_of_it(void **state)
{
	struct pair *p = *state;
	struct enrol_request req = request(p), got = expected(&req);
	struct buf b = {0};

	enrol_payload_write(&b, &req, p->issuer->sign);
	assert_true(b.len <= ENROL_PAYLOAD_MAX);
	assert_int_equal(enrol_payload_read(&got, b.data, b.len), 0);
	assert_memory_equal(&got, &req, sizeof(req));
	for (size_t i = 0; i < b.len; i++) {
		got = expected(&req);
		b.data[i] ^= 1;
		assert_true(enrol_payload_read(&got, b.data, b.len) < 0);
		b.data[i] ^= 1;
	}
	for (size_t n = 0; n < b.len; n++) {
		got = expected(&req);
		assert_int_equal(
		    enrol_payload_read(&got, b.data, n), ERR_FORMAT);
	}
	got = expected(&req);
	got.ticket[0] ^= 1;
	assert_int_equal(
	    enrol_payload_read(&got, b.data, b.len), ERR_SIGNATURE);
	got = expected(&req);
	got.dh_pk[5] ^= 1;
	assert_int_equal(
	    enrol_payload_read(&got, b.data, b.len), ERR_SIGNATURE);
	buf_fini(&b);
}

static void test_enrol__words_depend_on_keys_and_handshake(void **state)
{
	struct pair *p = *state;
	struct enrol_request req = request(p);
	uint8_t handshake[ENROL_HANDSHAKE] = {9};
	char a[ENROL_WORDS], b[ENROL_WORDS];

	enrol_words(a, handshake, &req);
	assert_int_equal(strlen(a), ENROL_WORDS - 1);
	for (int i = 0; i < ENROL_WORDS - 1; i++)
		assert_true(i % 5 == 4 ? a[i] == ' ' : a[i] >= 'a');
	enrol_words(b, handshake, &req);
	assert_string_equal(a, b);
	req.sign_pk[0] ^= 1;
	enrol_words(b, handshake, &req);
	assert_string_not_equal(a, b);
	req.sign_pk[0] ^= 1;
	handshake[63] ^= 1;
	enrol_words(b, handshake, &req);
	assert_string_not_equal(a, b);
}

static void test_enrol__ticket_and_psk_differ_by_organisation(void **state)
{
	struct pair *p = *state;
	struct enrol_code code;
	struct id other = {{8}};
	uint8_t a[ENROL_TICKET], b[ENROL_TICKET], k[ENROL_PSK], l[ENROL_PSK];

	code_of(&code, p);
	enrol_ticket(a, &org, &code);
	enrol_ticket(b, &other, &code);
	assert_memory_not_equal(a, b, sizeof(a));
	enrol_psk(k, &org, &code);
	enrol_psk(l, &other, &code);
	assert_memory_not_equal(k, l, sizeof(k));
	assert_memory_not_equal(a, k, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_enrol__both_sides_derive_the_same_code),
	    cmocka_unit_test(test_enrol__a_key_of_low_order_is_refused),
	    cmocka_unit_test(test_enrol__what_is_shown_can_be_typed),
	    cmocka_unit_test(test_enrol__every_slip_of_the_finger_shows),
	    cmocka_unit_test(test_enrol__a_payload_is_bound_to_all_of_it),
	    cmocka_unit_test(test_enrol__words_depend_on_keys_and_handshake),
	    cmocka_unit_test(test_enrol__ticket_and_psk_differ_by_organisation),
	};

	return cmocka_run_group_tests_name("enrol", tests, setup, teardown);
}
