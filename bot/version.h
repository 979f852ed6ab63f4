/*
 * version.h - which pvwatch this is: git-describe(1) of the source tree
 */
#ifndef BOT_VERSION_H
#define BOT_VERSION_H

extern const char version[];

#endif
