#!/bin/sh
# A scan that is killed or interrupted anywhere, and begun again: the database
# is that of one which nothing disturbed, but for numbers and times.
#
# KILLS (6) instants; an epoch of its own, or ARCHIVE.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
kills=${KILLS:-6}
export PVWATCH_RULES="$TOP/rules/xen"

# The demonstration's mails 300 times, each time by others and under other
# Message-IDs, so as other series.
make_large_epoch()
{
	git init -q --bare -b master "$1"
	awk -v copies=300 '
	FNR == 1 { nmails++ }
	{ text[nmails] = text[nmails] $0 "\n" }
	END {
		for (copy = 1; copy <= copies; copy++)
			for (i = 1; i <= nmails; i++) {
				mail = text[i]
				gsub(/<[^<>@ \t\n]+@/, "&" copy ".", mail)
				print "commit refs/heads/master"
				print "committer C <c@example.org> 1740992400 +0000"
				print "data 1\nx\nM 100644 inline m"
				printf "data %d\n%s\n", length(mail), mail
			}
	}' "$TOP"/tests/demo/mails/*.eml | git -C "$1" fast-import --quiet
}

# rows DATABASE: all that it holds, but for numbers and times
rows()
{
	sqlite3 "$1" <"$TOP/tests/rows.sql"
}

# disturb SIGNAL SECONDS: begin or go on, and send the signal after the time;
# true when it was still at work
disturb()
{
	pvwatch scan -q --db disturbed.db "$archive" 2>>scan.log &
	pid=$!
	sleep "$2"
	kill -"$1" $pid 2>/dev/null
	wait $pid 2>/dev/null
	ended=$?
	[ $ended = 137 ] || [ $ended = 75 ]
}

archive=${ARCHIVE:-}
if [ -z "$archive" ]; then
	archive=$T/list.git
	make_large_epoch "$archive"
fi
before=$(date +%s%N)
pvwatch scan -q --db calm.db "$archive" 2>scan.log
seconds=$(awk -v a="$before" -v b="$(date +%s%N)" 'BEGIN { printf "%.3f", (b - a) / 1e9 }')
rows calm.db >calm
mails=$(sqlite3 calm.db 'SELECT count(*) FROM mail')
echo "# $mails mails, $(wc -l <calm) rows, $seconds s"
expect "an archive of several batches" '[ "$mails" -gt 1500 ]'

killed=0 rounds=0 seed=1$(date +%N)
while [ $killed -lt "$kills" ]; do
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	if disturb KILL "$(awk -v r=$seed -v s="$seconds" 'BEGIN { printf "%.3f", r / 2147483648 * s }')"; then
		killed=$((killed + 1))
		[ $killed -lt "$kills" ] && continue
	fi
	# It came to its end, or is to: the same rows?
	pvwatch scan -q --db disturbed.db "$archive" 2>>scan.log
	rounds=$((rounds + 1))
	rows disturbed.db | cmp calm - >>differ 2>&1 || echo "round $rounds" >>differ
	[ "$(sqlite3 disturbed.db 'PRAGMA integrity_check')" = ok ] || echo "corrupt" >>differ
	rm -f disturbed.db*
done
echo "# killed $killed times in $rounds rounds"
expect "killed $kills times, begun again: the same rows" 'cat differ; [ ! -s differ ]'

expect "interrupted, it ends with what it has, and says so" \
	'for part in 2 3 4 5 6; do
		rm -f disturbed.db*
		disturb INT "$(awk -v s="$seconds" -v p=$part "BEGIN { print s / p }")" && break
	done; [ $ended = 75 ] && had=$(sqlite3 disturbed.db "SELECT count(*) FROM mail") &&
	pvwatch scan --db disturbed.db "$archive" 2>err; grep -q "^$((mails - had)) mails" err &&
	rows disturbed.db | cmp calm -'

done_testing
