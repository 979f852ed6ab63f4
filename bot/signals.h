/*
 * signals.h - what a service is told from outside
 *
 * SIGTERM and SIGINT: end when it is convenient; a second one kills. SIGHUP:
 * read the configuration again. The one module with state at file scope: a
 * signal handler reaches nothing else.
 */
#ifndef BOT_SIGNALS_H
#define BOT_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

/* From now on. SIGPIPE is ignored: a log that nobody reads is no reason to
   die. */
void signals_catch(void);
/* SIGTERM and SIGINT only: for a command that ends by itself. */
void signals_catch_end(void);

/* Non-zero once the end was asked for; as struct taker wants it. */
const volatile int *signals_stop(void);
/* A reload was asked for and not begun. */
bool signals_reload(void);
/* The same, and it is begun: the next SIGHUP asks for one more. */
bool signals_take_reload(void);

/* Sleep until a signal, or until @ms have passed. One that came just before
   counts: there is no gap to lose it in. */
void signals_wait(int64_t ms);

#endif
