/*
 * replay.c - runs a fuzz target over the files and directories named, in
 * place of libFuzzer: what the corpora of the tests are replayed with
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "bot/alloc.h"
#include "bot/buf.h"
#include "bot/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay_file(const char *path)
{
	struct buf buf = BUF(64 << 20);
	const struct error *err = buf_read_file(&buf, path);
	/* The exact size, so that a read past the end is seen. */
	uint8_t *copy = xmalloc(buf.len);

	if (buf.len)
		memcpy(copy, buf.data, buf.len);
	if (err)
		fprintf(stderr, "%s\n", err->message);
	else
		LLVMFuzzerTestOneInput(copy, buf.len);
	free(copy);
	buf_free(&buf);
	error_free(err);
	return err != NULL;
}

static int
replay(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int failed = 0;

	if (!dir)
		return replay_file(path);
	while ((entry = readdir(dir))) {
		CLEANUP(xfree)
		char *child = xasprintf("%s/%s", path, entry->d_name);

		if (entry->d_name[0] != '.')
			failed += replay_file(child);
	}
	closedir(dir);
	return failed;
}

int
main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed += replay(argv[i]);
	return failed != 0;
}
