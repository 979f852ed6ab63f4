#include "manifest.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "limits.h"

enum { NUMBER_DIGITS = 6 };

/* "<tail>/git/<number>.git", where @path is or ends with tail: archives are
   served below any path. */
static bool
epoch_number(unsigned long *out, const char *key, const char *path)
{
	static const char git[] = "/git";
	const char *name = strrchr(key, '/');
	size_t tail, len = strlen(path), n;

	if (!name || (size_t)(name - key) < sizeof(git) || *key != '/')
		return false;
	tail = (size_t)(name - key) - strlen(git);
	if (memcmp(key + tail, git, strlen(git)) != 0 || tail > len ||
	    memcmp(path + len - tail, key, tail) != 0)
		return false;
	name++;
	n = strspn(name, "0123456789");
	if (!n || n > NUMBER_DIGITS || (n > 1 && *name == '0') ||
	    strcmp(name + n, ".git") != 0)
		return false;
	*out = strtoul(name, NULL, 10);
	return true;
}

static void
read_epoch(struct manifest_epoch *out, const json_t *value)
{
	const char *fingerprint =
		json_string_value(json_object_get(value, "fingerprint"));
	json_int_t modified =
		json_integer_value(json_object_get(value, "modified"));
	size_t n = fingerprint ? strspn(fingerprint, "0123456789abcdef") : 0;

	out->modified = modified > 0 ? modified : 0;
	if (n && n < FINGERPRINT_SIZE && !fingerprint[n])
		memcpy(out->fingerprint, fingerprint, n + 1);
}

static int
by_number(const void *a, const void *b)
{
	const struct manifest_epoch *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

static const struct error *
read_epochs(struct manifest *out, struct arena *arena, json_t *object,
	    const char *path)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		struct manifest_epoch epoch = { .modified = 0 };

		if (!epoch_number(&epoch.number, key, path))
			continue;
		if (out->n == LIMIT_MANIFEST_EPOCHS)
			return error_new(ERROR_INPUT, "more than %d epochs",
					 LIMIT_MANIFEST_EPOCHS);
		read_epoch(&epoch, value);
		ARENA_GROW(arena, out->v, out->cap, out->n);
		out->v[out->n++] = epoch;
	}
	return NULL;
}

/* "/a/git/0.git" and "/b/a/git/0.git" may both be there. */
static void
drop_doubles(struct manifest *manifest)
{
	size_t n = 0;

	if (manifest->n)
		qsort(manifest->v, manifest->n, sizeof(manifest->v[0]),
		      by_number);
	for (size_t i = 0; i < manifest->n; i++)
		if (!n || manifest->v[n - 1].number != manifest->v[i].number)
			manifest->v[n++] = manifest->v[i];
	manifest->n = n;
}

const struct error *
manifest_read(struct manifest *out, struct arena *arena, struct span json,
	      const char *path)
{
	const struct error *err = NULL;
	json_error_t where;
	json_t *object = json_loadb(json.ptr, json.len, 0, &where);

	*out = (struct manifest){ .n = 0 };
	if (!object)
		return error_new(ERROR_INPUT, "no JSON: line %d: %s",
				 where.line, where.text);
	if (json_is_object(object))
		err = read_epochs(out, arena, object, path);
	else
		err = error_new(ERROR_INPUT, "no object of repositories");
	json_decref(object);
	drop_doubles(out);
	return err;
}
