#include "divergence-text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arena.h"
#include "buf.h"
#include "divergence.h"
#include "error.h"
#include "limits.h"
#include "strlist.h"

enum { FORMAT_VERSION = 1 };

#define DATE_FORMAT "%Y-%m-%dT%H:%M:%SZ"

/* A line as words, which end with a NUL where the blank behind them was. */
struct words {
	char *next; /* NULL: the line is used up */
};

static char *
next_word(struct words *words)
{
	char *word = words->next, *blank;

	if (!word)
		return NULL;
	blank = strchr(word, ' ');
	if (blank)
		*blank = '\0';
	words->next = blank ? blank + 1 : NULL;
	return word;
}

/* What next_word() takes for granted. */
static const struct error *
check_words(struct span line)
{
	bool blank = true;

	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];

		if (c < ' ' || c > '~')
			return error_new(ERROR_INPUT,
					 "byte 0x%02x is not allowed here", c);
		if (blank && c == ' ')
			return error_new(ERROR_INPUT,
					 "want one blank between words, and "
					 "none around them");
		blank = c == ' ';
	}
	return blank && line.len ? error_new(ERROR_INPUT, "ends with a blank")
				 : NULL;
}

static const struct error *
parse_chain(const char *const **out, size_t *n, struct arena *arena,
	    char *value)
{
	const char **names;
	size_t count = 1, i = 0;

	for (const char *s = value; (s = strchr(s, '>')); s++)
		count++;
	if (count > LIMIT_MAP_CHAIN)
		return error_new(ERROR_INPUT, "more than %d names in a chain",
				 LIMIT_MAP_CHAIN);
	names = ARENA_ARRAY(arena, count, const char *);
	while (value) {
		char *end = strchr(value, '>');

		if (end)
			*end = '\0';
		if (!*value)
			return error_new(ERROR_INPUT, "a chain without a name");
		names[i++] = value;
		value = end ? end + 1 : NULL;
	}
	*out = names;
	*n = count;
	return NULL;
}

static const struct error *
parse_depth(unsigned *out, const char *value)
{
	char *end;
	unsigned long depth = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || depth > LIMIT_MAP_CHAIN)
		return error_new(ERROR_INPUT,
				 "depth: want a number up to %d, not \"%.40s\"",
				 LIMIT_MAP_CHAIN, value);
	*out = (unsigned)depth;
	return NULL;
}

enum detail { STATIC, DEPTH, MEMBER, TYPE, GUEST, CHAIN, NDETAILS };
static const char *const details[NDETAILS] = { "static", "depth", "member",
					       "type",	 "guest", "chain" };

/* "static", or "NAME=VALUE"; *@seen is one more than the last one's place. */
static const struct error *
parse_detail(struct map_fact *fact, struct arena *arena, size_t *seen,
	     char *word)
{
	char *value = strchr(word, '=');
	size_t which = *seen;

	if (value)
		*value++ = '\0';
	while (which < NDETAILS && strcmp(details[which], word))
		which++;
	if (which == NDETAILS || (which == STATIC) != !value ||
	    (value && !*value))
		return error_new(ERROR_INPUT,
				 "\"%.40s\": want \"static\", depth=, member=, "
				 "type=, guest= and chain=, in this order",
				 word);
	*seen = which + 1;
	switch ((enum detail)which) {
	case STATIC:
		fact->is_static = true;
		break;
	case DEPTH:
		return parse_depth(&fact->depth, value);
	case MEMBER:
		fact->member = value;
		break;
	case TYPE:
		fact->type = value;
		break;
	case GUEST:
		fact->counterpart = value;
		break;
	case CHAIN:
		return parse_chain(&fact->chain, &fact->nchain, arena, value);
	case NDETAILS:
		break;
	}
	return NULL;
}

static const struct error *
unknown_kind(const char *kind)
{
	const char *near = strlist_nearest(map_kind_names, NMAP_KINDS, kind);

	if (near)
		return error_new(ERROR_INPUT,
				 "unknown kind %.40s; did you mean %s?", kind,
				 near);
	return error_new(ERROR_INPUT, "unknown kind %.40s", kind);
}

static const struct error *
parse_fact(struct divergence *map, char *line)
{
	struct words words = { line };
	struct map_fact fact = { .name = next_word(&words) };
	const char *kind = next_word(&words);
	const struct error *err = NULL;
	size_t seen = 0;
	int which;
	char *word;

	fact.file = next_word(&words);
	if (!fact.file)
		return error_new(ERROR_INPUT, "want a name, a kind and a file");
	which = map_kind_by_name(kind);
	if (which < 0)
		return unknown_kind(kind);
	if (map->nfacts == LIMIT_MAP_FACTS)
		return error_new(ERROR_INPUT, "more than %d facts",
				 LIMIT_MAP_FACTS);
	fact.kind = (enum map_kind)which;
	if (!strcmp(fact.file, "-"))
		fact.file = "";
	while (!err && (word = next_word(&words)))
		err = parse_detail(&fact, map->arena, &seen, word);
	if (!err)
		divergence_add(map, &fact);
	return err;
}

static const struct error *
parse_date(struct divergence *map, const char *value)
{
	struct tm tm = { .tm_mday = 1 };
	const char *end = strptime(value, DATE_FORMAT, &tm);

	if (!end || *end)
		return error_new(ERROR_INPUT,
				 "date: want 2024-11-17T22:15:08Z, not "
				 "\"%.40s\"",
				 value);
	map->date = timegm(&tm);
	return NULL;
}

static const struct error *
parse_path(struct divergence *map, struct words *words)
{
	struct map_path path = { .native = next_word(words) };
	char *guest = next_word(words);
	const struct error *err;

	path.join = next_word(words);
	if (!path.join || words->next)
		return error_new(ERROR_INPUT, "path: want the native entry, "
					      "the guest's functions, and "
					      "where they meet");
	if (map->npaths == LIMIT_MAP_CHAIN)
		return error_new(ERROR_INPUT, "more than %d paths",
				 LIMIT_MAP_CHAIN);
	if (strcmp(guest, "-")) {
		err = parse_chain(&path.guest, &path.nguest, map->arena, guest);
		if (err)
			return err;
	}
	if (!strcmp(path.join, "-"))
		path.join = "";
	divergence_add_path(map, &path);
	return NULL;
}

static const struct error *
parse_header(struct divergence *map, char *line)
{
	struct words words = { line };
	const char *name = next_word(&words);
	const struct {
		const char *name;
		const char **value;
	} texts[] = { { "of", &map->of },
		      { "commit", &map->commit },
		      { "platform", &map->platform } };
	const char *value;

	if (!strcmp(name, "path"))
		return parse_path(map, &words);
	value = next_word(&words);
	if (!value || words.next)
		return error_new(ERROR_INPUT, "%.40s: want one word", name);
	if (!strcmp(name, "date"))
		return parse_date(map, value);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(texts[i].name, name))
			continue;
		*texts[i].value = value;
		return NULL;
	}
	return error_new(ERROR_INPUT,
			 "\"%.40s\": want of, commit, date, platform or path",
			 name);
}

static const struct error *
parse_version(char *line)
{
	struct words words = { line };
	const char *name = next_word(&words), *value = next_word(&words);
	char *end = NULL;
	long version = value ? strtol(value, &end, 10) : 0;

	if (!value || strcmp(name, "pvwatch-map") || words.next || *end ||
	    version < 1)
		return error_new(ERROR_INPUT, "no map: want \"pvwatch-map %d\"",
				 FORMAT_VERSION);
	if (version > FORMAT_VERSION)
		return error_new(ERROR_INPUT,
				 "a map of version %.10s; this program reads "
				 "version %d",
				 value, FORMAT_VERSION);
	return NULL;
}

/* @header: no empty line has come yet; it ends the header. */
static const struct error *
parse_line(struct divergence *map, bool *header, unsigned number,
	   struct span line)
{
	const struct error *err = check_words(line);
	/* The words of a fact stay where they stand: no copy of each. */
	char *own = err ? NULL
			: arena_strndup(map->arena, line.ptr ? line.ptr : "",
					line.len);

	if (err)
		return err;
	if (number == 1)
		return parse_version(own);
	if (!line.len && *header) {
		*header = false;
		return NULL;
	}
	if (!line.len)
		return error_new(ERROR_INPUT, "an empty line among the facts");
	return *header ? parse_header(map, own) : parse_fact(map, own);
}

const struct error *
divergence_parse(struct divergence **out, const char *file, struct span text)
{
	AUTOFREE(divergence) *map = divergence_new();
	const struct error *err = NULL;
	bool header = true;
	unsigned number = 0;
	struct span line;

	while (!err && span_line(&line, &text))
		err = parse_line(map, &header, ++number, line);
	if (!err && header) {
		number++;
		err = error_new(ERROR_INPUT,
				number == 1 ? "no map: an empty file"
					    : "ends within the header");
	}
	if (err)
		return error_wrap(err, "%s:%u", file, number);
	divergence_seal(map);
	*out = TAKE(map);
	return NULL;
}

const struct error *
divergence_read(struct divergence **out, const char *path)
{
	struct buf buf = BUF(LIMIT_MAP_BYTES);
	const struct error *err = buf_read_file(&buf, path);

	if (!err)
		err = divergence_parse(out, path, buf_span(&buf));
	buf_free(&buf);
	return err;
}

static void
print_detail(struct buf *out, enum detail detail, const char *value)
{
	if (*value)
		buf_addf(out, " %s=%s", details[detail], value);
}

static void
print_chain(struct buf *out, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addch(out, '>');
		buf_addstr(out, names[i]);
	}
}

static void
print_fact(struct buf *out, const struct map_fact *fact)
{
	buf_addf(out, "%s %s %s", fact->name, map_kind_name(fact->kind),
		 *fact->file ? fact->file : "-");
	if (fact->is_static)
		buf_addstr(out, " static");
	if (fact->depth)
		buf_addf(out, " depth=%u", fact->depth);
	print_detail(out, MEMBER, fact->member);
	print_detail(out, TYPE, fact->type);
	print_detail(out, GUEST, fact->counterpart);
	if (fact->nchain) {
		buf_addstr(out, " chain=");
		print_chain(out, fact->chain, fact->nchain);
	}
	buf_addch(out, '\n');
}

static void
print_header(struct buf *out, const struct divergence *map)
{
	time_t date = map->date;
	struct tm tm;
	char text[40];

	buf_addf(out, "pvwatch-map %d\n", FORMAT_VERSION);
	if (*map->of)
		buf_addf(out, "of %s\n", map->of);
	if (*map->commit)
		buf_addf(out, "commit %s\n", map->commit);
	if (gmtime_r(&date, &tm) &&
	    strftime(text, sizeof(text), DATE_FORMAT, &tm))
		buf_addf(out, "date %s\n", text);
	if (*map->platform)
		buf_addf(out, "platform %s\n", map->platform);
	for (size_t i = 0; i < map->npaths; i++) {
		const struct map_path *path = &map->paths[i];

		buf_addf(out, "path %s ", path->native);
		if (!path->nguest)
			buf_addch(out, '-');
		print_chain(out, path->guest, path->nguest);
		buf_addf(out, " %s\n", *path->join ? path->join : "-");
	}
	buf_addch(out, '\n');
}

void
divergence_print(struct buf *out, const struct divergence *map)
{
	print_header(out, map);
	for (size_t i = 0; i < map->nfacts; i++)
		print_fact(out, &map->facts[i]);
}
