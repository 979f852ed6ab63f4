#include "review.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "arena.h"
#include "batch.h"
#include "digest.h"
#include "error.h"
#include "finding.h"
#include "kind.h"
#include "divergence.h"
#include "maps.h"
#include "people.h"
#include "stack.h"
#include "threads.h"
#include "tree.h"
#include "utf8.h"
#include "rules/pack.h"
#include "rules/reach-map.h"
#include "rules/reach.h"
#include "rules/regex.h"

struct reviewer {
	struct review_setup setup;
	struct people *people;
	struct threads *threads;
	struct regex_scratch *scratch;
};

const struct error *
reviewer_new(struct reviewer **out, const struct review_setup *setup)
{
	AUTOFREE(reviewer) *reviewer = xcalloc(1, sizeof(*reviewer));
	const struct error *err;

	reviewer->setup = *setup;
	reviewer->threads = threads_new();
	reviewer->scratch = regex_scratch_new();
	err = people_new(&reviewer->people, setup->packs, setup->trees,
			 setup->config);
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
	people_free(reviewer->people);
	free(reviewer);
}

const struct packs *
reviewer_packs(const struct reviewer *reviewer)
{
	return reviewer->setup.packs;
}

/* What identifies a mail for ever: taken once, whoever brings it. */
static const char *
key_of(struct arena *arena, const struct mail *mail, const char *source)
{
	char digest[DIGEST_SIZE];

	if (mail->msgid)
		return mail->msgid;
	if (!mail->raw.len && mail->commit)
		return arena_printf(arena, "git:%s", mail->commit);
	/* Of what could not be read, only its place is known. */
	digest_bytes(digest, mail->raw.len ? mail->raw : span_of(source));
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
	verdict->key = key_of(arena, mail, verdict->source);
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

/* What came in is accounted for, also when nobody can read it. */
static void
give_up(struct review *review, struct arena *arena, const struct error *err)
{
	review->broken = true;
	review->verdict.kind = KIND_OTHER;
	review->verdict.skipped = "not readable as a mail";
	verdict_error(&review->verdict, arena, err->message);
	error_free(err);
}

static void
parse(struct review *review, struct arena *arena,
      const struct source_item *item)
{
	struct verdict *verdict = &review->verdict;
	const struct error *err = NULL;

	if (item->kind == SOURCE_FAULT)
		err = item->fault;
	else if (item->kind == SOURCE_COMMIT)
		mail_from_commit(&review->mail, arena, &item->commit);
	else
		err = mail_parse(&review->mail, arena, item->raw);
	review->mail.raw = item->raw;
	if (err && (item->kind == SOURCE_FAULT || err->class != ERROR_NOINPUT ||
		    !is_bare_diff(review, arena, item->raw))) {
		give_up(review, arena, err);
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

static struct threads *
threads_of(const struct reviewer *reviewer, const struct batch *batch)
{
	return batch->threads ? batch->threads : reviewer->threads;
}

/* What a file's images and functions take in the middle, since those of one
   batch are shared: a batch of patches with a tree is cut earlier. */
enum { IMAGES_BYTES = 32 << 10 };

struct review *
review_add(struct batch *batch, struct reviewer *reviewer,
	   const struct source *source, const struct source_item *item)
{
	struct review *review;

	GROW(batch->reviews, batch->cap, batch->n);
	review = &batch->reviews[batch->n++];
	memset(review, 0, sizeof(*review));
	review->verdict.source = item->where;
	review->lasting = item->lasting;
	review->parent = item->parent;
	review->range = item->base;
	review->repo = source ? source_repo(source) : NULL;
	batch->bytes += item->raw.len + item->commit.diff.len;
	parse(review, batch->arena, item);
	describe(review, batch->arena);
	if (reviewer->setup.trees || review->repo)
		batch->bytes += review->patch.nfiles * IMAGES_BYTES;
	if (kind_is_judged(review->verdict.kind))
		report_faults(review, batch->arena);
	review->removed = item->kind == SOURCE_DELETED;
	if (!review->broken && !review->removed)
		threads_add(threads_of(reviewer, batch), &review->mail);
	return review;
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
find_asked(struct addresses *out, const struct batch *batch,
	   const struct reviewer *reviewer, const struct mail *mail)
{
	struct arena *arena = batch->arena;

	addresses_add(out, arena, mail->from);
	addresses_add(out, arena, mail->author);
	addresses_add(out, arena, mail->submitter);
	append(out, arena, &mail->to);
	append(out, arena, &mail->cc);
	if ((!mail->to.n && !mail->cc.n) || !mail->msgid)
		add_trailers(out, arena, mail);
	threads_asked(out, arena, threads_of(reviewer, batch), mail);
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

/* The map of pack @i for @review, be it NULL. */
static const struct error *
find_map(struct map_choice *out, const struct review *review,
	 const struct reviewer *reviewer, size_t i)
{
	struct map_wanted wanted = { .date = review->verdict.date };
	struct tree tree;

	*out = (struct map_choice){ .how = MAP_NONE };
	if (!reviewer->setup.maps)
		return NULL;
	if (review->repo && review->range) {
		wanted.repo = review->repo;
		wanted.commit = review->range;
	} else if (!review->repo) {
		trees_nearest(&tree, reviewer->setup.trees, wanted.date);
		wanted.repo = tree.repo;
		wanted.commit = tree.commit;
	}
	return maps_choose(out, reviewer->setup.maps, i, &wanted);
}

/* Let rules see @review by the map of pack @i; the other patches of its series
   need theirs, too. */
static const struct error *
choose_map(struct review *review, const struct reviewer *reviewer,
	   struct arena *arena, size_t i)
{
	struct map_choice choice;
	const struct error *err;

	review->subject.map = NULL;
	if (!review->subject.applied)
		return NULL;
	err = find_map(&choice, review, reviewer, i);
	if (err || !choice.map)
		return err;
	review->scope = (struct map_scope){
		.map = choice.map,
		.platform = reviewer->setup.packs->v[i]->platform,
		.arena = arena,
		.nplaces = review->places.n,
	};
	review->subject.map = &review->scope;
	review->verdict.map_of = choice.map->of;
	review->verdict.map_how = choice.how;
	return NULL;
}

static void
match_for_pack(struct review *review, struct reviewer *reviewer,
	       struct arena *arena, size_t i)
{
	const struct pack *pack = reviewer->setup.packs->v[i];
	struct match_result *match = &review->matches[i];
	struct verdict *verdict = &review->verdict;
	struct pack_verdict *out = &verdict->packs[i];

	if (review->reached)
		review->input.reached = review->reached[i];
	match_pack(match, arena, pack, &review->input, reviewer->scratch);
	out->pack = pack->name;
	out->version = pack->version;
	out->hash = pack->hash;
	out->score = match->score;
	out->decision = decide(reviewer, match);
	add_findings(review, arena, pack, match);
	if (out->score > verdict->score)
		verdict->score = out->score;
}

static bool
is_judged(const struct review *review)
{
	return kind_is_judged(review->verdict.kind) && !review->left_alone &&
	       !review->removed;
}

static void
begin_match(struct reviewer *reviewer, struct batch *batch,
	    struct review *review, bool ask_series)
{
	const struct packs *packs = reviewer->setup.packs;
	struct verdict *verdict = &review->verdict;

	verdict->program = reviewer->setup.program;
	verdict->npacks = packs->n;
	verdict->packs =
		ARENA_ARRAY(batch->arena, packs->n, struct pack_verdict);
	review->matches =
		ARENA_ARRAY(batch->arena, packs->n, struct match_result);
	review->input.patch = &review->subject;
	if (ask_series)
		batch_find_mates(review, batch);
}

/* By one pack after the other: each sees the patches by its own map. */
static const struct error *
match_all(struct reviewer *reviewer, struct batch *batch, size_t pack)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < batch->n; i++)
		err = choose_map(&batch->reviews[i], reviewer, batch->arena,
				 pack);
	for (size_t i = 0; !err && i < batch->n; i++)
		if (is_judged(&batch->reviews[i]))
			match_for_pack(&batch->reviews[i], reviewer,
				       batch->arena, pack);
	return err;
}

bool
reviewer_asks_series(const struct reviewer *reviewer)
{
	const struct packs *packs = reviewer->setup.packs;

	for (size_t i = 0; i < packs->n; i++)
		for (size_t j = 0; j < packs->v[i]->nrules; j++) {
			const struct rule *rule = &packs->v[i]->rules[j];

			/* They stand last. */
			if (rule->nconditions &&
			    rule->conditions[rule->nconditions - 1].kind ==
				    CONDITION_UNLESS_SERIES)
				return true;
		}
	return false;
}

static bool
is_part(const struct review *review)
{
	return review->repo || review->mail.prefix.total > 1;
}

/* Mail that is left alone is still part of its series. */
static bool
is_laid(const struct review *review, void *ask_series)
{
	return is_judged(review) ||
	       (*(bool *)ask_series && is_part(review) &&
		kind_is_judged(review->verdict.kind) && !review->removed);
}

static const struct error *
reach(struct review *review, const struct reviewer *reviewer,
      struct arena *arena)
{
	const struct packs *packs = reviewer->setup.packs;

	review->unreached = true;
	review->reached = ARENA_ARRAY(arena, packs->n, const bool *);
	for (size_t i = 0; i < packs->n; i++) {
		struct reach_map map = { .platform = packs->v[i]->platform };
		struct map_choice choice;
		const struct error *err =
			find_map(&choice, review, reviewer, i);

		if (err)
			return err;
		map.map = choice.map;
		map.in_tree = reviewer->setup.trees || review->repo;
		review->reached[i] = reach_patch(
			arena, packs->v[i], choice.map ? &map : NULL,
			&review->patch, reviewer->scratch);
		review->unreached &= !review->reached[i];
	}
	return NULL;
}

/* What other patches of a series ask about has its places in any case. */
static const struct error *
reach_all(struct batch *batch, const struct reviewer *reviewer, bool ask_series)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < batch->n; i++) {
		struct review *review = &batch->reviews[i];

		if (is_judged(review) && !(ask_series && is_part(review)))
			err = reach(review, reviewer, batch->arena);
	}
	return err;
}

const struct error *
review_match(struct reviewer *reviewer, struct batch *batch)
{
	bool ask_series = reviewer_asks_series(reviewer);
	const struct error *err = NULL;

	batch_find_series(batch);
	if (reviewer->setup.hits_only)
		err = reach_all(batch, reviewer, ask_series);
	if (!err)
		err = stack_apply(batch, reviewer->setup.trees, is_laid,
				  &ask_series);
	if (err)
		return err;
	for (size_t i = 0; i < batch->n; i++)
		if (is_judged(&batch->reviews[i]))
			begin_match(reviewer, batch, &batch->reviews[i],
				    ask_series);
	for (size_t i = 0; !err && i < reviewer->setup.packs->n; i++)
		err = match_all(reviewer, batch, i);
	return err;
}

/* Whether the audience knows already; from "noted" on it is worth looking. */
static const struct error *
ask_audience(struct review *review, struct reviewer *reviewer,
	     const struct batch *batch, struct pack_verdict *pack, size_t i)
{
	struct addresses asked = { .n = 0 };
	struct people_split split;
	const struct error *err =
		find_asked(&asked, batch, reviewer, &review->mail);

	if (!err)
		err = people_split(&split, batch->arena, reviewer->people, i,
				   &asked);
	if (err)
		return err;
	pack->needed = split.needed;
	pack->present = split.present;
	if (split.known && pack->decision == DECISION_FLAGGED)
		pack->decision = DECISION_COVERED;
	return NULL;
}

static const struct error *
settle(struct review *review, struct reviewer *reviewer,
       const struct batch *batch)
{
	struct verdict *verdict = &review->verdict;
	const struct error *err = NULL;

	batch_tell_parts(review, batch);
	verdict->decision = DECISION_CLEAR;
	for (size_t i = 0; !err && i < verdict->npacks; i++) {
		struct pack_verdict *pack = &verdict->packs[i];

		if (pack->decision >= DECISION_NOTED)
			err = ask_audience(review, reviewer, batch, pack, i);
		if (pack->decision > verdict->decision)
			verdict->decision = pack->decision;
	}
	return err;
}

const struct error *
review_ask_again(bool *covered, struct reviewer *reviewer,
		 const struct batch *batch, struct review *review)
{
	const struct packs *packs = reviewer->setup.packs;
	struct verdict *verdict = &review->verdict;
	const struct error *err = NULL;

	verdict->decision = DECISION_CLEAR;
	for (size_t i = 0; !err && i < verdict->npacks; i++) {
		struct pack_verdict *pack = &verdict->packs[i];
		bool was_flagged = pack->decision == DECISION_FLAGGED;
		size_t k = 0;

		while (k < packs->n && strcmp(packs->v[k]->name, pack->pack))
			k++;
		if (was_flagged && k < packs->n)
			err = ask_audience(review, reviewer, batch, pack, k);
		*covered |= was_flagged && pack->decision != DECISION_FLAGGED;
		if (pack->decision > verdict->decision)
			verdict->decision = pack->decision;
	}
	return err;
}

const struct error *
review_settle(struct reviewer *reviewer, struct batch *batch)
{
	const struct error *err = NULL;

	for (size_t i = 0; !err && i < batch->n; i++)
		if (is_judged(&batch->reviews[i]))
			err = settle(&batch->reviews[i], reviewer, batch);
	return err;
}

const struct error *
review_judge(struct reviewer *reviewer, struct batch *batch)
{
	const struct error *err = review_match(reviewer, batch);

	return err ? err : review_settle(reviewer, batch);
}

void
reviewer_forget(struct reviewer *reviewer)
{
	threads_free(reviewer->threads);
	reviewer->threads = threads_new();
}
