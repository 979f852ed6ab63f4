#include "signals.h"

#include <assert.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

_Static_assert(_Generic((sig_atomic_t)0, int : 1, default : 0),
	       "signals_stop() lends it as an int");
static volatile sig_atomic_t stopping, reloading;

static void
on_end(int signal)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };

	(void)signal;
	stopping = 1;
	/* Whoever asks twice does not want to wait: SQLite undoes the batch. */
	sigaction(SIGTERM, &usual, NULL);
	sigaction(SIGINT, &usual, NULL);
}

static void
on_reload(int signal)
{
	(void)signal;
	reloading = 1;
}

void
signals_catch_end(void)
{
	struct sigaction end = { .sa_handler = on_end, .sa_flags = SA_RESTART };

	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGINT, &end, NULL);
}

void
signals_catch(void)
{
	struct sigaction reload = { .sa_handler = on_reload,
				    .sa_flags = SA_RESTART };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	signals_catch_end();
	sigaction(SIGHUP, &reload, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

const volatile int *
signals_stop(void)
{
	return &stopping;
}

bool
signals_reload(void)
{
	return reloading;
}

bool
signals_take_reload(void)
{
	/* Cleared before anything is read: what changes later is not missed. */
	bool asked = reloading;

	reloading = 0;
	return asked;
}

void
signals_wait(int64_t ms)
{
	struct timespec timeout = { .tv_sec = (time_t)(ms / 1000),
				    .tv_nsec = (long)(ms % 1000) * 1000000 };
	sigset_t ours, before;

	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGHUP);
	/* Held back while we look; ppoll(2) lets them through as it sleeps. */
	sigprocmask(SIG_BLOCK, &ours, &before);
	if (!stopping && !reloading && ms > 0)
		ppoll(NULL, 0, &timeout, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
}
