#include "load.h"

#include <stdlib.h>

#include "alloc.h"
#include "arena.h"
#include "error.h"
#include "kind.h"
#include "patch.h"
#include "source.h"
#include "threads.h"
#include "db/compress.h"
#include "db/store.h"

enum {
	BATCH_MAILS = 500,
	BATCH_BYTES = 16 << 20,
	BATCH_ITEMS = 10000, /* those passed over are quick */
};

struct load *
load_new(void)
{
	struct load *load = xcalloc(1, sizeof(*load));

	load->batch.arena = arena_new();
	load->batch.threads = threads_new();
	return load;
}

void
load_free(struct load *load)
{
	if (!load)
		return;
	error_free(load->err);
	error_free(load->broken);
	for (size_t i = load->nparsed; i < load->nitems; i++)
		if (load->items[i].kind == SOURCE_FAULT)
			error_free(load->items[i].fault);
	free(load->items);
	threads_free(load->batch.threads);
	batch_free(&load->batch);
	free(load);
}

static bool
is_full(const struct load *load)
{
	return load->nmails >= BATCH_MAILS || load->bytes >= BATCH_BYTES ||
	       load->nitems >= BATCH_ITEMS;
}

static void
add_fault(struct load *load, const char *message, long review)
{
	ARENA_GROW(load->batch.arena, load->faults, load->faults_cap,
		   load->nfaults);
	load->faults[load->nfaults++] = (struct load_fault){ message, review };
}

/* A file that is gone, or a disk that fails, may be there the next time. */
static bool
may_pass(const struct source_item *item)
{
	return item->kind == SOURCE_FAULT && item->fault->class != ERROR_INPUT;
}

static void
pass_over(struct load *load, const char *id)
{
	load->nknown++;
	ARENA_GROW(load->batch.arena, load->passed, load->passed_cap,
		   load->npassed);
	load->passed[load->npassed++] = id;
}

static void
add_item(struct load *load, const struct source_item *item)
{
	load->anew = item->anew;
	load->nmails += item->kind != SOURCE_KNOWN && !may_pass(item);
	load->bytes += item->raw.len + item->commit.diff.len;
	GROW(load->items, load->items_cap, load->nitems);
	load->items[load->nitems++] = *item;
}

static void
parse_item(struct load *load, struct reviewer *reviewer,
	   const struct source *source, const struct source_item *item)
{
	struct arena *arena = load->batch.arena;
	struct review *review;

	if (item->kind == SOURCE_KNOWN) {
		pass_over(load, item->tag_id);
		return;
	}
	if (may_pass(item)) {
		add_fault(load, arena_strdup(arena, item->fault->message), -1);
		error_free(item->fault);
		return;
	}
	review = review_add(&load->batch, reviewer, source, item);
	review->tag_id = item->tag_id;
	if (item->kind == SOURCE_FAULT)
		add_fault(load, review->verdict.errors[0],
			  review - load->batch.reviews);
}

void
load_read(struct load *load, struct source *source,
	  const struct load_stop *stop)
{
	struct arena *arena = load->batch.arena;
	const char *cursor;

	while (!load->broken && !load->end && !is_full(load) &&
	       !stop->now(stop->arg)) {
		struct source_item item = { .kind = SOURCE_END };

		load->broken = source_next(&item, arena, source);
		load->end = !load->broken && item.kind == SOURCE_END;
		if (!load->broken && !load->end)
			add_item(load, &item);
	}
	cursor = source_cursor(source);
	load->cursor = cursor ? arena_strdup(arena, cursor) : NULL;
	load->left = source_left(source);
}

void
load_parse(struct load *load, struct reviewer *reviewer,
	   const struct source *source)
{
	while (load->nparsed < load->nitems)
		parse_item(load, reviewer, source,
			   &load->items[load->nparsed++]);
}

static bool
is_clear(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->npacks; i++)
		if (verdict->packs[i].decision >= DECISION_NOTED)
			return false;
	return true;
}

/*
 * A mail that is not clear is kept, whatever becomes of its source, and one
 * that can be judged again unless its source keeps it. The rest of the list is
 * context, its rows are enough.
 */
static bool
keeps_raw(const struct review *review)
{
	if (!review->mail.raw.len)
		return false;
	return !is_clear(&review->verdict) ||
	       (!review->lasting &&
		(kind_is_judged(review->verdict.kind) || review->broken));
}

static void
pack(struct store_mail *out, struct arena *arena, struct compressor *compressor,
     const struct review *review)
{
	char id[PATCH_ID_SIZE];

	*out = (struct store_mail){ .mail = &review->mail,
				    .verdict = &review->verdict };
	if (kind_is_judged(review->verdict.kind))
		out->patch = &review->patch;
	if (!is_clear(&review->verdict) && patch_id(id, &review->patch))
		out->patch_id = arena_strdup(arena, id);
	if (keeps_raw(review))
		compress(&out->packed, arena, compressor, review->mail.raw);
}

void
load_pack(struct load *load, struct compressor *compressor)
{
	struct batch *batch = &load->batch;

	load->mails = ARENA_ARRAY(batch->arena, batch->n, struct store_mail);
	for (size_t i = 0; i < batch->n; i++)
		if (!batch->reviews[i].left_alone && !batch->reviews[i].removed)
			pack(&load->mails[i], batch->arena, compressor,
			     &batch->reviews[i]);
}
