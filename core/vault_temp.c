/*
 * vault_temp.c - temporary files (spilled sorts, statement journals): blocks
 * under a random key that dies with the file. One block is kept in clear
 * memory and written when another is needed.
 */
#include "core/vault_file.h"

#include <string.h>

#include "core/err.h"

enum {
	SEALED = VF_BLOCK + VAULT_RESERVE
};

static int temp_ready(struct vault_file *f)
{
	int rc = vault_buffer(&f->scratch, &f->scratch_len, SEALED);

	if (rc == SQLITE_OK && !f->gather)
		rc = vault_buffer(&f->gather, &f->gather_len, SEALED);
	return rc;
}

static int flush(struct vault_file *f)
{
	struct vault_temp_state *t = &f->u.temp;
	struct vault_bind bind;
	int rc;

	if (t->block < 0 || !t->is_dirty)
		return SQLITE_OK;
	bind = vault_bind(VK_TEMP, (uint64_t)t->block, NULL, 0);
	memcpy(f->gather, f->scratch, VF_BLOCK);
	vault_seal(f->gather, VF_BLOCK, f->gather + VF_BLOCK, f->key, &bind);
	rc = base_write(f, f->gather, SEALED, t->block * SEALED);
	if (rc == SQLITE_OK)
		t->is_dirty = false;
	return rc;
}

/* Brings a block into the scratch buffer; beyond the end it is zeros. */
static int load(struct vault_file *f, int64_t block)
{
	struct vault_temp_state *t = &f->u.temp;
	struct vault_bind bind = vault_bind(VK_TEMP, (uint64_t)block, NULL, 0);
	int rc;

	if (t->block == block)
		return SQLITE_OK;
	rc = flush(f);
	if (rc != SQLITE_OK)
		return rc;
	t->block = -1;
	rc = base_read(f, f->scratch, SEALED, block * SEALED);
	if (rc == SQLITE_IOERR_SHORT_READ && block * VF_BLOCK >= t->size) {
		memset(f->scratch, 0, VF_BLOCK);
		rc = SQLITE_OK;
	} else if (rc == SQLITE_OK && !vault_unseal(f->scratch, VF_BLOCK,
					  f->scratch + VF_BLOCK, f->key, &bind))
		rc = vault_refuse(f->vault, ERR_DAMAGED, SQLITE_IOERR_DATA);
	if (rc == SQLITE_OK)
		t->block = block;
	return rc;
}

static int chunk_of(int64_t at, int n)
{
	int room = (int)(VF_BLOCK - at % VF_BLOCK);

	return n < room ? n : room;
}

static int temp_read(struct vault_file *f, uint8_t *p, int n, int64_t at)
{
	int64_t have = f->u.temp.size - at;
	int rc = temp_ready(f), full = n;

	if (rc != SQLITE_OK)
		return rc;
	if (have < n) {
		memset(p, 0, (size_t)n);
		n = have > 0 ? (int)have : 0;
	}
	for (int done = 0, k; done < n && rc == SQLITE_OK; done += k) {
		k = chunk_of(at + done, n - done);
		rc = load(f, (at + done) / VF_BLOCK);
		if (rc == SQLITE_OK)
			memcpy(p + done, f->scratch + (at + done) % VF_BLOCK,
			    (size_t)k);
	}
	return rc == SQLITE_OK && n < full ? SQLITE_IOERR_SHORT_READ : rc;
}

/* Blocks between the old end and `at` must exist before they are read. */
static int temp_fill(struct vault_file *f, int64_t at)
{
	struct vault_temp_state *t = &f->u.temp;
	int64_t last = t->size > 0 ? (t->size - 1) / VF_BLOCK : -1;
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && ++last < at / VF_BLOCK) {
		rc = load(f, last);
		t->is_dirty = true;
		if (rc == SQLITE_OK)
			t->size = (last + 1) * VF_BLOCK;
	}
	return rc;
}

static int temp_write(struct vault_file *f, const uint8_t *p, int n, int64_t at)
{
	struct vault_temp_state *t = &f->u.temp;
	int rc = temp_ready(f);

	if (rc == SQLITE_OK)
		rc = temp_fill(f, at);
	for (int done = 0, k; done < n && rc == SQLITE_OK; done += k) {
		k = chunk_of(at + done, n - done);
		rc = load(f, (at + done) / VF_BLOCK);
		if (rc != SQLITE_OK)
			break;
		memcpy(
		    f->scratch + (at + done) % VF_BLOCK, p + done, (size_t)k);
		t->is_dirty = true;
		if (at + done + k > t->size)
			t->size = at + done + k;
	}
	return rc;
}

static int temp_truncate(struct vault_file *f, int64_t size)
{
	struct vault_temp_state *t = &f->u.temp;
	int64_t blocks = (size + VF_BLOCK - 1) / VF_BLOCK;
	int rc = temp_ready(f);

	if (rc != SQLITE_OK || size >= t->size)
		return rc;
	/* what is read again past a later regrowth must be zeros */
	if (size % VF_BLOCK) {
		rc = load(f, size / VF_BLOCK);
		if (rc != SQLITE_OK)
			return rc;
		memset(f->scratch + size % VF_BLOCK, 0,
		    (size_t)(VF_BLOCK - size % VF_BLOCK));
		t->is_dirty = true;
	}
	if (t->block >= blocks) {
		t->block = -1;
		t->is_dirty = false;
	}
	t->size = size;
	return f->base->pMethods->xTruncate(f->base, blocks * SEALED);
}

static int temp_size(struct vault_file *f, int64_t *out)
{
	*out = f->u.temp.size;
	return SQLITE_OK;
}

const struct vault_ops vault_temp_ops = {
    temp_read, temp_write, temp_truncate, temp_size};
