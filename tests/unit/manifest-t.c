/* manifest, inbox-state: what a server says of its epochs, and what was read */
#include "bot/manifest.h"

#include "bot/alloc.h"
#include "bot/arena.h"
#include "bot/attr.h"
#include "bot/buf.h"
#include "bot/inbox-state.h"
#include "bot/limits.h"
#include "tests/unit/tap.h"

#define E "{\"fingerprint\":\"00ff\",\"modified\":17}"

/* The epochs that are seen in @json from an inbox at @path: "0:00ff:17 " */
static void
sees(const char *json, const char *path, const char *want)
{
	AUTOFREE(arena) *arena = arena_new();
	CLEANUP(buf_free) struct buf got = BUF(1 << 20);
	struct manifest manifest;

	succeeds(manifest_read(&manifest, arena, span_of(json), path), json);
	for (size_t i = 0; i < manifest.n; i++)
		buf_addf(&got, "%lu:%s:%d ", manifest.v[i].number,
			 manifest.v[i].fingerprint,
			 (int)manifest.v[i].modified);
	is_str(buf_str(&got), want, path);
}

static void
test_names(void)
{
	sees("{}", "/x", "");
	sees("{\"/x/git/0.git\":" E "}", "/x", "0:00ff:17 ");
	sees("{\"/x/git/10.git\":" E ",\"/x/git/2.git\":" E "}", "/x",
	     "2:00ff:17 10:00ff:17 ");
	sees("{\"/x/git/0.git\":" E ",\"/y/git/1.git\":" E "}", "/pub/x",
	     "0:00ff:17 ");
	/* An inbox called git */
	sees("{\"/git/git/0.git\":" E "}", "/git", "0:00ff:17 ");
	sees("{\"/git/0.git\":" E "}", "/git", "");
	sees("{\"/x/git/0.git\":" E ",\"/p/x/git/0.git\":" E "}", "/p/x",
	     "0:00ff:17 ");
	sees("{\"/xx/git/0.git\":" E "}", "/x", "");
	sees("{\"x/git/0.git\":" E "}", "/x", "");
	sees("{\"/x/git/../0.git\":" E "}", "/x", "");
	sees("{\"/x/git/-1.git\":" E "}", "/x", "");
	sees("{\"/x/git/00.git\":" E "}", "/x", "");
	sees("{\"/x/git/0.git/../1.git\":" E "}", "/x", "");
	sees("{\"/x/git/1234567.git\":" E "}", "/x", "");
	sees("{\"/x/git/ 1.git\":" E "}", "/x", "");
	sees("{\"/x/git/1.git\\n\":" E "}", "/x", "");
	sees("{\"/x/git/.git\":" E "}", "/x", "");
	sees("{\"/.git\":" E ",\"\":" E ",\"/\":" E "}", "/x", "");
}

static void
test_values(void)
{
	sees("{\"/x/git/0.git\":null}", "/x", "0::0 ");
	sees("{\"/x/git/0.git\":{\"fingerprint\":7,\"modified\":\"a\"}}", "/x",
	     "0::0 ");
	sees("{\"/x/git/0.git\":{\"fingerprint\":\"a b\",\"modified\":-1}}",
	     "/x", "0::0 ");
	sees("{\"/x/git/0.git\":{\"fingerprint\":\""
	     "00000000000000000000000000000000"
	     "000000000000000000000000000000000\"}}",
	     "/x", "0::0 ");
}

static void
test_faults(void)
{
	AUTOFREE(arena) *arena = arena_new();
	CLEANUP(buf_free) struct buf many = BUF(1 << 20);
	struct manifest manifest;

	fails(manifest_read(&manifest, arena, SPAN("<html>"), "/x"),
	      ERROR_INPUT, "no JSON", "no JSON");
	fails(manifest_read(&manifest, arena, SPAN(""), "/x"), ERROR_INPUT,
	      "no JSON", "nothing");
	fails(manifest_read(&manifest, arena, SPAN("[1]"), "/x"), ERROR_INPUT,
	      "no object", "an array");
	for (int i = 0; i <= LIMIT_MANIFEST_EPOCHS; i++)
		buf_addf(&many, "%s\"/x/git/%d.git\":" E, i ? "," : "{", i);
	buf_addch(&many, '}');
	fails(manifest_read(&manifest, arena, buf_span(&many), "/x"),
	      ERROR_INPUT, "more than", "too many");
}

/* What is written of what was read of @cursor. */
static void
keeps(const char *cursor, const char *want)
{
	CLEANUP(buf_free) struct buf text = BUF(1 << 20);
	struct inbox_state state;

	inbox_state_read(&state, cursor);
	inbox_state_write(&text, &state, state.epochs);
	is_str(buf_str(&text), want, cursor ? cursor : "none");
	inbox_state_clear(&state);
}

static void
test_state(void)
{
	struct inbox_state state;

	keeps(NULL, "");
	keeps("0:abc 1:def", "0:abc 1:def");
	keeps("0:abc 0=00ff 1~0a modified=5 asked=6",
	      "0:abc 0=00ff 1~0a modified=5 asked=6");
	keeps("asked=6 1~0a", "1~0a");
	keeps("  1= 2~ =x ~ modified", "1= 2~ =x ~ modified");

	inbox_state_read(&state, "0:abc 0=00ff 12~0a modified=5 asked=6");
	ok(inbox_state_epoch(&state, 0)->read, "read to its end");
	ok(!inbox_state_epoch(&state, 12)->read, "fetched");
	is_str(inbox_state_epoch(&state, 12)->fingerprint, "0a", "as this");
	is_str(inbox_state_epoch(&state, 3)->fingerprint, "", "never");
	is_int(state.modified + state.asked, 11, "the manifest's dates");
	inbox_state_clear(&state);

	inbox_state_read(&state, "10:aa 1:bb 0:cc 1=00");
	CLEANUP(xfree) char *ten = inbox_state_done(&state, 10);
	CLEANUP(xfree) char *one = inbox_state_done(&state, 1);
	CLEANUP(xfree) char *none = inbox_state_done(&state, 2);
	is_str(ten, "aa", "the commit read last");
	is_str(one, "bb", "of another");
	is_str(none, NULL, "of none");
	inbox_state_clear(&state);
}

int
main(void)
{
	test_names();
	test_values();
	test_faults();
	test_state();
	return done_testing();
}
