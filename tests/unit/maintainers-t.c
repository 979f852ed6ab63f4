/* MAINTAINERS: sections to people and lists; the kernel's own, when there. */
#include "tap.h"

#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/limits.h"
#include "bot/maintainers.h"

static const char file[] =
	"List of maintainers\n"
	"===================\n"
	"\n"
	"Fields of an entry\n"
	"------------------\n"
	"\n"
	"\tM: who, as FullName <address@domain>\n"
	"\tL: a list\n"
	"\n"
	".. note:: some words of prose\n"
	"          on two lines.\n"
	"\n"
	"ALPHA DRIVER\n"
	"M:\tAda Byron <ada@alpha.example>\n"
	"M:\t\"Lee, \\\"Chun\\\" Yi\" <lee@alpha.example>\n"
	"R:\tEnrico Q., metux IT <q@alpha.example> (directory leases, <x@y>)\n"
	"M:\tbare@alpha.example\n"
	"R:\tbare-remark@alpha.example (remark, with@address.example)\n"
	"L:\tlist@alpha.example (moderated for non-subscribers)\n"
	"L:  The Team <team@alpha.example>\n"
	"S:\tMaintained\n"
	"F:\tdrivers/alpha/\n"
	"W:\tnot@a.person.example\n"
	"\n"
	"BETA: THE SECOND (with a remark)\n"
	"S:\tOrphan\n"
	"\n"
	"# a comment between\n"
	"F:\tdrivers/beta/\n"
	"L:\tlist@beta.example\n"
	"ALPHA DRIVER\r\n"
	"M:\tSecond Alpha <second@alpha.example>\r\n"
	"\n"
	"no section here\n"
	"m:\tlower@case.example\n"
	" M:\tindented@gamma.example\n"
	"\n"
	"THE REST\n"
	"M:\tRoger Pau Monn\xc3\xa9 <roger@rest.example>\n"
	"L:\tlinux-kernel@vger.kernel.org";

/* What must leave no address behind, and what its name becomes if it may. */
static const struct {
	const char *bytes;
	size_t len;
	const char *name, *addr; /* NULL: dropped */
} hostile[] = {
#define FIELD(bytes) "T\nM:\t" bytes "\n", sizeof("T\nM:\t" bytes "\n") - 1
	{ FIELD("A <a@b.example\rBcc: x@y.example>"), NULL, NULL },
	{ FIELD("A <a\0@b.example>"), NULL, NULL },
	{ FIELD("A <a@b.example\0>"), NULL, NULL },
	{ FIELD("A <a@b.example, c@d.example>"), NULL, NULL },
	{ FIELD("A <a@b@c.example>"), NULL, NULL },
	{ FIELD("A <\"a b\"@c.example>"), NULL, NULL },
	{ FIELD("A <a@[127.0.0.1]>"), NULL, NULL },
	{ FIELD("A <a@\xc3\xa4.example>"), NULL, NULL },
	{ FIELD("A <@b.example>"), NULL, NULL },
	{ FIELD("A <a@>"), NULL, NULL },
	{ FIELD("A <.a@b.example>"), NULL, NULL },
	{ FIELD("A <a@b..example>"), NULL, NULL },
	{ FIELD("A <>"), NULL, NULL },
	{ FIELD("A <"), NULL, NULL },
	{ FIELD(""), NULL, NULL },
	{ FIELD("nobody"), NULL, NULL },
	{ FIELD("A\x1b[31m\0\x7f\xff <a@b.example>"), "A?[31m???",
	  "a@b.example" },
	{ FIELD("\xe2\x80\xae evil <a@b.example>"), "? evil", "a@b.example" },
	{ FIELD("A < a@b.example >"), "A", "a@b.example" },
	{ FIELD("A <a@b.example"), "A", "a@b.example" },
	{ FIELD("\"\" <a@b.example>"), "", "a@b.example" },
	{ FIELD("\" <a@b.example>"), "\"", "a@b.example" },
	{ FIELD("\"\\\" <a@b.example>"), "\\", "a@b.example" },
	{ "T\nM:a@b.example", 15, "", "a@b.example" },
	{ "M:\ta@b.example\n", 15, NULL, NULL },
	{ "#T\nM:\ta@b.example\n", 18, NULL, NULL },
};

static const struct {
	const char *line;
	int64_t date;
} dates[] = {
	{ "# Date: 2026-02-28\n", 1772236800 },
	{ "# Date:1970-01-02  \r\n", 86400 },
	{ "# a copy\n#\n# Date: 2000-02-29\n# Date: 2026-01-01\n", 951782400 },
	{ "# Date: 2026-02-29\n", 0 },
	{ "# Date: 2026-13-01\n", 0 },
	{ "# Date: 2026-00-01\n", 0 },
	{ "# Date: 26-01-01\n", 0 },
	{ "# Date: 2026-01-01x\n", 0 },
	{ "# Date: 20a6-01-01\n", 0 },
	{ "# Date:\n", 0 },
	{ "Date: 2026-01-01\n", 0 },
};

static void
is_mailbox(const struct addresses *list, size_t i, const char *name,
	   const char *addr)
{
	is_str(i < list->n ? list->v[i].name : NULL, name, addr);
	is_str(i < list->n ? list->v[i].addr : NULL, addr, addr);
}

static void
sections(struct arena *arena)
{
	struct maintainers m;
	const struct section *s;

	maintainers_parse(&m, arena, SPAN(file));
	is_int((intmax_t)m.n, 4, "sections, the prose left out");
	is_int(m.date, 0, "no date");
	s = maintainers_section(&m, "alpha driver");
	ok(s == &m.sections[0], "the first of two of one title, any case");
	is_int((intmax_t)s->people.n, 5, "people");
	is_mailbox(&s->people, 0, "Ada Byron", "ada@alpha.example");
	is_mailbox(&s->people, 1, "Lee, \"Chun\" Yi", "lee@alpha.example");
	is_mailbox(&s->people, 2, "Enrico Q., metux IT", "q@alpha.example");
	is_mailbox(&s->people, 3, "", "bare@alpha.example");
	is_mailbox(&s->people, 4, "", "bare-remark@alpha.example");
	is_int((intmax_t)s->lists.n, 2, "lists");
	is_mailbox(&s->lists, 0, "", "list@alpha.example");
	is_mailbox(&s->lists, 1, "The Team", "team@alpha.example");
	s = maintainers_section(&m, "BETA: THE SECOND (with a remark)");
	ok(s && !s->people.n && s->lists.n == 1, "an orphan with a list");
	is_str(m.sections[2].title, "ALPHA DRIVER", "a title ended by CR LF");
	is_mailbox(&m.sections[2].people, 0, "Second Alpha",
		   "second@alpha.example");
	s = maintainers_section(&m, "THE REST");
	is_mailbox(&s->people, 0, "Roger Pau Monn\xc3\xa9",
		   "roger@rest.example");
	is_mailbox(&s->lists, 0, "", "linux-kernel@vger.kernel.org");
	ok(!maintainers_section(&m, "ALPHA"), "no part of a title");
}

static void
hostile_fields(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct maintainers m;
		const struct addresses *people;
		char what[32];

		snprintf(what, sizeof(what), "hostile field %zu", i);
		maintainers_parse(
			&m, arena,
			(struct span){ hostile[i].bytes, hostile[i].len });
		people = m.n ? &m.sections[0].people : NULL;
		if (!hostile[i].addr)
			ok(!people || !people->n, what);
		else if (people)
			is_mailbox(people, 0, hostile[i].name, hostile[i].addr);
		else
			ok(false, what);
	}
}

static void
ceiling(struct arena *arena)
{
	struct buf buf = BUF(LIMIT_MAINTAINERS_BYTES + 4096);
	struct maintainers m;

	buf_addstr(&buf, "FIRST\n");
	while (buf.len < LIMIT_MAINTAINERS_BYTES)
		buf_addstr(&buf, "M:\ta@b.example\n");
	buf_addstr(&buf, "LAST\nM:\ta@b.example\n");
	maintainers_parse(&m, arena, buf_span(&buf));
	is_int((intmax_t)m.n, 1, "nothing behind the ceiling");
	is_int((intmax_t)m.sections[0].people.n, LIMIT_MAIL_ADDRESSES,
	       "a section of endless people");
	buf_free(&buf);
}

/* Another's count of the same: each S: or so has one title before it. */
static long
count_sections(struct span text)
{
	struct span line;
	bool in = false;
	long n = 0;

	while (span_line(&line, &text)) {
		bool field = line.len > 2 && line.ptr[1] == ':' &&
			     line.ptr[2] == '\t' && line.ptr[0] != '\t';

		n += field && !in;
		in = field;
	}
	return n;
}

/* The kernel of PVWATCH_SHARED, through git itself. */
static bool
read_real(struct buf *buf)
{
	const char *shared = getenv("PVWATCH_SHARED");
	char command[4096];
	FILE *f;

	snprintf(command, sizeof(command),
		 "t=$(sh '%s/tools/kernel-tree' 6.12 2>/dev/null) && "
		 "git -C \"$t\" show HEAD:MAINTAINERS 2>/dev/null",
		 shared ? shared : "../shared");
	f = popen(command, "r");
	if (!f)
		return false;
	error_free(buf_read_fd(buf, fileno(f), "MAINTAINERS"));
	return pclose(f) == 0 && buf->len;
}

static void
real(struct arena *arena)
{
	struct buf buf = BUF(LIMIT_MAINTAINERS_BYTES);
	struct maintainers m;
	const struct section *s;

	if (!read_real(&buf)) {
		printf("# SKIP no kernel tree\n");
		return;
	}
	maintainers_parse(&m, arena, buf_span(&buf));
	is_int((intmax_t)m.n, count_sections(buf_span(&buf)),
	       "sections of the kernel's file");
	s = maintainers_section(&m, "XEN HYPERVISOR X86");
	ok(s && s->people.n == 2 && s->lists.n == 1, "XEN HYPERVISOR X86");
	is_mailbox(&s->people, 0, "Juergen Gross", "jgross@suse.com");
	is_mailbox(&s->people, 1, "Boris Ostrovsky",
		   "boris.ostrovsky@oracle.com");
	is_mailbox(&s->lists, 0, "", "xen-devel@lists.xenproject.org");
	s = maintainers_section(&m, "THE REST");
	is_mailbox(&s->lists, 0, "", "linux-kernel@vger.kernel.org");
	buf_free(&buf);
}

/* The sections that we ship say the same as the file they come from. */
static void
shipped(struct arena *arena)
{
	static const char *const titles[] = {
		"XEN HYPERVISOR X86", "XEN HYPERVISOR INTERFACE",
		"XEN PCI SUBSYSTEM", "XEN SWIOTLB SUBSYSTEM", "THE REST"
	};
	struct buf buf = BUF(LIMIT_MAINTAINERS_BYTES);
	struct maintainers m;
	size_t n = sizeof(titles) / sizeof(titles[0]);

	succeeds(buf_read_file(&buf, "rules/xen/MAINTAINERS"), "shipped copy");
	maintainers_parse(&m, arena, buf_span(&buf));
	is_int((intmax_t)m.n, (intmax_t)n, "its sections");
	ok(m.date > 1700000000, "its date");
	for (size_t i = 0; i < n; i++) {
		const struct section *s = maintainers_section(&m, titles[i]);

		ok(s && s->people.n && s->lists.n, titles[i]);
	}
	buf_free(&buf);
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	sections(arena);
	hostile_fields(arena);
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		struct maintainers m;

		maintainers_parse(&m, arena, span_of(dates[i].line));
		is_int(m.date, dates[i].date, "date");
	}
	ceiling(arena);
	shipped(arena);
	real(arena);
	return done_testing();
}
