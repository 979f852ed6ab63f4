/*
 * editor.h - a person's editor, for one request
 */
#ifndef BOT_EDITOR_H
#define BOT_EDITOR_H

#include "attr.h"

struct address;
struct arena;
struct error;
struct request;

/*
 * Let $VISUAL, $EDITOR or vi edit subject and body of @request, and put what
 * comes of it in there, as mail of @from (NULL: of whom it was). Left as it
 * is, and saved as it was, it does not change. ERROR_INPUT: see draft_read();
 * the message says where the text was kept.
 */
MUST_CHECK
const struct error *editor_request(struct request *request, struct arena *arena,
				   const struct address *from);

#endif
