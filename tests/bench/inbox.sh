#!/bin/sh
# inbox.sh - a whole list over public-inbox-httpd: nothing lost, nothing twice
#
# The efi archive of $PVWATCH_SHARED as two epochs on loopback: a first fetch,
# increments, the second epoch, a rewritten one, and the same by searches. What
# is in the database at the end is what a scan of the archive itself brings.
# It takes some minutes, most of them public-inbox-index's: MAILS=2000 is for
# the first so many of them.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
TOP=$(cd "$TOP/.." && pwd)
SHARED=${PVWATCH_SHARED:-$TOP/../shared}
bundle=$SHARED/corpus/efi-2019-2022.bundle
[ -r "$bundle" ] || skip_all "no $bundle"
# shellcheck source=tests/archive-server.sh
. "$TOP/tests/archive-server.sh"

# took WHAT command...: with its wall and CPU times
took()
{
	what=$1
	shift
	"$B/bench/timed" 1 sh -c '"$@" 2>"$0"' "$T/err" "$@" 2>&1 | {
		read -r wall cpu kib
		echo "# $what: $wall ms, $cpu ms CPU, $((kib / 1024)) MiB: $(tail -n 1 "$T/err")"
	}
}

# scan DATABASE SOURCE: exit status 1 is no failure
scan()
{
	took "$2" sh -c 'pvwatch scan --db "$0" "$1"; [ $? -le 1 ]' "$1" "$2"
}

# ids DATABASE: what is in, but for mail without a Message-ID
ids()
{
	sqlite3 "$1" "SELECT name, kind, decision FROM mail JOIN ident USING (id)
		WHERE name NOT LIKE 'raw:%' ORDER BY name" >"$1.ids"
}

# epoch DIR FROM TO: the commits of the archive from one number to another, by
# their dates, with the blobs as they are
epoch()
{
	[ -d "$1" ] || git init -q --bare -b master "$1"
	echo "$T/efi.git/objects" >"$1/objects/info/alternates"
	from=
	if git -C "$1" rev-parse -q --verify master >/dev/null; then
		from='from refs/heads/master^0'
	fi
	sed -n "$2,$3p" commits | awk -v from="$from" '{
		print "commit refs/heads/master\ncommitter C <c@x> " $1 " +0000\ndata 1\nx"
		if (NR == 1 && from) print from
		print "deleteall\nM 100644 " $2 " " $3 "\n" }' |
		git -C "$1" fast-import --quiet --force
}

git clone -q --bare "$bundle" efi.git
git -C efi.git log --reverse --first-parent --root --format='C %ct' --raw --no-abbrev |
	awk '/^C/ { t = $2 } /^:/ && $5 != "D" { print t, $4, $6 }' >commits
total=$(wc -l <commits)
total=${MAILS:-$total}
first=$((total * 3 / 4)) second=$((total * 5 / 6)) step=$((total / 48))
epoch ref.git 1 "$total"
scan ref.db "$T/ref.git"
ids ref.db
expect "there is an archive" '[ "$total" -gt 1000 ] && [ "$(wc -l <ref.db.ids)" -gt $((total * 9 / 10)) ]'

make_inbox efi
epoch efi/git/0.git 1 $first
start_servers
list=$pi/efi

scan a.db "$list"
at=$first
while [ $at -lt $second ]; do
	to=$((at + step < second ? at + step : second))
	epoch efi/git/0.git $((at + 1)) $to
	new=$((to - at)) at=$to
	scan a.db "$list"
done
expect "increments bring what is new alone" 'grep "^$new mails: " err'
epoch efi/git/1.git $((second + 1)) "$total"
took "public-inbox-index" public-inbox-index --no-fsync -L medium efi
scan a.db "$list"
ids a.db
expect "two epochs: the database is that of the archive" 'diff ref.db.ids a.db.ids'

victim=$(git -C efi/git/0.git rev-list master | tail -n 100 | head -n 1)
git -C efi/git/0.git show "$victim:m" >victim.eml
took "public-inbox-purge" sh -c 'public-inbox-purge efi <victim.eml || :'
# The manifest has the dates that it had.
sqlite3 a.db "UPDATE source SET cursor = replace(cursor, ' asked=1', ' asked=0')"
scan a.db "$list"
ids a.db
expect "a rewritten epoch: only what changed is read" \
	'grep -E "^[0-9]{1,2} mails: 0 taken" err && diff ref.db.ids a.db.ids'
scan b.db "$list"
ids b.db
expect "from the beginning, one mail is missing: the purged one" \
	'[ "$(diff ref.db.ids b.db.ids | grep -c "^[<>]")" = 1 ]'

printf '[lore]\n\turl = %s\n' "$list" >lore.config
kill -HUP "${servers%% *}"
sleep 1
took "search" sh -c 'pvwatch scan --config lore.config --db c.db lore:d:19800101..; [ $? -le 1 ]'
ids c.db
expect "a search for everything brings everything, once" \
	'diff b.db.ids c.db.ids | grep "^[<>]" >missing; cat missing; [ "$(wc -l <missing)" -le 2 ]'
took "search again" sh -c 'pvwatch scan --config lore.config --db c.db lore:d:19800101..; [ $? -le 1 ]'
expect "the next one goes back two days" 'grep -E "^[0-9]{1,3} mails: 0 taken" err'
done_testing
