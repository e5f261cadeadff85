#pragma once
#include <stddef.h>
#include <stdint.h>

/// Writes `bytes` as one gzip member (RFC 1952), as small as it gets; returns its length, or 0 when it does not fit into `capacity`.
size_t gatehouse_gzip(const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull out, size_t capacity);
