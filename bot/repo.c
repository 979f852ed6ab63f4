#include "repo.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "arena.h"
#include "buf.h"
#include "error.h"
#include "limits.h"
#include "repo-git2.h"

static void
init(void)
{
	/* Formats of a repository that change nothing for who only reads its
	   objects: "git sparse-checkout" alone sets worktreeconfig. */
	static const char *extensions[] = { "partialclone", "preciousobjects",
					    "relativeworktrees",
					    "worktreeconfig" };

	if (git_libgit2_init() < 0)
		abort();
	/* SHA-1 over each object costs a third of an archive's reading
	   (libraries.md 1); git and the disk vouch for what they stored. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	/* safe.directory guards against hooks and commands that a stranger's
	   configuration names. We read objects and run nothing, and archives
	   do belong to another user: the one that fetches them. */
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
			 sizeof(extensions) / sizeof(extensions[0]));
	/* Directories of the kernel are larger than the 4 KiB that libgit2
	   would keep, and each is asked for again by the next path. */
	git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE,
			 (size_t)(256 << 10));
	/* Of the 256 MiB that libgit2 would take for commits and trees. */
	git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)(32 << 20));
	/* Of the whole pack, however large, that would be mapped and, read
	   through, stay resident. */
	git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, (size_t)(4 << 20));
	git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, (size_t)(32 << 20));
}

void
git2_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, init);
}

const struct error *
git2_error(int rc, const char *fmt, ...)
{
	const git_error *last = git_error_last();
	enum error_class class = ERROR_INPUT;
	CLEANUP(xfree) char *what = NULL, *why = NULL;
	va_list ap;

	if (rc == GIT_ENOTFOUND)
		class = ERROR_NOINPUT;
	else if (last && last->klass == GIT_ERROR_OS)
		class = ERROR_IO;
	why = xstrdup(last && last->message ? last->message : "git data");
	for (char *s = why; (s = strpbrk(s, "\r\n")) != NULL;)
		*s = ' ';
	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		abort();
	va_end(ap);
	git_error_clear();
	return error_new(class, "%s: %s", what, why);
}

const struct error *
git2_oid(git_oid *out, const char *hex)
{
	if (strlen(hex) == GIT_OID_HEXSZ && !git_oid_fromstr(out, hex))
		return NULL;
	git_error_clear();
	return error_new(ERROR_NOINPUT, "%s: not an object name", hex);
}

const struct error *
git2_read(git_odb_object **out, const struct repo *repo, const git_oid *oid,
	  git_object_t type)
{
	AUTOFREE(git_odb_object) *object = NULL;
	char hex[OID_HEX_SIZE];
	int rc = git_odb_read(&object, repo->odb, oid);

	if (!rc && git_odb_object_type(object) == type) {
		*out = TAKE(object);
		return NULL;
	}
	git_oid_tostr(hex, sizeof(hex), oid);
	if (!rc)
		return error_new(ERROR_INPUT, "object %s is no %s", hex,
				 git_object_type2string(type));
	if (rc == GIT_ENOTFOUND) {
		git_error_clear();
		return error_new(ERROR_INPUT, "object %s is missing", hex);
	}
	return git2_error(rc, "object %s", hex);
}

struct span
git2_bytes(git_odb_object *object)
{
	return (struct span){ git_odb_object_data(object),
			      git_odb_object_size(object) };
}

const struct error *
repo_open(struct repo **out, const char *path, enum repo_open how)
{
	AUTOFREE(git_repository) *git = NULL;
	git_odb *odb;
	unsigned flags = how == REPO_EXACT ? GIT_REPOSITORY_OPEN_NO_SEARCH : 0;
	int rc;

	git2_init();
	rc = git_repository_open_ext(&git, path, flags, NULL);
	if (rc == GIT_ENOTFOUND) {
		git_error_clear();
		return error_new(ERROR_NOINPUT, "%s: no git repository%s", path,
				 how == REPO_EXACT ? "" : " here or above");
	}
	if (!rc)
		rc = git_repository_odb(&odb, git);
	if (rc)
		return git2_error(rc, "%s", path);
	*out = xmalloc(sizeof(**out));
	(*out)->git = TAKE(git);
	(*out)->odb = odb;
	return NULL;
}

void
repo_free(struct repo *repo)
{
	if (!repo)
		return;
	git_odb_free(repo->odb);
	git_repository_free(repo->git);
	free(repo);
}

const char *
repo_path(const struct repo *repo)
{
	return git_repository_path(repo->git);
}

char *
repo_spec(const char **rev, const char *spec)
{
	*rev = NULL;
	if (access(spec, F_OK) == 0)
		return xstrdup(spec);
	for (const char *s = spec; (s = strchr(s, ':')) != NULL; s++) {
		char *dir = xstrndup(spec, (size_t)(s - spec));

		if (access(dir, F_OK) == 0) {
			*rev = s + 1;
			return dir;
		}
		free(dir);
	}
	return xstrdup(spec);
}

const struct error *
git2_resolve(git_oid *out, const struct repo *repo, const char *rev)
{
	AUTOFREE(git_object) *object = NULL, *commit = NULL;
	/* "@" alone is git's short for HEAD; libgit2 has no "@~1". */
	CLEANUP(xfree)
	char *full = xasprintf("HEAD%s", rev[0] == '@' ? rev + 1 : "");
	bool shorthand = rev[0] == '@' && rev[1] != '{';
	int rc =
		git_revparse_single(&object, repo->git, shorthand ? full : rev);

	if (rc == GIT_ENOTFOUND || rc == GIT_EINVALIDSPEC ||
	    rc == GIT_EAMBIGUOUS) {
		git_error_clear();
		return error_new(ERROR_NOINPUT, "%s: %s revision", rev,
				 rc == GIT_EAMBIGUOUS ? "ambiguous"
						      : "no such");
	}
	if (rc)
		return git2_error(rc, "%s", rev);
	if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT)) {
		git_error_clear();
		return error_new(ERROR_NOINPUT, "%s: no commit", rev);
	}
	git_oid_cpy(out, git_object_id(commit));
	return NULL;
}

const struct error *
repo_resolve(char out[OID_HEX_SIZE], struct repo *repo, const char *rev)
{
	const struct error *err;
	git_oid oid;

	err = git2_resolve(&oid, repo, rev);
	if (!err)
		git_oid_tostr(out, OID_HEX_SIZE, &oid);
	return err;
}

const struct error *
git2_commit(git_commit **out, const struct repo *repo, const char *hex)
{
	const struct error *err;
	git_oid oid;
	int rc;

	err = git2_oid(&oid, hex);
	if (err)
		return err;
	rc = git_commit_lookup(out, repo->git, &oid);
	return rc ? git2_error(rc, "commit %s", hex) : NULL;
}

/* How many bytes the UTF-8 sequence at @s has (RFC 3629); 0: it is none. */
static size_t
utf8_length(const unsigned char *s)
{
	size_t n = *s < 0x80 ? 1 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4;

	if ((*s >= 0x80 && *s < 0xc2) || *s > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/*
 * A name as address.h wants it: control characters become blanks; bytes that
 * are no UTF-8 are taken for Latin-1, the usual encoding of old commits.
 */
static const char *
clean_name(struct arena *arena, const char *name)
{
	const unsigned char *s = (const unsigned char *)name;
	char *out = arena_alloc(arena, strlen(name) * 2 + 1), *o = out;

	while (*s) {
		size_t n = utf8_length(s);

		if (n == 1) {
			*o++ = *s < 0x20 || *s == 0x7f ? ' ' : (char)*s;
		} else if (n) {
			memcpy(o, s, n);
			o += n;
		} else {
			*o++ = (char)(0xc0 | *s >> 6);
			*o++ = (char)(0x80 | (*s & 0x3f));
		}
		s += n ? n : 1;
	}
	return out;
}

/* The first parent's hex; NULL: a root, or the shallow end. */
static const char *
first_parent(struct arena *arena, const struct repo *repo,
	     const git_commit *commit)
{
	const git_oid *oid = git_commit_parent_id(commit, 0);
	char hex[OID_HEX_SIZE];

	git_error_clear();
	if (!oid || !git_odb_exists(repo->odb, oid))
		return NULL;
	return arena_strdup(arena, git_oid_tostr(hex, sizeof(hex), oid));
}

const struct error *
repo_commit(struct repo_commit *out, struct arena *arena, struct repo *repo,
	    const char *oid)
{
	AUTOFREE(git_commit) *commit = NULL;
	const git_signature *author;
	const struct error *err;
	const char *message;

	err = git2_commit(&commit, repo, oid);
	if (err)
		return err;
	author = git_commit_author(commit);
	message = git_commit_message(commit);
	*out = (struct repo_commit){
		.oid = arena_strdup(arena, oid),
		.parent = first_parent(arena, repo, commit),
		.nparents = git_commit_parentcount(commit),
		.author = { clean_name(arena, author->name),
			    clean_name(arena, author->email) },
		.author_date = author->when.time,
		.commit_date = git_commit_time(commit),
		.message = span_of(arena_strdup(arena, message)),
	};
	return NULL;
}

/* The diff against the first parent, or against nothing. */
static int
diff_commit(git_diff **out, const struct repo *repo, const git_commit *commit,
	    enum repo_renames renames)
{
	AUTOFREE(git_commit) *parent = NULL;
	AUTOFREE(git_tree) *before = NULL;
	AUTOFREE(git_tree) *after = NULL;
	git_diff_find_options find;
	git_diff_options options;
	int rc;

	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	git_diff_find_options_init(&find, GIT_DIFF_FIND_OPTIONS_VERSION);
	options.flags |= GIT_DIFF_INDENT_HEURISTIC; /* git's default */
	options.id_abbrev = GIT_OID_HEXSZ;
	find.flags = GIT_DIFF_FIND_RENAMES;
	rc = git_commit_tree(&after, commit);
	if (!rc && git_commit_parentcount(commit))
		rc = git_commit_parent(&parent, commit, 0);
	if (rc == GIT_ENOTFOUND && after)
		rc = 0; /* the shallow end, where git shows all as new */
	if (!rc && parent)
		rc = git_commit_tree(&before, parent);
	if (!rc)
		rc = git_diff_tree_to_tree(out, repo->git, before, after,
					   &options);
	if (!rc && renames == REPO_RENAMES &&
	    git_diff_num_deltas(*out) <= LIMIT_PATCH_FILES)
		rc = git_diff_find_similar(*out, &find);
	return rc;
}

static bool
is_empty_file(const git_diff_delta *delta)
{
	static const char empty_blob[] =
		"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

	return (delta->status == GIT_DELTA_ADDED &&
		!git_oid_streq(&delta->new_file.id, empty_blob)) ||
	       (delta->status == GIT_DELTA_DELETED &&
		!git_oid_streq(&delta->old_file.id, empty_blob));
}

static int
print_line(const git_diff_delta *delta, UNUSED const git_diff_hunk *hunk,
	   const git_diff_line *line, void *text)
{
	struct span content = { line->content, line->content_len };
	const char *names = NULL;
	struct buf *buf = text;

	/* libgit2 names the two sides of a file without lines; git does not,
	   and patch parsers wait for a hunk behind the names. */
	if (line->origin == GIT_DIFF_LINE_FILE_HDR && is_empty_file(delta))
		names = memmem(content.ptr, content.len, "\n--- ", 5);
	if (names)
		content.len = (size_t)(names + 1 - content.ptr);

	if (line->origin == GIT_DIFF_LINE_CONTEXT ||
	    line->origin == GIT_DIFF_LINE_ADDITION ||
	    line->origin == GIT_DIFF_LINE_DELETION)
		buf_addch(buf, line->origin);
	buf_addspan(buf, content);
	return buf->toobig ? GIT_EUSER : 0;
}

const struct error *
repo_commit_diff(struct span *out, struct arena *arena, struct repo *repo,
		 const char *oid, enum repo_renames renames)
{
	CLEANUP(buf_free) struct buf text = BUF(LIMIT_MAIL_BYTES);
	AUTOFREE(git_commit) *commit = NULL;
	AUTOFREE(git_diff) *diff = NULL;
	const struct error *err;
	char *bytes;
	int rc;

	err = git2_commit(&commit, repo, oid);
	if (err)
		return err;
	rc = diff_commit(&diff, repo, commit, renames);
	if (!rc && git_diff_num_deltas(diff) > LIMIT_PATCH_FILES)
		return error_new(ERROR_INPUT,
				 "commit %s: more than %d files changed", oid,
				 LIMIT_PATCH_FILES);
	if (!rc)
		rc = git_diff_print(diff, GIT_DIFF_FORMAT_PATCH, print_line,
				    &text);
	if (text.toobig)
		return buf_check(&text, oid);
	if (rc)
		return git2_error(rc, "commit %s", oid);
	bytes = arena_alloc(arena, text.len + 1);
	memcpy(bytes, buf_str(&text), text.len);
	*out = (struct span){ bytes, text.len };
	return NULL;
}
