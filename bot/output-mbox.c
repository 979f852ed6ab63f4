#include "output.h"

#include "span.h"

void
output_mbox(FILE *out, struct span raw)
{
	struct span line;

	fputs("From mboxrd@z Thu Jan  1 00:00:00 1970\n", out);
	while (span_line(&line, &raw)) {
		struct span rest = line;

		while (rest.len && rest.ptr[0] == '>')
			rest.ptr++, rest.len--;
		if (span_starts(rest, "From "))
			putc('>', out);
		fwrite(line.ptr, 1, line.len, out);
		putc('\n', out);
	}
	putc('\n', out);
}
