#include "merge.h"

#include "arena.h"
#include "limits.h"
#include "repo-git2.h"

static git_merge_file_input
input_of(struct span text)
{
	git_merge_file_input input;

	git_merge_file_input_init(&input, GIT_MERGE_FILE_INPUT_VERSION);
	input.ptr = text.ptr ? text.ptr : "";
	input.size = text.len;
	return input;
}

static bool
too_large(struct span text)
{
	return text.len > LIMIT_MERGE_BYTES;
}

bool
merge_texts(struct span *out, struct arena *arena, struct span base,
	    struct span ours, struct span theirs)
{
	git_merge_file_input inputs[] = { input_of(base), input_of(ours),
					  input_of(theirs) };
	git_merge_file_result result = { .automergeable = 0 };
	bool clean;

	if (too_large(base) || too_large(ours) || too_large(theirs))
		return false;
	git2_init();
	if (git_merge_file(&result, &inputs[0], &inputs[1], &inputs[2], NULL)) {
		git_error_clear();
		return false;
	}
	clean = result.automergeable;
	if (clean) {
		char *text = arena_alloc(arena, result.len + 1);

		if (result.len)
			memcpy(text, result.ptr, result.len);
		*out = (struct span){ text, result.len };
	}
	git_merge_file_result_free(&result);
	return clean;
}

struct collecting {
	struct line_changes *out;
	struct arena *arena;
};

static int
collect(UNUSED const git_diff_delta *delta, const git_diff_hunk *hunk,
	void *arg)
{
	struct collecting *c = arg;
	struct line_changes *out = c->out;

	ARENA_GROW(c->arena, out->v, out->cap, out->n);
	/* diff(1) names the line before an empty run. */
	out->v[out->n++] = (struct line_change){
		.old_start = (uint32_t)(hunk->old_start + !hunk->old_lines),
		.old_count = (uint32_t)hunk->old_lines,
		.new_start = (uint32_t)(hunk->new_start + !hunk->new_lines),
		.new_count = (uint32_t)hunk->new_lines,
	};
	return 0;
}

void
line_changes_find(struct line_changes *out, struct arena *arena,
		  struct span old, struct span new)
{
	struct collecting c = { .out = out, .arena = arena };
	git_diff_options options;

	*out = (struct line_changes){ 0 };
	git2_init();
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.context_lines = 0;
	options.flags |= GIT_DIFF_FORCE_TEXT;
	/* It fails for want of memory only; then all lines are the same. */
	if (git_diff_buffers(old.ptr, old.len, NULL, new.ptr, new.len, NULL,
			     &options, NULL, NULL, collect, NULL, &c))
		git_error_clear();
}

uint32_t
line_changes_map(const struct line_changes *changes, uint32_t line)
{
	int64_t shift = 0;

	for (size_t i = 0; i < changes->n; i++) {
		const struct line_change *c = &changes->v[i];

		if (line < c->old_start)
			break;
		if (line < c->old_start + c->old_count)
			return c->new_start;
		shift = (int64_t)c->new_start + c->new_count -
			((int64_t)c->old_start + c->old_count);
	}
	return (uint32_t)(line + shift);
}

bool
line_changes_touch(const struct line_changes *changes, uint32_t first,
		   uint32_t last)
{
	for (size_t i = 0; i < changes->n; i++) {
		const struct line_change *c = &changes->v[i];

		if (c->new_start <= last + 1 &&
		    c->new_start + c->new_count >= first)
			return true;
	}
	return false;
}
