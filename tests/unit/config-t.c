/* config: what git accepts is accepted, and what is wrong is named */
#include "bot/config.h"

#include "bot/buf.h"
#include "bot/config-key.h"
#include "scratch.h"
#include "tap.h"

/* All entries, "key=value;" each. */
static char *
listing(const struct config *config)
{
	CLEANUP(buf_free) struct buf text = BUF(1 << 20);
	const struct config_entry *entries;
	size_t n;

	entries = config_entries(config, &n);
	for (size_t i = 0; i < n; i++)
		buf_addf(&text, "%s=%s;", entries[i].key, entries[i].value);
	return xstrdup(buf_str(&text));
}

static void
test_syntax(void)
{
	static const struct {
		const char *what, *text, *want;
	} table[] = {
		{ "empty", "", "" },
		{ "case of section and name does not matter",
		  "[NoTiFy]\n\tREPLYTO = a@b\n[tree]\nPath=/x",
		  "notify.replyTo=a@b;tree.path=/x;" },
		{ "case of a subsection does",
		  "[source \"A.b C\"]\npath=x\n[source \"a.B c\"]\nPATH=y\n",
		  "source.A.b C.path=x;source.a.B c.path=y;" },
		{ "several values",
		  "[tree]\nref=a\nref=b\nref=a\n[rules]\npath=p\n[tree]\nref=c",
		  "tree.ref=a;tree.ref=b;tree.ref=a;rules.path=p;"
		  "tree.ref=c;" },
		{ "no value", "[tree]\nfetch\nref\n",
		  "tree.fetch=true;tree.ref=;" },
		{ "comments and quotes",
		  "# c\n[tree] ; d\n ref = \"a # b\" ; e\n ref = x \\\n y\n",
		  "tree.ref=a # b;tree.ref=x  y;" },
		{ "home", "[cache]\npath = ~/c\n[database]\npath=~x/y\n",
		  "cache.path=HOME/c;database.path=~x/y;" },
		{ "alias", "[alias]\nxen-devel = a@b\nxen-devel = c@d\n",
		  "alias.xen-devel=a@b;alias.xen-devel=c@d;" },
		{ "include",
		  "[include]\npath = included\n[includeIf \"gitdir:/\"]\n"
		  "path=nope\n[tree]\nref=b\n",
		  "tree.ref=included;tree.ref=b;" },
		{ "CRLF", "[tree]\r\nref = a\r\n", "tree.ref=a;" },
	};

	put("included", "[tree]\nref = included\n");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		AUTOFREE(config) *config = NULL;
		char *got, *home;

		put("conf", table[i].text);
		succeeds(config_load(&config, "conf", NULL), table[i].what);
		if (!config)
			continue;
		got = listing(config);
		home = strstr(got, scratch);
		if (home) { /* replace it by HOME */
			memmove(home + 4, home + strlen(scratch),
				strlen(home + strlen(scratch)) + 1);
			memcpy(home, "HOME", 4);
		}
		is_str(got, table[i].want, "its entries");
		free(got);
	}
}

static void
test_errors(void)
{
	static const struct {
		const char *text, *message;
	} table[] = {
		{ "[notify]\nmod = off\n",
		  "conf: unknown key notify.mod; did you mean notify.mode?" },
		{ "[notfy]\nmode = off\n", "did you mean notify.mode?" },
		{ "[source \"x\"]\npth = a\n",
		  "unknown key source.x.pth; did you mean source.x.path?" },
		{ "[source]\npath = a\n", "conf: unknown key source.path" },
		{ "[tree \"x\"]\nref = a\n", "conf: unknown key tree.x.ref" },
		{ "[alias \"x\"]\naddress = a@b\n", "alias.x.address" },
		{ "[zzzzzz]\nqqqqqqqq = a\n",
		  "conf: unknown key zzzzzz.qqqqqqqq" },
		{ "ref = a\n", "conf: unknown key ref" },
		{ "[tree]\nref=a\n[tre\nref=b\n", "conf:3: " },
		{ "[tree]\nre_f=a\n", "conf:2: invalid configuration key" },
		{ "[tree]\nref=\"\\q\"\n", "conf: invalid escape" },
		{ "[include]\npath=broken\n", "broken:1: " },
	};
	struct config *config = NULL;

	put("broken", "[tree\n");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		put("conf", table[i].text);
		fails(config_load(&config, "conf", NULL), ERROR_CONFIG,
		      table[i].message, table[i].message);
	}
	fails(config_load(&config, "absent", NULL), ERROR_NOINPUT, "absent",
	      "a file that must be there");
	fails(config_load(&config, ".", NULL), ERROR_CONFIG, "directory",
	      "a directory");
}

/* XDG, then the repository, then --config. */
static void
test_layers(void)
{
	AUTOFREE(config) *config = NULL;
	struct strlist refs = STRLIST, names = STRLIST;
	const struct config_entry *entries;
	struct config *none = NULL;
	bool fetch = true;
	char *xdg;
	size_t n;

	sh("mkdir -p .config/pvwatch && git init -q r && mkdir r/sub && "
	   "printf '[tree]\\nref=xdg\\nfetch=no\\n[alias]\\nx=a@b\\n' "
	   ">.config/pvwatch/config && cd r && "
	   "git config --add pvwatch.tree.ref repo1 && "
	   "git config --add pvwatch.tree.ref repo2 && "
	   "git config pvwatch.source.my.one.PATH /p && "
	   "git config core.editor none && "
	   "git config --file ../.gitconfig pvwatch.tree.ref global && "
	   "git config --file ../.gitconfig user.name Somebody");
	put("conf", "[tree]\nref = file\n[source \"other\"]\npath=/q\n");
	succeeds(config_load(&config, "conf", "r/sub"), "three layers");
	config_get_all(&refs, config, "TREE.Ref");
	is_int((intmax_t)refs.n, 5, "all values");
	if (refs.n == 5) {
		is_str(refs.v[0], "xdg", "the user's file");
		is_str(refs.v[1], "global", "git's global configuration");
		is_str(refs.v[2], "repo1", "the repository's");
		is_str(refs.v[3], "repo2", "in order");
		is_str(refs.v[4], "file", "the file that was named");
	}
	is_str(config_get(config, "tree.ref"), "file", "the last one wins");
	is_str(config_get(config, "source.my.one.path"), "/p",
	       "a subsection with a dot");
	is_str(config_get(config, "source.My.one.path"), NULL,
	       "in another case it is another");
	succeeds(config_bool(&fetch, config, "tree.fetch"), "a boolean");
	ok(!fetch, "that says no");
	config_subsections(&names, config, "source");
	config_subsections(&names, config, "alias");
	ok(names.n == 3 && !strcmp(names.v[0], "my.one") &&
		   !strcmp(names.v[1], "other") && !strcmp(names.v[2], "x"),
	   "subsections in order");
	entries = config_entries(config, &n);
	ok(n > 5 && strstr(entries[0].file, ".config/pvwatch/config") &&
		   strstr(entries[3].file, "global") &&
		   strstr(entries[4].file, "r/.git/config") &&
		   !strcmp(entries[n - 1].file, "conf"),
	   "each knows where it stands");
	strlist_free(&refs);
	strlist_free(&names);

	sh("git -C r config pvwatch.threshold 3");
	fails(config_load(&none, NULL, "r"), ERROR_CONFIG,
	      "r/.git/config: unknown key threshold", "an unknown git key");
	fails(config_load(&none, NULL, "absent"), ERROR_NOINPUT, "absent",
	      "no repository");
	sh("rm -r .config .gitconfig");
	sh("mkdir -p xdg/pvwatch && echo '[tree] ref = x' >xdg/pvwatch/config");
	xdg = xasprintf("%s/xdg", scratch);
	setenv("XDG_CONFIG_HOME", xdg, 1);
	free(xdg);
	config_free(config);
	config = NULL;
	succeeds(config_load(&config, NULL, NULL), "XDG_CONFIG_HOME");
	is_str(config ? config_get(config, "tree.ref") : NULL, "x", "is read");
	unsetenv("XDG_CONFIG_HOME");
}

static void
test_values(void)
{
	static const struct {
		const char *text;
		bool good;
		long want;
	} ints[] = { { "0", true, 0 },
		     { "-5", true, -5 },
		     { "2k", true, 2048 },
		     { "1M", true, 1 << 20 },
		     { "", false, 0 },
		     { "x", false, 0 },
		     { "1kb", false, 0 },
		     { "9999999999999999999", false, 0 },
		     { "9007199254740992g", false, 0 } },
	  intervals[] = { { "300", true, 300 },	      { "5m", true, 300 },
			  { "1h", true, 3600 },	      { "2d", true, 172800 },
			  { "7s", true, 7 },	      { "", false, 0 },
			  { "m", false, 0 },	      { "5mm", false, 0 },
			  { "-5m", false, 0 },	      { "5w", false, 0 },
			  { "99999999999", false, 0 } },
	  tenths[] = { { "2", true, 20 },      { "1.5", true, 15 },
		       { "0.0", true, 0 },     { "1.55", false, 0 },
		       { "-1", false, 0 },     { ".5", false, 0 },
		       { "1.", false, 0 },     { "1,5", false, 0 },
		       { "9999999", false, 0 } },
	  bools[] = { { "yes", true, 1 },
		      { "Off", true, 0 },
		      { "", true, 0 },
		      { "3", true, 1 },
		      { "maybe", false, 0 } };

	for (size_t i = 0; i < sizeof(ints) / sizeof(ints[0]); i++) {
		long n = 0;
		ok(config_value_int(&n, ints[i].text) == ints[i].good &&
			   n == ints[i].want,
		   ints[i].text);
	}
	for (size_t i = 0; i < sizeof(intervals) / sizeof(intervals[0]); i++) {
		long n = 0;
		ok(config_value_interval(&n, intervals[i].text) ==
				   intervals[i].good &&
			   n == intervals[i].want,
		   intervals[i].text);
	}
	for (size_t i = 0; i < sizeof(tenths) / sizeof(tenths[0]); i++) {
		int n = 0;
		ok(config_value_tenths(&n, tenths[i].text) == tenths[i].good &&
			   n == tenths[i].want,
		   tenths[i].text);
	}
	for (size_t i = 0; i < sizeof(bools) / sizeof(bools[0]); i++) {
		bool yes = false;
		ok(config_value_bool(&yes, bools[i].text) == bools[i].good &&
			   yes == (bools[i].want != 0),
		   bools[i].text);
	}
}

static void
test_getters(void)
{
	AUTOFREE(config) *config = NULL;
	long limit = 7, seconds = 7;
	int points = 7;
	bool yes = true;

	put("conf", "[notify]\ndailyLimit = many\nquiet = soon\ndigest=oh\n"
		    "[rules]\nflagAt = a lot\nnoteAt = 1.5\n"
		    "[source \"s\"]\ninterval=2m\n");
	succeeds(config_load(&config, "conf", NULL), "odd values load");
	fails(config_int(&limit, config, "notify.dailyLimit"), ERROR_CONFIG,
	      "conf: notify.dailyLimit: \"many\"", "a number that is none");
	fails(config_interval(&seconds, config, "notify.quiet"), ERROR_CONFIG,
	      "notify.quiet", "a time that is none");
	fails(config_bool(&yes, config, "notify.digest"), ERROR_CONFIG,
	      "notify.digest", "a boolean that is none");
	fails(config_tenths(&points, config, "rules.flagAt"), ERROR_CONFIG,
	      "rules.flagAt", "points that are none");
	ok(limit == 7 && seconds == 7 && points == 7 && yes,
	   "the defaults stay");
	succeeds(config_int(&limit, config, "smtp.port"), "a key not set");
	is_int(limit, 7, "leaves the default");
	succeeds(config_tenths(&points, config, "rules.noteAt"), "points");
	is_int(points, 15, "in tenths");
	succeeds(config_interval(&seconds, config, "source.s.interval"),
		 "a time");
	is_int(seconds, 120, "in seconds");
}

static void
say(void *arg, const char *message)
{
	buf_addf(arg, "%s\n", message);
}

static void
test_check(void)
{
	static const struct {
		const char *text, *want; /* "": no fault */
	} table[] = {
		{ "", "" },
		{ "[notify]\nmode = loud\n",
		  "notify.mode \"loud\" is none of" },
		{ "[notify]\nmode = outbox\nfrom = A B <a@b.c>\noptIn=x@y\n",
		  "" },
		{ "[notify]\nfrom = nobody\n", "notify.from \"nobody\"" },
		{ "[notify]\noptIn = a@b@c\n", "notify.optIn \"a@b@c\"" },
		{ "[notify]\noptIn = \"a@b\\nRcpt: x\"\n",
		  "control character" },
		{ "[notify]\ndailyLimit = -1\n", "notify.dailyLimit" },
		{ "[notify]\nmode = live\nfrom=a@b\nreplyTo=c@d\n",
		  "smtp.url is not set" },
		{ "[smtp]\nurl = smtp://h:25\ntls = starttls\n", "" },
		{ "[smtp]\nurl = http://h\n", "no URL of smtp|smtps" },
		{ "[smtp]\ntls = maybe\n", "none|starttls|tls" },
		{ "[smtp]\nurl = smtp://u:p@h\n", "smtp.passwordFile" },
		{ "[smtp]\nurl = smtps://h\ntls = none\n", "smtps://" },
		{ "[smtp]\nurl = smtp://h\nuser = u\n", "go together" },
		{ "[smtp]\nurl = smtp://h\nuser = u\npasswordFile = /p\n"
		  "tls = none\n",
		  "plain text" },
		{ "[smtp]\nurl = smtp://h\nuser = u\npasswordFile = /p\n", "" },
		{ "[source \"a\"]\ntype = mbox\npath = /x\ninterval = 5m\n",
		  "" },
		{ "[source \"a\"]\ntype = mbox\n",
		  "source a of type mbox has no path" },
		{ "[source \"a\"]\ntype = lore\npath=x\n", "has no query" },
		{ "[source \"a\"]\ntype = public-inbox\nurl = file:///x\n",
		  "source.a.url" },
		{ "[source \"a\"]\ntype = pop3\npath = x\n", "\"pop3\"" },
		{ "[source \"a\"]\nsince = 2020\n",
		  "source a has neither type nor path nor url" },
		{ "[source \"a\"]\ntype=mail\npath=x\ninterval = often\n",
		  "source.a.interval" },
		{ "[alias]\nx = y\n", "alias.x" },
		{ "[rules]\nflagAt = 1\nnoteAt = 2\n", "above" },
		{ "[rules]\nflagAt = 1.25\n", "rules.flagAt" },
		{ "[tree]\nfetch = perhaps\n", "true or false" },
		{ "[tree]\npath =\n", "tree.path" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		CLEANUP(buf_free) struct buf said = BUF(1 << 16);
		AUTOFREE(config) *config = NULL;
		size_t faults;

		put("conf", table[i].text);
		succeeds(config_load(&config, "conf", NULL), "it loads");
		faults = config_check(config, say, &said);
		is_int((intmax_t)faults, *table[i].want ? 1 : 0, "faults");
		ok(strstr(buf_str(&said), table[i].want) != NULL,
		   *table[i].want ? table[i].want : "nothing to say");
		if (!strstr(buf_str(&said), table[i].want))
			printf("# said: %s", buf_str(&said));
	}
}

int
main(void)
{
	scratch_enter();
	test_syntax();
	test_errors();
	test_layers();
	test_values();
	test_getters();
	test_check();
	return done_testing();
}
