#include "csource-reader.h"

/* Indentation in columns, a tab being 8. */
static unsigned
indent_of(struct span line)
{
	unsigned columns = 0;

	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '\t')
			columns = (columns | 7) + 1;
		else if (line.ptr[i] == ' ')
			columns++;
		else
			break;
	}
	return columns;
}

/* What ends an entry besides the next one. */
static bool
is_block(struct span word)
{
	static const char *const words[] = {
		"menu",	 "endmenu", "choice",  "endchoice", "if",
		"endif", "source",  "comment", "mainmenu"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (span_equal(word, span_of(words[i])))
			return true;
	return false;
}

/* X86, and 64BIT, too */
static bool
is_symbol(const struct ctoken *token)
{
	return token->kind == CTOKEN_WORD ||
	       (token->kind == CTOKEN_NUMBER &&
		!strchr("0123456789", token->text.ptr[token->text.len - 1]));
}

static void
mention_symbols(struct csource_reader *r, struct ctokens *rest, uint32_t lineno)
{
	struct ctoken token;

	for (ctoken_next(&token, rest); token.kind != CTOKEN_END;
	     ctoken_next(&token, rest))
		if (is_symbol(&token))
			csource_mention(r, CSOURCE_NAME, token.text,
					(struct span){ NULL, 0 }, lineno);
}

/* https://docs.kernel.org/kbuild/kconfig-language.html: help text ends with a
   line that is indented less than its first. */
void
csource_read_kconfig(struct csource_reader *r, struct span text)
{
	unsigned help = 0; /* its indentation; 0: not in one */
	bool help_next = false;
	uint32_t lineno = 0, last = 0;
	struct span line;
	size_t def = 0;

	while (span_line(&line, &text)) {
		struct ctokens rest;
		struct ctoken word;
		unsigned indent = indent_of(line);

		lineno++;
		ctokens_init(&rest, line, lineno);
		ctoken_next(&word, &rest);
		if (span_is_blank(line))
			continue;
		if (help_next) {
			help = indent;
			help_next = false;
		}
		if (help && indent >= help) {
			last = lineno;
			continue;
		}
		help = 0;
		if (span_equal(word.text, SPAN("config")) ||
		    span_equal(word.text, SPAN("menuconfig"))) {
			csource_close(r, def, last);
			ctoken_next(&word, &rest);
			def = 0;
			if (is_symbol(&word))
				def = csource_open(r, CSOURCE_CONFIG, word.text,
						   lineno);
		} else if (is_block(word.text)) {
			csource_close(r, def, last);
			def = 0;
		} else if (memmem(line.ptr, line.len, "help", 4) &&
			   (span_equal(word.text, SPAN("help")) ||
			    span_starts(span_trim(line), "---help"))) {
			help_next = true;
		} else if (def && r->want_refs) {
			mention_symbols(r, &rest, lineno);
		}
		last = lineno;
	}
	csource_close(r, def, last);
}
