#include "deliver.h"

#include <inttypes.h>
#include <strings.h>
#include <unistd.h>

#include "account.h"
#include "addrspec.h"
#include "arena.h"
#include "config.h"
#include "error.h"
#include "mail.h"
#include "printable.h"
#include "send.h"

enum {
	MINUTE = 60,
	DAY = 24 * 60 * MINUTE,
	FIRST_DELAY = 5 * MINUTE,
	GIVE_UP = 5 * DAY, /* RFC 5321 4.5.4.1: at least 4-5 days */
	DAILY_LIMIT = 10,
	NOTE_CHARS = 300,
};

/* One request to send, and the state that it is in. */
struct job {
	int64_t id;
	enum request_state state;
};
struct jobs {
	struct job *v;
	size_t n, cap;
};

/* One or more mails over one connection. */
struct round {
	const struct deliver *deliver;
	struct arena *arena;
	struct send_account account;
	struct sender *sender;
	int lock; /* -1: not had */
};

enum deliver_mode
deliver_mode(const struct config *config)
{
	static const char *const names[] = { [DELIVER_OFF] = "off",
					     [DELIVER_DRY_RUN] = "dry-run",
					     [DELIVER_OUTBOX] = "outbox",
					     [DELIVER_LIVE] = "live" };
	const char *mode = config_get(config, "notify.mode");

	for (int i = DELIVER_OFF; mode && i <= DELIVER_LIVE; i++)
		if (!strcmp(names[i], mode))
			return (enum deliver_mode)i;
	/* What it cannot mean must not send by itself. */
	return DELIVER_OUTBOX;
}

static bool
has(const struct recipients *to, enum recipient_state state)
{
	for (size_t i = 0; i < to->n; i++)
		if (to->v[i].state == state)
			return true;
	return false;
}

enum request_state
deliver_outcome(const struct recipients *to)
{
	if (has(to, RECIPIENT_UNKNOWN))
		return REQUEST_UNCERTAIN;
	if (has(to, RECIPIENT_DEFERRED) || has(to, RECIPIENT_WAITING))
		return REQUEST_DEFERRED;
	if (!has(to, RECIPIENT_REFUSED))
		return REQUEST_SENT;
	return has(to, RECIPIENT_ACCEPTED) ? REQUEST_PARTLY : REQUEST_REFUSED;
}

int64_t
deliver_delay(int64_t tries)
{
	int64_t delay = FIRST_DELAY;

	for (int64_t i = 1; i < tries && delay < DAY; i++)
		delay *= 2;
	return delay < DAY ? delay : DAY;
}

static struct address
configured_from(struct arena *arena, const struct config *config)
{
	const char *text = config_get(config, "notify.from");
	struct addresses list = { .n = 0 };

	if (text)
		address_parse(&list, arena, text);
	return list.n ? list.v[0] : (struct address){ "", "" };
}

static bool
is_among(const struct addresses *list, const char *addr)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcasecmp(list->v[i].addr, addr))
			return true;
	return false;
}

/* Somebody may have written to the database: its rows and the mail's header
   must say the same. */
static const struct error *
check_header(struct arena *arena, const struct request *request,
	     const struct recipients *to, const char *from)
{
	struct mail mail;
	const struct error *err = mail_parse(&mail, arena, request->text);

	if (err)
		return err;
	if (!mail.msgid || strcmp(mail.msgid, request->msgid) != 0)
		return error_new(ERROR_INPUT,
				 "its text has another Message-ID than <%s>",
				 request->msgid);
	for (size_t i = 0; i < to->n; i++)
		if (!is_among(&mail.to, to->v[i].addr))
			return error_new(ERROR_INPUT,
					 "its text is not addressed to %s",
					 to->v[i].addr);
	if (strcasecmp(mail.from.addr, from) != 0)
		return error_new(ERROR_CONFIG,
				 "it was composed as mail of %s, but "
				 "notify.from is %s; \"outbox edit\" takes it "
				 "over",
				 mail.from.addr, from);
	return NULL;
}

const struct error *
deliver_check(struct recipients *to, struct arena *arena,
	      const struct deliver *deliver, const struct request *request)
{
	struct address from = configured_from(arena, deliver->config);
	struct recipients list = { .n = 0 };
	struct send_mail mail = { from.addr, &list, request->text };
	const struct error *err;

	if (!from.addr[0])
		return error_new(ERROR_CONFIG, "notify.from is not set");
	if (!addrspec_valid(span_of(from.addr)))
		return error_new(ERROR_CONFIG,
				 "notify.from: no address that mail may be "
				 "sent from");
	err = store_recipients(&list, arena, deliver->store, request->id);
	if (err)
		return err;
	if (!list.n)
		recipients_parse(&list, arena, request->to);
	err = send_check(arena, &mail);
	if (!err)
		err = check_header(arena, request, &list, from.addr);
	if (!err)
		*to = list;
	return err;
}

/* Whoever was put off for too long is not asked again. */
static void
give_up(struct arena *arena, struct recipients *to)
{
	for (size_t i = 0; i < to->n; i++) {
		struct recipient *r = &to->v[i];

		if (r->state != RECIPIENT_DEFERRED)
			continue;
		r->state = RECIPIENT_REFUSED;
		r->reply = arena_printf(arena, "given up after %d days: %s",
					GIVE_UP / DAY, r->reply);
	}
}

/* "refused: b@example.org: 550 no such user" */
static const char *
note_of(struct arena *arena, enum request_state state,
	const struct recipients *to)
{
	const char *name = request_state_name(state);

	for (size_t i = 0; i < to->n; i++) {
		const struct recipient *r = &to->v[i];
		const char *note;

		if (r->state == RECIPIENT_ACCEPTED)
			continue;
		note = r->code ? arena_printf(arena, "%s: %s: %d %s", name,
					      r->addr, r->code, r->reply)
			       : arena_printf(arena, "%s: %s: %s", name,
					      r->addr, r->reply);
		return printable(arena, span_of(note), NOTE_CHARS);
	}
	return name;
}

static void
report(const struct deliver *deliver, const struct request *request,
       const struct recipients *to, enum request_state state, const char *note)
{
	deliver->report(deliver->arg,
			&(struct delivered){ request, to, state, note });
}

static const struct error *
record(struct round *round, struct arena *arena, const struct request *request,
       struct recipients *to)
{
	const struct deliver *deliver = round->deliver;
	int64_t now = store_now(deliver->store);
	struct delivery delivery = { .to = to, .state = deliver_outcome(to) };
	const struct error *err;

	if (delivery.state == REQUEST_DEFERRED && request->first_try &&
	    now - request->first_try >= GIVE_UP) {
		give_up(arena, to);
		delivery.state = deliver_outcome(to);
	}
	if (delivery.state == REQUEST_DEFERRED)
		delivery.due = now + deliver_delay(request->tries + 1);
	delivery.note = note_of(arena, delivery.state, to);
	err = store_delivery_end(deliver->store, request->id, &delivery);
	/* It stays uncertain there, whatever is known here. */
	if (!err)
		report(deliver, request, to, delivery.state, delivery.note);
	return err;
}

/* What must not go out: for ever, or until a person has seen to it. */
static const struct error *
keep_back(struct round *round, struct arena *arena,
	  const struct request *request, const struct error *why)
{
	const struct deliver *deliver = round->deliver;
	enum request_state state =
		why->class == ERROR_INPUT ? REQUEST_REFUSED : REQUEST_HELD;
	const char *message =
		printable(arena, span_of(why->message), NOTE_CHARS);
	const char *note = arena_printf(arena, "%s: %s",
					request_state_name(state), message);
	const struct error *err = NULL;

	if (why->class != ERROR_INPUT && why->class != ERROR_CONFIG)
		return why;
	if (!deliver->dry_run)
		err = store_request_move(deliver->store, request->id,
					 request->state, state, message);
	error_free(why);
	if (!err)
		report(deliver, request, &(struct recipients){ .n = 0 }, state,
		       note);
	return err;
}

static const struct error *
send_request(struct round *round, struct arena *arena,
	     const struct request *request, struct recipients *to)
{
	const struct deliver *deliver = round->deliver;
	struct send_mail mail = {
		.from = configured_from(arena, deliver->config).addr,
		.to = to,
		.text = request->text,
	};
	const struct error *err, *failure;

	if (deliver->dry_run) {
		report(deliver, request, to, request->state, "would be sent");
		return NULL;
	}
	err = store_delivery_begin(deliver->store, request->id, request->state,
				   to);
	if (err)
		return err;
	failure = send_mail(round->sender, arena, &mail);
	err = record(round, arena, request, to);
	if (!err)
		return failure;
	error_free(failure);
	return err;
}

static const struct error *
deliver_one(struct round *round, const struct job *job)
{
	const struct deliver *deliver = round->deliver;
	AUTOFREE(arena) *arena = arena_new();
	struct request request = { .id = 0 };
	struct recipients to = { .n = 0 };
	const struct error *err;

	err = store_request_get(&request, arena, deliver->store, job->id);
	if (err)
		return err;
	/* A person was quicker. */
	if (request.state != job->state)
		return NULL;
	err = deliver_check(&to, arena, deliver, &request);
	if (err)
		return keep_back(round, arena, &request, err);
	return send_request(round, arena, &request, &to);
}

static const struct error *
open_round(struct round *round)
{
	const struct deliver *deliver = round->deliver;
	const struct error *err;

	if (!configured_from(round->arena, deliver->config).addr[0])
		return error_new(ERROR_CONFIG, "notify.from is not set");
	if (deliver->dry_run)
		return NULL;
	err = account_read(&round->account, round->arena, deliver->config);
	round->account.stop = deliver->stop;
	if (!err)
		err = store_delivery_lock(&round->lock, deliver->store);
	if (!err)
		err = sender_open(&round->sender, &round->account);
	return err;
}

static const struct error *
deliver_jobs(const struct deliver *deliver, const struct jobs *jobs)
{
	AUTOFREE(arena) *arena = arena_new();
	struct round round = { .deliver = deliver, .arena = arena, .lock = -1 };
	const struct error *err = NULL;

	if (jobs->n)
		err = open_round(&round);
	for (size_t i = 0; !err && i < jobs->n; i++) {
		if (deliver->stop && *deliver->stop)
			break;
		err = deliver_one(&round, &jobs->v[i]);
	}
	sender_close(round.sender);
	if (round.lock >= 0)
		close(round.lock);
	return err;
}

static void
add_job(struct jobs *jobs, struct arena *arena, int64_t id,
	enum request_state state)
{
	ARENA_GROW(arena, jobs->v, jobs->cap, jobs->n);
	jobs->v[jobs->n++] = (struct job){ id, state };
}

static const struct error *
add_ready(struct jobs *jobs, struct arena *arena, struct store *store,
	  enum request_state state)
{
	struct ids ids = { .n = 0 };
	const struct error *err;

	err = store_requests_ready(&ids, arena, store, state, store_now(store));
	for (size_t i = 0; !err && i < ids.n; i++)
		add_job(jobs, arena, ids.v[i], state);
	return err;
}

const struct error *
deliver_ready(const struct deliver *deliver)
{
	AUTOFREE(arena) *arena = arena_new();
	struct jobs jobs = { .n = 0 };
	const struct error *err;

	err = add_ready(&jobs, arena, deliver->store, REQUEST_DEFERRED);
	if (!err)
		err = add_ready(&jobs, arena, deliver->store, REQUEST_APPROVED);
	return err ? err : deliver_jobs(deliver, &jobs);
}

const struct error *
deliver_ids(const struct deliver *deliver, const struct ids *ids)
{
	AUTOFREE(arena) *arena = arena_new();
	struct jobs jobs = { .n = 0 };

	for (size_t i = 0; i < ids->n; i++) {
		struct request request = { .id = 0 };
		const struct error *err;

		err = store_request_get(&request, arena, deliver->store,
					ids->v[i]);
		if (err)
			return err;
		if (request.state != REQUEST_APPROVED &&
		    request.state != REQUEST_DEFERRED)
			return error_new(ERROR_USAGE,
					 "request %" PRId64
					 " is %s; only what was approved is "
					 "sent",
					 request.id,
					 request_state_name(request.state));
		add_job(&jobs, arena, request.id, request.state);
	}
	return deliver_jobs(deliver, &jobs);
}

static void
read_opted_in(struct addresses *out, struct arena *arena,
	      const struct config *config)
{
	struct strlist texts = STRLIST;

	config_get_all(&texts, config, "notify.optIn");
	for (size_t i = 0; i < texts.n; i++) {
		struct addresses list = { .n = 0 };

		address_parse(&list, arena, texts.v[i]);
		for (size_t j = 0; j < list.n; j++)
			addresses_add(out, arena, list.v[j]);
	}
	strlist_free(&texts);
}

static bool
all_opted_in(struct arena *arena, const struct request *request,
	     const struct addresses *opted_in)
{
	struct recipients to = { .n = 0 };

	recipients_parse(&to, arena, request->to);
	for (size_t i = 0; i < to.n; i++)
		if (!is_among(opted_in, to.v[i].addr))
			return false;
	return to.n;
}

/* How many more requests may begin their way today. */
static const struct error *
read_allowance(int64_t *out, const struct deliver *deliver)
{
	const struct error *err;
	long limit = DAILY_LIMIT;
	int64_t tried = 0;

	err = config_int(&limit, deliver->config, "notify.dailyLimit");
	if (!err)
		err = store_requests_tried(&tried, deliver->store,
					   store_now(deliver->store) - DAY);
	*out = limit - tried;
	return err;
}

/* Queued ones to those who asked for them, without a person's yes. */
static const struct error *
add_opted_in(struct jobs *jobs, struct arena *arena,
	     const struct deliver *deliver)
{
	struct addresses opted_in = { .n = 0 };
	struct requests all = { .n = 0 };
	int64_t left = 0;
	const struct error *err = read_allowance(&left, deliver);

	if (!err)
		err = store_requests(&all, arena, deliver->store);
	if (err)
		return err;
	read_opted_in(&opted_in, arena, deliver->config);
	for (size_t i = 0; i < all.n && left > 0; i++) {
		if (all.v[i].state != REQUEST_QUEUED ||
		    !all_opted_in(arena, &all.v[i], &opted_in))
			continue;
		add_job(jobs, arena, all.v[i].id, REQUEST_QUEUED);
		left--;
	}
	return NULL;
}

const struct error *
deliver_run(const struct deliver *deliver)
{
	AUTOFREE(arena) *arena = arena_new();
	enum deliver_mode mode = deliver_mode(deliver->config);
	struct jobs jobs = { .n = 0 };
	const struct error *err = NULL;

	if (mode == DELIVER_OUTBOX || mode == DELIVER_LIVE)
		err = add_ready(&jobs, arena, deliver->store, REQUEST_DEFERRED);
	if (!err && mode == DELIVER_LIVE)
		err = add_ready(&jobs, arena, deliver->store, REQUEST_APPROVED);
	if (!err && mode == DELIVER_LIVE)
		err = add_opted_in(&jobs, arena, deliver);
	return err ? err : deliver_jobs(deliver, &jobs);
}
