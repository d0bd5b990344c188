/* checked.c - the signature of a given record, away from any store. */
#include "sync/checked.h"

#include "core/mem.h"
#include "sync/wire.h"

#include <stdlib.h>
#include <string.h>

struct checker {
	struct msg_give give;
	struct record record;
	struct buf scratch;
};

struct checker *checker_new(void)
{
	return mem_new(sizeof(struct checker));
}

void checker_free(struct checker **c)
{
	if (!*c)
		return;
	buf_fini(&(*c)->scratch);
	free(*c);
	*c = NULL;
}

bool checker_look(struct checked *out, struct checker *c, const struct buf *msg,
    const uint8_t pk[SIGN_PUBLIC])
{
	if (wire_peek(msg->data, msg->len) != MSG_GIVE ||
	    wire_read_give(&c->give, msg->data, msg->len) < 0 ||
	    record_read(&c->record, c->give.frame, c->give.frame_len) < 0 ||
	    commit_check(&out->name, &c->record, pk, &c->scratch) < 0)
		return false;
	memcpy(out->pk, pk, SIGN_PUBLIC);
	return true;
}
