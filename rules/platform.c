#include "rules/platform.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "rules/match.h"
#include "rules/regex.h"
#include "rules/stanza.h"

struct platform_parser {
	struct platform *platform;
	struct arena *arena;
};

static void
add_words(struct platform_parser *parser, struct platform_list *list,
	  struct span words)
{
	const char *s = words.ptr, *end = s + words.len;

	while (s < end) {
		size_t len = 0;

		while (s + len < end && s[len] != ' ' && s[len] != '\t')
			len++;
		if (len) {
			ARENA_GROW(parser->arena, list->v, list->cap, list->n);
			list->v[list->n++] =
				arena_strndup(parser->arena, s, len);
		}
		s += len + 1;
	}
}

static void
free_regex(void *regex)
{
	regex_free(regex);
}

static const struct error *
add_regex(struct platform_parser *parser, struct platform_regexes *list,
	  const char *text)
{
	struct regex *regex;
	const struct error *err = regex_new(&regex, text);

	if (err)
		return err;
	arena_cleanup(parser->arena, free_regex, regex);
	ARENA_GROW(parser->arena, list->v, list->cap, list->n);
	ARENA_GROW(parser->arena, list->text, list->text_cap, list->n);
	list->text[list->n] = text;
	list->v[list->n++] = regex;
	return NULL;
}

static const struct error *
add_entry(struct platform_parser *parser, const char *value)
{
	struct platform *platform = parser->platform;
	const char *equals = strchr(value, '=');
	const char *bar = equals ? strchr(equals, '|') : NULL;
	const char *bar2 = bar ? strchr(bar + 1, '|') : NULL;
	struct platform_entry entry = { 0 };
	struct span name;

	if (!bar2 || strchr(bar2 + 1, '|'))
		return error_new(ERROR_CONFIG,
				 "Entry: want \"name = native ... | guest ... "
				 "| join ...\"");
	name = span_trim((struct span){ value, (size_t)(equals - value) });
	entry.name = arena_span(parser->arena, name);
	add_words(parser, &entry.native,
		  (struct span){ equals + 1, (size_t)(bar - equals - 1) });
	add_words(parser, &entry.guest,
		  (struct span){ bar + 1, (size_t)(bar2 - bar - 1) });
	add_words(parser, &entry.join, span_of(bar2 + 1));
	if (!name.len || !entry.native.n)
		return error_new(ERROR_CONFIG, "Entry: names no %s",
				 name.len ? "native function" : "path");
	ARENA_GROW(parser->arena, platform->entries, platform->entries_cap,
		   platform->nentries);
	platform->entries[platform->nentries++] = entry;
	return NULL;
}

/* A kind of value, and which member of struct platform takes it. */
struct platform_field {
	const char *name;
	enum { WORDS, REGEX, ENTRY, DROPPED, LIMIT } kind;
	size_t member; /* offset; of WORDS and REGEX */
};

static const struct error *
add_value(struct platform_parser *parser, const struct platform_field *field,
	  const char *value)
{
	char *member = (char *)parser->platform + field->member;
	const struct error *err;

	if (field->kind == REGEX) {
		err = add_regex(parser, (void *)member, value);
		return err ? error_wrap(err, "%s", field->name) : NULL;
	}
	add_words(parser, (void *)member, span_of(value));
	return NULL;
}

static const struct platform_field dropped_fields[] = {
	{ "path", WORDS, offsetof(struct platform, skipped) },
	{ "function", REGEX, offsetof(struct platform, strangers) },
	{ "mode", REGEX, offsetof(struct platform, modes) },
	{ "driver", WORDS, offsetof(struct platform, drivers) },
	{ "table", WORDS, offsetof(struct platform, tables) },
	{ "order", WORDS, offsetof(struct platform, operations) },
};
enum { NDROPPED = sizeof(dropped_fields) / sizeof(dropped_fields[0]) };

static const struct error *
add_dropped(struct platform_parser *parser, const char *value)
{
	const char *names[NDROPPED];
	size_t n = strcspn(value, " \t");
	const char *rest = value + n + strspn(value + n, " \t");
	const char *kind = arena_strndup(parser->arena, value, n);

	for (size_t i = 0; i < NDROPPED; i++) {
		names[i] = dropped_fields[i].name;
		if (strcmp(names[i], kind) != 0)
			continue;
		if (!*rest)
			return error_new(ERROR_CONFIG, "Dropped: %s: which?",
					 kind);
		return add_value(parser, &dropped_fields[i], rest);
	}
	return error_wrap(stanza_unknown("kind", kind, names, NDROPPED),
			  "Dropped");
}

static const char *const limit_names[NPLATFORM_LIMITS] = {
	[PLATFORM_ENTRY_DEPTH] = "entry-depth",
	[PLATFORM_CALLEE_SITES] = "callee-sites",
	[PLATFORM_MACRO_DEPTH] = "macro-depth",
	[PLATFORM_MACRO_USERS] = "macro-users",
	[PLATFORM_STATE_USERS] = "state-users",
};

static const unsigned limits_default[NPLATFORM_LIMITS] = {
	[PLATFORM_ENTRY_DEPTH] = 1,  [PLATFORM_CALLEE_SITES] = 40,
	[PLATFORM_MACRO_DEPTH] = 2,  [PLATFORM_MACRO_USERS] = 100,
	[PLATFORM_STATE_USERS] = 25,
};

static const struct error *
set_limit(struct platform_parser *parser, const char *value)
{
	size_t n = strcspn(value, " \t");
	const char *number = value + n + strspn(value + n, " \t");
	size_t digits = strspn(number, "0123456789");
	unsigned limit = 0;

	if (!digits || digits > 6 || number[digits])
		return error_new(ERROR_CONFIG,
				 "Limit: want a name and a number, not "
				 "\"%.60s\"",
				 value);
	for (size_t i = 0; i < digits; i++)
		limit = limit * 10 + (unsigned)(number[i] - '0');
	for (size_t i = 0; i < NPLATFORM_LIMITS; i++) {
		if (strlen(limit_names[i]) == n &&
		    !memcmp(limit_names[i], value, n)) {
			parser->platform->limits[i] = limit;
			return NULL;
		}
	}
	return error_wrap(stanza_unknown("limit",
					 arena_strndup(parser->arena, value, n),
					 limit_names, NPLATFORM_LIMITS),
			  "Limit");
}

static const struct platform_field platform_fields[] = {
	{ "Guest", WORDS, offsetof(struct platform, guest) },
	{ "Native", WORDS, offsetof(struct platform, native) },
	{ "Common", WORDS, offsetof(struct platform, common) },
	{ "Entry", ENTRY, 0 },
	{ "Yield", REGEX, offsetof(struct platform, yields) },
	{ "Privileged", REGEX, offsetof(struct platform, privileged) },
	{ "Defined", WORDS, offsetof(struct platform, defined) },
	{ "Undefined", WORDS, offsetof(struct platform, undefined) },
	{ "Dropped", DROPPED, 0 },
	{ "Limit", LIMIT, 0 },
};
enum { NPLATFORM = sizeof(platform_fields) / sizeof(platform_fields[0]) };

/* A regex may be broken anywhere; words are joined with a blank. */
static const char *
value_of(struct arena *arena, const struct platform_field *kind,
	 const struct stanza_field *field)
{
	return kind->kind == REGEX ? stanza_pattern(arena, field)
				   : stanza_prose(arena, field);
}

static const struct error *
add_field(struct platform_parser *parser, const struct stanza_field *field)
{
	const char *names[NPLATFORM], *value;

	for (size_t i = 0; i < NPLATFORM; i++) {
		const struct platform_field *kind = &platform_fields[i];

		names[i] = kind->name;
		if (strcmp(kind->name, field->name) != 0)
			continue;
		value = value_of(parser->arena, kind, field);
		if (!*value)
			return error_new(ERROR_CONFIG, "%s: no value",
					 field->name);
		if (kind->kind == ENTRY)
			return add_entry(parser, value);
		if (kind->kind == DROPPED)
			return add_dropped(parser, value);
		if (kind->kind == LIMIT)
			return set_limit(parser, value);
		return add_value(parser, kind, value);
	}
	return stanza_unknown("field", field->name, names, NPLATFORM);
}

/* FNV-1a with 64 bits, over names and values as they stand. */
static uint64_t
hash_span(uint64_t hash, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		hash = (hash ^ (unsigned char)s.ptr[i]) *
		       UINT64_C(0x100000001b3);
	return (hash ^ '\n') * UINT64_C(0x100000001b3);
}

static void
hash_stanza(char out[17], const struct stanza *stanza)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < stanza->n; i++) {
		hash = hash_span(hash, span_of(stanza->fields[i].name));
		hash = hash_span(hash, stanza->fields[i].raw);
	}
	snprintf(out, 17, "%016" PRIx64, hash);
}

const struct error *
platform_parse(const struct platform **out, struct arena *arena,
	       const char *file, const struct stanza *stanza)
{
	struct platform *platform = ARENA_NEW(arena, struct platform);
	struct platform_parser parser = { platform, arena };
	const struct error *err = NULL;

	platform->name = stanza_prose(arena, &stanza->fields[0]);
	platform->file = file;
	platform->line = stanza->fields[0].line;
	memcpy(platform->limits, limits_default, sizeof(limits_default));
	if (!*platform->name)
		err = error_new(ERROR_CONFIG, "Platform: no value");
	err = stanza_at(err, file, platform->line);
	for (size_t i = 1; i < stanza->n && !err; i++)
		err = stanza_at(add_field(&parser, &stanza->fields[i]), file,
				stanza->fields[i].line);
	if (err)
		return err;
	hash_stanza(platform->hash, stanza);
	*out = platform;
	return NULL;
}

bool
platform_path(const struct platform_list *patterns, const char *path)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (pathpat_match(patterns->v[i], path))
			return true;
	return false;
}

int
platform_match(const struct platform_regexes *regexes,
	       struct regex_scratch *scratch, struct span text)
{
	for (size_t i = 0; i < regexes->n; i++)
		if (regex_match(regexes->v[i], scratch, text) == REGEX_YES)
			return (int)i;
	return -1;
}
