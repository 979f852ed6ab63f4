#include "account.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "buf.h"
#include "config.h"
#include "error.h"

enum {
	SILENCE_S = 300, /* RFC 5321 4.5.3.2 wants 5 minutes for most */
	SILENCE_MAX_S = 3600,
	PASSWORD_BYTES = 4096,
};

static bool
is_smtps(const char *url)
{
	return !strncmp(url, "smtps://", 8);
}

static bool
is_set_to(const struct config *config, const char *key, const char *value)
{
	const char *text = config_get(config, key);

	return text && !strcmp(text, value);
}

static enum send_tls
tls_of(const struct config *config, const char *url)
{
	if (is_smtps(url) || is_set_to(config, "smtp.tls", "tls"))
		return SEND_TLS;
	return is_set_to(config, "smtp.tls", "none") ? SEND_PLAIN
						     : SEND_STARTTLS;
}

static const struct error *
check_url(const struct config *config, const char *url)
{
	if (!url)
		return error_new(ERROR_CONFIG, "smtp.url is not set");
	if (!is_smtps(url) && strncmp(url, "smtp://", 7) != 0)
		return error_new(ERROR_CONFIG,
				 "smtp.url: neither smtp:// nor smtps://");
	/* It would be in every message about the server. */
	if (strchr(url, '@'))
		return error_new(ERROR_CONFIG,
				 "smtp.url: the login belongs into smtp.user "
				 "and smtp.passwordFile");
	if (is_smtps(url) && config_get(config, "smtp.tls") &&
	    !is_set_to(config, "smtp.tls", "tls"))
		return error_new(ERROR_CONFIG,
				 "smtp.tls is %s, but smtp.url begins with "
				 "smtps://",
				 config_get(config, "smtp.tls"));
	return NULL;
}

const struct error *
account_check(const struct config *config)
{
	const char *url = config_get(config, "smtp.url");
	const char *user = config_get(config, "smtp.user");
	bool has_file = config_get(config, "smtp.passwordFile");
	const struct error *err = check_url(config, url);

	if (err)
		return err;
	if (!user != !has_file)
		return error_new(ERROR_CONFIG,
				 "smtp.user and smtp.passwordFile go together");
	if (user && tls_of(config, url) == SEND_PLAIN)
		return error_new(ERROR_CONFIG,
				 "smtp.tls is none: smtp.user's password would "
				 "go out in plain text");
	return NULL;
}

static const struct error *
check_mode(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_errno("%s", path);
	if (!S_ISREG(st.st_mode))
		return error_new(ERROR_CONFIG, "%s: not a file", path);
	if (st.st_mode & (S_IRWXO | S_IWGRP))
		return error_new(ERROR_CONFIG,
				 "%s: a password that everybody may read or "
				 "write; chmod 600 it",
				 path);
	return NULL;
}

static const struct error *
read_password(const char **out, struct arena *arena, const char *path)
{
	struct buf text = BUF(PASSWORD_BYTES);
	const struct error *err;
	size_t len;
	int fd;

	/* Without waiting for somebody at the other end of a FIFO. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return error_errno("smtp.passwordFile: %s", path);
	err = check_mode(fd, path);
	if (!err)
		err = buf_read_fd(&text, fd, path);
	close(fd);
	len = strcspn(buf_str(&text), "\r\n");
	if (!err && !len)
		err = error_new(ERROR_CONFIG, "%s: no password in it", path);
	if (!err)
		*out = arena_strndup(arena, text.data, len);
	if (text.data)
		explicit_bzero(text.data, text.cap);
	buf_free(&text);
	return err ? error_wrap(err, "smtp.passwordFile") : NULL;
}

const struct error *
account_read(struct send_account *out, struct arena *arena,
	     const struct config *config)
{
	struct send_account account = { .silence_s = SILENCE_S };
	const char *file = config_get(config, "smtp.passwordFile");
	const struct error *err = account_check(config);

	if (!err)
		err = config_interval(&account.silence_s, config,
				      "smtp.timeout");
	if (!err &&
	    (account.silence_s < 1 || account.silence_s > SILENCE_MAX_S))
		err = error_new(ERROR_CONFIG,
				"smtp.timeout: from 1 second to one hour");
	if (!err && file)
		err = read_password(&account.password, arena, file);
	if (err)
		return err;
	account.url = config_get(config, "smtp.url");
	account.tls = tls_of(config, account.url);
	account.user = config_get(config, "smtp.user");
	account.ca_file = config_get(config, "smtp.caFile");
	*out = account;
	return NULL;
}
