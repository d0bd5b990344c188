/* chain.c - the links between one seat's records. */
#include "sync/chain.h"

#include "core/err.h"
#include "core/id.h"

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

int chain_step(struct chain_head *head, const struct record *r,
    const uint8_t pk[SIGN_PUBLIC], enum chain_check check, struct buf *scratch)
{
	char name[RECORD_NAME];
	int rc = chain_follows(head, r);

	if (rc < 0) {
		record_name(name, r);
		return err_set(rc, "record %s: chain", name);
	}
	if (check == CHAIN_SIGNATURES) {
		rc = commit_verify(r, pk, scratch);
		if (rc < 0)
			return rc;
	}
	buf_clear(scratch);
	commit_write(scratch, r, pk);
	commit_name_of(&head->name, scratch->data, scratch->len);
	head->seq = r->seq;
	return 0;
}
