/*
 * attr.h - the compiler attributes that our prototypes use
 */
#ifndef BOT_ATTR_H
#define BOT_ATTR_H

/* The result must be looked at: every function that can fail has it. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* @fmt and @args are the 1-based positions of a printf format and its values */
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Never returns. */
#define NORETURN __attribute__((noreturn))

/* A local that is handed to @fn, by address, when it goes out of scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

#define UNUSED __attribute__((unused))

/*
 * DEFINE_AUTOFREE(T, fn): a cleanup function autofree_T(struct T **) for
 * "AUTOFREE(T) *local = NULL;", which calls fn(local) at the end of the scope.
 */
#define DEFINE_AUTOFREE(type, fn) \
	static inline void autofree_##type(struct type **p) \
	{ \
		fn(*p); \
	} \
	struct type

#define AUTOFREE(type) CLEANUP(autofree_##type) struct type

/* Hand an AUTOFREE local over: the scope's end then frees NULL. */
#define TAKE(p) \
	__extension__({ \
		__typeof__(p) taken_ = (p); \
		(p) = NULL; \
		taken_; \
	})

#endif
