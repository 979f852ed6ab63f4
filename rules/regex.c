#include "rules/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "bot/alloc.h"
#include "bot/error.h"
#include "bot/limits.h"

enum {
	JIT_STACK_MIN = 32 << 10,
	JIT_STACK_MAX = 512 << 10,
	/* Of a piece: what it has in common with the next one, and how far
	   back a lookbehind or \b sees from its first byte. */
	OVERLAP = LIMIT_REGEX_WINDOW / 4,
	BEHIND = 64,
	BLOCK_BYTES = 4096,	/* searched at a time for many lines */
	CLOCK_BYTES = 64 << 10, /* of text between looks at the clock */
	CALL_BYTES = 64,	/* of text that a call itself is worth */
};

struct regex {
	pcre2_code *code;
	pcre2_code *block; /* the same for many lines at once; NULL */
	bool jit;
};

struct regex_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	size_t bytes; /* since the clock was read */
	unsigned budget_ms;
	int64_t start_ms; /* -1: not read yet */
	bool spent;
};

static pcre2_compile_context *
compile_context(void)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);

	if (!context)
		abort();
	/* The library's default depends on how it was built. */
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_max_pattern_length(context, LIMIT_REGEX_BYTES);
	return context;
}

static const struct error *
compile_error(int code, size_t offset)
{
	PCRE2_UCHAR message[256];

	if (pcre2_get_error_message(code, message, sizeof(message)) < 0)
		message[0] = '\0';
	return error_new(ERROR_CONFIG, "%s at offset %zu",
			 (const char *)message, offset);
}

/* "(?!\(" or "(?=abc)" at @p: what it looks for is no newline, which is then
   as good as the end of the text. Its last byte; NULL: it is another. */
static const char *
plain_lookahead(const char *p)
{
	if (strncmp(p, "(?!", 3) != 0 && strncmp(p, "(?=", 3) != 0)
		return NULL;
	for (p += 3; *p && *p != ')'; p++) {
		if (*p == '\\' && ispunct((unsigned char)p[1]))
			p++;
		else if (!isalnum((unsigned char)*p) && *p != '_')
			return NULL;
	}
	return *p ? p : NULL;
}

/*
 * Does a match within a line stay one when other lines stand around it? With
 * "^" and "$" at each line it does, since PCRE2 tries every way to match and a
 * newline is a neighbour like no neighbour; unless the pattern looks around
 * for what a newline may be, keeps what it has taken (atomic groups, "a++"), or
 * asks for the ends of the text. What is not known here is taken for one of
 * these.
 */
static bool
is_line_safe(const char *pattern)
{
	static const char known[] =
		"bBwWdDsShHtnr.*+?()[]{}|^$/\\-,;:=<>!&%#\"'~@`_ ";

	for (const char *p = pattern; *p; p++) {
		const char *ahead = plain_lookahead(p);

		if (ahead) {
			p = ahead;
		} else if (*p == '\\') {
			if (!p[1] || !strchr(known, p[1]))
				return false;
			p++;
		} else if (*p == '(' &&
			   (p[1] == '*' || (p[1] == '?' && p[2] != ':'))) {
			return false;
		} else if (p[0] == '+' && p > pattern &&
			   strchr("*+?}", p[-1])) {
			return false;
		}
	}
	return true;
}

static pcre2_code *
compile(const char *pattern, uint32_t options, int *status, size_t *offset)
{
	pcre2_compile_context *context = compile_context();
	pcre2_code *code;

	/* Kernel text is bytes: "(*UTF)" would make a match of some fail. */
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
			     PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | options,
			     status, offset, context);
	pcre2_compile_context_free(context);
	return code;
}

const struct error *
regex_new(struct regex **out, const char *pattern)
{
	pcre2_code *code;
	size_t offset;
	int status;

	code = compile(pattern, 0, &status, &offset);
	if (!code)
		return compile_error(status, offset);
	*out = xcalloc(1, sizeof(**out));
	(*out)->code = code;
	/* No JIT where memory may not be made executable (systemd's
	   MemoryDenyWriteExecute): slower, with the same answers. */
	(*out)->jit = !pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	if (!(*out)->jit || !is_line_safe(pattern))
		return NULL;
	(*out)->block = compile(pattern, PCRE2_MULTILINE, &status, &offset);
	if ((*out)->block &&
	    pcre2_jit_compile((*out)->block, PCRE2_JIT_COMPLETE)) {
		pcre2_code_free((*out)->block);
		(*out)->block = NULL;
	}
	return NULL;
}

void
regex_free(struct regex *regex)
{
	if (!regex)
		return;
	pcre2_code_free(regex->block);
	pcre2_code_free(regex->code);
	free(regex);
}

struct regex_scratch *
regex_scratch_new(void)
{
	struct regex_scratch *scratch = xcalloc(1, sizeof(*scratch));

	scratch->data = pcre2_match_data_create(1, NULL);
	scratch->context = pcre2_match_context_create(NULL);
	if (!scratch->data || !scratch->context)
		abort();
	pcre2_set_match_limit(scratch->context, LIMIT_REGEX_STEPS);
	pcre2_set_depth_limit(scratch->context, LIMIT_REGEX_STEPS);
	pcre2_set_heap_limit(scratch->context, LIMIT_REGEX_HEAP_KIB);
	/* NULL without JIT, and the default of 32 KiB is used. */
	scratch->stack =
		pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
	return scratch;
}

void
regex_scratch_free(struct regex_scratch *scratch)
{
	if (!scratch)
		return;
	pcre2_match_data_free(scratch->data);
	pcre2_match_context_free(scratch->context);
	pcre2_jit_stack_free(scratch->stack);
	free(scratch);
}

static int64_t
cpu_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now))
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
regex_scratch_budget(struct regex_scratch *scratch, unsigned ms)
{
	scratch->budget_ms = ms;
	scratch->bytes = 0;
	scratch->start_ms = -1;
	scratch->spent = false;
}

bool
regex_scratch_spent(const struct regex_scratch *scratch)
{
	return scratch->spent;
}

/* Charge @n bytes to the budget; false when it is spent. */
static bool
charge(struct regex_scratch *scratch, size_t n)
{
	int64_t now;

	scratch->bytes += n + CALL_BYTES;
	if (scratch->bytes < CLOCK_BYTES || !scratch->budget_ms)
		return !scratch->spent;
	scratch->bytes = 0;
	now = cpu_ms();
	if (scratch->start_ms < 0)
		scratch->start_ms = now;
	else if (now - scratch->start_ms > scratch->budget_ms)
		scratch->spent = true;
	return !scratch->spent;
}

/* Search @piece from @start on; *@at gets where the match begins. */
static enum regex_result
search(size_t *at, const struct regex *regex, struct regex_scratch *scratch,
       struct span piece, size_t start)
{
	PCRE2_SPTR text = (PCRE2_SPTR)piece.ptr;
	int status;

	if (!charge(scratch, piece.len - start))
		return REGEX_LIMIT;
	status = regex->jit
			 ? pcre2_jit_match(regex->code, text, piece.len, start,
					   0, scratch->data, scratch->context)
			 : pcre2_match(regex->code, text, piece.len, start, 0,
				       scratch->data, scratch->context);
	if (status == PCRE2_ERROR_NOMATCH)
		return REGEX_NO;
	if (status < 0)
		return REGEX_LIMIT;
	*at = pcre2_get_ovector_pointer(scratch->data)[0];
	return REGEX_YES;
}

enum regex_result
regex_match(const struct regex *regex, struct regex_scratch *scratch,
	    struct span line)
{
	size_t start = 0, from, end, at = 0;
	enum regex_result result;

	for (;; start += LIMIT_REGEX_WINDOW - OVERLAP) {
		from = start > BEHIND ? start - BEHIND : 0;
		end = line.len - start > LIMIT_REGEX_WINDOW
			      ? start + LIMIT_REGEX_WINDOW
			      : line.len;
		result = search(&at, regex, scratch,
				(struct span){ line.ptr ? line.ptr + from : "",
					       end - from },
				start - from);
		if (end == line.len || result == REGEX_LIMIT)
			return result;
		/* What begins in the overlap the next piece sees whole. */
		if (result == REGEX_YES && from + at < end - OVERLAP)
			return REGEX_YES;
	}
}

/* The length of the first lines of @block that are searched together; 0: the
   first one is too long. */
static size_t
piece_of(struct span block)
{
	const char *end;

	if (block.len <= BLOCK_BYTES)
		return block.len;
	end = memrchr(block.ptr, '\n', BLOCK_BYTES);
	return end ? (size_t)(end + 1 - block.ptr) : 0;
}

bool
regex_may_match(const struct regex *regex, struct regex_scratch *scratch,
		struct span block)
{
	size_t n;

	if (!regex->block)
		return true;
	for (; block.len; block.ptr += n, block.len -= n) {
		n = piece_of(block);
		if (!n || !charge(scratch, n) ||
		    pcre2_jit_match(regex->block, (PCRE2_SPTR)block.ptr, n, 0,
				    0, scratch->data,
				    scratch->context) != PCRE2_ERROR_NOMATCH)
			return true;
	}
	return false;
}
