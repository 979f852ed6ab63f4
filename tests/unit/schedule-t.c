#include "bot/schedule.h"

#include "tests/unit/tap.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static void
test_order(void)
{
	struct schedule s = { .n = 0 };
	struct scheduled *first;

	ok(!schedule_first(&s), "nothing is due of nothing");
	schedule_add(&s, "a", 60, 1000);
	schedule_add(&s, "b", 60, 1000);
	first = schedule_first(&s);
	is_str(first->name, "a", "all are due at once, in their order");
	is_int(first->due_ms, 1000, "at once is now");
	scheduled_again(first, 1000);
	first = schedule_first(&s);
	is_str(first->name, "b", "one that goes on waits for the others");
	scheduled_done(first, 2000);
	is_int(first->due_ms, 2000 + MINUTE,
	       "done: until its interval is over");
	is_str(schedule_first(&s)->name, "a", "the other is next");
	schedule_free(&s);
	ok(!schedule_first(&s), "freed, and empty");
}

static void
test_back_off(void)
{
	static const int64_t waits[] = { 15 * MINUTE, 30 * MINUTE, HOUR, HOUR };
	struct schedule s = { .n = 0 };

	schedule_add(&s, "a", 900, 0);
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		scheduled_failed(&s.v[0], 5);
		is_int(s.v[0].due_ms - 5, waits[i], "waits for longer");
	}
	scheduled_done(&s.v[0], 7);
	is_int(s.v[0].due_ms, 7 + 15 * MINUTE, "success: as usual again");
	is_int(s.v[0].failures, 0, "and all is forgotten");
	for (int i = 0; i < 1000; i++)
		scheduled_failed(&s.v[0], 0);
	is_int(s.v[0].due_ms, HOUR, "no overflow");
	scheduled_postpone(&s.v[0], 0);
	is_int(s.v[0].due_ms, 10 * 1000, "a busy database: soon");
	is_int(s.v[0].failures, 1000, "is nobody's failure");
	schedule_free(&s);
}

static void
test_odd_intervals(void)
{
	struct schedule s = { .n = 0 };

	schedule_add(&s, "day", 24 * 3600, 0);
	scheduled_failed(&s.v[0], 0);
	scheduled_failed(&s.v[0], 0);
	is_int(s.v[0].due_ms, 24 * HOUR, "longer than the ceiling: as it is");
	schedule_add(&s, "never", 0, 0);
	scheduled_done(&s.v[1], 0);
	is_int(s.v[1].due_ms, 1000, "0 is no busy loop");
	scheduled_postpone(&s.v[1], 0);
	is_int(s.v[1].due_ms, 1000, "not later than its interval");
	schedule_free(&s);
}

static void
test_keep(void)
{
	struct schedule old = { .n = 0 }, new = { .n = 0 };

	schedule_add(&old, "same", 60, 0);
	schedule_add(&old, "sooner", 3600, 0);
	schedule_add(&old, "failing", 60, 0);
	schedule_add(&old, "gone", 60, 0);
	scheduled_done(&old.v[0], 0);
	scheduled_done(&old.v[1], 0);
	scheduled_failed(&old.v[2], 0);
	schedule_add(&new, "failing", 60, 10);
	schedule_add(&new, "sooner", 60, 10);
	schedule_add(&new, "same", 60, 10);
	schedule_add(&new, "new", 60, 10);
	schedule_keep(&new, &old, 10);
	is_int(new.v[0].due_ms, 10, "a failing one may be cured: at once");
	is_int(new.v[0].failures, 1, "but is not well yet");
	is_int(new.v[1].due_ms, 10 + MINUTE, "a shorter interval counts now");
	is_int(new.v[2].due_ms, MINUTE, "the same: when it was");
	is_int(new.v[3].due_ms, 10, "a new one: at once");
	schedule_free(&old);
	schedule_free(&new);
}

int
main(void)
{
	test_order();
	test_back_off();
	test_odd_intervals();
	test_keep();
	return done_testing();
}
