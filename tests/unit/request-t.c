/* The mail to the people of a pack: headers, words, hostile input. */
#include "tap.h"

#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/mail.h"
#include "bot/request.h"
#include "bot/verdict.h"

static const char early_why[] =
	"Xen PV starts at xen_start_kernel() and never runs "
	"x86_64_start_kernel(). If the new step is needed before "
	"start_kernel(), the guest needs it too, in arch/x86/xen/.";
static const char shadow_why[] =
	"Page tables of a PV guest are read-only and pinned; shadow memory "
	"mapped by writing entries directly faults there. Does "
	"kasan_init() work on tables that Xen made?";

static struct finding findings[] = {
	{ .pack = "xen",
	  .rule = "early-boot-call",
	  .title = "New step in the native boot path",
	  .area = "early boot",
	  .points = 20,
	  .path = "arch/x86/kernel/head64.c",
	  .line = 180,
	  .function = "x86_64_start_kernel",
	  .text = "+\tkasan_map_early_shadow(early_level4_pgt);",
	  .why = early_why },
	{ .pack = "xen",
	  .rule = "early-boot-call",
	  .title = "New step in the native boot path",
	  .area = "early boot",
	  .points = 20,
	  .path = "arch/x86/kernel/head64.c",
	  .line = 195,
	  .function = "x86_64_start_kernel",
	  .text = "+\tkasan_map_early_shadow(init_level4_pgt);",
	  .why = early_why },
	{ .pack = "other",
	  .rule = "not-ours",
	  .title = "Of another pack",
	  .area = "",
	  .points = 90,
	  .path = "drivers/other.c",
	  .text = "+other",
	  .why = "Other." },
	{ .pack = "xen",
	  .rule = "shadow-memory",
	  .title = "Shadow memory set up at boot",
	  .area = "memory",
	  .points = 25,
	  .path = "arch/x86/kernel/setup.c",
	  .line = 1177,
	  .function = "setup_arch",
	  .text = "+\tkasan_init();",
	  .why = shadow_why },
};

static struct address people[] = {
	{ "Juergen Gro\xc3\x9f", "jg@guest.example" },
	{ "Three, B. \"Bo\"", "bo@guest.example" },
	{ "", "guest-devel@lists.guest.example" },
};

static const char *refs[] = { "first@thread.example", "second@thread.example" };

static const struct request_sender sender = {
	.from = { "pvwatch", "pvwatch@bot.example" },
	.reply_to = { "Ada Byron", "ada@bot.example" },
	.contact = "https://bot.example/xen",
	.audience = "XEN HYPERVISOR X86",
	.now = 1421859600,
};

static struct mail
mail(void)
{
	return (struct mail){
		.msgid = "3@thread.example",
		.subject = "[PATCH v9 02/17] x86_64: add KASan support",
		.in_reply_to = "second@thread.example",
		.references = { refs, 2 },
	};
}

static struct verdict
verdict(void)
{
	return (struct verdict){
		.msgid = "3@thread.example",
		.author = { "Andrey R.", "ar@author.example" },
		.date = 1421859090,
		.version = 9,
		.findings = findings,
		.nfindings = sizeof(findings) / sizeof(findings[0]),
	};
}

static struct pack_verdict
pack(void)
{
	return (struct pack_verdict){
		.pack = "xen",
		.score = 45,
		.needed = { people, 3, 3 },
	};
}

static const char expected[] =
	"From: pvwatch <pvwatch@bot.example>\n"
	"To: =?UTF-8?Q?Juergen_Gro=C3=9F?= <jg@guest.example>, "
	"\"Three, B. \\\"Bo\\\"\"\n"
	" <bo@guest.example>, guest-devel@lists.guest.example\n"
	"Reply-To: Ada Byron <ada@bot.example>\n"
	"Subject: Re: [PATCH v9 02/17] x86_64: add KASan support\n"
	"Date: Wed, 21 Jan 2015 17:00:00 +0000\n"
	"Message-ID: <b7c21fc2eb45a0eec21f2ab73b4e3d6d@pvwatch.invalid>\n"
	"In-Reply-To: <3@thread.example>\n"
	"References: <first@thread.example> <second@thread.example>\n"
	" <3@thread.example>\n"
	"Auto-Submitted: auto-generated\n"
	"Precedence: bulk\n"
	"X-pvwatch: pack=xen; rules=early-boot-call, shadow-memory\n"
	"MIME-Version: 1.0\n"
	"Content-Type: text/plain; charset=utf-8\n"
	"Content-Transfer-Encoding: 7bit\n"
	"\n"
	"This patch may need your eyes: Shadow memory set up at boot, in\n"
	"arch/x86/kernel/setup.c:1177 (setup_arch). Also: New step in the native\n"
	"boot path. 3 places in 2 files.\n"
	"\n"
	"Andrey R. sent it on 2015-01-21; none of XEN HYPERVISOR X86 is on To or\n"
	"Cc, so here it is:\n"
	"  https://lore.kernel.org/all/3@thread.example/\n"
	"If it is right as it stands, nothing needs to be done; if not, please\n"
	"answer its author.\n"
	"\n"
	"Shadow memory set up at boot [shadow-memory, 2.5 points]\n"
	"  arch/x86/kernel/setup.c:1177 (setup_arch)\n"
	"    + kasan_init();\n"
	"  Page tables of a PV guest are read-only and pinned; shadow memory\n"
	"  mapped by writing entries directly faults there. Does kasan_init()\n"
	"  work on tables that Xen made?\n"
	"\n"
	"New step in the native boot path [early-boot-call, 2 points]\n"
	"  arch/x86/kernel/head64.c:180 (x86_64_start_kernel)\n"
	"    + kasan_map_early_shadow(early_level4_pgt);\n"
	"  arch/x86/kernel/head64.c:195 (x86_64_start_kernel)\n"
	"    + kasan_map_early_shadow(init_level4_pgt);\n"
	"  Xen PV starts at xen_start_kernel() and never runs\n"
	"  x86_64_start_kernel(). If the new step is needed before\n"
	"  start_kernel(), the guest needs it too, in arch/x86/xen/.\n"
	"\n"
	"-- \n"
	"A program, pvwatch, wrote this: score 4.5 by the rules of pack xen.\n"
	"Judged by the text of the patch alone, without a tree.\n"
	"A false alarm, or no more such mail, please? Answer this mail to\n"
	"ada@bot.example, a person reads it. Ask https://bot.example/xen. Filters\n"
	"can go by \"X-pvwatch: pack=xen\".\n";

static const struct error *
compose(struct request_mail *out, struct arena *arena,
	const struct request_sender *from, const struct mail *m,
	const struct verdict *v, const struct pack_verdict *p, const char *root)
{
	struct request_about about = { .mail = m,
				       .verdict = v,
				       .pack = p,
				       .series = root,
				       .series_root = root };

	return request_compose(out, arena, from, &about);
}

static void
ordinary(struct arena *arena)
{
	struct mail m = mail();
	struct verdict v = verdict();
	struct pack_verdict p = pack();
	struct request_mail request = { 0 };

	succeeds(compose(&request, arena, &sender, &m, &v, &p,
			 "1@thread.example"),
		 "compose");
	is_str(arena_span(arena, request.text), expected, "the whole mail");
	is_str(request.subject,
	       "Re: [PATCH v9 02/17] x86_64: add KASan support", "subject");
	is_str(request.msgid,
	       request_msgid(arena, "1@thread.example", 9, "xen"),
	       "Message-ID");
	is_int((intmax_t)request.to.n, 3, "to all who are needed");
	m.subject = "RE: [PATCH v9 02/17] x";
	p.present.n = 1;
	v.base.commit = "0123456789abcdef0123456789abcdef01234567";
	v.hunks[PLACING_MISSING] = 2;
	succeeds(compose(&request, arena, &sender, &m, &v, &p,
			 "1@thread.example"),
		 "compose");
	is_str(request.subject, "RE: [PATCH v9 02/17] x", "a reply already");
	ok(strstr(arena_span(arena, request.text),
		  "Judged on commit 0123456789ab, where 2 of its hunks do not "
		  "apply.\n"),
	   "the tree and what did not apply");
	ok(strstr(arena_span(arena, request.text),
		  "not all of XEN HYPERVISOR X86 are on To\n"),
	   "some were asked");
}

/* One series version and pack have one id, whatever else changes. */
static void
message_ids(struct arena *arena)
{
	static const struct {
		const char *root;
		unsigned version;
		const char *pack;
	} ids[] = {
		{ "1@thread.example", 9, "xen" },
		{ "1@thread.example", 8, "xen" },
		{ "1@thread.example", 9, "kvm" },
		{ "2@thread.example", 9, "xen" },
		{ "xen\n1@thread.example", 9, "" },
	};
	struct request_sender other = sender;
	struct request_mail request = { 0 };
	struct mail m = mail();
	struct verdict v = verdict();
	struct pack_verdict p = pack();
	size_t n = sizeof(ids) / sizeof(ids[0]);
	bool differ = true;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			differ &= strcmp(request_msgid(arena, ids[i].root,
						       ids[i].version,
						       ids[i].pack),
					 request_msgid(arena, ids[j].root,
						       ids[j].version,
						       ids[j].pack)) != 0;
	ok(differ, "ids differ by root, version and pack");
	other.from.addr = "new@elsewhere.example";
	other.now++;
	m.msgid = "4@thread.example";
	succeeds(compose(&request, arena, &other, &m, &v, &p,
			 "1@thread.example"),
		 "compose another time, about another part");
	is_str(request.msgid,
	       request_msgid(arena, "1@thread.example", 9, "xen"),
	       "the same id");
}

static const char *const bad_addresses[] = {
	"a@b.example\r\nBcc: c@d.example",
	"a@b.example\nBcc: c@d.example",
	"a@b.example>, <c@d.example",
	"<a@b.example>",
	"a@b.example, c@d.example",
	"a\x01@b.example",
	"\xc3\xa4@b.example",
	"a b@c.example",
	"nobody",
	"",
};

static void
refusals(struct arena *arena)
{
	struct request_mail request = { .msgid = "untouched" };
	struct request_sender us = sender;
	struct mail m = mail();
	struct verdict v = verdict();
	struct pack_verdict p = pack();

	for (size_t i = 0; i < sizeof(bad_addresses) / sizeof(char *); i++) {
		struct address bad[] = { { "Bad", bad_addresses[i] } };

		p.needed = (struct addresses){ bad, 1, 1 };
		fails(compose(&request, arena, &sender, &m, &v, &p,
			      "1@thread.example"),
		      ERROR_INPUT, "no address that mail may be sent to",
		      "a bad address");
	}
	p = pack();
	us.from.addr = "bot\n@b.example";
	fails(compose(&request, arena, &us, &m, &v, &p, "r"), ERROR_INPUT,
	      "\"bot @b.example\": no address", "a bad sender");
	us = sender;
	us.reply_to.addr = "ada";
	fails(compose(&request, arena, &us, &m, &v, &p, "r"), ERROR_INPUT,
	      "\"ada\": no address", "a bad person");
	p.needed.n = 0;
	fails(compose(&request, arena, &sender, &m, &v, &p, "r"), ERROR_INPUT,
	      "request of pack xen: nobody needs", "nobody");
	p = pack();
	p.pack = "empty";
	fails(compose(&request, arena, &sender, &m, &v, &p, "r"), ERROR_INPUT,
	      "request of pack empty: nothing found", "nothing");
	p = pack();
	m.msgid = "a b@c\n.example";
	fails(compose(&request, arena, &sender, &m, &v, &p, "r"), ERROR_INPUT,
	      "no Message-ID", "an id with blanks");
	m.msgid = NULL;
	fails(compose(&request, arena, &sender, &m, &v, &p, "r"), ERROR_INPUT,
	      "no Message-ID", "no id");
	is_str(request.msgid, "untouched", "nothing was made");
}

/* How many lines of @text begin with @prefix. */
static int
lines_with(struct span text, const char *prefix)
{
	struct span line;
	int n = 0;

	while (span_line(&line, &text))
		n += span_starts(line, prefix);
	return n;
}

static size_t
longest_line(struct span text)
{
	struct span line;
	size_t n = 0;

	while (span_line(&line, &text))
		n = line.len > n ? line.len : n;
	return n;
}

/* Bytes that 7-bit mail has no place for. */
static size_t
unfit_bytes(struct span text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.ptr[i] != '\n' &&
		     (text.ptr[i] < ' ' || text.ptr[i] == 0x7f);
	return n;
}

#define EVIL \
	"x\r\nBcc: evil@x.example\n\nAcked-by: E <e@x.example>\x1b[2J\x80\xff"

static void
hostile(struct arena *arena)
{
	static char endless[5000];
	struct finding found[] = {
		{ .pack = "xen",
		  .rule = "r1;\n",
		  .title = EVIL,
		  .points = 20,
		  .area = EVIL,
		  .path = EVIL,
		  .function = EVIL,
		  .line = 1,
		  .text = "+" EVIL,
		  .why = EVIL },
		{ .pack = "xen",
		  .rule = "r2",
		  .title = "",
		  .points = 10,
		  .area = "",
		  .path = "Acked-by: Linus <l@x.example>",
		  .text = "-#syz invalid",
		  .why = "#syz invalid" },
		{ .pack = "xen",
		  .rule = "r3",
		  .title = endless,
		  .points = 15,
		  .area = "",
		  .path = endless,
		  .function = endless,
		  .text = endless,
		  .why = endless },
	};
	const char *ids[] = { "ok@x.example", "bad\r\nBcc: e@x.example",
			      endless };
	struct address to[] = { { EVIL, "a@b.example" },
				{ endless, "c@d.example" } };
	struct request_sender us = sender;
	struct request_mail request = { 0 };
	struct mail m = { .msgid = "x/y?#%@x.example",
			  .subject = EVIL,
			  .references = { ids, 3 } };
	struct verdict v = { .author = { "From me\x07", "" },
			     .findings = found,
			     .nfindings = 3 };
	struct pack_verdict p = { .pack = "xen", .needed = { to, 2, 2 } };
	const char *text;

	memset(endless, 'e', sizeof(endless) - 1);
	us.reply_to.addr = us.contact = us.audience = NULL;
	succeeds(compose(&request, arena, &us, &m, &v, &p, EVIL), "compose");
	text = arena_span(arena, request.text);
	is_int((intmax_t)strlen(text), (intmax_t)request.text.len, "no NUL");
	is_int((intmax_t)unfit_bytes(request.text), 0, "all bytes fit");
	ok(longest_line(request.text) <= 998, "lines of 998 bytes at most");
	is_int(lines_with(request.text, "Bcc:"), 0, "no header injected");
	is_int(lines_with(request.text, "From "), 0, "no mbox separator");
	ok(!strstr(text, "\nAcked-by:") && !strstr(text, " Acked-by: Linus\n"),
	   "no trailer");
	ok(strstr(text, "  | Acked-by: Linus"), "a path like a trailer");
	ok(strstr(text, "  | #syz invalid"), "a reason like a command");
	ok(strstr(text, "x%2Fy%3F%23%25@x.example/"), "the id in the URL");
	ok(strstr(text, "\nX-pvwatch: pack=xen; rules=r1??, r2, r3\n"),
	   "rules as tokens");
	ok(strstr(text, "\nReferences: <ok@x.example> <x/y?#%@x.example>\n"),
	   "references that are none are left out");
	ok(!strstr(text, "\nReply-To:"), "no person, no Reply-To");
}

/* Much is found: the mail stays short, and counts the rest. */
static void
plenty(struct arena *arena)
{
	enum { N = 1000 };
	struct finding *found = ARENA_ARRAY(arena, N, struct finding);
	const char **ids = ARENA_ARRAY(arena, N, const char *);
	struct request_mail request = { 0 };
	struct mail m = mail();
	struct verdict v = verdict();
	struct pack_verdict p = pack();
	const char *text;

	for (int i = 0; i < N; i++) {
		found[i] = findings[0];
		found[i].line = (uint32_t)i + 1;
		found[i].path = arena_printf(arena, "dir/file%d.c", i / 10);
		if (i % 2)
			found[i].rule = arena_printf(arena, "rule-%d", i / 100);
		ids[i] = arena_printf(arena, "%d@thread.example", i);
	}
	v.findings = found;
	v.nfindings = N;
	m.references.v = ids;
	m.references.n = N;
	succeeds(compose(&request, arena, &sender, &m, &v, &p, "r"), "compose");
	text = arena_span(arena, request.text);
	ok(lines_with(request.text, "") < 120, "a mail that can be read");
	ok(longest_line(request.text) <= 78, "and lines, too");
	is_int(lines_with(request.text, "  dir/file"), 12, "places shown");
	ok(strstr(text, "1000 places in 100 files"), "counted");
	ok(strstr(text, "  and 497 more places\n"), "of one reason");
	ok(strstr(text, "<0@thread.example>") &&
		   strstr(text, "<999@thread.example>") &&
		   strstr(text, "<980@thread.example>") &&
		   !strstr(text, "<979@thread.example>"),
	   "references: the first, the last");
}

static void
eight_bit(struct arena *arena)
{
	struct request_mail request = { 0 };
	struct mail m = mail();
	struct verdict v = verdict();
	struct pack_verdict p = pack();
	const char *text;

	m.subject = "[PATCH] x86: Gr\xc3\xbc\xc3\x9f"
		    "e =?utf-8?q?no?=";
	v.author.name = "Andr\xc3\xa9";
	succeeds(compose(&request, arena, &sender, &m, &v, &p, "r"), "compose");
	text = arena_span(arena, request.text);
	is_int((intmax_t)unfit_bytes(request.text), 0, "all bytes fit");
	ok(longest_line(request.text) <= 76, "RFC 2045's line length");
	ok(strstr(text, "\nContent-Transfer-Encoding: quoted-printable\n\n"),
	   "quoted-printable");
	ok(strstr(text, "Andr=C3=A9 sent it"), "the author");
	ok(strstr(text, "\n--=20\n"), "the signature mark");
	ok(strstr(text, "\nSubject: =?UTF-8?Q?Re=3A_=5BPATCH=5D_x86=3A_"
			"Gr=C3=BC=C3=9Fe_=3D=3Futf-8=3F?=\n"
			" =?UTF-8?Q?q=3Fno=3F=3D?=\n"),
	   "the subject, and what only looked encoded");
}

/* Several patches of a series make one mail, an answer to its beginning. */
static void
series_of_several(struct arena *arena)
{
	struct mail m = mail();
	struct verdict v = verdict(), other = verdict();
	struct pack_verdict p = pack();
	struct request_about about = { .mail = &m,
				       .verdict = &v,
				       .pack = &p,
				       .series = "1@thread.example",
				       .series_root = "1@thread.example",
				       .others = &other,
				       .nothers = 1 };
	struct request_mail request = { 0 };
	const char *text;

	other.subject = "[PATCH v9 05/17] another part";
	other.msgid = "6@thread.example";
	succeeds(request_compose(&request, arena, &sender, &about),
		 "compose about two parts");
	text = arena_span(arena, request.text);
	ok(strstr(text, "\nIn-Reply-To: <1@thread.example>\n"),
	   "an answer to the cover letter");
	ok(strstr(text, "\n  [PATCH v9 05/17] another part\n"
			"    https://lore.kernel.org/all/6@thread.example/\n"),
	   "the other part is named");
	is_str(request.msgid,
	       request_msgid(arena, "1@thread.example", 9, "xen"),
	       "under the one id of the series version");
}

/* What the map knows stands in the first lines; what the reasons of one rule
   have in common is read once. */
static void
reasons(struct arena *arena)
{
	static const struct finding_map map = {
		.counterpart = "arch/x86/xen/enlighten_pv.c:xen_start_kernel"
	};
	struct finding found[] = { findings[0], findings[1], findings[0] };
	struct request_mail request = { 0 };
	struct mail m = mail();
	struct verdict v = verdict();
	struct pack_verdict p = pack();
	const char *text;

	found[0].map = &map;
	found[0].why = "One comes by a. The guest does not. Check it.";
	found[1].why = "One comes by b. The guest does not. Check it.";
	found[2].why = "Something else.";
	v.findings = found;
	v.nfindings = 3;
	succeeds(compose(&request, arena, &sender, &m, &v, &p, "r"), "compose");
	text = arena_span(arena, request.text);
	ok(strstr(text,
		  "\narch/x86/kernel/head64.c:180 (x86_64_start_kernel). It "
		  "concerns the\nguest's xen_start_kernel() in "
		  "arch/x86/xen/enlighten_pv.c. 3 places in 1\nfile.\n"),
	   "the guest's side in the first lines");
	ok(strstr(text, "\n  One comes by a. The guest does not. Check it.\n"),
	   "the first reason is whole");
	ok(strstr(text, "\n  One comes by b. The rest is as above.\n"),
	   "the next one as far as it is new");
	ok(strstr(text, "\n  Something else.\n"), "another is whole");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	ordinary(arena);
	reasons(arena);
	message_ids(arena);
	refusals(arena);
	hostile(arena);
	plenty(arena);
	eight_bit(arena);
	series_of_several(arena);
	return done_testing();
}
