#include "csource-decl.h"

bool
csource_is_capitals(struct span word)
{
	size_t letters = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] >= 'a' && word.ptr[i] <= 'z')
			return false;
		letters += word.ptr[i] >= 'A' && word.ptr[i] <= 'Z';
	}
	return letters > 1;
}

bool
csource_is_annotation(struct span word)
{
	static const char *const starts[] = {
		"__init", "__exit",	  "__read_mostly",  "__ro_after",
		"__used", "__maybe",	  "__always",	    "__weak",
		"__cold", "__hot",	  "__user",	    "__iomem",
		"__rcu",  "__percpu",	  "__force",	    "__must",
		"__pure", "__noreturn",	  "__meminit",	    "__cpuinit",
		"__dev",  "__ref",	  "__net_init",	    "__sched",
		"__kpr",  "__cacheline",  "__page_aligned", "__latent",
		"__no",	  "__deprecated", "__packed",	    "__randomize",
		"____",	  "__visible",	  "__cpu",	    "__unused",
	};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (span_starts(word, starts[i]))
			return true;
	return false;
}

void
csource_forget(struct csource_reader *r)
{
	r->state.decl = (struct cdeclaration){ 0 };
}

struct span
csource_args(const struct cdeclaration *d)
{
	if (!d->args || !d->args_end)
		return (struct span){ "", 0 };
	return (struct span){ d->args, (size_t)(d->args_end - d->args) };
}

struct span
csource_macro_argument(const struct cdeclaration *d, unsigned n)
{
	struct ctokens tokens;
	struct ctoken token;
	struct span word = { "", 0 };
	unsigned depth = 0, at = 0;

	ctokens_init(&tokens, csource_args(d), 1);
	for (ctoken_next(&token, &tokens); token.kind != CTOKEN_END && at <= n;
	     ctoken_next(&token, &tokens)) {
		depth += ctoken_is_mark(&token, '(');
		depth -= depth && ctoken_is_mark(&token, ')');
		at += ctoken_is_mark(&token, ',') && !depth;
		if (at == n && token.kind == CTOKEN_WORD)
			word = token.text;
	}
	return word;
}

/* DEFINE_PER_CPU(type, name) and DEFINE_MUTEX(name) are variables. */
static bool
is_variable_macro(struct span name)
{
	return span_starts(name, "DEFINE_") ||
	       span_equal(name, SPAN("LIST_HEAD")) ||
	       span_equal(name, SPAN("HLIST_HEAD")) ||
	       span_equal(name, SPAN("DECLARE_BITMAP")) ||
	       span_equal(name, SPAN("DECLARE_RWSEM")) ||
	       span_equal(name, SPAN("DECLARE_WORK")) ||
	       span_equal(name, SPAN("DECLARE_WAIT_QUEUE_HEAD")) ||
	       span_equal(name, SPAN("ATOMIC_NOTIFIER_HEAD")) ||
	       span_equal(name, SPAN("BLOCKING_NOTIFIER_HEAD")) ||
	       span_equal(name, SPAN("RAW_NOTIFIER_HEAD"));
}

size_t
csource_open_variable(struct csource_reader *r, struct span name, bool per_cpu)
{
	const struct cdeclaration *d = &r->state.decl;
	size_t number = csource_open(r, CSOURCE_VARIABLE, name, d->first);
	struct csource_def *def = csource_def(r, number);

	if (!def)
		return 0;
	def->is_static = d->is_static && !r->header;
	def->per_cpu = per_cpu;
	def->type = d->tag;
	return number;
}

void
csource_mention_arguments(struct csource_reader *r)
{
	const struct cdeclaration *d = &r->state.decl;
	struct ctokens tokens;
	struct ctoken token;

	ctokens_init(&tokens, csource_args(d), d->args_line);
	cbody_start(r->macro, (struct span){ NULL, 0 });
	for (ctoken_next(&token, &tokens); token.kind != CTOKEN_END;
	     ctoken_next(&token, &tokens))
		if (token.kind != CTOKEN_DIRECTIVE)
			cbody_token(r->macro, r, &token, &tokens);
	cbody_flush(r->macro, r);
}

/* MACRO(...) at file scope. */
size_t
csource_open_macro_variable(struct csource_reader *r)
{
	struct cdeclaration *d = &r->state.decl;
	bool per_cpu = span_starts(d->name, "DEFINE_PER_CPU") ||
		       span_starts(d->name, "DEFINE_EARLY_PER_CPU");
	struct span name = csource_macro_argument(d, per_cpu ? 1 : 0);

	if (!is_variable_macro(d->name) || !name.len)
		return 0;
	if (per_cpu) {
		struct ctokens tokens;
		struct ctoken token;

		ctokens_init(&tokens, csource_args(d), 1);
		ctoken_next(&token, &tokens);
		if (token.kind == CTOKEN_WORD &&
		    cword(token.text) == CWORD_STRUCT) {
			ctoken_next(&token, &tokens);
			d->tag = token.text;
		}
	}
	return csource_open_variable(r, name, per_cpu);
}

static void
end_macro_call(struct csource_reader *r, uint32_t line)
{
	struct cdeclaration *d = &r->state.decl;
	size_t def = csource_open_macro_variable(r);

	if (r->want_refs) {
		if (!def)
			csource_mention(r, CSOURCE_CALL, d->name,
					(struct span){ NULL, 0 }, d->args_line);
		csource_mention_arguments(r);
	}
	csource_close(r, def, line);
}

bool
csource_is_macro_call(const struct cdeclaration *d)
{
	return d->after_args && d->args_end && !d->types && !d->aggregate &&
	       !d->pointer;
}

bool
csource_is_variable(const struct cdeclaration *d)
{
	return d->word.len && d->types && !d->is_typedef && !d->is_extern &&
	       (!d->after_args || d->pointer);
}

void
csource_end_declarator(struct csource_reader *r, uint32_t line)
{
	struct cdeclaration *d = &r->state.decl;

	if (csource_is_macro_call(d))
		end_macro_call(r, line);
	else if (csource_is_variable(d))
		csource_close(r, csource_open_variable(r, d->word, false),
			      line);
}

void
csource_end_macro(struct csource_reader *r)
{
	if (csource_is_macro_call(&r->state.decl))
		end_macro_call(r, r->state.decl.args_line);
	csource_forget(r);
}

struct span
csource_function_name(const struct cdeclaration *d)
{
	struct span argument;

	if (csource_is_capitals(d->name) && d->types < 1) {
		argument = csource_macro_argument(d, 0);
		if (argument.len)
			return argument;
	}
	return d->name;
}
