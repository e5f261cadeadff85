#include "common_passwords.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t words[] = {
#embed "../Authentication/Data/common-passwords.txt"
};

const uint8_t *gatehouse_common_passwords_bytes(void) { return words; }

size_t gatehouse_common_passwords_count(void) { return sizeof words; }
