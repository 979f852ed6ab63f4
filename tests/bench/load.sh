#!/bin/sh
# load.sh - the daemon under load, killed five times, against one left alone
#
# MINUTES (10) of two growing epochs, a notmuch query over a growing Maildir
# that holds mails of one of them again, and a source that cannot be reached.
# Afterwards the database has to equal that of one undisturbed run over what
# came in: nothing lost, nothing twice. (Which version of a series is the first
# to be mailed depends on what came first, so requests are only looked at for
# doubles.) Archives: $PVWATCH_SHARED.
# shellcheck source=tests/lib.sh
PVWATCH_ARCHIVES=${PVWATCH_ARCHIVES:-${XDG_CACHE_HOME:-$HOME/.cache}/pvwatch-archives}
export PVWATCH_ARCHIVES
. "$(dirname "$0")/../lib.sh"
minutes=${MINUTES:-10}
steps=$((minutes * 30)) kills=5
[ -x "$SHARED/tools/archives" ] || [ -f "$SHARED/tools/archives" ] ||
	skip_all "no archives: $SHARED"
command -v notmuch >/dev/null || skip_all "no notmuch(1) here"
sh "$SHARED/tools/archives" >archives || exit 1
tip=$(grep '/tip' archives) efi=$(grep '/efi' archives)
unset NOTMUCH_CONFIG NOTMUCH_PROFILE NOTMUCH_DATABASE MAILDIR
pid=
trap 'kill -9 $pid 2>/dev/null; rm -rf "$T"' EXIT

# grown NAME ARCHIVE: an epoch that ends early, and the commits to come
grown()
{
	git clone -q --bare --shared "$2" "$1.git"
	git -C "$1.git" rev-list --first-parent --reverse HEAD >"$1.commits"
	grow "$1" 1
}

# grow NAME STEP: so much of it is there by then
grow()
{
	all=$(wc -l <"$1.commits")
	at=$((all / 4 + all * 3 * $2 / (4 * steps)))
	[ "$2" -lt "$steps" ] || at=$all
	git -C "$1.git" update-ref refs/heads/master "$(sed -n "${at}p" "$1.commits")"
}

# deliver STEP: as many of the newest efi mails into the Maildir
deliver()
{
	per=$((5000 / steps + 1))
	tail -n 5000 efi.commits | sed -n "$((($1 - 1) * per + 1)),$(($1 * per))p" |
		while read -r commit; do
			git -C "$efi" cat-file blob "$commit:m" \
				>"mail/new/$commit.x" 2>/dev/null ||
				rm -f "mail/new/$commit.x"
		done
	notmuch new --quiet 2>/dev/null
}

begin()
{
	pvwatch run 2>>daemon.log &
	pid=$!
}

# rows DATABASE: what is known of each mail, and its findings
rows()
{
	sqlite3 "$1" "SELECT name, kind, date, subject, decision, score, version, part
		FROM mail JOIN ident USING (id) ORDER BY name;
		SELECT count(*) FROM finding"
}

settings()
{
	cat <<CONFIG
[source "gone"]
	path = $T/no/such/archive
	interval = 1
[source "tip"]
	path = $T/tip.git
	interval = 1
[source "efi"]
	path = $T/efi.git
	interval = 2
[source "box"]
	type = notmuch
	query = *
	interval = 1
CONFIG
}

grown tip "$tip"
grown efi "$efi"
mkdir -p mail/cur mail/new mail/tmp config/pvwatch
printf '[database]\npath=%s/mail\n[user]\nname=A\nprimary_email=a@example.org\n[new]\ntags=new\n' \
	"$T" >"$HOME/.notmuch-config"
settings >config/pvwatch/config
git config -f config/pvwatch/config notmuch.tags true
deliver 1
begin
step=1 killed=0
while [ $step -lt $steps ]; do
	step=$((step + 1))
	grow tip $step
	grow efi $step
	deliver $step
	sleep "$(awk -v m="$minutes" -v s="$steps" 'BEGIN { print m * 60 / s - 0.6 }')"
	[ $((step * (kills + 1) / steps)) -gt $killed ] || continue
	[ $killed -lt $kills ] || continue
	kill -9 $pid
	wait $pid 2>/dev/null
	killed=$((killed + 1))
	echo "# killed at step $step with $(sql 'SELECT count(*) FROM mail') mails in"
	begin
done
kill -TERM $pid
wait $pid
stopped=$?
pid=
expect "SIGTERM drains and ends it well" '[ "$stopped" = 0 ]'
pvwatch run --once 2>>daemon.log
rows "$T/state/pvwatch/pvwatch.db" >disturbed

pvwatch run --once --db calm.db 2>calm.log
rows calm.db >calm
echo "# $(sql 'SELECT count(*) FROM mail') mails, $(sql 'SELECT count(*) FROM request') requests," \
	"$(grep -c event=source daemon.log) turns of sources, $(grep -c 'event=failed name=gone' daemon.log) of the unreachable one"
expect "killed $kills times: it was" '[ "$killed" = "$kills" ]'
expect "nothing lost, nothing twice: as in an undisturbed run" 'diff calm disturbed | head -n 20 >d; cat d; [ ! -s d ]'
expect "no request twice" \
	'[ -z "$(sql "SELECT msgid FROM request GROUP BY msgid HAVING count(*) > 1")" ]'
notmuch search --exclude=false --output=messages tag:pvwatch | sed 's/^id://' | sort >tagged
notmuch search --exclude=false --output=messages '*' | sed 's/^id://' | sort >queried
sql "SELECT name FROM mail JOIN ident USING (id) WHERE decision >= 2" | sort |
	comm -12 - queried >noted
expect "each mail of the query that is worth a look has its tag, and no other" \
	'diff noted tagged && [ -s tagged ]'
done_testing
