#include "subject.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "span.h"

/* No series and no version is that large: a larger number means a year. */
enum { NUMBER_MAX = 10000 };

struct prefix {
	struct subject *subject;
	char *tags; /* of the arena, as long as the subject */
	size_t tags_len;
	bool numbered;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	c |= 0x20;
	return c >= 'a' && c <= 'z';
}

/* The number at the start of *@s, which goes on behind it. */
static bool
number(unsigned *out, struct span *s)
{
	unsigned n = 0;
	size_t i = 0;

	for (; i < s->len && is_digit(s->ptr[i]) && n <= NUMBER_MAX; i++)
		n = n * 10 + (unsigned)(s->ptr[i] - '0');
	if (!i || n > NUMBER_MAX)
		return false;
	*out = n;
	s->ptr += i;
	s->len -= i;
	return true;
}

/* @word at the start of *@s, whatever its case, and no letter behind it. */
static bool
eat(struct span *s, const char *word)
{
	size_t n = strlen(word);

	if (s->len < n || strncasecmp(s->ptr, word, n) ||
	    (s->len > n && is_letter(s->ptr[n]) && (s->ptr[n] | 0x20) != 'v'))
		return false;
	s->ptr += n;
	s->len -= n;
	return true;
}

static void
add_tag(struct prefix *prefix, struct span word)
{
	if (prefix->tags_len)
		prefix->tags[prefix->tags_len++] = ' ';
	memcpy(prefix->tags + prefix->tags_len, word.ptr, word.len);
	prefix->tags_len += word.len;
}

/*
 * "v3", "V2.1" (a version of three parts, or with a minor of two digits, is
 * a kernel's), "v6a".
 */
static bool
eat_version(struct prefix *prefix, struct span *s)
{
	struct span rest = *s;
	unsigned version, minor;

	if (rest.len < 2 || (rest.ptr[0] | 0x20) != 'v')
		return false;
	rest.ptr++, rest.len--;
	if (!number(&version, &rest))
		return false;
	if (rest.len > 1 && rest.ptr[0] == '.' && is_digit(rest.ptr[1])) {
		rest.ptr++, rest.len--;
		if (!number(&minor, &rest) || minor > 9 ||
		    (rest.len && rest.ptr[0] == '.'))
			return false;
	}
	if (rest.len && is_letter(rest.ptr[0]))
		rest.ptr++, rest.len--;
	if (rest.len && is_letter(rest.ptr[0]))
		return false;
	if (!prefix->subject->versioned)
		prefix->subject->version = version;
	prefix->subject->versioned = true;
	*s = rest;
	return true;
}

static void
set_part(struct prefix *prefix, unsigned part, unsigned total)
{
	if (prefix->numbered || !total)
		return;
	prefix->subject->part = part;
	prefix->subject->total = total;
	prefix->numbered = true;
}

/* "2/7"; "2.1/7" is sent in place of part 2. */
static bool
eat_part(struct prefix *prefix, struct span *s)
{
	struct span rest = *s;
	unsigned part, total, again;

	if (!number(&part, &rest))
		return false;
	if (rest.len && rest.ptr[0] == '.') {
		rest.ptr++, rest.len--;
		if (!number(&again, &rest))
			return false;
	}
	if (!rest.len || rest.ptr[0] != '/')
		return false;
	rest.ptr++, rest.len--;
	if (!number(&total, &rest) || (rest.len && rest.ptr[0] == '/'))
		return false;
	set_part(prefix, part, total);
	*s = rest;
	return true;
}

/* One thing that a prefix is made of, at the start of *@s. */
static bool
eat_thing(struct prefix *prefix, struct span *s)
{
	struct subject *subject = prefix->subject;

	if (eat(s, "patch") || eat(s, "patches") || eat(s, "patchset"))
		subject->patch = true;
	else if (eat(s, "rfc"))
		subject->rfc = true;
	else if (eat(s, "resend") || eat(s, "resent") || eat(s, "repost"))
		subject->resend = true;
	else if (eat(s, "pull"))
		subject->pull = true;
	else
		return eat_version(prefix, s) || eat_part(prefix, s);
	return true;
}

static struct span
skip_any(struct span s, const char *chars)
{
	while (s.len && s.ptr[0] && strchr(chars, s.ptr[0]))
		s.ptr++, s.len--;
	return s;
}

/* The word up to one of @ends, which are skipped; len 0: there is none. */
static struct span
next_word(struct span *s, const char *ends)
{
	struct span rest = skip_any(*s, ends), word = { rest.ptr, 0 };

	while (word.len < rest.len && !strchr(ends, rest.ptr[word.len]))
		word.len++;
	*s = (struct span){ rest.ptr + word.len, rest.len - word.len };
	return word;
}

/* A word may be several things: "PATCHv3", "RFC/PATCH", "1/4v2", "-v2". */
static void
read_word(struct prefix *prefix, struct span word)
{
	struct span rest = skip_any(word, "-_/+:|#");

	if (!eat_thing(prefix, &rest)) {
		rest = word;
	} else {
		do
			rest = skip_any(rest, "-_/+:|#");
		while (rest.len && eat_thing(prefix, &rest));
	}
	/* What is left of "GIT PULL" and "PULL REQUEST" says nothing. */
	word = rest;
	if (rest.len &&
	    !((eat(&word, "git") || eat(&word, "request")) && !word.len))
		add_tag(prefix, rest);
}

/* "1 of 7", as Mercurial's patchbomb numbers. */
static bool
read_part_of(struct prefix *prefix, struct span *words)
{
	struct span rest = *words, part = next_word(&rest, " ,;["),
		    of = next_word(&rest, " ,;["),
		    total = next_word(&rest, " ,;[");
	unsigned n, m;

	if (!span_equal(of, SPAN("of")) || !number(&n, &part) || part.len ||
	    !number(&m, &total) || total.len)
		return false;
	set_part(prefix, n, m);
	*words = rest;
	return true;
}

static void
read_words(struct prefix *prefix, struct span words)
{
	struct span word;

	for (;;) {
		if (read_part_of(prefix, &words))
			continue;
		word = next_word(&words, " ,;[");
		if (!word.len)
			return;
		read_word(prefix, word);
	}
}

/* "[...]" at the start of *@s */
static bool
read_brackets(struct prefix *prefix, struct span *s)
{
	const char *close;
	struct span words;

	if (!s->len || s->ptr[0] != '[')
		return false;
	close = memchr(s->ptr, ']', s->len);
	if (!close)
		return false;
	words = (struct span){ s->ptr + 1, (size_t)(close - s->ptr - 1) };
	s->len -= words.len + 2;
	s->ptr = close + 1;
	*s = skip_any(*s, "]");
	/* "[PATCH]: x" */
	if (s->len > 1 && s->ptr[0] == ':' && s->ptr[1] == ' ')
		s->ptr++, s->len--;
	read_words(prefix, words);
	return true;
}

/* "PATCH v2 1/3: x", where somebody left the brackets out. */
static bool
read_bare(struct prefix *prefix, struct span *s)
{
	struct span rest = *s, word;

	if (!span_starts(rest, "PATCH"))
		return false;
	while (rest.len) {
		struct span behind = rest;

		word = next_word(&behind, " :");
		if (!word.len || !eat_thing(prefix, &word) || word.len)
			break;
		rest = behind;
	}
	if (rest.ptr == s->ptr)
		return false;
	*s = skip_any(rest, " :");
	return true;
}

/* "Re:", "AW :", "Re[2]:", and what clients of other languages write. */
static bool
eat_reply(struct span *s)
{
	static const char *const words[] = {
		"re",
		"aw",
		"antw",
		"sv",
		"fwd",
		"fw",
		"wg",
		"\xe5\x9b\x9e\xe5\xa4\x8d", /* Chinese: reply */
		"\xe7\xad\x94\xe5\xa4\x8d", /* answer */
		"\xe8\xbd\xac\xe5\x8f\x91", /* forward */
	};
	static const char wide_colon[] = "\xef\xbc\x9a";

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct span rest = *s;
		size_t n = strlen(words[i]);

		if (rest.len <= n || strncasecmp(rest.ptr, words[i], n))
			continue;
		rest.ptr += n, rest.len -= n;
		if (rest.ptr[0] == '[' || rest.ptr[0] == '^')
			rest = skip_any(rest, "[^0123456789]");
		rest = skip_any(rest, " ");
		if (span_starts(rest, ":"))
			n = 1;
		else if (span_starts(rest, wide_colon))
			n = sizeof(wide_colon) - 1;
		else
			continue;
		*s = (struct span){ rest.ptr + n, rest.len - n };
		return true;
	}
	return false;
}

static bool
is_pull(struct span title)
{
	return (eat(&title, "git") && (title = skip_any(title, " "), true) &&
		eat(&title, "pull")) ||
	       (eat(&title, "pull") && (title = skip_any(title, " "), true) &&
		eat(&title, "request"));
}

void
subject_parse(struct subject *out, struct arena *arena, const char *subject)
{
	struct subject parsed = { .version = 1 };
	struct span rest = span_trim(span_of(subject));
	struct prefix prefix = { .subject = &parsed };

	prefix.tags = arena_alloc(arena, rest.len + 1);
	for (;;) {
		rest = skip_any(rest, " ");
		/* "[PATCH] Re: x" is a patch that its author named so. */
		if (!parsed.patch && eat_reply(&rest))
			parsed.reply = true;
		else if (!read_brackets(&prefix, &rest) &&
			 (parsed.patch || !read_bare(&prefix, &rest)))
			break;
	}
	parsed.pull |= is_pull(rest);
	parsed.title = arena_span(arena, rest);
	parsed.tags = prefix.tags;
	*out = parsed;
}
