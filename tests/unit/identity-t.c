/* When two addresses are the same person or list. */
#include "tap.h"

#include "bot/alloc.h"
#include "bot/buf.h"
#include "bot/identity.h"

static const char mailmap[] =
	"# A comment <no@thing.example> <that@counts.example>\n"
	"Ada Byron <ada@new.example>\n"
	"Ada Byron <ada@new.example> <Ada@Old.example>\n"
	"<ada@old.example> <ada@oldest.example> # moved twice\n"
	"Ben Two <ben@home.example> Benny <shared@desk.example>\n"
	"Cid Three <cid@home.example> Cid <shared@desk.example>\n"
	"Dan <dan@a.example> <dan@b.example> <dan@ignored.example>\n"
	"Eve <eve@a.example> <>\n"
	"Eve <eve@a.example\n"
	"<> <eve@b.example>\n"
	"Fay <fay @blank.example> <fay@b.example>\n"
	"\n"
	"<round@a.example> <round@b.example>\n"
	"<round@b.example> <round@c.example>\n"
	"<round@c.example> <round@a.example>\n"
	"Last Line <last@a.example> <last@b.example>";

static const struct {
	const char *a, *b;
	bool same;
	const char *what;
} pairs[] = {
	{ "x@y.example", "X@Y.Example", true, "case does not matter" },
	{ "x@y.example", "x@z.example", false, "strangers differ" },
	{ "x+a@y.example", "x@y.example", false, "an extension counts" },
	{ "\xc3\x84@y.example", "\xc3\xa4@y.example", false,
	  "case of other letters is not ours to fold" },
	{ "ada@new.example", "ADA@old.example", true, "two addresses" },
	{ "ada@new.example", "ada@oldest.example", true, "two steps" },
	{ "no@thing.example", "that@counts.example", false, "comments" },
	{ "ben@home.example", "shared@desk.example", true,
	  "an address with a name" },
	{ "ben@home.example", "cid@home.example", false,
	  "does not make two people one" },
	{ "dan@a.example", "dan@b.example", true, "two of three addresses" },
	{ "dan@a.example", "dan@ignored.example", false, "the third is not" },
	{ "eve@a.example", "eve@b.example", false, "empty addresses" },
	{ "fay @blank.example", "fay@b.example", false, "blanks" },
	{ "round@a.example", "round@c.example", true, "a cycle" },
	{ "last@a.example", "last@b.example", true, "no newline at the end" },
	{ "list@lists.old.example", "list@lists.new.example", true, "alias" },
	{ "devnull+ada.old.example@kernel.org", "ada@new.example", true,
	  "relayed, known" },
	{ "DevNull+Ada.New.example@Kernel.org", "ada@oldest.example", true,
	  "relayed, in capitals" },
	{ "devnull+no.body.host.example@kernel.org", "no.body@host.example",
	  true, "relayed, not known" },
	{ "no.body@host.example", "devnull+no.body.host.example@kernel.org",
	  true, "relayed, the other way round" },
	{ "devnull+no.body.host.example@kernel.org", "body@host.example", false,
	  "relayed, somebody else" },
	{ "devnull+no.body.host.example@elsewhere.org", "no.body@host.example",
	  false, "another host relays nothing" },
	{ "devnull+@kernel.org", "@kernel.org", false, "relayed nobody" },
	{ "devnull+am.bi@kernel.org", "am@bi", true, "spelt out" },
	{ "devnull+x.y.z.example@kernel.org", "x.y@z.example", false,
	  "two could be meant: neither is, while both are known" },
	{ "ada=old.example@lists.xen.example", "ada@new.example", true,
	  "rewritten by a list" },
	{ "who=else.example@Lists.xen.example", "who@else.example", true,
	  "rewritten, not known" },
	{ "who=else.example@host.example", "who@else.example", false,
	  "rewritten by no list" },
	{ "=else.example@lists.a.example", "@else.example", false,
	  "rewritten nobody" },
	{ "", "", true, "two empty ones" },
};

static struct identity *
table(void)
{
	struct identity *identity = identity_new();

	identity_mailmap(identity, SPAN(mailmap));
	identity_alias(identity, "list@lists.new.example",
		       "list@lists.old.example");
	identity_alias(identity, "x@y.z.example", "other@b.example");
	identity_alias(identity, "x.y@z.example", "other@c.example");
	return identity;
}

static void
canonical(void)
{
	AUTOFREE(identity) *identity = table();

	is_str(identity_canonical(identity, "ADA@oldest.example"),
	       "ada@new.example", "the one to write to");
	is_str(identity_canonical(identity, "round@c.example"),
	       "round@a.example", "of a cycle: the first that was named");
	is_str(identity_canonical(identity, "Nobody+X@Host.example"),
	       "nobody+x@host.example", "not known: lower case");
	identity_alias(identity, "ada@newest.example", "ada@old.example");
	is_str(identity_canonical(identity, "ada@new.example"),
	       "ada@newest.example", "a later alias moves all");
	identity_alias(identity, "good@a.example", "bad\r\n@b.example");
	ok(!identity_same(identity, "good@a.example", "bad\r\n@b.example"),
	   "control characters are no address");
}

/* A chain as long as the largest .mailmap, and then each of its links: when
   either is quadratic, this does not end. */
static void
long_chain(void)
{
	enum { N = 200000 };
	AUTOFREE(identity) *identity = identity_new();
	struct buf buf = BUF(32 << 20);
	bool same = true;

	for (int i = 0; i < N; i++)
		buf_addf(&buf, "<u%d@a.example> <u%d@a.example>\n", i + 1, i);
	identity_mailmap(identity, buf_span(&buf));
	for (int i = 0; i < N && same; i += 7) {
		CLEANUP(xfree) char *addr = xasprintf("u%d@a.example", i);

		same = !strcmp(identity_canonical(identity, addr),
			       "u200000@a.example");
	}
	ok(same, "a chain of 200,000");
	buf_free(&buf);
}

int
main(void)
{
	AUTOFREE(identity) *identity = table();

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		ok(identity_same(identity, pairs[i].a, pairs[i].b) ==
			   pairs[i].same,
		   pairs[i].what);
	canonical();
	long_chain();
	return done_testing();
}
