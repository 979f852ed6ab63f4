#include "review.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "audience.h"
#include "config.h"
#include "digest.h"
#include "error.h"
#include "finding.h"
#include "identity.h"
#include "kind.h"
#include "limits.h"
#include "maintainers.h"
#include "strlist.h"
#include "threads.h"
#include "tree.h"
#include "utf8.h"
#include "rules/pack.h"
#include "rules/regex.h"

struct reviewer {
	struct review_setup setup;
	struct arena *arena; /* audiences */
	struct identity *identity;
	struct threads *threads;
	struct audience *audiences; /* one per pack */
	struct regex_scratch *scratch;
};

/* Configuration's and packs' tables of addresses that are one. */
static void
learn_aliases(struct reviewer *reviewer)
{
	const struct packs *packs = reviewer->setup.packs;
	struct strlist names = STRLIST;

	for (size_t i = 0; i < packs->n; i++)
		for (size_t j = 0; j < packs->v[i]->naliases; j++)
			identity_alias(reviewer->identity,
				       packs->v[i]->aliases[j].canonical,
				       packs->v[i]->aliases[j].alias);
	if (reviewer->setup.config)
		config_subsections(&names, reviewer->setup.config, "alias");
	for (size_t i = 0; i < names.n; i++) {
		CLEANUP(xfree) char *key = xasprintf("alias.%s", names.v[i]);
		struct strlist same = STRLIST;

		config_get_all(&same, reviewer->setup.config, key);
		for (size_t j = 1; j < same.n; j++)
			identity_alias(reviewer->identity, same.v[0],
				       same.v[j]);
		strlist_free(&same);
	}
	strlist_free(&names);
}

/* True when @m has every section that the pack notifies. */
static bool
knows_sections(const struct maintainers *m, const struct pack *pack)
{
	for (size_t i = 0; i < pack->nnotify; i++)
		if (!strchr(pack->notify[i], '@') &&
		    !maintainers_section(m, pack->notify[i]))
			return false;
	return true;
}

/*
 * The audience of each pack, from the newer of the tree's MAINTAINERS and the
 * pack's own copy: never from a patch's base, old trees name people long gone.
 */
static const struct error *
find_audiences(struct reviewer *reviewer, const struct maintainers *tree)
{
	const struct packs *packs = reviewer->setup.packs;

	reviewer->audiences =
		ARENA_ARRAY(reviewer->arena, packs->n, struct audience);
	for (size_t i = 0; i < packs->n; i++) {
		const struct pack *pack = packs->v[i];
		struct maintainers shipped = { .n = 0 };
		bool use_tree;
		const struct error *err;

		maintainers_parse(&shipped, reviewer->arena,
				  span_of(pack->maintainers));
		use_tree = tree->n && knows_sections(tree, pack) &&
			   (tree->date >= shipped.date ||
			    !knows_sections(&shipped, pack));
		err = audience_of_pack(&reviewer->audiences[i], reviewer->arena,
				       pack, use_tree ? tree : &shipped,
				       reviewer->identity);
		if (err)
			return error_wrap(err, "pack %s", pack->name);
	}
	return NULL;
}

static const struct error *
learn_people(struct reviewer *reviewer)
{
	const struct trees *trees = reviewer->setup.trees;
	struct maintainers tree = { .n = 0 };
	struct span text = { 0 };
	const struct error *err;
	int64_t date = 0;

	learn_aliases(reviewer);
	if (trees) {
		err = trees_newest_file(&text, &date, reviewer->arena, trees,
					".mailmap");
		if (err)
			return err;
		if (text.ptr)
			identity_mailmap(reviewer->identity, text);
		err = trees_newest_file(&text, &date, reviewer->arena, trees,
					"MAINTAINERS");
		if (err)
			return err;
		if (text.ptr)
			maintainers_parse(&tree, reviewer->arena, text);
		if (!tree.date)
			tree.date = date;
	}
	return find_audiences(reviewer, &tree);
}

const struct error *
reviewer_new(struct reviewer **out, const struct review_setup *setup)
{
	AUTOFREE(reviewer) *reviewer = xcalloc(1, sizeof(*reviewer));
	const struct error *err;

	reviewer->setup = *setup;
	reviewer->arena = arena_new();
	reviewer->identity = identity_new();
	reviewer->threads = threads_new();
	reviewer->scratch = regex_scratch_new();
	err = learn_people(reviewer);
	if (!err)
		*out = TAKE(reviewer);
	return err;
}

void
reviewer_free(struct reviewer *reviewer)
{
	if (!reviewer)
		return;
	regex_scratch_free(reviewer->scratch);
	threads_free(reviewer->threads);
	identity_free(reviewer->identity);
	arena_free(reviewer->arena);
	free(reviewer);
}

const struct packs *
reviewer_packs(const struct reviewer *reviewer)
{
	return reviewer->setup.packs;
}

/* What identifies a mail for ever: taken once, whoever brings it. */
static const char *
key_of(struct arena *arena, const struct mail *mail)
{
	char digest[DIGEST_SIZE];

	if (mail->msgid)
		return mail->msgid;
	if (!mail->raw.len && mail->commit)
		return arena_printf(arena, "git:%s", mail->commit);
	digest_bytes(digest, mail->raw);
	return arena_printf(arena, "raw:%s", digest);
}

static void
describe(struct review *review, struct arena *arena)
{
	struct verdict *verdict = &review->verdict;
	const struct mail *mail = &review->mail;

	verdict->msgid = mail->msgid;
	verdict->commit = mail->commit;
	verdict->subject = mail->subject ? mail->subject : "";
	verdict->author = mail->author;
	if (!verdict->author.addr)
		verdict->author = (struct address){ "", "" };
	verdict->date = mail->date;
	verdict->version = mail->prefix.version;
	verdict->part = mail->prefix.part;
	verdict->total = mail->prefix.total;
	verdict->key = key_of(arena, mail);
	verdict->decision = DECISION_SKIPPED;
}

/* A diff that no mail is around, as git-diff(1) prints it. */
static bool
is_bare_diff(struct review *review, struct arena *arena, struct span raw)
{
	patch_parse(&review->patch, arena, raw);
	if (!review->patch.nfiles)
		return false;
	mail_from_commit(&review->mail, arena,
			 &(struct mail_commit){ .author = { "", "" },
						.message = { "", 0 },
						.diff = raw });
	review->mail.raw = raw;
	return true;
}

static void
parse(struct review *review, struct arena *arena,
      const struct source_item *item)
{
	struct verdict *verdict = &review->verdict;
	const struct error *err = NULL;

	if (item->kind == SOURCE_COMMIT)
		mail_from_commit(&review->mail, arena, &item->commit);
	else
		err = mail_parse(&review->mail, arena, item->raw);
	if (err && !(err->class == ERROR_NOINPUT &&
		     is_bare_diff(review, arena, item->raw))) {
		review->broken = true;
		review->mail.raw = item->raw;
		verdict->kind = KIND_OTHER;
		verdict->skipped = "not readable as a mail";
		verdict_error(verdict, arena,
			      arena_printf(arena, "%s: %s", item->where,
					   err->message));
		error_free(err);
		return;
	}
	error_free(err);
	patch_parse(&review->patch, arena, review->mail.diff);
	verdict->kind =
		kind_of_mail(&verdict->skipped, &review->mail, &review->patch);
}

/* A file whose diff is damaged is judged as far as it goes, and said so. */
static void
report_faults(struct review *review, struct arena *arena)
{
	for (size_t i = 0; i < review->patch.nfiles; i++) {
		const struct patch_file *file = &review->patch.files[i];

		if (file->fault)
			verdict_error(&review->verdict, arena,
				      arena_printf(arena, "%s: %s",
						   patch_file_path(file),
						   file->fault));
	}
	if (review->patch.truncated)
		verdict_error(&review->verdict, arena,
			      "too many files or hunks: the rest was not read");
}

struct review *
review_add(struct batch *batch, struct reviewer *reviewer,
	   const struct source *source, const struct source_item *item)
{
	struct review *review;

	GROW(batch->reviews, batch->cap, batch->n);
	review = &batch->reviews[batch->n++];
	memset(review, 0, sizeof(*review));
	review->verdict.source = item->where;
	review->parent = item->parent;
	review->repo = source ? source_repo(source) : NULL;
	batch->bytes += item->raw.len + item->commit.diff.len;
	parse(review, batch->arena, item);
	describe(review, batch->arena);
	if (kind_is_judged(review->verdict.kind))
		report_faults(review, batch->arena);
	review->removed = item->kind == SOURCE_DELETED;
	if (!review->broken && !review->removed)
		threads_add(reviewer->threads, &review->mail);
	return review;
}

/* Choose the base, lay the patch on it, find the places. */
static const struct error *
apply(struct review *review, struct reviewer *reviewer, struct arena *arena)
{
	const struct trees *trees = reviewer->setup.trees;
	struct tree tree = { .repo = NULL };
	struct base base = { .how = BASE_NONE };
	const struct error *err = NULL;

	if (review->repo && review->parent) {
		tree.repo = review->repo;
		memcpy(tree.commit, review->parent,
		       strnlen(review->parent, sizeof(tree.commit) - 1));
		base.how = BASE_RANGE;
		base.commit = review->parent;
	} else if (trees && !review->repo) {
		err = trees_base(&tree, &base, arena, trees, &review->mail,
				 &review->patch);
	}
	if (!err)
		err = apply_patch(&review->applied, arena, &review->patch,
				  tree.repo ? &tree : NULL);
	if (err)
		return err;
	review->applied.base = base;
	review->verdict.base = base;
	memcpy(review->verdict.hunks, review->applied.hunks,
	       sizeof(review->verdict.hunks));
	places_find(&review->places, arena, &review->applied);
	return NULL;
}

static void
append(struct addresses *list, struct arena *arena,
       const struct addresses *more)
{
	for (size_t i = 0; i < more->n; i++)
		addresses_add(list, arena, more->v[i]);
}

/*
 * A patch that nobody has sent yet has no To and no Cc, or no Message-ID; git
 * send-email will ask those whom its trailers name.
 */
static void
add_trailers(struct addresses *asked, struct arena *arena,
	     const struct mail *mail)
{
	for (size_t i = 0; i < mail->ntrailers; i++) {
		const char *key = mail->trailers[i].key;
		size_t n = strlen(key);
		struct addresses named = { .n = 0 };

		if (strcasecmp(key, "cc") &&
		    (n < 4 || strcasecmp(key + n - 3, "-by")))
			continue;
		address_parse(&named, arena, mail->trailers[i].value);
		append(asked, arena, &named);
	}
}

/* Everybody who was asked already (design.md 2). */
static const struct error *
find_asked(struct addresses *out, struct arena *arena,
	   struct reviewer *reviewer, const struct mail *mail)
{
	addresses_add(out, arena, mail->from);
	addresses_add(out, arena, mail->author);
	append(out, arena, &mail->to);
	append(out, arena, &mail->cc);
	if ((!mail->to.n && !mail->cc.n) || !mail->msgid)
		add_trailers(out, arena, mail);
	threads_asked(out, arena, reviewer->threads, mail);
	if (!reviewer->setup.thread)
		return NULL;
	return reviewer->setup.thread(out, arena, reviewer->setup.thread_arg,
				      mail);
}

static enum decision
decide(const struct reviewer *reviewer, const struct match_result *match)
{
	const struct review_setup *setup = &reviewer->setup;
	int flagging = match->wide ? match->wide_score : match->score;

	if (flagging >= setup->flag_at)
		return DECISION_FLAGGED;
	return match->score >= setup->note_at ? DECISION_NOTED : DECISION_CLEAR;
}

/* Whether the audience knows already; from "noted" on it is worth looking. */
static const struct error *
ask_audience(struct pack_verdict *pack, struct review *review,
	     struct reviewer *reviewer, struct arena *arena,
	     const struct audience *audience)
{
	struct addresses asked = { .n = 0 };
	const struct error *err =
		find_asked(&asked, arena, reviewer, &review->mail);

	if (err)
		return err;
	if (audience_split(&pack->needed, &pack->present, arena, audience,
			   &asked, reviewer->identity) &&
	    pack->decision == DECISION_FLAGGED)
		pack->decision = DECISION_COVERED;
	return NULL;
}

static void
add_findings(struct review *review, struct arena *arena,
	     const struct pack *pack, const struct match_result *match)
{
	struct verdict *verdict = &review->verdict;
	struct finding *all = ARENA_ARRAY(
		arena, verdict->nfindings + match->nhits, struct finding);

	if (verdict->nfindings)
		memcpy(all, verdict->findings,
		       verdict->nfindings * sizeof(*all));
	verdict->findings = all;
	for (size_t i = 0; i < match->nhits; i++)
		finding_of_hit(&all[verdict->nfindings++], arena, pack,
			       &match->hits[i]);
	for (size_t i = 0; i < match->nerrors; i++)
		verdict_error(verdict, arena, match->errors[i]);
}

static const struct error *
judge_for_pack(struct review *review, struct reviewer *reviewer,
	       struct arena *arena, size_t i)
{
	const struct pack *pack = reviewer->setup.packs->v[i];
	struct match_result *match = &review->matches[i];
	struct verdict *verdict = &review->verdict;
	struct pack_verdict *out = &verdict->packs[i];
	const struct error *err = NULL;

	match_pack(match, arena, pack, &review->input, reviewer->scratch);
	out->pack = pack->name;
	out->version = pack->version;
	out->hash = pack->hash;
	out->score = match->score;
	out->decision = decide(reviewer, match);
	if (out->decision >= DECISION_NOTED)
		err = ask_audience(out, review, reviewer, arena,
				   &reviewer->audiences[i]);
	add_findings(review, arena, pack, match);
	if (out->decision > verdict->decision)
		verdict->decision = out->decision;
	if (out->score > verdict->score)
		verdict->score = out->score;
	return err;
}

static bool
is_judged(const struct review *review)
{
	return kind_is_judged(review->verdict.kind) && !review->left_alone &&
	       !review->removed;
}

/* Patches of one posting; commits of one range are as good as one. */
static bool
is_series(const struct reviewer *reviewer, const struct review *a,
	  const struct review *b)
{
	if (a->repo || b->repo)
		return a->repo == b->repo;
	return threads_same_series(reviewer->threads, &a->mail, &b->mail);
}

/* The other patches of the series, for Unless-Series-. */
static void
find_series(struct review *review, const struct reviewer *reviewer,
	    const struct batch *batch)
{
	struct match_input *input = &review->input;
	const struct subject_patch **series;

	input->patch = &review->subject;
	if (!review->repo && review->mail.prefix.total < 2)
		return;
	series = ARENA_ARRAY(batch->arena, batch->n,
			     const struct subject_patch *);
	for (size_t i = 0; i < batch->n; i++) {
		const struct review *other = &batch->reviews[i];

		if (other != review && is_judged(other) &&
		    is_series(reviewer, review, other))
			series[input->nseries++] = &other->subject;
	}
	input->series = series;
}

static const struct error *
judge(struct reviewer *reviewer, struct batch *batch, struct review *review)
{
	const struct packs *packs = reviewer->setup.packs;
	struct verdict *verdict = &review->verdict;
	const struct error *err = NULL;

	verdict->program = reviewer->setup.program;
	verdict->decision = DECISION_CLEAR;
	verdict->series_complete =
		threads_complete(reviewer->threads, &review->mail);
	verdict->npacks = packs->n;
	verdict->packs =
		ARENA_ARRAY(batch->arena, packs->n, struct pack_verdict);
	review->matches =
		ARENA_ARRAY(batch->arena, packs->n, struct match_result);
	find_series(review, reviewer, batch);
	for (size_t i = 0; !err && i < packs->n; i++)
		err = judge_for_pack(review, reviewer, batch->arena, i);
	return err;
}

const struct error *
review_judge(struct reviewer *reviewer, struct batch *batch)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < batch->n; i++) {
		struct review *review = &batch->reviews[i];

		if (!is_judged(review))
			continue;
		err = apply(review, reviewer, batch->arena);
		review->subject = (struct subject_patch){
			.subject = review->verdict.subject,
			.message = review->mail.message,
			.applied = &review->applied,
			.places = &review->places,
		};
	}
	for (size_t i = 0; !err && i < batch->n; i++)
		if (is_judged(&batch->reviews[i]))
			err = judge(reviewer, batch, &batch->reviews[i]);
	return err;
}

void
batch_clear(struct batch *batch)
{
	arena_clear(batch->arena);
	batch->n = 0;
	batch->bytes = 0;
}

void
batch_free(struct batch *batch)
{
	arena_free(batch->arena);
	free(batch->reviews);
}

void
reviewer_forget(struct reviewer *reviewer)
{
	threads_free(reviewer->threads);
	reviewer->threads = threads_new();
}
