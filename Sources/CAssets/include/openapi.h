#pragma once
#include <stddef.h>
#include <stdint.h>

/// The REST API's OpenAPI description: YAML in UTF-8, not terminated.
const uint8_t *_Nonnull gatehouse_openapi_bytes(void);
size_t gatehouse_openapi_count(void);
