/*
 * sd-notify.h - telling systemd how the service is: sd_notify(3)
 *
 * The protocol alone, a datagram of lines to the socket that NOTIFY_SOCKET
 * names, a path or (with a leading @) an abstract name. Without a socket all
 * of this does nothing, and nothing here fails: a service manager that does
 * not listen is no reason to stop.
 */
#ifndef BOT_SD_NOTIFY_H
#define BOT_SD_NOTIFY_H

#include <stdint.h>

#include "attr.h"

struct sd_notify {
	int fd; /* -1: nobody asked */
	/* WATCHDOG_USEC: a ping is awaited in this time; 0: none is. */
	int64_t watchdog_us;
};

/* As the environment says. */
void sd_notify_open(struct sd_notify *out);
void sd_notify_close(struct sd_notify *notify);

/* "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=...": lines by "\n". */
void sd_notify(const struct sd_notify *notify, const char *fmt, ...)
	PRINTF(2, 3);
/* RELOADING=1 with the MONOTONIC_USEC that Type=notify-reload waits for;
   READY=1 ends it. */
void sd_notify_reloading(const struct sd_notify *notify);

#endif
