#include "smtp.h"

#include <strings.h>

#include "arena.h"
#include "printable.h"
#include "recipient.h"

enum {
	REPLY_BYTES = 2000, /* kept of a reply of many lines */
	REPLY_CHARS = 200,  /* of which are shown */
	CODE_TEXT_FOLLOWS = 354,
};

void
smtp_begin(struct smtp_talk *talk, struct arena *arena, struct recipients *to)
{
	*talk = (struct smtp_talk){ .arena = arena,
				    .to = to,
				    .text = BUF(REPLY_BYTES) };
	for (size_t i = 0; i < to->n; i++)
		if (recipient_is_open(&to->v[i]))
			to->v[i] = (struct recipient){ .addr = to->v[i].addr,
						       .reply = "" };
}

static bool
is_command(struct span line, const char *command)
{
	size_t n = strlen(command);

	return line.len >= n && !strncasecmp(line.ptr, command, n);
}

/* The first open recipient at or behind @i; n: there is none. */
static size_t
next_open(const struct recipients *to, size_t i)
{
	while (i < to->n && !recipient_is_open(&to->v[i]))
		i++;
	return i;
}

void
smtp_asked(struct smtp_talk *talk, struct span command)
{
	if (talk->stage == SMTP_TEXT || talk->stage == SMTP_DONE)
		return;
	if (is_command(command, "MAIL FROM:"))
		talk->stage = SMTP_MAIL;
	else if (is_command(command, "RCPT TO:"))
		talk->stage = SMTP_RCPT;
	/* A password in base64 may read "DATA", but not behind RCPT. */
	else if (talk->stage == SMTP_RCPT && is_command(command, "DATA"))
		talk->stage = SMTP_DATA;
	else
		talk->stage = SMTP_SESSION;
	talk->answered = false;
}

static enum recipient_state
state_of(int code)
{
	switch (code / 100) {
	case 2:
		return RECIPIENT_ACCEPTED;
	case 5:
		return RECIPIENT_REFUSED;
	default:
		return RECIPIENT_DEFERRED;
	}
}

static void
settle(struct smtp_talk *talk, size_t i, enum recipient_state state)
{
	struct recipient *to = &talk->to->v[i];

	to->state = state;
	to->code = talk->code;
	to->reply = printable(talk->arena, buf_span(&talk->text), REPLY_CHARS);
}

/* All that are @was become @is. */
static void
settle_all(struct smtp_talk *talk, enum recipient_state was,
	   enum recipient_state is)
{
	for (size_t i = 0; i < talk->to->n; i++)
		if (talk->to->v[i].state == was)
			settle(talk, i, is);
}

/* RFC 4954 6: it is our login that is wrong, not the mail. */
static bool
is_about_login(int code)
{
	return code >= 530 && code <= 539;
}

static void
answer_mail(struct smtp_talk *talk)
{
	enum recipient_state state = state_of(talk->code);

	if (state == RECIPIENT_ACCEPTED)
		return;
	if (is_about_login(talk->code))
		state = RECIPIENT_DEFERRED;
	for (size_t i = 0; i < talk->to->n; i++)
		if (recipient_is_open(&talk->to->v[i]))
			settle(talk, i, state);
	talk->stage = SMTP_DONE;
}

static bool
has(const struct recipients *to, enum recipient_state state)
{
	for (size_t i = 0; i < to->n; i++)
		if (to->v[i].state == state)
			return true;
	return false;
}

/* Whom the server takes is not told so before it has the text; when it takes
   nobody there will be none. */
static void
answer_rcpt(struct smtp_talk *talk)
{
	enum recipient_state state = state_of(talk->code);
	size_t i = next_open(talk->to, talk->next);

	if (i == talk->to->n)
		return;
	settle(talk, i,
	       state == RECIPIENT_ACCEPTED ? RECIPIENT_UNKNOWN : state);
	talk->next = i + 1;
	if (next_open(talk->to, talk->next) == talk->to->n &&
	    !has(talk->to, RECIPIENT_UNKNOWN))
		talk->stage = SMTP_DONE;
}

static void
answer_data(struct smtp_talk *talk)
{
	if (talk->code == CODE_TEXT_FOLLOWS) {
		talk->stage = SMTP_TEXT;
		return;
	}
	/* Success without a text is nonsense: nothing was sent. */
	settle_all(talk, RECIPIENT_UNKNOWN,
		   state_of(talk->code) == RECIPIENT_REFUSED
			   ? RECIPIENT_REFUSED
			   : RECIPIENT_DEFERRED);
	talk->stage = SMTP_DONE;
}

static void
answer_text(struct smtp_talk *talk)
{
	int class = talk->code / 100;

	if (class == 2 || class == 4 || class == 5) {
		settle_all(talk, RECIPIENT_UNKNOWN, state_of(talk->code));
		talk->stage = SMTP_DONE;
	}
}

static void
answer(struct smtp_talk *talk)
{
	if (talk->answered && talk->stage != SMTP_TEXT)
		return;
	talk->answered = true;
	switch (talk->stage) {
	case SMTP_MAIL:
		answer_mail(talk);
		break;
	case SMTP_RCPT:
		answer_rcpt(talk);
		break;
	case SMTP_DATA:
		answer_data(talk);
		break;
	case SMTP_TEXT:
		answer_text(talk);
		break;
	case SMTP_SESSION:
	case SMTP_DONE:
		break;
	}
}

/* The three digits of a reply; 0: it has none. */
static int
code_of(struct span line)
{
	int code = 0;

	for (size_t i = 0; i < 3; i++) {
		if (i >= line.len || line.ptr[i] < '0' || line.ptr[i] > '9')
			return 0;
		code = code * 10 + line.ptr[i] - '0';
	}
	return code;
}

void
smtp_answered(struct smtp_talk *talk, struct span line)
{
	line = span_trim(line);
	if (!talk->open_reply)
		buf_clear(&talk->text);
	else
		buf_addch(&talk->text, ' ');
	talk->code = code_of(line);
	talk->open_reply = talk->code && line.len > 3 && line.ptr[3] == '-';
	if (talk->code && line.len > 4)
		buf_addspan(&talk->text,
			    (struct span){ line.ptr + 4, line.len - 4 });
	if (!talk->open_reply)
		answer(talk);
}

bool
smtp_end(struct smtp_talk *talk, const char *why)
{
	talk->code = 0;
	buf_clear(&talk->text);
	buf_addstr(&talk->text, why);
	settle_all(talk, RECIPIENT_UNKNOWN,
		   talk->stage == SMTP_TEXT ? RECIPIENT_UNKNOWN
					    : RECIPIENT_DEFERRED);
	settle_all(talk, RECIPIENT_WAITING, RECIPIENT_DEFERRED);
	buf_free(&talk->text);
	return talk->stage == SMTP_DONE;
}
