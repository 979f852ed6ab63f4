#include "cmd.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "address.h"
#include "arena.h"
#include "buf.h"
#include "error.h"
#include "limits.h"
#include "mail.h"
#include "options.h"
#include "output.h"
#include "repo.h"
#include "review.h"
#include "session.h"
#include "source.h"

/*
 * A batch is what is judged together: enough for any series, bounded for an
 * archive that somebody checks.
 */
enum {
	BATCH_MAILS = 1000,
	BATCH_BYTES = 64 << 20,
};

typedef void print_fn(const struct verdict *verdict, struct session *session,
		      struct arena *arena);

struct check {
	struct session session;
	struct arena *arena;
	struct addresses asked; /* by --header */
	print_fn *print;
	int status; /* the worst so far */
	size_t decisions[DECISION_FLAGGED + 1];
};

static void
fail(struct check *check, const struct error *err)
{
	check->status = exit_status_worse(check->status, cmd_fail(err));
}

static void
print_batch(struct check *check, struct batch *batch)
{
	for (size_t i = 0; i < batch->n; i++) {
		const struct review *review = &batch->reviews[i];
		const struct verdict *verdict = &review->verdict;

		check->print(verdict, &check->session, batch->arena);
		check->decisions[verdict->decision]++;
		if (verdict->decision == DECISION_FLAGGED)
			check->status = exit_status_worse(check->status, 1);
		if (review->broken)
			check->status =
				exit_status_worse(check->status, ERROR_INPUT);
	}
	fflush(stdout);
}

/* Judge what was read; everything is judged before the status is decided. */
static void
judge_batch(struct check *check, struct batch *batch)
{
	const struct error *err = review_judge(check->session.reviewer, batch);

	if (err)
		fail(check, err);
	else
		print_batch(check, batch);
	batch_clear(batch);
}

static void
check_source(struct check *check, const char *spec, struct batch *batch)
{
	struct source *source = NULL;
	const struct error *err = source_begin(
		&source, spec,
		&(struct source_begin){ .network = &check->session.network,
					.name = "" });
	struct source_item item = { .kind = SOURCE_MAIL };

	while (!err && item.kind != SOURCE_END) {
		err = source_next(&item, batch->arena, source);
		if (err)
			break;
		if (item.kind != SOURCE_END && item.kind != SOURCE_DELETED)
			review_add(batch, check->session.reviewer, source,
				   &item);
		if (batch->n >= BATCH_MAILS || batch->bytes >= BATCH_BYTES)
			judge_batch(check, batch);
	}
	if (err)
		fail(check, err);
	/* The trees of a repository's commits go with the source. */
	if (source && source_repo(source))
		judge_batch(check, batch);
	source_close(source);
}

/* The commits @range of the repository around the current directory. */
static const struct error *
range_spec(char **out, const char *range)
{
	AUTOFREE(repo) *repo = NULL;
	const struct error *err = repo_open(&repo, ".", REPO_DISCOVER);

	if (err)
		return error_wrap(err, "%s", range);
	*out = xasprintf("git:%s:%s", repo_path(repo), range);
	return NULL;
}

static bool
is_commit(const char *rev)
{
	AUTOFREE(repo) *repo = NULL;
	char oid[OID_HEX_SIZE];
	const struct error *err = repo_open(&repo, ".", REPO_DISCOVER);

	if (!err)
		err = repo_resolve(oid, repo, rev);
	error_free(err);
	return !err;
}

/*
 * An existing path is a path; then comes what a source looks like; then a
 * range; any other word is a revision when git knows it, else a file that is
 * missing.
 */
static bool
is_revision(const struct session *session, const char *arg)
{
	if (session->options.dashes)
		return false;
	if (!strcmp(arg, "-") || !access(arg, F_OK) ||
	    session_names_source(session, arg))
		return false;
	return (strstr(arg, "..") && !strstr(arg, "../")) || is_commit(arg);
}

static void
check_argument(struct check *check, const char *arg, struct batch *batch,
	       bool revision)
{
	CLEANUP(xfree) char *spec = NULL;
	const struct error *err;

	if (revision)
		err = range_spec(&spec, arg);
	else
		err = session_source(&spec, &check->session, arg);
	if (err)
		fail(check, err);
	else
		check_source(check, spec, batch);
}

static void
check_all(struct check *check)
{
	struct batch batch = { .arena = arena_new() };
	const struct options *options = &check->session.options;

	for (int i = 0; i < options->nargs; i++)
		check_argument(check, options->args[i], &batch,
			       is_revision(&check->session, options->args[i]));
	if (!options->nargs)
		check_argument(check, "@{upstream}..HEAD", &batch, true);
	judge_batch(check, &batch);
	batch_free(&batch);
}

static void
summarize(const struct check *check)
{
	size_t judged = 0;

	for (size_t i = DECISION_CLEAR; i <= DECISION_FLAGGED; i++)
		judged += check->decisions[i];
	fprintf(stderr, "%zu patch%s judged: ", judged,
		judged == 1 ? "" : "es");
	for (size_t i = DECISION_FLAGGED; i >= DECISION_CLEAR; i--)
		fprintf(stderr, "%zu %s%s", check->decisions[i],
			decision_name((enum decision)i),
			i > DECISION_CLEAR ? ", " : "");
	if (check->decisions[DECISION_SKIPPED])
		fprintf(stderr, "; %zu mail%s skipped",
			check->decisions[DECISION_SKIPPED],
			check->decisions[DECISION_SKIPPED] == 1 ? "" : "s");
	fputc('\n', stderr);
}

/*
 * The header that is about to be sent, as git send-email shows it to its hook:
 * who stands in its To and Cc is asked already.
 */
static const struct error *
read_header(struct check *check)
{
	const char *file = check->session.options.header;
	CLEANUP(buf_free) struct buf text = BUF(LIMIT_MAIL_BYTES);
	const struct error *err;
	struct mail header;

	if (!file)
		return NULL;
	/* A piece of a header will do; a mail it is with this field. */
	buf_addstr(&text, "Subject:\n");
	err = buf_read_file(&text, file);
	if (err)
		return err;
	err = mail_parse(&header, check->arena,
			 span_of(arena_strdup(check->arena, buf_str(&text))));
	if (err)
		return error_wrap(err, "--header %s", file);
	for (size_t i = 0; i < header.to.n; i++)
		addresses_add(&check->asked, check->arena, header.to.v[i]);
	for (size_t i = 0; i < header.cc.n; i++)
		addresses_add(&check->asked, check->arena, header.cc.v[i]);
	check->session.asked = &check->asked;
	return NULL;
}

static const struct error *
open_check(struct check *check)
{
	const struct error *err;

	check->arena = arena_new();
	err = read_header(check);
	return err ? err : session_open(&check->session, NEEDS_REVIEWER);
}

static void
close_check(struct check *check)
{
	session_close(&check->session);
	arena_free(check->arena);
}

static void
print_verdict(const struct verdict *verdict, struct session *session,
	      struct arena *arena)
{
	const struct options *options = &session->options;

	if (options->format == FORMAT_JSON) {
		output_json(stdout, verdict);
		return;
	}
	if (options->format == FORMAT_LINE) {
		output_findings(stdout, arena, verdict);
		return;
	}
	output_text(stdout, arena, verdict,
		    options->verbose > 1   ? OUTPUT_EXPLAIN
		    : options->verbose > 0 ? OUTPUT_ALL
					   : OUTPUT_BRIEF,
		    options_color(options, STDOUT_FILENO));
}

int
cmd_check(const struct cmd *cmd, int argc, char **argv)
{
	struct check check = { .session.options = OPTIONS,
			       .print = print_verdict };
	const struct error *err;

	if (!cmd_begin(&check.status, &check.session.options, cmd, argc, argv))
		return check.status;
	if (check.session.options.format == FORMAT_MSGID ||
	    check.session.options.format == FORMAT_MBOX ||
	    check.session.options.format == FORMAT_HTML) {
		check.status = cmd_usage(cmd, "--format is text, json or line");
	} else {
		err = open_check(&check);
		if (err) {
			fail(&check, err);
		} else {
			cmd_warn_maps(&check.session);
			check_all(&check);
		}
		if (!err && check.session.options.verbose >= 0 &&
		    check.session.options.format == FORMAT_TEXT)
			summarize(&check);
	}
	close_check(&check);
	return check.status;
}

/* For git send-email --cc-cmd and b4: nothing but addresses, one a line. */
static void
print_cc(const struct verdict *verdict, struct session *session,
	 struct arena *arena)
{
	(void)session;
	output_errors(verdict);
	for (size_t i = 0; i < verdict->npacks; i++) {
		const struct pack_verdict *pack = &verdict->packs[i];

		if (pack->decision != DECISION_FLAGGED)
			continue;
		for (size_t j = 0; j < pack->needed.n; j++)
			puts(address_format(arena, pack->needed.v[j]));
	}
}

int
cmd_cc(const struct cmd *cmd, int argc, char **argv)
{
	struct check check = { .session.options = OPTIONS, .print = print_cc };
	char dash[] = "-", *standard_input[] = { dash, NULL };
	const struct error *err;

	if (!cmd_begin(&check.status, &check.session.options, cmd, argc, argv))
		return check.status;
	if (!check.session.options.nargs) {
		check.session.options.args = standard_input;
		check.session.options.nargs = 1;
	}
	err = open_check(&check);
	if (err)
		fail(&check, err);
	else
		check_all(&check);
	close_check(&check);
	/*
	 * Senders stop at any failure. A flagged patch is none here, nor is
	 * one that cannot be read: it has nobody to add, and was said above.
	 */
	return !err && check.status == ERROR_INPUT ? 0
	       : check.status == 1		   ? 0
						   : check.status;
}
