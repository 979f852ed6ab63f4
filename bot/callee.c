#include "callee.h"

int
callee_written_argument(struct span callee)
{
	static const struct {
		const char *name;
		int arg;
	} writers[] = {
		{ "memset", 0 },
		{ "memcpy", 0 },
		{ "memmove", 0 },
		{ "WRITE_ONCE", 0 },
		{ "ACCESS_ONCE_RW", 0 },
		{ "this_cpu_write", 0 },
		{ "__this_cpu_write", 0 },
		{ "raw_cpu_write", 0 },
		{ "percpu_write", 0 },
		{ "this_cpu_add", 0 },
		{ "this_cpu_sub", 0 },
		{ "this_cpu_inc", 0 },
		{ "this_cpu_dec", 0 },
		{ "this_cpu_or", 0 },
		{ "this_cpu_and", 0 },
		{ "this_cpu_xchg", 0 },
		{ "this_cpu_cmpxchg", 0 },
		{ "__this_cpu_inc", 0 },
		{ "__this_cpu_dec", 0 },
		{ "__this_cpu_or", 0 },
		{ "__this_cpu_and", 0 },
		{ "xchg", 0 },
		{ "cmpxchg", 0 },
		{ "atomic_set", 0 },
		{ "atomic_inc", 0 },
		{ "atomic_dec", 0 },
		{ "strcpy", 0 },
		{ "strlcpy", 0 },
		{ "strscpy", 0 },
		{ "cpumask_copy", 0 },
		{ "cpumask_clear", 0 },
		{ "cpumask_setall", 0 },
		{ "bitmap_zero", 0 },
		{ "bitmap_fill", 0 },
		{ "rcu_assign_pointer", 0 },
		{ "smp_store_release", 0 },
		{ "static_call_update", 0 },
		{ "static_branch_enable", 0 },
		{ "static_branch_disable", 0 },
		{ "set_bit", 1 },
		{ "__set_bit", 1 },
		{ "clear_bit", 1 },
		{ "__clear_bit", 1 },
		{ "change_bit", 1 },
		{ "test_and_set_bit", 1 },
		{ "test_and_clear_bit", 1 },
		{ "cpumask_set_cpu", 1 },
		{ "cpumask_clear_cpu", 1 },
		{ "__cpumask_set_cpu", 1 },
		{ "__cpumask_clear_cpu", 1 },
		{ "cpumask_test_and_set_cpu", 1 },
		{ "cpu_set", 0 },
		{ "node_set", 1 },
		{ "node_clear", 1 },
	};

	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		if (writers[i].name[0] == callee.ptr[0] &&
		    span_equal(span_of(writers[i].name), callee))
			return writers[i].arg;
	return -1;
}

bool
callee_is_transparent(struct span callee)
{
	static const char *const names[] = {
		"per_cpu",	  "per_cpu_ptr",   "this_cpu_ptr",
		"raw_cpu_ptr",	  "__get_cpu_var", "get_cpu_var",
		"__this_cpu_ptr", "READ_ONCE",	   "ACCESS_ONCE",
		"early_per_cpu",  "get_cpu_ptr",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal(span_of(names[i]), callee))
			return true;
	return false;
}
