#!/bin/sh
# A scan that is killed or interrupted anywhere, and begun again: the database
# is that of one which nothing disturbed, but for numbers and times.
#
# KILLS (6) instants; an epoch of its own, or ARCHIVE.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
kills=${KILLS:-6}
export PVWATCH_RULES="$TOP/rules/xen"

# The demonstration's mails 150 times, each time under other Message-IDs.
make_large_epoch()
{
	git init -q --bare -b master "$1"
	awk -v copies=150 '
	FNR == 1 { nmails++ }
	{ text[nmails] = text[nmails] $0 "\n" }
	END {
		for (copy = 1; copy <= copies; copy++)
			for (i = 1; i <= nmails; i++) {
				mail = text[i]
				sub(/\n[Mm]essage-[Ii][Dd]: *</, "&" copy ".", mail)
				print "commit refs/heads/master"
				print "committer C <c@example.org> 1740992400 +0000"
				print "data 1\nx\nM 100644 inline m"
				printf "data %d\n%s\n", length(mail), mail
			}
	}' "$TOP"/tests/demo/mails/*.eml | git -C "$1" fast-import --quiet
}

# rows DATABASE: all that it holds, by names instead of numbers
rows()
{
	sqlite3 "$1" <<'SQL'
CREATE TEMP VIEW who AS SELECT id, addr || ' ' || name AS who FROM address;
CREATE TEMP VIEW judged AS SELECT v.id, i.name AS mail FROM verdict v
	JOIN ident i ON i.id = v.mail;
SELECT 'mail', i.name, kind, date, a.who, s.who, subject, l.text, t.name, msgid,
	hex(oid), f.text, hex(spot), m.version, part, total, complete, decision,
	score, removed IS NULL, verdict IS NULL
	FROM mail m JOIN ident i USING (id) LEFT JOIN who a ON a.id = m.author
	LEFT JOIN who s ON s.id = m.sender LEFT JOIN term l ON l.id = m.list
	LEFT JOIN ident t ON t.id = m.thread LEFT JOIN term f ON f.id = m.source
	ORDER BY i.name;
SELECT 'raw', i.name, hex(zstd) FROM mail_raw JOIN ident i USING (id) ORDER BY 2;
SELECT 'to', i.name, who FROM addressee JOIN ident i ON i.id = mail
	JOIN who ON who.id = address ORDER BY 2, 3;
SELECT 'patch', i.name, hex(patch_id), files, added, removed
	FROM patch JOIN ident i ON i.id = mail ORDER BY 2;
SELECT 'path', i.name, p.path FROM patch_path x JOIN ident i ON i.id = x.mail
	JOIN path p ON p.id = x.path ORDER BY 2, 3;
SELECT 'verdict', j.mail, p.text, decision, score, s.text, base_how, hex(base),
	exact, offset, merged, fuzzy, present, missing, untried
	FROM verdict v JOIN judged j USING (id) LEFT JOIN term p ON p.id = program
	LEFT JOIN term s ON s.id = skipped ORDER BY 2;
SELECT 'pack', j.mail, p.name, p.version, p.hash, score, decision
	FROM pack_verdict x JOIN judged j ON j.id = x.verdict
	JOIN pack p ON p.id = x.pack ORDER BY 2, 3;
SELECT 'audience', j.mail, p.name, n, who, present FROM audience x
	JOIN judged j ON j.id = x.verdict JOIN pack p ON p.id = x.pack
	JOIN who ON who.id = address ORDER BY 2, 3, 4;
SELECT 'finding', j.mail, r.pack, r.name, r.title, r.area, points, p.path, line,
	old_side, function, text, why FROM finding f
	JOIN judged j ON j.id = f.verdict JOIN rule r ON r.id = f.rule
	JOIN path p ON p.id = f.path ORDER BY 2, 3, 4, 8, 9, 10, 12;
SELECT 'attempt', j.mail, n, how, hex(rev), text FROM base_attempt b
	JOIN judged j ON j.id = b.verdict JOIN term t ON t.id = outcome ORDER BY 2, 3;
SELECT 'fault', j.mail, n, message FROM fault f
	JOIN judged j ON j.id = f.verdict ORDER BY 2, 3;
SELECT 'id', name FROM ident ORDER BY 2;
SELECT 'term', text FROM term ORDER BY 2;
SELECT 'address', who FROM who ORDER BY 2;
SELECT 'file', path FROM path ORDER BY 2;
SELECT 'rule', pack, name, title, area FROM rule ORDER BY 2, 3, 4;
SELECT 'source', name, cursor FROM source ORDER BY 2;
SELECT 'event', what, detail FROM event ORDER BY 2, 3;
SELECT 'others', (SELECT count(*) FROM request), (SELECT count(*) FROM tagged);
SQL
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

killed=0 rounds=0 seed=$(date +%N)
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
