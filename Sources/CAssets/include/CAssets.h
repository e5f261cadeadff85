// Data that is part of the program. Each header below says what it holds and where it comes from.
#pragma once

#include "openapi.h"
#include "console_assets.h"
#include "common_passwords.h"
#include "compress.h"
