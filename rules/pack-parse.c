#include "rules/pack-parse.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "rules/pack.h"
#include "rules/platform.h"
#include "rules/rule-parse.h"
#include "rules/stanza.h"

enum { MAX_FILES_DEFAULT = 100, MAX_FILES_MOST = 1000000 };

struct pack_parser {
	struct pack *pack;
	const char *file; /* being read */
	const struct stanza *stanza;
	size_t rules_cap, mutes_cap, notify_cap, aliases_cap;
};

static const struct error *
set_once(const char **out, const char *name, const char *value)
{
	if (**out)
		return error_new(ERROR_CONFIG, "%s: given twice", name);
	*out = value;
	return NULL;
}

static const struct error *
set_version(struct pack_parser *parser, const char *value)
{
	return set_once(&parser->pack->version, "Version", value);
}

static const struct error *
set_contact(struct pack_parser *parser, const char *value)
{
	return set_once(&parser->pack->contact, "Contact", value);
}

static const struct error *
set_max_files(struct pack_parser *parser, const char *value)
{
	unsigned n = 0;

	if (parser->pack->max_files)
		return error_new(ERROR_CONFIG, "Max-Files: given twice");
	for (const char *s = value; *s >= '0' && *s <= '9'; s++)
		if (n <= MAX_FILES_MOST)
			n = n * 10 + (unsigned)(*s - '0');
	if (!n || n > MAX_FILES_MOST || value[strspn(value, "0123456789")])
		return error_new(ERROR_CONFIG,
				 "Max-Files: want a number from 1 to %d, not "
				 "\"%.40s\"",
				 MAX_FILES_MOST, value);
	parser->pack->max_files = n;
	return NULL;
}

static const struct error *
add_notify(struct pack_parser *parser, const char *value)
{
	struct pack *pack = parser->pack;

	ARENA_GROW(pack->arena, pack->notify, parser->notify_cap,
		   pack->nnotify);
	pack->notify[pack->nnotify++] = value;
	return NULL;
}

static const struct error *
add_alias(struct pack_parser *parser, const char *value)
{
	struct pack *pack = parser->pack;
	size_t n = strcspn(value, " \t=");
	const char *canonical = arena_strndup(pack->arena, value, n);
	const char *s = value + n;

	s += strspn(s, " \t");
	if (!n || *s != '=' || !s[1])
		return error_new(ERROR_CONFIG, "Alias: want \"name = other "
					       "...\", names of one person or "
					       "list");
	for (s++, s += strspn(s, " \t"); *s; s += strspn(s, " \t")) {
		n = strcspn(s, " \t");
		ARENA_GROW(pack->arena, pack->aliases, parser->aliases_cap,
			   pack->naliases);
		pack->aliases[pack->naliases].canonical = canonical;
		pack->aliases[pack->naliases++].alias =
			arena_strndup(pack->arena, s, n);
		s += n;
	}
	return NULL;
}

static const struct {
	const char *name;
	const struct error *(*set)(struct pack_parser *p, const char *value);
} pack_fields[] = {
	{ "Version", set_version },	{ "Notify", add_notify },
	{ "Contact", set_contact },	{ "Alias", add_alias },
	{ "Max-Files", set_max_files },
};
enum { NPACK_FIELDS = sizeof(pack_fields) / sizeof(pack_fields[0]) };
static const char *const pack_names[NPACK_FIELDS] = { "Version", "Notify",
						      "Contact", "Alias",
						      "Max-Files" };

static const struct error *
set_pack_field(struct pack_parser *parser, const struct stanza_field *field)
{
	const char *value = stanza_prose(parser->pack->arena, field);

	for (size_t i = 0; i < NPACK_FIELDS; i++) {
		if (strcmp(pack_fields[i].name, field->name))
			continue;
		if (!*value)
			return error_new(ERROR_CONFIG, "%s: no value",
					 field->name);
		return pack_fields[i].set(parser, value);
	}
	return stanza_unknown("field", field->name, pack_names, NPACK_FIELDS);
}

static const struct error *
parse_pack(struct pack_parser *parser)
{
	const struct stanza *stanza = parser->stanza;
	struct pack *pack = parser->pack;
	const struct error *err = NULL;

	if (pack->file)
		return stanza_at(error_new(ERROR_CONFIG,
					   "Pack: again; it was at %s:%u",
					   pack->file, pack->line),
				 parser->file, stanza->fields[0].line);
	pack->file = parser->file;
	pack->line = stanza->fields[0].line;
	pack->name = stanza_prose(pack->arena, &stanza->fields[0]);
	if (!id_is_valid(pack->name))
		err = error_new(ERROR_CONFIG,
				"Pack: want a name of a-z, 0-9 and -, not "
				"\"%.80s\"",
				pack->name);
	err = stanza_at(err, pack->file, pack->line);
	for (size_t i = 1; i < stanza->n && !err; i++)
		err = stanza_at(set_pack_field(parser, &stanza->fields[i]),
				parser->file, stanza->fields[i].line);
	if (!pack->max_files)
		pack->max_files = MAX_FILES_DEFAULT;
	return err;
}

static const struct error *
parse_platform(struct pack_parser *parser)
{
	const struct stanza *stanza = parser->stanza;
	struct pack *pack = parser->pack;

	if (pack->platform)
		return stanza_at(error_new(ERROR_CONFIG,
					   "Platform: again; it was at %s:%u",
					   pack->platform->file,
					   pack->platform->line),
				 parser->file, stanza->fields[0].line);
	return platform_parse(&pack->platform, pack->arena, parser->file,
			      stanza);
}

static const struct error *
parse_rule(struct pack_parser *parser)
{
	struct pack *pack = parser->pack;
	const struct rule *other;
	const struct error *err;
	struct rule rule;

	err = rule_parse(&rule, pack->arena, parser->file, parser->stanza);
	if (err)
		return err;
	other = pack_rule(pack, rule.id);
	if (other)
		err = error_new(ERROR_CONFIG, "rule %s again; it was at %s:%u",
				rule.id, other->file, other->line);
	else if (pack->nrules == LIMIT_RULES)
		err = error_new(ERROR_CONFIG, "more than %d rules in a pack",
				LIMIT_RULES);
	if (err)
		return stanza_at(err, rule.file, rule.line);
	ARENA_GROW(pack->arena, pack->rules, parser->rules_cap, pack->nrules);
	pack->rules[pack->nrules++] = rule;
	return NULL;
}

static const struct error *
parse_mute(struct pack_parser *parser)
{
	struct pack *pack = parser->pack;
	const struct error *err;
	struct mute mute;

	err = mute_parse(&mute, pack->arena, parser->file, parser->stanza);
	if (err)
		return err;
	if (pack->nmutes == LIMIT_RULES)
		return stanza_at(error_new(ERROR_CONFIG,
					   "more than %d mutes in a pack",
					   LIMIT_RULES),
				 mute.file, mute.line);
	ARENA_GROW(pack->arena, pack->mutes, parser->mutes_cap, pack->nmutes);
	pack->mutes[pack->nmutes++] = mute;
	return NULL;
}

static const struct {
	const char *name;
	const struct error *(*parse)(struct pack_parser *parser);
} stanzas[] = {
	{ "Pack", parse_pack },
	{ "Platform", parse_platform },
	{ "Rule", parse_rule },
	{ "Mute", parse_mute },
};
enum { NSTANZAS = sizeof(stanzas) / sizeof(stanzas[0]) };
static const char *const stanza_names[NSTANZAS] = { "Pack", "Platform", "Rule",
						    "Mute" };

static int
stanza_by_name(const char *name)
{
	for (int i = 0; i < NSTANZAS; i++)
		if (!strcmp(stanzas[i].name, name))
			return i;
	return -1;
}

/* "Rule:" amid the fields of another stanza: a blank line was forgotten. */
static const struct error *
check_alone(struct pack_parser *parser)
{
	const struct stanza *stanza = parser->stanza;

	for (size_t i = 1; i < stanza->n; i++)
		if (stanza_by_name(stanza->fields[i].name) >= 0)
			return stanza_at(
				error_new(ERROR_CONFIG,
					  "%s: begins a stanza: put a blank "
					  "line before it",
					  stanza->fields[i].name),
				parser->file, stanza->fields[i].line);
	return NULL;
}

static const struct error *
parse_stanza(struct pack_parser *parser)
{
	const struct stanza_field *first = &parser->stanza->fields[0];
	int which = stanza_by_name(first->name);
	const struct error *err = NULL;

	if (which < 0)
		err = stanza_unknown("stanza", first->name, stanza_names,
				     NSTANZAS);
	else if (!parser->pack->file && stanzas[which].parse != parse_pack)
		err = error_new(ERROR_CONFIG,
				"%s: before Pack:, which is the "
				"first stanza of the first file",
				first->name);
	if (err)
		return stanza_at(err, parser->file, first->line);
	err = check_alone(parser);
	return err ? err : stanzas[which].parse(parser);
}

static const struct error *
parse_file(struct pack_parser *parser, const struct rules_text *file)
{
	struct stanza stanza = { 0 };
	struct stanza_reader reader = {
		.arena = parser->pack->arena,
		.file = arena_strdup(parser->pack->arena, file->file),
		.rest = file->text,
	};
	const struct error *err;

	parser->file = reader.file;
	parser->stanza = &stanza;
	for (;;) {
		err = stanza_next(&stanza, &reader);
		if (err || !stanza.n)
			return err;
		err = parse_stanza(parser);
		if (err)
			return err;
	}
}

static const struct error *
unknown_except(const struct pack *pack, const char *id)
{
	const char **ids = ARENA_ARRAY(pack->arena, pack->nrules, const char *);

	for (size_t i = 0; i < pack->nrules; i++)
		ids[i] = pack->rules[i].id;
	return error_wrap(stanza_unknown("rule", id, ids, pack->nrules),
			  "Except");
}

/* Rules may come after the mutes that name them. */
static const struct error *
check_excepts(const struct pack *pack)
{
	for (size_t i = 0; i < pack->nmutes; i++) {
		const struct mute *mute = &pack->mutes[i];

		for (size_t j = 0; j < mute->nexcept; j++)
			if (!pack_rule(pack, mute->except[j]))
				return stanza_at(
					unknown_except(pack, mute->except[j]),
					mute->file, mute->line);
	}
	return NULL;
}

/* FNV-1a with 64 bits; the length parts one text from the next. */
static uint64_t
hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t
hash_span(uint64_t hash, struct span s)
{
	hash = hash_bytes(hash, s.ptr, s.len);
	return hash_bytes(hash, &s.len, sizeof(s.len));
}

/* Names count without their directory: a pack may be installed elsewhere. */
static void
hash_pack(struct pack *pack, const struct rules_text *files, size_t n)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < n; i++) {
		const char *slash = strrchr(files[i].file, '/');

		hash = hash_span(hash,
				 span_of(slash ? slash + 1 : files[i].file));
		hash = hash_span(hash, files[i].text);
	}
	snprintf(pack->hash, sizeof(pack->hash), "%016" PRIx64, hash);
}

static struct pack *
pack_new(void)
{
	struct arena *arena = arena_new();
	struct pack *pack = ARENA_NEW(arena, struct pack);

	pack->arena = arena;
	pack->name = pack->version = pack->contact = "";
	pack->dir = pack->maintainers = "";
	return pack;
}

void
pack_free(struct pack *pack)
{
	if (pack)
		arena_free(pack->arena);
}

const struct error *
pack_parse(struct pack **out, const struct rules_text *files, size_t n)
{
	AUTOFREE(pack) *pack = pack_new();
	struct pack_parser parser = { .pack = pack };
	const struct error *err = NULL;

	for (size_t i = 0; i < n && !err; i++)
		err = parse_file(&parser, &files[i]);
	if (!err && !pack->file)
		err = error_new(ERROR_CONFIG, "%s: no Pack: stanza",
				n ? files[0].file : "no file");
	if (!err)
		err = check_excepts(pack);
	if (err)
		return err;
	hash_pack(pack, files, n);
	*out = TAKE(pack);
	return NULL;
}

static const struct error *
extend(struct pack_parser *parser)
{
	const struct stanza_field *first = &parser->stanza->fields[0];
	const struct error *err = check_alone(parser);

	if (!err && strcmp(first->name, "Rule"))
		err = stanza_at(error_new(ERROR_CONFIG,
					  "%s: a file of rules to try holds "
					  "Rule: stanzas only",
					  first->name),
				parser->file, first->line);
	return err ? err : parse_rule(parser);
}

const struct error *
pack_extend(struct pack *pack, const struct rules_text *file)
{
	struct pack_parser parser = { .pack = pack, .rules_cap = pack->nrules };
	struct stanza stanza = { .n = 0 };
	struct stanza_reader reader;
	const size_t before = pack->nrules;
	const struct error *err = NULL;

	parser.file = arena_strdup(pack->arena, file->file);
	parser.stanza = &stanza;
	reader = (struct stanza_reader){ .arena = pack->arena,
					 .file = parser.file,
					 .rest = file->text };
	while (!err && !(err = stanza_next(&stanza, &reader)) && stanza.n)
		err = extend(&parser);
	if (!err && pack->nrules == before)
		err = error_new(ERROR_CONFIG, "%s: holds no Rule: stanza",
				file->file);
	return err;
}
