#include "version.h"

const char version[] = VERSION;
