#include "console_assets.h"

// The compiler has had it for years; only its C23 name is new.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char css[] = {
#embed "../Console/Assets/console.css"
};
static const unsigned char js[] = {
#embed "../Console/Assets/console.js"
};
static const unsigned char mark[] = {
#embed "../Console/Assets/mark.svg"
};

const unsigned char *gatehouse_console_css(ptrdiff_t *count) {
    *count = sizeof css;
    return css;
}

const unsigned char *gatehouse_console_js(ptrdiff_t *count) {
    *count = sizeof js;
    return js;
}

const unsigned char *gatehouse_console_mark(ptrdiff_t *count) {
    *count = sizeof mark;
    return mark;
}
