#include "coperand.h"

#include "arena.h"
#include "csource-reader.h"

enum { PATH_REACH = 1024 }; /* bytes of the text */

struct span
coperand_path(struct arena *arena, const struct coperand *operand)
{
	struct span text = { operand->start,
			     (size_t)(operand->end - operand->start) };
	struct ctokens tokens;
	struct ctoken token;
	char path[COPERAND_PATH];
	size_t len = 0;
	bool member = false;
	int depth = 0;

	if (text.len > PATH_REACH)
		return operand->last;
	ctokens_init(&tokens, text, 1);
	for (ctoken_next(&token, &tokens); token.kind != CTOKEN_END;
	     ctoken_next(&token, &tokens)) {
		bool root = !operand->local && token.text.ptr == text.ptr;

		if (token.kind == CTOKEN_MARK) {
			depth += token.mark == '[' || token.mark == '(';
			depth -= token.mark == ']' || token.mark == ')';
			member = token.mark == '.' && depth <= 0;
			continue;
		}
		if (token.kind != CTOKEN_WORD || (!member && !root))
			continue;
		if (len + token.text.len + 1 > sizeof(path))
			return operand->last;
		if (member)
			path[len++] = '.';
		memcpy(path + len, token.text.ptr, token.text.len);
		len += token.text.len;
		member = false;
	}
	if (len == text.len && !memcmp(path, text.ptr, len))
		return text;
	return (struct span){ arena_strndup(arena, path, len), len };
}

void
coperand_write(const struct coperand *operand, struct csource_reader *r)
{
	if (operand->ref)
		r->out->refs[operand->ref - 1].kind = CSOURCE_WRITE;
}

void
coperand_end(struct coperand *operand, struct csource_reader *r)
{
	if (operand->open && operand->last.len && !operand->designator)
		csource_mention(r, CSOURCE_MEMBER, operand->last,
				coperand_path(r->arena, operand),
				operand->line);
	*operand = (struct coperand){ 0 };
}
