#pragma once
#include <stddef.h>
#include <stdint.h>

/// Passwords nobody may choose, one a line, sorted bytewise (see Sources/Authentication/Data).
const uint8_t *_Nonnull gatehouse_common_passwords_bytes(void);
size_t gatehouse_common_passwords_count(void);
