#include "bot/log.h"

#include <sys/stat.h>
#include <unistd.h>

#include "bot/limits.h"
#include "tests/unit/scratch.h"
#include "tests/unit/tap.h"

/* What is logged in between goes to the file "log". */
static int
begin_capture(void)
{
	int was = dup(STDERR_FILENO);

	if (was < 0 || !freopen("log", "w", stderr))
		scratch_bail("stderr");
	return was;
}

static char *
end_capture(int was)
{
	static char text[LIMIT_LOG_LINE];
	FILE *file = fopen("log", "r");
	size_t n;

	if (!file || dup2(was, STDERR_FILENO) < 0)
		scratch_bail("log");
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = '\0';
	fclose(file);
	close(was);
	return text;
}

static void
is_logged(enum log_to to, const char *value, const char *want, const char *what)
{
	int was = begin_capture();

	log_event(to, LOG_LEVEL_WARNING, "e", "k", value);
	is_str(end_capture(was), want, what);
}

static void
test_values(void)
{
	is_logged(LOG_TO_STDERR, "word", "event=e k=word\n", "a word");
	is_logged(LOG_TO_STDERR, "two words", "event=e k=\"two words\"\n",
		  "blanks are quoted");
	is_logged(LOG_TO_STDERR, "", "event=e k=\"\"\n", "nothing is quoted");
	is_logged(LOG_TO_STDERR, "a\"b\\c", "event=e k=\"a\\\"b\\\\c\"\n",
		  "quotes cannot end the value");
	is_logged(LOG_TO_STDERR, "a=b", "event=e k=\"a=b\"\n",
		  "nor can it be a key");
	is_logged(LOG_TO_STDERR, "a\nevent=forged \033[2J",
		  "event=e k=\"a event=forged ?[2J\"\n",
		  "nor a line, nor drive a terminal");
	is_logged(LOG_TO_STDERR, "J\374rgen", "event=e k=J?rgen\n",
		  "it is UTF-8");
	is_logged(LOG_TO_STDERR, NULL, "event=e\n", "no value, no key");
	is_logged(LOG_TO_JOURNAL, "w", "<4>event=e k=w\n",
		  "the journal gets its priority");
}

static void
test_long(void)
{
	static char huge[200000];
	int was = begin_capture();
	char *text;

	memset(huge, 'x', sizeof(huge) - 1);
	log_event(LOG_TO_STDERR, LOG_LEVEL_INFO, "e", "k", huge);
	text = end_capture(was);
	ok(strlen(text) < LIMIT_LOG_VALUE + 32 &&
		   text[strlen(text) - 1] == '\n',
	   "an endless value is cut, its line is whole");
}

static void
test_target(void)
{
	struct stat st;
	char *stream;
	int was = begin_capture();
	enum log_to none, other, ours;

	fstat(STDERR_FILENO, &st);
	unsetenv("JOURNAL_STREAM");
	none = log_target();
	setenv("JOURNAL_STREAM", "1:2", 1);
	other = log_target();
	stream = xasprintf("%llu:%llu", (unsigned long long)st.st_dev,
			   (unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	ours = log_target();
	end_capture(was);
	ok(none == LOG_TO_STDERR, "no journal");
	ok(other == LOG_TO_STDERR, "a journal, but stderr is elsewhere");
	ok(ours == LOG_TO_JOURNAL, "stderr is the journal");
	free(stream);
}

int
main(void)
{
	scratch_enter();
	test_values();
	test_long();
	test_target();
	return done_testing();
}
