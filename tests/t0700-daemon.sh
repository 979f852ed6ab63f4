#!/bin/sh
# run as a daemon, status: signals, lock, back-off, sd_notify, kill -9.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

pids=
# shellcheck disable=SC2086 # a list of numbers
trap 'kill -9 $pids 2>/dev/null; rm -rf "$T"' EXIT

# await 'shell condition': true within a minute, however slow the machine is
await()
{
	tries=0
	until (eval "$1") >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 1200 ] || {
			echo "in vain: $1"
			cat "$T"/*.log
			return 1
		}
		sleep 0.05
	done
}

# start NAME option...: a daemon whose log is NAME.log; $pid
start()
{
	name=$1
	shift
	NOTIFY_SOCKET=$T/notify.socket pvwatch run "$@" 2>"$name.log" &
	pid=$!
	pids="$pids $pid"
}

mails()
{
	sql "SELECT count(*) FROM mail"
}

has_mail()
{
	[ "$(sql "SELECT count(*) FROM mail JOIN ident USING (id) WHERE name = '$1'")" = 1 ]
}

# a_mail ID: on standard output
a_mail()
{
	printf 'From: a@example.org\nMessage-ID: <%s>\nSubject: %s\n\nhello\n' "$1" "$1"
}

# make_large DIR N: an epoch of N mails, those of the demonstration under
# ever new names
make_large()
{
	git init -q --bare -b master "$1"
	perl -e '
		my $n = shift;
		local $/;
		my @mails = map { open(my $f, "<", $_) or die; <$f> } @ARGV;
		for my $i (1 .. $n) {
			my $mail = $mails[$i % @mails];
			$mail =~ s/^(Message-ID|In-Reply-To|References): <.*?>/"$1: <" . ($1 eq "Message-ID" ? "m" : "r") . "$i\@large>"/gmei;
			print "commit refs/heads/master\ncommitter C <c\@x> 1740992400 +0000\n",
				"data 1\nx\nM 100644 inline m\ndata ", length($mail), "\n$mail\n";
		}' "$2" "$TOP"/tests/demo/mails/*.eml |
		git -C "$1" fast-import --quiet
}

# rows DATABASE: all there is, without the times; indexes of words are cut
# otherwise when the batches were others
rows()
{
	for table in $(sqlite3 "$1" "SELECT name FROM pragma_table_list
		WHERE schema = 'main' AND type IN ('table', 'virtual') ORDER BY 1"); do
		echo "$table $(sqlite3 "$1" "SELECT count(*) FROM $table")"
	done
	sqlite3 "$1" <"$TOP/tests/rows.sql"
	sqlite3 "$1" "SELECT msgid, state, recipients, subject, length(text) FROM request ORDER BY msgid;
		SELECT name, mails, failures FROM source_health"
}

make_epoch list/0.git "$TOP"/tests/demo/mails/*.eml
set -- "$TOP"/tests/demo/mails/*.eml
total=$#
mkdir -p box/cur box/new box/tmp config/pvwatch
a_mail box1@x >box/new/1
cat >config/pvwatch/config <<EOF
[source "gone"]
	path = $T/no/such/archive
	interval = 1
[source "list"]
	path = $T/list
	interval = 1
[source "box"]
	path = $T/box
	interval = 1
EOF

perl -MIO::Socket::UNIX -e '
	my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => shift) or die;
	$| = 1;
	while (defined $s->recv(my $m, 4096)) { print "$m\n" }' "$T/notify.socket" >notified 2>&1 &
pids="$pids $!"
await '[ -S notify.socket ]'

# One daemon that lives long
start daemon
expect "ready, and said so to systemd" 'await "grep -qx READY=1 notified"'
expect "what is there is taken" 'await "[ \$(mails) = $((total + 1)) ]"'
expect "its log has one line an event" \
	'await "grep -q \"^event=source name=list .* taken=$total \" daemon.log" &&
	! grep -v "^event=" daemon.log'
a_mail late@x >late.eml
add_to_epoch list/0.git m late.eml
a_mail box2@x >box/new/2
expect "mail that comes while it runs is taken" \
	'await "has_mail late@x && has_mail box2@x"'
expect "a source that fails is tried less and less often, and stops no other" \
	'await "grep -q \"event=failed name=gone .* again=2\" daemon.log"'
expect "a second instance is refused, and told of the first" \
	'status 75 pvwatch run && grep -q "(process $pid)" err &&
	status 75 pvwatch run --once'
expect "a scan into the same database goes on beside it" \
	'a_mail beside@x >beside.eml && status 0 pvwatch scan beside.eml && has_mail beside@x'

printf '[notify]\n\tmode = loud\n' >>config/pvwatch/config
kill -HUP $pid
expect "a broken configuration is said to be, and does not come into force" \
	'await "grep -q \"event=not-reloaded .*notify.mode\" daemon.log" &&
	a_mail box3@x >box/new/3 && await "has_mail box3@x"'
mkdir more
a_mail more@x >more/1.eml
sed -i 's/loud/outbox/' config/pvwatch/config
printf '[source "more"]\n\tpath = %s/more\n' "$T" >>config/pvwatch/config
kill -HUP $pid
expect "a good one does" \
	'await "grep -q event=reloaded daemon.log && has_mail more@x" &&
	grep -qx RELOADING=1 notified && grep -q "^MONOTONIC_USEC=[0-9]" notified'

{
	echo 'BEGIN IMMEDIATE;'
	await 'grep -q "event=busy" daemon.log'
	echo 'ROLLBACK;'
} | sqlite3 "$XDG_STATE_HOME/pvwatch/pvwatch.db"
a_mail box4@x >box/new/4
expect "a database that another one writes to for long is tried again" \
	'grep -q "event=busy" daemon.log && await "has_mail box4@x"'

expect "status: exit 75 for a source that fails for long" \
	'await "! pvwatch status" && status 75 pvwatch status &&
	grep -q "^daemon: process $pid\$" out && grep -q "^gone: failing" out &&
	grep -q "last failure 20.*no/such/archive" out && grep -q "^list: well" out &&
	grep -q "read up to 0:" out'
expect "status as JSON" \
	'status 75 pvwatch status --format json && grep -q "\"healthy\":false,\"pid\":$pid," out &&
	grep -q "\"name\":\"gone\",\"enabled\":true,\"interval\":1,\"failing\":true" out'
kill $pid
wait $pid
ended=$?
expect "SIGTERM ends it with 0" '[ $ended = 0 ] && grep -q event=stopped daemon.log'
expect "systemd was told" 'await "grep -qx STOPPING=1 notified"'
git config -f config/pvwatch/config source.gone.enabled false
expect "status: nobody runs, all is well" \
	'status 0 pvwatch status && grep -q "^daemon: none runs" out && grep -q "^gone: disabled" out'
expect "a mail came in once" \
	'[ "$(mails)" = $((total + 7)) ] &&
	[ "$(sql "SELECT sum(mails) FROM source_health")" = $((total + 6)) ]'

expect "the example of a configuration is one" \
	'status 0 pvwatch config check --config "$TOP/deploy/pvwatch.config.example"'

# Dry run and replay: the database stays as it is
cat >dry <<EOF
[source "new"]
	path = $T/new
EOF
export XDG_CONFIG_HOME="$T/none"
mkdir new
perl -pe 's/^(Message-ID: <)/$1new-/i' "$TOP"/tests/demo/mails/03*.eml >new/1.eml
cp "$TOP"/tests/demo/mails/*.eml new
before=$(rows state/pvwatch/pvwatch.db | cksum)
expect "--dry-run says what of the new would be flagged, and keeps nothing" \
	'status 0 pvwatch run --once --dry-run --config dry && grep "event=flagged" err >flagged &&
	[ "$(wc -l <flagged)" = 1 ] && grep -q "key=new-" flagged &&
	grep -q "known=$total" err && [ "$(rows state/pvwatch/pvwatch.db | cksum)" = "$before" ]'
expect "--dry-run needs no database, and makes none" \
	'status 0 pvwatch run --once --dry-run --config dry --db none.db &&
	grep -q "event=flagged" err && ! ls none.db*'
expect "--replay says what would be requested of mail of a time" \
	'status 0 pvwatch run --replay 2000..2100 --config dry && grep -q "event=request pack=xen " err &&
	status 0 pvwatch run --replay 2090..2100 --config dry && ! grep -q "event=request" err &&
	[ "$(rows state/pvwatch/pvwatch.db | cksum)" = "$before" ]'
expect "--replay of what is no time" \
	'status 64 pvwatch run --replay 2000 --config dry && status 64 pvwatch run --replay x..y --config dry'
expect "--name: only this source, which must be one" \
	'status 78 pvwatch run --once --name nobody --config dry && grep -q nobody err'

# Ended in the middle of much, three ways
make_large large/0.git 3000
cat >many <<EOF
[source "large"]
	path = $T/large
	interval = 1
EOF
pvwatch run --once --config many --db whole.db 2>whole.log
for how in 9 15 9; do
	start cut --config many --db cut.db
	seen=$(sqlite3 cut.db "SELECT count(*) FROM mail" 2>/dev/null || echo 0)
	await '[ $(sqlite3 cut.db "SELECT count(*) FROM mail") -gt '"$seen ]"
	kill -$how $pid
	wait $pid 2>/dev/null
	echo "$how $?" >>ends
	sqlite3 cut.db "SELECT count(*) FROM mail" >>counts
done
expect "it was ended in the middle" '[ "$(head -n1 counts)" -lt 3000 ] || { cat counts; false; }'
expect "SIGTERM in the middle ends it with 0 as well" 'grep -qx "15 0" ends'
start cut --config many --db cut.db
await '[ $(sqlite3 cut.db "SELECT count(*) FROM mail") = 3000 ]'
await 'pvwatch status --config many --db cut.db --format json | grep -q "\"succeeded\":\"2"'
kill $pid
wait $pid
ended=$?
expect "and ends when told so" '[ $ended = 0 ]'
expect "nothing is lost, nothing twice: as if it had never been ended" \
	'rows whole.db >whole && rows cut.db >cut && diff whole cut && grep -q "^mail 3000\$" cut'
done_testing
