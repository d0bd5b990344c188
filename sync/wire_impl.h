/*
 * wire_impl.h - how every message begins and ends: wire.c, wire_bulk.c and
 * wire_restore.c. Nobody else includes it.
 */
#ifndef SUIFANG_SYNC_WIRE_IMPL_H
#define SUIFANG_SYNC_WIRE_IMPL_H

#include "core/buf.h"

/* The fields; the message's number has been looked at. */
struct reader wire_start(const void *data, size_t n);
/* Every byte was read and none was missing, or ERR_PROTOCOL. */
NODISCARD int wire_finish(const struct reader *in);

#endif
