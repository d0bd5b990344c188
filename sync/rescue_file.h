/*
 * rescue_file.h - the small file in which the root names the key that copies
 * of stream keys are sealed to: {"org", "rescue", "signature"}.
 */
#ifndef SUIFANG_SYNC_RESCUE_FILE_H
#define SUIFANG_SYNC_RESCUE_FILE_H

#include "core/base.h"
#include "core/json.h"
#include "keys/identity.h"

#define RESCUE_FILE_MAX (64u << 20) /* of a copy of keys */

struct secret;
struct site;

/* Signed over "sf-rescue/1" | org | pk. The caller's. */
json_t *rescue_paper(
    const struct id *org, const uint8_t pk[DH_KEY], const struct secret *root);
/* By the root of today or of before. ERR_FORMAT, ERR_SIGNATURE,
 * ERR_ORGANISATION. */
NODISCARD int rescue_paper_read(
    uint8_t pk[DH_KEY], const json_t *value, const struct site *site);

#endif
