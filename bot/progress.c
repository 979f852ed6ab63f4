#include "progress.h"

#include <stdio.h>
#include <time.h>

#include "take.h"

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void
progress_show(void *progress, const struct take_stats *stats, long left)
{
	struct progress *line = progress;
	size_t seen = stats->seen - line->seen_before;
	double spent, rate;

	if (!line->shown) {
		/* The first batch has no beginning yet: it is not counted. */
		line->shown = true;
		line->begun = seconds();
		line->seen_before = stats->seen;
		return;
	}
	spent = seconds() - line->begun;
	rate = spent > 0 ? (double)seen / spent : 0;
	fprintf(stderr, "\r%zu mails, %zu flagged, %.0f/s", stats->seen,
		stats->decisions[DECISION_FLAGGED], rate);
	if (left >= 0 && rate > 0)
		fprintf(stderr, ", %ld left, %.0f s", left,
			(double)left / rate);
	fputs("\033[K", stderr);
	fflush(stderr);
}

void
progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
