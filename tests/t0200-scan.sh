#!/bin/sh
# scan, query, show, rejudge: an archive in the database.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

make_epoch list/0.git "$TOP"/tests/demo/mails/*.eml
set -- "$TOP"/tests/demo/mails/*.eml
total=$#
cp -R "$TOP/rules/xen" pack
export PVWATCH_RULES="$T/pack"

expect "an archive is taken" 'status 1 pvwatch scan list/0.git'
expect "every mail is accounted for" \
	'[ "$(sql "SELECT count(*) FROM mail")" = "$total" ] &&
	grep -q "^$total mails: $total taken, 0 known" err'
expect "a second scan takes nothing" \
	'status 0 pvwatch scan list/0.git && grep -q "^0 mails: 0 taken" err'
expect "the directory of epochs holds the same mail: known already" \
	'status 0 pvwatch scan list && grep -q "^$total mails: 0 taken, $total known" err'

expect "what --since left out is taken when it is asked for" \
	'status 1 pvwatch scan --db since.db --since 2025-03-12 list/0.git &&
	[ "$(sqlite3 since.db "SELECT count(*) FROM mail")" -lt "$total" ] &&
	status 0 pvwatch scan --db since.db --since 2025-03-12 list/0.git && grep -q "^0 mails" err &&
	status 1 pvwatch scan --db since.db list/0.git &&
	[ "$(sqlite3 since.db "SELECT count(*) FROM mail")" -gt 10 ]'

expect "query lists what was flagged" \
	'status 0 pvwatch query state:flagged && grep -q flagged out'
expect "query by rule, path, author, subject, time" \
	'status 0 pvwatch query --format msgid state:flagged && id=$(head -n1 out) &&
	status 0 pvwatch query --format json && grep -q "\"decision\":\"flagged\"" out &&
	status 0 pvwatch query path:arch/x86/ && [ -s out ] &&
	status 0 pvwatch query path:no/such/file && [ ! -s out ] &&
	status 0 pvwatch query since:2100 && [ ! -s out ] &&
	status 0 pvwatch query until:2100 && [ -s out ] &&
	status 0 pvwatch query --limit 1 state:all && [ $(wc -l <out) = 1 ]'
expect "until: names the whole of a day, month or year" \
	'status 0 pvwatch query state:all since:2025 until:2025 && [ -s out ] &&
	status 0 pvwatch query state:all since:2025-03-10 until:2025-03-10 && [ -s out ]'
expect "times are relative, too" \
	'status 0 pvwatch query state:all since:99.years until:yesterday && [ -s out ] &&
	status 0 pvwatch query since:yesterday && [ ! -s out ] &&
	status 0 pvwatch query since:2.weeks.ago until:now && [ ! -s out ] &&
	status 64 pvwatch query since:soon && grep -q "not a time" err'
expect "a filter that is none is refused, with the nearest" \
	'status 64 pvwatch query stat:flagged && grep -q "state:" err'
expect "what asks for quotes cannot leave them" \
	"status 0 pvwatch query \"author:x' OR 1=1 --\" && [ ! -s out ]"
expect "the raw mail comes back as mbox" \
	'status 0 pvwatch query --format mbox --limit 1 --sort score state:flagged &&
	head -n1 out | grep -q "^From mboxrd@z" && cp out one.mbox &&
	status 1 pvwatch check one.mbox'
expect "show tells all about one" \
	'id=$(pvwatch query --format msgid --sort score --limit 1) &&
	status 0 pvwatch show "$id" && grep -qF "Message-ID: <$id>" out &&
	grep -q "^Judged: pack xen" out && status 0 pvwatch show "<$id>" &&
	status 0 pvwatch show 1 && status 66 pvwatch show no@such.id'
expect "a section for each thing, and lines for a terminal" \
	'for heading in Decision Findings "Rules, as they are now" History; do
		grep -qx "$heading" out || status 0 pvwatch show "$(pvwatch query --format msgid --sort score --limit 1)"
		grep -qx "$heading" out || exit 1
	done
	! grep -v "^Source:\|^      \|^    at \|^Message-ID" out | grep -q ".\{81\}"'
expect "show as JSON: the verdict, rules, requests, history" \
	'status 0 pvwatch show --format json 1 2 && [ $(wc -l <out) = 2 ] &&
	python3 -c "import json, sys
for line in sys.stdin: o = json.loads(line); assert o[\"history\"][0][\"what\"] == \"judged\"; assert o[\"requests\"] == []; assert \"rules\" in o and \"findings\" in o" <out'
expect "show of a number that is none" 'status 66 pvwatch show 999999'

# One more mail, one that its owner removes
printf 'From: a@example.org\nMessage-ID: <late@x>\nSubject: late\n\nhello\n' >late.eml
add_to_epoch list/0.git m late.eml
expect "an archive that grew: what is new is taken" \
	'status 0 pvwatch scan list/0.git && grep -q "^1 mails: 1 taken" err'
add_to_epoch list/0.git d late.eml
expect "a removed mail is removed" \
	'status 0 pvwatch scan list/0.git && grep -q "1 removed" err &&
	status 0 pvwatch show late@x && grep -qi removed out'

# History rewritten: the stored head is gone
git -C list/0.git update-ref refs/heads/master \
	"$(git -C list/0.git commit-tree -m new 'master^^^{tree}')"
add_to_epoch list/0.git m late.eml
printf 'From: a@example.org\nMessage-ID: <later@x>\nSubject: later\n\nhello\n' >later.eml
add_to_epoch list/0.git m later.eml
expect "a rewritten epoch is survived: nothing twice, nothing lost" \
	'status 0 pvwatch scan list/0.git && grep -q " 1 taken" err &&
	[ "$(sql "SELECT count(*) FROM mail JOIN ident USING (id) WHERE name = '\''later@x'\''")" = 1 ]'

expect "a mail that is too large is accounted for, once, and the next is taken" \
	'{ printf "From a@b Mon Sep 17 00:00:00 2001\nMessage-ID: <big@x>\n\n"
	yes 0123456789012345678901234567890123456789012345678901234567890 | head -c 34000000
	printf "\n\nFrom a@b Mon Sep 17 00:00:00 2001\nFrom: a@x\nMessage-ID: <small@x>\nSubject: s\n\nhello\n"; } >big.mbox
	status 65 pvwatch scan --db big.db --format json big.mbox && [ $(wc -l <out) = 2 ] &&
	grep -q "larger than\|more than" out && grep -q "1 not readable" err &&
	[ "$(sqlite3 big.db "SELECT count(*) FROM mail")" = 2 ] &&
	status 0 pvwatch scan --db big.db big.mbox && grep -q "2 known" err &&
	status 65 pvwatch check --format json big.mbox && [ $(wc -l <out) = 2 ]; rm -f big.*'

# Rules change, verdicts change
before=$(pvwatch query --format msgid state:flagged --sort date)
rule=$(pvwatch query --format json --sort score --limit 1 state:flagged |
	sed 's/.*"rule":"\([a-z0-9-]*\)".*/\1/')
expect "rejudge without a change changes nothing" \
	'status 0 pvwatch rejudge && grep -q " 0 changed" err && [ ! -s out ]'
expect "rejudge without a rule changes what it had flagged" \
	'status 0 pvwatch rejudge --disable "$rule" && [ -s out ] &&
	changed=$(wc -l <out) && grep -q " $changed changed" err'
expect "the changed ones are those that the rule had hit" \
	'status 0 pvwatch query --format json state:all && ! grep -q "\"rule\":\"$rule\"" out'
expect "history keeps the older verdict" \
	'id=$(echo "$before" | head -n1) && [ "$(sql "SELECT count(*) > 1 FROM verdict")" = 1 ]'
expect "rejudge with it again restores them" \
	'status 0 pvwatch rejudge &&
	[ "$(pvwatch query --format msgid state:flagged --sort date)" = "$before" ]'

# More than a few batches, some mails twice, threads that reach over batches
for i in $(seq 60); do
	for mail in "$TOP"/tests/demo/mails/*.eml "$TOP/tests/demo/mails/03-freeshadow-2.eml"; do
		[ $((i % 10)) = 9 ] && id=dup$((i / 20)) || id=n$i
		echo "From mboxrd@z Thu Jan  1 00:00:00 1970"
		sed "1,/^$/s/^\\(Message-I[Dd]: *<\\)/\\1$id./" "$mail"
		echo
	done
done >many.mbox
for i in 1 2 3; do
	sed "/^Message-I[Dd]:/s/</<$i./" many.mbox
done >more.mbox
rows()
{
	for table in ident address path term finding mail_raw addressee patch \
		patch_path audience pack_verdict; do
		sqlite3 "$1" "SELECT * FROM $table"
	done
	sqlite3 "$1" "SELECT id, kind, author, list, thread, spot, verdict,
		decision, score, complete FROM mail"
}
expect "any number of threads: the same verdicts and rows, in order" \
	'status 1 pvwatch scan --db j1.db --jobs 1 --format json more.mbox &&
	mv out j1.json && [ $(wc -l <j1.json) -gt 1000 ] &&
	grep -q "[1-9][0-9]* known" err && cp err j1.err && rows j1.db >j1.rows &&
	for j in 2 3 8; do
		status 1 pvwatch scan --db j$j.db --jobs $j --format json more.mbox &&
		cmp out j1.json && cmp err j1.err && rows j$j.db >rows &&
		cmp rows j1.rows || exit 1
	done'
expect "--jobs wants a number" 'status 64 pvwatch scan --jobs 0 more.mbox'

expect "a database of a newer pvwatch is refused" \
	'sql "PRAGMA user_version = 999" && status 78 pvwatch query && grep -q newer err'
expect "what is no database is refused" \
	'echo "not a database, not at all, just some text" >x.db && status 78 pvwatch query --db x.db'
expect "no database yet: said so" \
	'status 66 pvwatch query --db none.db && [ ! -e none.db ]'
done_testing
