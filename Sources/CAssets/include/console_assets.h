#pragma once
#include <stddef.h>

// The console's files; `count` receives the length in bytes.
const unsigned char *gatehouse_console_css(ptrdiff_t *count);
const unsigned char *gatehouse_console_js(ptrdiff_t *count);
const unsigned char *gatehouse_console_mark(ptrdiff_t *count);
