/* Sentences into lines. */
#include "tap.h"

#include "bot/buf.h"
#include "bot/prose.h"

static void
wraps(const char *what, const char *indent, const char *text, const char *want)
{
	struct buf buf = BUF(1 << 16);

	prose_wrap(&buf, indent, text);
	is_str(buf_str(&buf), want, what);
	buf_free(&buf);
}

#define TEN "abcdefghi "
#define SEVENTY TEN TEN TEN TEN TEN TEN "abcdefghij"
#define LONG \
	"0123456789012345678901234567890123456789" \
	"0123456789012345678901234567890123456789"
#define UMLAUT "\xc3\xa4"

int
main(void)
{
	wraps("nothing", "  ", "", "");
	wraps("blanks alone", "  ", "  \t ", "");
	wraps("72 columns are one line", "", SEVENTY " k", SEVENTY " k\n");
	wraps("a 73rd is not", "", SEVENTY " kl", SEVENTY "\nkl\n");
	wraps("the indent counts, and stands on each line", "  ", SEVENTY " k",
	      "  " SEVENTY "\n  k\n");
	wraps("columns are characters, not bytes", "", SEVENTY " " UMLAUT,
	      SEVENTY " " UMLAUT "\n");
	wraps("a longer word stands alone", "", "a " LONG " b",
	      "a\n" LONG "\nb\n");
	wraps("what looks like a trailer is marked", "", "Acked-by: me",
	      "| Acked-by: me\n");
	return done_testing();
}
