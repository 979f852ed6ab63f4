#include "recipient.h"

#include "arena.h"

static const char *const names[NRECIPIENT_STATES] = {
	[RECIPIENT_WAITING] = "waiting",   [RECIPIENT_ACCEPTED] = "accepted",
	[RECIPIENT_DEFERRED] = "deferred", [RECIPIENT_REFUSED] = "refused",
	[RECIPIENT_UNKNOWN] = "unknown",
};

const char *
recipient_state_name(enum recipient_state state)
{
	return names[state];
}

void
recipients_parse(struct recipients *out, struct arena *arena, const char *list)
{
	struct recipients all = { .n = 0 };

	while (*list) {
		size_t n = strcspn(list, ",");

		ARENA_GROW(arena, all.v, all.cap, all.n);
		all.v[all.n++] = (struct recipient){
			.addr = arena_strndup(arena, list, n),
			.reply = "",
		};
		list += n + (list[n] == ',');
		list += *list == ' ';
	}
	*out = all;
}
