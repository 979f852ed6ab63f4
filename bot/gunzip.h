/*
 * gunzip.h - gzip (RFC 1952) read as it comes; zlib's home
 *
 * Any number of members, one behind the other, are one text, as gzip(1) has
 * it.
 */
#ifndef BOT_GUNZIP_H
#define BOT_GUNZIP_H

#include <stddef.h> /* size_t */
#include <stdint.h>

#include "attr.h"
#include "input.h"

struct error;
struct gunzip;

/* @from is copied, what is behind it borrowed. No more than @max bytes come
   out. */
struct gunzip *gunzip_new(const struct input *from, int64_t max);
void gunzip_free(struct gunzip *gunzip);
DEFINE_AUTOFREE(gunzip, gunzip_free);

/* As input.h has it, @arg a gunzip. ERROR_INPUT: no gzip, damaged, cut short,
   or past the ceiling. */
MUST_CHECK
const struct error *gunzip_read(size_t *got, void *arg, char *buf, size_t n);

#endif
