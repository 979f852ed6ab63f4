/* What a server says of a mail, and what a request becomes by it. */
#include "tap.h"

#include "bot/address.h"
#include "bot/arena.h"
#include "bot/buf.h"
#include "bot/deliver.h"
#include "bot/draft.h"
#include "bot/recipient.h"
#include "bot/send.h"
#include "bot/smtp.h"

/* ">" is a command of ours, all else the server's. Three recipients; each
   letter of "states" is the first of a state's name. */
static const struct {
	const char *what, *lines, *states;
	bool finished;
	enum request_state outcome;
} talks[] = {
	{ "accepted",
	  ">EHLO x\n220 hi\n250-host\n250 SIZE\n>MAIL FROM:<a@b>\n250 ok\n"
	  ">RCPT TO:<1@x>\n250 ok\n>RCPT TO:<2@x>\n251 ok\n>RCPT TO:<3@x>\n"
	  "250-ok\n250 ok\n>DATA\n354 go\n250 taken\n>QUIT\n221 bye\n",
	  "aaa", true, REQUEST_SENT },
	{ "a kept connection, one refused, one deferred",
	  ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<1@x>\n550 no\n>RCPT TO:<2@x>\n"
	  "451 later\n>RCPT TO:<3@x>\n250 ok\n>DATA\n354 go\n250 taken\n",
	  "rda", true, REQUEST_DEFERRED },
	{ "one refused",
	  ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<1@x>\n550 no\n>RCPT TO:<2@x>\n"
	  "250 ok\n>RCPT TO:<3@x>\n250 ok\n>DATA\n354 go\n250 taken\n",
	  "raa", true, REQUEST_PARTLY },
	{ "all refused, and QUIT is not about them",
	  ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<1@x>\n550 no\n>RCPT TO:<2@x>\n"
	  "550 no\n>RCPT TO:<3@x>\n553 no\n>QUIT\n221 bye\n",
	  "rrr", true, REQUEST_REFUSED },
	{ "cut after DATA",
	  ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<1@x>\n250 ok\n>RCPT TO:<2@x>\n"
	  "550 no\n>RCPT TO:<3@x>\n250 ok\n>DATA\n354 go\n",
	  "uru", false, REQUEST_UNCERTAIN },
	{ "an answer to the text that is none",
	  ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<1@x>\n250 ok\n>RCPT TO:<2@x>\n"
	  "250 ok\n>RCPT TO:<3@x>\n250 ok\n>DATA\n354 go\nwhat?\n250-half\n",
	  "uuu", false, REQUEST_UNCERTAIN },
	{ "cut before DATA was answered",
	  ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<1@x>\n250 ok\n>RCPT TO:<2@x>\n"
	  "550 no\n>RCPT TO:<3@x>\n250 ok\n>DATA\n",
	  "drd", false, REQUEST_DEFERRED },
	{ "cut between recipients",
	  ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<1@x>\n250 ok\n>RCPT TO:<2@x>\n",
	  "ddd", false, REQUEST_DEFERRED },
	{ "closing down between recipients",
	  ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<1@x>\n250 ok\n>RCPT TO:<2@x>\n"
	  "421 closing\n",
	  "ddd", false, REQUEST_DEFERRED },
	{ "552 to the text",
	  ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<1@x>\n250 ok\n>RCPT TO:<2@x>\n"
	  "450 later\n>RCPT TO:<3@x>\n250 ok\n>DATA\n354 go\n552 full\n",
	  "rdr", true, REQUEST_DEFERRED },
	{ "451 to DATA",
	  ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<1@x>\n250 ok\n>RCPT TO:<2@x>\n"
	  "250 ok\n>RCPT TO:<3@x>\n250 ok\n>DATA\n451 later\n",
	  "ddd", true, REQUEST_DEFERRED },
	{ "250 to DATA is no yes to the mail",
	  ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<1@x>\n250 ok\n>RCPT TO:<2@x>\n"
	  "250 ok\n>RCPT TO:<3@x>\n250 ok\n>DATA\n250 what\n",
	  "ddd", true, REQUEST_DEFERRED },
	{ "the sender refused", ">MAIL FROM:<a@b>\n550 not you\n", "rrr", true,
	  REQUEST_REFUSED },
	{ "a login wanted is our fault", ">MAIL FROM:<a@b>\n530 log in\n",
	  "ddd", true, REQUEST_DEFERRED },
	{ "no login", ">EHLO x\n250 x\n>AUTH PLAIN\n334\n>DATA\n535 no\n",
	  "ddd", false, REQUEST_DEFERRED },
	{ "never reached", "", "ddd", false, REQUEST_DEFERRED },
};

static void
feed(struct smtp_talk *talk, const char *lines)
{
	struct span rest = span_of(lines), line;

	while (span_line(&line, &rest)) {
		if (line.ptr[0] == '>')
			smtp_asked(talk,
				   (struct span){ line.ptr + 1, line.len - 1 });
		else
			smtp_answered(talk, line);
	}
}

static void
test_talks(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(talks) / sizeof(talks[0]); i++) {
		struct recipients to;
		struct smtp_talk talk;
		char states[4] = "";

		recipients_parse(&to, arena, "1@x, 2@x, 3@x");
		smtp_begin(&talk, arena, &to);
		feed(&talk, talks[i].lines);
		ok(smtp_end(&talk, "cut") == talks[i].finished, talks[i].what);
		for (size_t j = 0; j < 3; j++)
			states[j] = recipient_state_name(to.v[j].state)[0];
		is_str(states, talks[i].states, talks[i].what);
		is_str(request_state_name(deliver_outcome(&to)),
		       request_state_name(talks[i].outcome), talks[i].what);
	}
}

/* Who has the mail, or refused it, is not asked: replies are the others'. */
static void
test_retry(struct arena *arena)
{
	struct recipients to;
	struct smtp_talk talk;

	recipients_parse(&to, arena, "1@x, 2@x, 3@x");
	to.v[0].state = RECIPIENT_ACCEPTED;
	to.v[1].state = RECIPIENT_DEFERRED;
	to.v[2].state = RECIPIENT_REFUSED;
	smtp_begin(&talk, arena, &to);
	feed(&talk, ">MAIL FROM:<a@b>\n250 ok\n>RCPT TO:<2@x>\n250 ok\n>DATA\n"
		    "354 go\n250-2.0.0 all\n250 is \x1b[31mwell\n");
	ok(smtp_end(&talk, ""), "answered");
	is_int(to.v[0].state, RECIPIENT_ACCEPTED, "has it");
	is_int(to.v[1].state, RECIPIENT_ACCEPTED, "has it now");
	is_int(to.v[1].code, 250, "its code");
	is_str(to.v[1].reply, "2.0.0 all is ?[31mwell", "its reply, printable");
	is_int(to.v[2].state, RECIPIENT_REFUSED, "is not asked");
	is_int(deliver_outcome(&to), REQUEST_PARTLY, "partly");
}

static void
test_delay(void)
{
	is_int(deliver_delay(1), 300, "five minutes");
	is_int(deliver_delay(2), 600, "ten");
	is_int(deliver_delay(9), 76800, "the ninth");
	is_int(deliver_delay(10), 86400, "a day at most");
	is_int(deliver_delay(INT64_MAX), 86400, "and for ever");
}

static const struct {
	const char *from, *to, *text, *message; /* NULL: may go */
} checks[] = {
	{ "a@b", "c@d, e@f", "Subject: x\n\nx\n", NULL },
	{ "a@b>\r\nRCPT TO:<x@y", "c@d", "x\n", "no address" },
	{ "", "c@d", "x\n", "no address" },
	{ "a@b", "c@d>\r\nRCPT TO:<evil@x", "x\n", "no address" },
	{ "a@b", "c@d\n", "x\n", "no address" },
	{ "a@b", "<c@d>", "x\n", "no address" },
	{ "a@b", "c@d,, e@f", "x\n", "no address" },
	{ "a@b", "", "x\n", "nobody" },
	{ "a@b", "c@d", "x\r\n.\r\nMAIL\n", "0x0d" },
	{ "a@b", "c@d", "\xc3\xa9\n", "0xc3" },
	{ "a@b", "c@d", "no end", "no mail" },
	{ "a@b", "c@d", "", "no mail" },
};

static void
test_checks(struct arena *arena)
{
	char line[1001];

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct recipients to;
		struct send_mail mail = { checks[i].from, &to,
					  span_of(checks[i].text) };
		const struct error *err;

		recipients_parse(&to, arena, checks[i].to);
		err = send_check(arena, &mail);
		if (checks[i].message)
			fails(err, ERROR_INPUT, checks[i].message,
			      checks[i].message);
		else
			succeeds(err, "may go");
	}
	memset(line, 'x', sizeof(line) - 1);
	line[999] = '\n';
	line[1000] = '\0';
	{
		struct recipients to;
		struct send_mail mail = { "a@b", &to, span_of(line) };

		recipients_parse(&to, arena, "c@d");
		fails(send_check(arena, &mail), ERROR_INPUT, "999 bytes",
		      "a line too long");
		mail.text = span_of(line + 1);
		succeeds(send_check(arena, &mail), "one as long as may be");
	}
}

static const struct {
	const char *text, *message;
} drafts[] = {
	{ "Subject: a\n\nb\n", NULL },
	{ "Subject: a\n\n\n b\n\n\n", NULL },
	{ "a\n\nb\n", "first line" },
	{ "", "first line" },
	{ "Subject:  \n\nb\n", "subject is empty" },
	{ "Subject: a\nCc: b@c\n\nb\n", "only the subject" },
	{ "Subject: a\n folded\n\nb\n", "only the subject" },
	{ "Subject: a\n", "only the subject" },
	{ "Subject: a\n\n \n", "body is empty" },
};

static void
test_drafts(struct arena *arena)
{
	static const char mail[] = "From: A <a@b>\nTo: c@d,\n e@f\n"
				   "Subject: =?UTF-8?Q?=C3=A9?=\n"
				   "Message-ID: <x@y>\n"
				   "Content-Type: text/plain; charset=utf-8\n"
				   "Content-Transfer-Encoding: 7bit\n\nold\n";
	struct draft draft;
	struct span out;

	for (size_t i = 0; i < sizeof(drafts) / sizeof(drafts[0]); i++) {
		const struct error *err =
			draft_read(&draft, arena, span_of(drafts[i].text));

		if (drafts[i].message)
			fails(err, ERROR_INPUT, drafts[i].message,
			      drafts[i].message);
		else
			succeeds(err, "a draft");
	}
	succeeds(draft_of(&draft, arena, span_of(mail)), "of a mail");
	is_str(draft.subject, "\xc3\xa9", "its subject");
	ok(span_equal(draft.body, SPAN("old\n")), "its body");
	succeeds(draft_apply(&out, arena, span_of(mail), &draft,
			     (struct address){ "", NULL }),
		 "put back");
	ok(span_equal(out, span_of(mail)), "the same again");
	draft = (struct draft){ "new", SPAN("\xc3\xa9\n") };
	succeeds(draft_apply(&out, arena, span_of(mail), &draft,
			     (struct address){ "B", "b@b" }),
		 "another");
	is_str(out.ptr,
	       "From: B <b@b>\nTo: c@d,\n e@f\nSubject: new\n"
	       "Message-ID: <x@y>\n"
	       "Content-Type: text/plain; charset=utf-8\n"
	       "Content-Transfer-Encoding: quoted-printable\n\n=C3=A9\n",
	       "only subject, body and sender changed");
}

int
main(void)
{
	AUTOFREE(arena) *arena = arena_new();

	test_talks(arena);
	test_retry(arena);
	test_delay();
	test_checks(arena);
	test_drafts(arena);
	return done_testing();
}
