/* chain.c - the links between one seat's records. */
#include "sync/chain.h"

#include "core/err.h"
#include "core/id.h"
#include "keys/hash.h"

int chain_follows(const struct chain_head *head, const struct record *r)
{
	if (r->seq > head->seq + 1)
		return ERR_GAP;
	if (r->seq <= head->seq)
		return ERR_STALE;
	/* Before the first record both names are zeros, as in the record. */
	if (hash_cmp(&r->prev, &head->name.hash) != 0 ||
	    sha1_cmp(&r->parent, &head->name.git) != 0)
		return ERR_CHAIN;
	return 0;
}

void chain_continue(struct record *r, const struct chain_head *head)
{
	r->seq = head->seq + 1;
	r->prev = head->name.hash;
	r->parent = head->name.git;
}

static int refuse(int code, const struct record *r)
{
	char name[RECORD_NAME];

	record_name(name, r);
	return err_set(code, "record %s: chain", name);
}

int chain_step(struct chain_head *head, const struct record *r,
    const uint8_t pk[SIGN_PUBLIC], struct buf *scratch)
{
	int rc = chain_follows(head, r);

	if (rc < 0)
		return refuse(rc, r);
	rc = commit_check(&head->name, r, pk, scratch);
	if (rc == 0)
		head->seq = r->seq;
	return rc;
}

int chain_audit(struct chain_head *head, const struct record *r,
    const uint8_t pk[SIGN_PUBLIC], struct buf *scratch)
{
	if (r->seq != head->seq + 1)
		return refuse(r->seq > head->seq ? ERR_GAP : ERR_STALE, r);
	if (hash_cmp(&r->prev, &head->name.hash) != 0)
		return refuse(ERR_CHAIN, r);
	buf_clear(scratch);
	commit_write(scratch, r, pk);
	hash_blake2b256(&head->name.hash, scratch->data, scratch->len);
	head->seq = r->seq;
	return 0;
}
