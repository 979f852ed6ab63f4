/*
 * account.h - how the configuration says that mail is sent: smtp.*
 */
#ifndef BOT_ACCOUNT_H
#define BOT_ACCOUNT_H

#include "attr.h"
#include "send.h"

struct arena;
struct config;
struct error;

/*
 * Without smtp.tls, smtp:// means STARTTLS: plain text must be asked for.
 * ERROR_CONFIG: smtp.url is not set or holds a login, smtp.tls says something
 * else than the URL, smtp.user would be sent in plain text, or
 * smtp.passwordFile is not there, empty, or open to everybody.
 */
MUST_CHECK
const struct error *account_read(struct send_account *out, struct arena *arena,
				 const struct config *config);

/* As far as it can be wrong without a look at files. */
MUST_CHECK const struct error *account_check(const struct config *config);

#endif
