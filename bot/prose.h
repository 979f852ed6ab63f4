/*
 * prose.h - what we write to people: indented lines of 72 columns
 *
 * The words are partly strangers' (paths, names, excerpts). A line that other
 * programs that read mail would take for an instruction, "Acked-by: somebody"
 * (b4, patchwork) or "#syz ..." (bots), gets a "| " in front. The text must
 * be printable (printable.h); NULs end it.
 */
#ifndef BOT_PROSE_H
#define BOT_PROSE_H

struct buf;

/* @text on one line, however long. */
void prose_line(struct buf *out, const char *indent, const char *text);
/* @text broken at blanks; a longer word has a line of its own. */
void prose_wrap(struct buf *out, const char *indent, const char *text);

#endif
