/*
 * addrspec.h - local@domain, as far as we write it into a header
 */
#ifndef BOT_ADDRSPEC_H
#define BOT_ADDRSPEC_H

#include <stdbool.h>

#include "span.h"

/*
 * @s is local@domain of RFC 5322 3.4.1 made of dot-atoms, in ASCII, no longer
 * than RFC 5321 4.5.3.1 lets it be. Quoted local parts, address literals and
 * RFC 6531's UTF-8 are refused: nobody in MAINTAINERS has one, and what is
 * refused cannot carry a line end, a bracket or a list of more addresses.
 */
bool addrspec_valid(struct span s);

#endif
