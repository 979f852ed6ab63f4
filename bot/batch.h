/*
 * batch.h - the series of the mails of a batch
 */
#ifndef BOT_BATCH_H
#define BOT_BATCH_H

struct batch;
struct review;
struct series;

/*
 * Sort the reviews into batch->series. What its list's owner took back is in
 * none. A part may have its version from the cover letter.
 */
void batch_find_series(struct batch *batch);

/* The series of one of the reviews; NULL: none. series_patches() has the
   others of it, by their number in batch->reviews. */
const struct series *batch_series(const struct batch *batch,
				  const struct review *review);

/* Fill in review->input.series: the other patches of its series that could be
   laid on a tree; commits of one range are as good as one. */
void batch_find_mates(struct review *review, const struct batch *batch);

/* Fill in what review->verdict says of the parts of its series. */
void batch_tell_parts(struct review *review, const struct batch *batch);

#endif
