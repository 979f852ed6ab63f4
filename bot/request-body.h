/*
 * request-body.h - the words of a request
 */
#ifndef BOT_REQUEST_BODY_H
#define BOT_REQUEST_BODY_H

struct arena;
struct buf;
struct request_about;
struct request_sender;

/*
 * Append the body: what the patch does and where, who misses it, each rule
 * with its places, the other patches of the series, the way out. UTF-8, LF
 * lines; bounded however much was found.
 */
void request_body(struct buf *out, struct arena *arena,
		  const struct request_sender *sender,
		  const struct request_about *about);

#endif
