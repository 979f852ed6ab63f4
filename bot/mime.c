#include "mime.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "arena.h"
#include "buf.h"
#include "error.h"
#include "limits.h"
#include "transfer.h"
#include "utf8.h"

/*
 * GMime keeps an object per part and per header field, a hundred times the
 * size of the shortest ones: what a mail may have is counted before.
 */
enum { SHAPE_LINES_MAX = 200000 };

static void
init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, g_mime_init);
}

static void
unref(void *object)
{
	GObject **p = object;

	if (*p)
		g_object_unref(*p);
}

struct walk {
	struct mime_text *text;
	struct arena *arena;
	struct buf buf; /* what was read so far */
	bool header_crlf;
	size_t parts;
};

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), len = strlen(end);

	return n >= len && !strcasecmp(s + n - len, end);
}

static bool
is_patch_name(const char *name)
{
	return name &&
	       (ends_with(name, ".patch") || ends_with(name, ".diff") ||
		ends_with(name, ".patch.txt") || ends_with(name, ".diff.txt"));
}

static bool
is_patch_type(GMimeContentType *type)
{
	const char *subtype = g_mime_content_type_get_media_subtype(type);

	return (g_mime_content_type_is_type(type, "text", "*") ||
		g_mime_content_type_is_type(type, "application", "*")) &&
	       subtype &&
	       (!strcasecmp(subtype, "x-patch") ||
		!strcasecmp(subtype, "x-diff") ||
		!strcasecmp(subtype, "patch") || !strcasecmp(subtype, "diff"));
}

static bool
is_wanted(GMimePart *part, GMimeContentType *type)
{
	if (g_mime_content_type_is_type(type, "text", "plain"))
		return true;
	if (g_mime_content_type_is_type(type, "text", "html"))
		return false;
	return is_patch_type(type) ||
	       is_patch_name(g_mime_part_get_filename(part));
}

/* The content of @part as raw decoded bytes, behind what was read before. */
static void
read_content(struct walk *walk, GMimePart *part)
{
	GMimeContentEncoding encoding = g_mime_part_get_content_encoding(part);
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	CLEANUP(unref) GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes;
	struct span text;

	if (!content)
		return;
	g_mime_data_wrapper_write_to_stream(content, stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	text = (struct span){ (const char *)bytes->data, bytes->len };
	/* The line ends inside of base64 are the sender's own. */
	if (transfer_strip_cr(&text, walk->arena,
			      walk->header_crlf &&
				      encoding !=
					      GMIME_CONTENT_ENCODING_BASE64))
		walk->text->crlf = true;
	buf_addspan(&walk->buf, text);
	if (text.len && text.ptr[text.len - 1] != '\n')
		buf_addch(&walk->buf, '\n');
}

static void
read_part(struct walk *walk, GMimePart *part)
{
	GMimeContentType *type =
		g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *format;

	if (!is_wanted(part, type))
		return;
	format = g_mime_content_type_get_parameter(type, "format");
	if (format && !strcasecmp(format, "flowed"))
		walk->text->flowed = true;
	read_content(walk, part);
}

static const struct error *
read_object(struct walk *walk, GMimeObject *object, int depth)
{
	const struct error *err = NULL;
	GMimeMultipart *multipart;
	int n;

	if (++walk->parts > LIMIT_MAIL_PARTS)
		return error_new(ERROR_INPUT, "more than %d parts",
				 LIMIT_MAIL_PARTS);
	if (depth > LIMIT_MAIL_NESTING)
		return error_new(ERROR_INPUT, "parts nested deeper than %d",
				 LIMIT_MAIL_NESTING);
	if (GMIME_IS_PART(object))
		read_part(walk, GMIME_PART(object));
	if (!GMIME_IS_MULTIPART(object))
		return NULL;
	multipart = GMIME_MULTIPART(object);
	n = g_mime_multipart_get_count(multipart);
	for (int i = 0; i < n && !err; i++)
		err = read_object(walk, g_mime_multipart_get_part(multipart, i),
				  depth + 1);
	return err;
}

static bool
is_shape_line(struct span line)
{
	size_t n = 0;

	if (span_starts(line, "--"))
		return true;
	while (n < line.len && line.ptr[n] > ' ' && line.ptr[n] != ':')
		n++;
	return n && n < line.len && line.ptr[n] == ':';
}

static const struct error *
check_shape(struct span raw)
{
	struct span line;
	size_t n = 0;

	while (span_line(&line, &raw))
		n += is_shape_line(line);
	if (n <= SHAPE_LINES_MAX)
		return NULL;
	return error_new(ERROR_INPUT, "more than %d header and boundary lines",
			 SHAPE_LINES_MAX);
}

static GMimeMessage *
construct(struct span raw)
{
	CLEANUP(unref)
	GMimeStream *stream =
		g_mime_stream_mem_new_with_buffer(raw.ptr, raw.len);
	CLEANUP(unref)
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);

	g_mime_parser_set_format(parser, GMIME_FORMAT_MESSAGE);
	return g_mime_parser_construct_message(parser, NULL);
}

const struct error *
mime_text(struct mime_text *out, struct arena *arena, struct span raw)
{
	struct mime_text text = { .flowed = false };
	struct walk walk = { .text = &text,
			     .arena = arena,
			     .buf = BUF(2 * (size_t)LIMIT_MAIL_BYTES) };
	const struct error *err = check_shape(raw);
	const char *nl = memchr(raw.ptr, '\n', raw.len);
	CLEANUP(unref) GMimeMessage *message = NULL;
	GMimeObject *root = NULL;
	char *body;

	if (err)
		return err;
	init();
	walk.header_crlf = nl && nl > raw.ptr && nl[-1] == '\r';
	message = construct(raw);
	if (message)
		root = g_mime_message_get_mime_part(message);
	if (root)
		err = read_object(&walk, root, 0);
	if (!err)
		err = buf_check(&walk.buf, "text");
	body = arena_alloc(arena, walk.buf.len + 1);
	if (walk.buf.len)
		memcpy(body, walk.buf.data, walk.buf.len);
	text.body = (struct span){ body, walk.buf.len };
	buf_free(&walk.buf);
	if (!err)
		*out = text;
	return err;
}

const char *
mime_decode_header(struct arena *arena, const char *value)
{
	const char *text = utf8_clean(arena, span_of(value));
	char *decoded;

	if (!strstr(text, "=?"))
		return text;
	init();
	decoded = g_mime_utils_header_decode_text(NULL, text);
	text = utf8_clean(arena, span_of(decoded));
	g_free(decoded);
	return text;
}

static void
add_mailbox(struct addresses *out, struct arena *arena, InternetAddress *from)
{
	const char *name = internet_address_get_name(from);
	const char *addr = internet_address_mailbox_get_addr(
		INTERNET_ADDRESS_MAILBOX(from));
	struct address address = { .name = "" };

	/* A local user of some host is nobody here. */
	if (!addr || !strchr(addr, '@'))
		return;
	address.addr = utf8_clean(arena, span_trim(span_of(addr)));
	if (name)
		address.name = utf8_clean(arena, span_trim(span_of(name)));
	addresses_add(out, arena, address);
}

static void
add_list(struct addresses *out, struct arena *arena, InternetAddressList *list)
{
	int n = internet_address_list_length(list);

	for (int i = 0; i < n && out->n < LIMIT_MAIL_ADDRESSES; i++) {
		InternetAddress *from =
			internet_address_list_get_address(list, i);

		if (INTERNET_ADDRESS_IS_MAILBOX(from))
			add_mailbox(out, arena, from);
		/* as deep as shallow() lets it */
		else if (INTERNET_ADDRESS_IS_GROUP(from))
			add_list(out, arena,
				 internet_address_group_get_members(
					 INTERNET_ADDRESS_GROUP(from)));
	}
}

/*
 * GMime calls itself for each group that opens, within another or not: what
 * lies behind more colons than a list may have is not read.
 */
static const char *
shallow(struct arena *arena, const char *text)
{
	const char *s = strchr(text, ':');

	for (int i = 0; s && i < LIMIT_MAIL_NESTING; i++)
		s = strchr(s + 1, ':');
	return s ? arena_strndup(arena, text, (size_t)(s - text)) : text;
}

void
mime_addresses(struct addresses *out, struct arena *arena, const char *text)
{
	CLEANUP(unref) InternetAddressList *list = NULL;

	init();
	list = internet_address_list_parse(NULL, shallow(arena, text));
	if (list)
		add_list(out, arena, list);
}

bool
mime_date(int64_t *out, const char *value)
{
	GDateTime *date;

	init();
	date = g_mime_utils_header_decode_date(value);
	if (!date)
		return false;
	*out = g_date_time_to_unix(date);
	g_date_time_unref(date);
	return true;
}
