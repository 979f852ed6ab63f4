/* mail_parse(): total over any bytes, and what it yields keeps its promises */
#include <assert.h>
#include <stdint.h>

#include "bot/arena.h"
#include "bot/error.h"
#include "bot/limits.h"
#include "bot/mail.h"
#include "bot/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_list(const struct addresses *list)
{
	for (size_t i = 0; i < list->n; i++) {
		assert(utf8_is_clean(span_of(list->v[i].name)));
		assert(utf8_is_clean(span_of(list->v[i].addr)));
		assert(strchr(list->v[i].addr, '@'));
	}
}

static void
check_inside(struct span part, struct span whole)
{
	assert(part.ptr >= whole.ptr &&
	       part.ptr + part.len <= whole.ptr + whole.len);
}

static void
check(const struct mail *mail)
{
	assert(utf8_is_clean(span_of(mail->subject)));
	assert(!mail->msgid || utf8_is_clean(span_of(mail->msgid)));
	assert(mail->to.n + mail->cc.n <= LIMIT_MAIL_ADDRESSES);
	assert(mail->references.n <= LIMIT_REFERENCES);
	assert(mail->ntrailers <= LIMIT_TRAILERS);
	assert(mail->date >= 0);
	assert(!mail->body.len || mail->body.ptr[mail->body.len - 1] == '\n');
	check_list(&mail->to);
	check_list(&mail->cc);
	check_inside(mail->message, mail->body);
	check_inside(mail->diff, mail->body);
	for (size_t i = 0; i < mail->ntrailers; i++)
		assert(utf8_is_clean(span_of(mail->trailers[i].value)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span raw = { (const char *)data, size };
	AUTOFREE(arena) *arena = arena_new();
	const struct error *err;
	struct mail mail;

	if (!size)
		raw.ptr = "";
	err = mail_parse(&mail, arena, raw);
	if (!err)
		check(&mail);
	error_free(err);
	return 0;
}
