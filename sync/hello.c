/* hello.c - the clear opening of a connection, read and written. */
#include "sync/hello.h"

#include "core/err.h"
#include "core/id.h"
#include "keys/hash.h"

#include <string.h>

static const uint8_t magic_client[4] = {'S', 'F', 'C', 'H'};
static const uint8_t magic_node[4] = {'S', 'F', 'N', 'H'};

struct hello hello_of(enum purpose purpose, const struct id *org)
{
	return (struct hello){.purpose = purpose,
	    .count = 1,
	    .versions = {HELLO_VERSION},
	    .org = *org};
}

void hello_write(struct buf *out, const struct hello *hello)
{
	buf_add(out, magic_client, sizeof(magic_client));
	buf_u8(out, (uint8_t)hello->purpose);
	buf_u8(out, (uint8_t)hello->count);
	buf_add(out, hello->versions, hello->count);
	buf_add(out, hello->org.b, sizeof(hello->org.b));
}

static bool has_magic(struct reader *r, const uint8_t magic[4])
{
	const uint8_t *p = reader_bytes(r, 4);

	return p && memcmp(p, magic, 4) == 0;
}

int hello_read(struct hello *out, const void *data, size_t n)
{
	struct reader r = reader_of(data, n);
	struct hello h = {0};

	if (!has_magic(&r, magic_client))
		return err_set(ERR_PROTOCOL, "no client hello");
	h.purpose = reader_u8(&r);
	h.count = reader_u8(&r);
	if (h.count == 0 || h.count > HELLO_VERSIONS)
		return err_set(ERR_PROTOCOL, "hello of %u versions", h.count);
	reader_copy(h.versions, &r, h.count);
	reader_copy(h.org.b, &r, sizeof(h.org.b));
	if (!reader_is_done(&r))
		return err_set(ERR_PROTOCOL, "hello of %zu bytes", n);
	if (h.purpose != PURPOSE_SESSION && h.purpose != PURPOSE_ENROL)
		return err_set(
		    ERR_PROTOCOL, "hello for purpose %d", (int)h.purpose);
	*out = h;
	return 0;
}

void hello_answer_write(struct buf *out, const struct hello_answer *answer)
{
	buf_add(out, magic_node, sizeof(magic_node));
	buf_u8(out, answer->version);
	buf_u8(out, answer->refusal);
	buf_add(out, answer->node.b, sizeof(answer->node.b));
}

int hello_answer_read(struct hello_answer *out, const void *data, size_t n)
{
	struct reader r = reader_of(data, n);
	struct hello_answer a = {0};

	if (!has_magic(&r, magic_node))
		return err_set(ERR_PROTOCOL, "no node hello");
	a.version = reader_u8(&r);
	a.refusal = reader_u8(&r);
	reader_copy(a.node.b, &r, sizeof(a.node.b));
	if (!reader_is_done(&r))
		return err_set(ERR_PROTOCOL, "node hello of %zu bytes", n);
	if ((a.version == 0) != (a.refusal != 0))
		return err_set(ERR_PROTOCOL, "node hello contradicts itself");
	*out = a;
	return 0;
}

void hello_prologue(struct buf *out, const struct buf *hellos)
{
	size_t n;
	const char *name = prefix_bytes(&n, PREFIX_SYNC);

	buf_add(out, name, n);
	buf_add(out, hellos->data, hellos->len);
}

static bool is_offered(const struct hello *hello, uint8_t version)
{
	return memchr(hello->versions, version, hello->count) != NULL;
}

int hello_decide(struct hello_answer *out, const struct hello *hello,
    const struct id *org, const struct id *node)
{
	*out = (struct hello_answer){.node = *node};
	if (id_cmp(&hello->org, org) != 0) {
		out->refusal = HELLO_OTHER_ORG;
		return err_set(ERR_ORGANISATION, "hello for another org");
	}
	if (!is_offered(hello, HELLO_VERSION)) {
		out->refusal = HELLO_NO_VERSION;
		return err_set(
		    ERR_VERSION, "hello without version %d", HELLO_VERSION);
	}
	out->version = HELLO_VERSION;
	return 0;
}

int hello_judge(const struct hello_answer *answer, const struct hello *hello)
{
	if (answer->refusal == HELLO_OTHER_ORG)
		return err_set(ERR_ORGANISATION, "the node is of another org");
	if (answer->refusal == HELLO_NO_VERSION)
		return err_set(ERR_VERSION, "the node lacks our versions");
	if (answer->refusal != 0 || !is_offered(hello, answer->version))
		return err_set(
		    ERR_PROTOCOL, "node chose version %u", answer->version);
	return 0;
}
