#include "openapi.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t contents[] = {
#embed "../API/openapi.yaml"
};

const uint8_t *gatehouse_openapi_bytes(void) { return contents; }
size_t gatehouse_openapi_count(void) { return sizeof contents; }
