/*
 * What strangers say, in a request: lines of the input become subject,
 * author, paths and so on ("\\n" there is a newline). No header line, no
 * control character and no mbox separator may come of it.
 */
#include <assert.h>
#include <stdint.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/mail.h"
#include "bot/request.h"
#include "bot/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next line of @rest as a C string. */
static const char *
next(struct arena *arena, struct span *rest)
{
	struct span line = { "", 0 };
	char *s, *to;

	span_line(&line, rest);
	s = to = arena_span(arena, line);
	for (const char *p = s; *p; p++) {
		bool newline = p[0] == '\\' && p[1] == 'n';

		*to++ = newline ? '\n' : *p;
		p += newline;
	}
	*to = '\0';
	return s;
}

static void
check(struct span text)
{
	static const char *const names[] = {
		"From:",
		"To:",
		"Subject:",
		"Date:",
		"Message-ID:",
		"In-Reply-To:",
		"References:",
		"Auto-Submitted:",
		"Precedence:",
		"X-pvwatch:",
		"MIME-Version:",
		"Content-",
		" ",
	};
	bool header = true;
	struct span line;

	while (span_line(&line, &text)) {
		bool known = false;

		assert(line.len <= 998 && !span_starts(line, "From "));
		for (size_t i = 0; i < line.len; i++)
			assert(line.ptr[i] >= ' ' && line.ptr[i] < 0x7f);
		header = header && line.len;
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			known |= span_starts(line, names[i]);
		assert(!header || known);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data, size };
	AUTOFREE(arena) *arena = arena_new();
	struct finding found[4];
	struct address to = { next(arena, &rest), next(arena, &rest) };
	const char *ids[] = { next(arena, &rest), next(arena, &rest) };
	struct mail mail = { .msgid = next(arena, &rest),
			     .subject = next(arena, &rest),
			     .references = { ids, 2 } };
	struct verdict verdict = { .author.name = next(arena, &rest),
				   .author.addr = "",
				   .findings = found,
				   .nfindings = 4 };
	struct pack_verdict pack = { .pack = "xen", .needed = { &to, 1, 1 } };
	struct request_sender us = { .from = { "", "bot@b.example" } };
	struct request_mail request;
	const struct error *err;

	for (size_t i = 0; i < 4; i++)
		found[i] = (struct finding){ .pack = "xen",
					     .rule = next(arena, &rest),
					     .title = next(arena, &rest),
					     .path = next(arena, &rest),
					     .function = next(arena, &rest),
					     .text = next(arena, &rest),
					     .why = next(arena, &rest) };
	err = request_compose(&request, arena, &us,
			      &(struct request_about){
				      .mail = &mail,
				      .verdict = &verdict,
				      .pack = &pack,
				      .series = "root",
				      .series_root = "root",
				      .others = &verdict,
				      .nothers = size % 2,
			      });
	if (!err)
		check(request.text);
	error_free(err);
	return 0;
}
