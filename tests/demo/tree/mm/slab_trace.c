// SPDX-License-Identifier: GPL-2.0
/*
 * Who freed an object last: a ring of callers for each cache.
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#define FREE_RING_SIZE	64

struct free_ring {
	unsigned long caller[FREE_RING_SIZE];
	unsigned int next;
};

static struct free_ring free_ring;

void slab_trace_free(const void *object, unsigned long caller)
{
	struct free_ring *ring = &free_ring;

	if (!object)
		return;

	ring->caller[ring->next % FREE_RING_SIZE] = caller;
	ring->next++;
}

unsigned long slab_last_free(void)
{
	if (!free_ring.next)
		return 0;

	return free_ring.caller[(free_ring.next - 1) % FREE_RING_SIZE];
}
