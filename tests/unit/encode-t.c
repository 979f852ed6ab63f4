/* Header fields and bodies as 7-bit mail carries them; what is fit to show. */
#include "tap.h"

#include "bot/address.h"
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/encode.h"
#include "bot/printable.h"

/* As SPAN(), but constant enough for a table. */
#define BYTES(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}
#define TEN "0123456789"
#define HAN "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
#define HAN_Q "=E6=BC=A2=E6=BC=A2=E6=BC=A2=E6=BC=A2"

static const struct {
	const char *text, *field;
} texts[] = {
	{ "plain", "X: plain\n" },
	{ "", "X:\n" },
	{ "two  blanks ", "X: two blanks\n" },
	{ TEN TEN TEN TEN TEN TEN TEN " abc d",
	  "X: " TEN TEN TEN TEN TEN TEN TEN "\n abc d\n" },
	{ TEN TEN TEN TEN TEN TEN TEN TEN " a",
	  "X: " TEN TEN TEN TEN TEN TEN TEN TEN "\n a\n" },
	{ "=?x?=", "X: =?UTF-8?Q?=3D=3Fx=3F=3D?=\n" },
	{ HAN HAN, "X: =?UTF-8?Q?" HAN_Q "=E6=BC=A2=E6=BC=A2?=\n"
		   " =?UTF-8?Q?=E6=BC=A2=E6=BC=A2?=\n" },
};

static const struct {
	const char *body, *encoded; /* behind the encoding's name */
} bodies[] = {
	{ "plain\n-- \n.\n", " 7bit\n\nplain\n-- \n.\n" },
	{ "", " 7bit\n\n" },
	{ " From here\n", " 7bit\n\n From here\n" },
	{ "From here\nFromage = 1\n",
	  " quoted-printable\n\n=46rom here\nFromage =3D 1\n" },
	{ "\xc3\xa9 \n\tx\t\n", " quoted-printable\n\n=C3=A9=20\n\tx=09\n" },
	{ "\xc3\xa9" TEN TEN TEN TEN TEN TEN "12345678From here\n",
	  " quoted-printable\n\n=C3=A9" TEN TEN TEN TEN TEN TEN "12345678F=\n"
	  "rom here\n" },
	{ "\xc3\xa9" TEN TEN TEN TEN TEN TEN "123456789From here\n",
	  " quoted-printable\n\n=C3=A9" TEN TEN TEN TEN TEN TEN
	  "123456789=\n=46rom here\n" },
};

static const struct {
	struct span in;
	size_t max;
	const char *out;
} shown[] = {
	{ BYTES("a\tb\nc"), 9, "a b c" },
	{ BYTES("a\r\0\x1b\x7f"), 9, "a????" },
	{ BYTES("\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7"), 9,
	  "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7" },
	{ BYTES("\xc3"), 9, "?" },
	{ BYTES("\xc3x\x80\xff"), 9, "?x??" },
	{ BYTES("\xc0\x80\xe0\x80\x80"), 9, "?????" },
	{ BYTES("\xed\xa0\x80"), 9, "???" },
	{ BYTES("\xf4\x90\x80\x80"), 9, "????" },
	{ BYTES("\xc2\x85\xe2\x80\xa8\xe2\x80\xae\xef\xbb\xbf"), 9, "????" },
	{ BYTES("abcdef"), 6, "abcdef" },
	{ BYTES("abcdefg"), 6, "abcdef..." },
	{ BYTES("\xf0\x9f\x90\xa7\xf0\x9f\x90\xa7"), 1, "\xf0\x9f\x90\xa7..." },
	{ BYTES("a"), 0, "..." },
	{ BYTES(""), 0, "" },
};

static void
mailboxes(void)
{
	struct address v[] = { { "A. B", "a@b.example" },
			       { "", "c@d.example" },
			       { "x\"\\y", "e@f.example" },
			       { "\xc3\xa4, <x@y>", "g@h.example" } };
	struct buf buf = BUF(4096);

	encode_mailboxes(&buf, "To", &(struct addresses){ v, 4, 4 });
	is_str(buf_str(&buf),
	       "To: \"A. B\" <a@b.example>, c@d.example, \"x\\\"\\\\y\" <e@f.example>,\n"
	       " =?UTF-8?Q?=C3=A4=2C_=3Cx=40y=3E?= "
	       "<g@h.example>\n",
	       "mailboxes");
	buf_free(&buf);
}

int
main(void)
{
	static const char name[] = "Content-Transfer-Encoding:";
	AUTOFREE(arena) *arena = arena_new();
	struct buf buf = BUF(1 << 16);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_clear(&buf);
		encode_text(&buf, "X", texts[i].text);
		is_str(buf_str(&buf), texts[i].field, "free text");
	}
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		buf_clear(&buf);
		encode_body(&buf, span_of(bodies[i].body));
		is_str(buf_str(&buf) + sizeof(name) - 1, bodies[i].encoded,
		       "body");
	}
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		is_str(printable(arena, shown[i].in, shown[i].max),
		       shown[i].out, "shown");
	mailboxes();
	buf_free(&buf);
	return done_testing();
}
