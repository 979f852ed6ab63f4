#include "git-program.h"

#include <assert.h>

#include "alloc.h"
#include "buf.h"
#include "error.h"
#include "limits.h"
#include "program.h"

const struct error *
git_program(char **out, int *status, const char *const *args)
{
	CLEANUP(buf_free) struct buf text = BUF(LIMIT_OUTPUT_BYTES);
	const char *argv[GIT_PROGRAM_ARGS + 2] = { "git" };
	const struct error *err;
	enum program_end end;

	for (size_t i = 0; args[i]; i++) {
		assert(i < GIT_PROGRAM_ARGS);
		argv[i + 1] = args[i];
	}
	err = program_run(
		&end, status, &text,
		&(struct program){ .argv = argv, .keep = PROGRAM_STDOUT });
	if (!err && end == PROGRAM_DIED)
		err = error_new(ERROR_IO, "git was killed by a signal");
	if (!err)
		err = buf_check(&text, "git");
	if (err)
		return err;
	while (text.len && text.data[text.len - 1] == '\n')
		text.data[--text.len] = '\0';
	*out = xstrdup(buf_str(&text));
	return NULL;
}
