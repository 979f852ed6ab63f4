/* Who a pack notifies, and who of them was asked already. */
#include "tap.h"

#include "bot/arena.h"
#include "bot/audience.h"
#include "bot/identity.h"
#include "bot/maintainers.h"
#include "rules/rule.h"

static const char file[] = "GUEST X86\n"
			   "M:\tAda Byron <ada@guest.example>\n"
			   "R:\tBen Two <ben@guest.example>\n"
			   "L:\tguest@lists.guest.example (moderated)\n"
			   "L:\tall@kernel.example\n"
			   "L:\tlinux-kernel@vger.kernel.org\n"
			   "\n"
			   "GUEST PCI\n"
			   "M:\tAda Byron <ada@old.example>\n"
			   "M:\tCid Three <cid@guest.example>\n"
			   "L:\tguest@lists.old.example\n"
			   "\n"
			   "NOBODY@HOME\n"
			   "M:\tDan Four <dan@guest.example>\n"
			   "\n";

static const char rest[] = "THE REST\n"
			   "M:\tLast Resort <last@kernel.example>\n"
			   "L:\tall@kernel.example\n";

/* "a@b c@d" of a list. */
static const char *
spell(struct arena *arena, const struct addresses *list)
{
	const char *s = "";

	for (size_t i = 0; i < list->n; i++)
		s = arena_printf(arena, "%s%s%s", s, i ? " " : "",
				 list->v[i].addr);
	return s;
}

static struct identity *
table(void)
{
	struct identity *identity = identity_new();

	identity_alias(identity, "ada@guest.example", "ada@old.example");
	identity_alias(identity, "guest@lists.guest.example",
		       "guest@lists.old.example");
	return identity;
}

static const struct {
	const char *notify[3];
	bool with_rest;
	const char *people, *lists; /* people NULL: an error */
	const char *message;
} packs[] = {
	{ { "GUEST X86" },
	  true,
	  "ada@guest.example ben@guest.example",
	  "guest@lists.guest.example linux-kernel@vger.kernel.org",
	  NULL },
	{ { "guest x86", "GUEST PCI" },
	  false,
	  "ada@guest.example ben@guest.example cid@guest.example",
	  "guest@lists.guest.example all@kernel.example",
	  NULL },
	{ { "Eve Five <eve@guest.example>", "ADA@old.example" },
	  true,
	  "eve@guest.example ADA@old.example",
	  "",
	  NULL },
	{ { "NOBODY@HOME" }, true, "dan@guest.example", "", NULL },
	{ { NULL }, true, "", "", NULL },
	{ { "GUEST X86", "GEUST PCI" },
	  true,
	  NULL,
	  NULL,
	  "pack guest: Notify: MAINTAINERS has no section \"GEUST PCI\", "
	  "did you mean \"GUEST PCI\"?" },
	{ { "SOMETHING ELSE ALTOGETHER" },
	  true,
	  NULL,
	  NULL,
	  "no section \"SOMETHING ELSE ALTOGETHER\"" },
	{ { "Eve <e ve@>" }, true, NULL, NULL, "is no address" },
};

static void
of_pack(struct arena *arena, size_t i)
{
	AUTOFREE(identity) *identity = table();
	struct pack pack = { .name = "guest" };
	const char *notify[3];
	struct maintainers m;
	struct audience audience = { 0 };
	const struct error *err;

	for (; packs[i].notify[pack.nnotify]; pack.nnotify++)
		notify[pack.nnotify] = packs[i].notify[pack.nnotify];
	pack.notify = notify;
	maintainers_parse(
		&m, arena,
		span_of(arena_printf(arena, "%s%s", file,
				     packs[i].with_rest ? rest : "")));
	err = audience_of_pack(&audience, arena, &pack, &m, identity);
	if (!packs[i].people) {
		fails(err, ERROR_CONFIG, packs[i].message, packs[i].message);
		ok(!audience.people.n, "untouched");
		return;
	}
	succeeds(err, "audience");
	is_str(spell(arena, &audience.people), packs[i].people, "people");
	is_str(spell(arena, &audience.lists), packs[i].lists, "lists");
}

static const struct {
	const char *asked[3];
	bool covered;
	const char *needed, *present;
	const char *what;
} threads[] = {
	{ { "x@y.example", "all@kernel.example" },
	  false,
	  "ada@guest.example ben@guest.example guest@lists.guest.example",
	  "",
	  "nobody" },
	{ { "x@y.example", "BEN@guest.example" },
	  true,
	  "ada@guest.example guest@lists.guest.example",
	  "ben@guest.example",
	  "a person" },
	{ { "guest@lists.old.example" },
	  true,
	  "ada@guest.example ben@guest.example",
	  "guest@lists.guest.example",
	  "the list under its old name" },
	{ { "devnull+ada.old.example@kernel.org", "ben@guest.example",
	    "guest@lists.guest.example" },
	  true,
	  "",
	  "ada@guest.example ben@guest.example guest@lists.guest.example",
	  "everybody, one through a relay" },
};

static void
split(struct arena *arena, size_t i)
{
	AUTOFREE(identity) *identity = table();
	struct addresses asked = { 0 }, needed, present;
	struct audience audience = { 0 };

	addresses_add(&audience.people, arena,
		      (struct address){ "Ada Byron", "ada@guest.example" });
	addresses_add(&audience.people, arena,
		      (struct address){ "Ben Two", "ben@guest.example" });
	addresses_add(&audience.lists, arena,
		      (struct address){ "", "guest@lists.guest.example" });
	for (size_t j = 0; j < 3 && threads[i].asked[j]; j++)
		addresses_add(&asked, arena,
			      (struct address){ "", threads[i].asked[j] });
	ok(audience_split(&needed, &present, arena, &audience, &asked,
			  identity) == threads[i].covered,
	   threads[i].what);
	is_str(spell(arena, &needed), threads[i].needed, "needed");
	is_str(spell(arena, &present), threads[i].present, "present");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	for (size_t i = 0; i < sizeof(packs) / sizeof(packs[0]); i++)
		of_pack(arena, i);
	for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++)
		split(arena, i);
	return done_testing();
}
