#!/bin/sh
# notmuch: queries as a source, tags back.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

command -v notmuch >/dev/null || skip_all "no notmuch(1) here"
pvwatch scan notmuch:x 2>&1 | grep -q "built without notmuch" &&
	skip_all "built without notmuch"

unset NOTMUCH_CONFIG NOTMUCH_PROFILE NOTMUCH_DATABASE MAILDIR
cat >"$HOME/.notmuch-config" <<EOC
[database]
path=$T/mail
[user]
name=A
primary_email=a@example.org
[new]
tags=new
[search]
exclude_tags=spam
EOC
mkdir -p mail/cur mail/new mail/tmp config/pvwatch
echo "[notmuch]" >config/pvwatch/config
total=0
for mail in "$TOP"/tests/demo/mails/*.eml; do
	total=$((total + 1))
	cp "$mail" "mail/new/$total.demo"
done

# add NAME: one more mail, nothing to judge
add()
{
	printf 'From: a@example.org\nMessage-ID: <%s@x>\n\nhello\n' "$1" \
		>"mail/new/$1.y"
}

# count QUERY: how many messages match
# shellcheck disable=SC2317 # called by what expect evaluates
count()
{
	notmuch count --exclude=false "$1"
}

# shellcheck disable=SC2317
taken()
{
	sql "SELECT count(*) FROM mail"
}

expect "no database of notmuch: said so" \
	'status 66 pvwatch scan "notmuch:*" && grep -q "notmuch: " err'
notmuch new >/dev/null 2>&1

expect "a query is taken: all that matches, and nothing else" \
	'status 0 pvwatch scan --db part.db "notmuch:id:no@such" &&
	status 1 pvwatch scan --db part.db "notmuch:*" &&
	grep -q "^$total mails: $total taken" err'
expect "queries that would run into ours are refused" \
	'status 64 pvwatch scan "notmuch:" && status 64 pvwatch scan "notmuch:(a" &&
	status 64 pvwatch scan "notmuch:a) or (b" && status 64 pvwatch scan "notmuch:\"a"'
expect "without being asked no tag is written" \
	'status 1 pvwatch scan "notmuch:tag:new" && [ "$(taken)" = "$total" ] &&
	[ "$(count tag:pvwatch)" = 0 ]'
expect "the second time there is nothing" \
	'status 0 pvwatch scan notmuch:tag:new && grep -q "^0 mails: " err'
add late
add spam
notmuch new >/dev/null 2>&1
notmuch tag +spam id:spam@x
expect "new mail is taken, what searches exclude is not" \
	'status 0 pvwatch scan notmuch:tag:new && grep -q "^1 mails: 1 taken" err'

# Tags
git config -f config/pvwatch/config notmuch.tags true
git config -f config/pvwatch/config source.lists.type notmuch
git config -f config/pvwatch/config source.lists.query '*'
expect "tags are written of mail that was taken before, too" \
	'status 0 pvwatch run --once && [ "$(taken)" = $((total + 1)) ] &&
	flagged=$(sql "SELECT count(*) FROM mail WHERE decision = 4") &&
	[ "$flagged" -gt 0 ] && [ "$(count tag:pvwatch/flagged)" = "$flagged" ] &&
	[ "$(count tag:pvwatch)" = "$(sql "SELECT count(*) FROM mail WHERE decision > 1")" ]'
expect "they tell the areas" \
	'area=$(sql "SELECT area FROM finding JOIN rule ON rule.id = rule
		JOIN mail ON mail.verdict = finding.verdict WHERE decision = 4 LIMIT 1") &&
	[ "$(count "tag:pvwatch/$area")" -gt 0 ]'
expect "our own tags are looked at once, and not written again" \
	'revision=$(notmuch count --lastmod "*") && status 0 pvwatch run --once &&
	[ "$(notmuch count --lastmod "*")" = "$revision" ] &&
	status 0 pvwatch run --once && grep -q "seen=0 " err'
expect "another query of the same source begins at its beginning" \
	'git config -f config/pvwatch/config source.lists.query "not tag:nothing" &&
	status 0 pvwatch run --once && grep -q "seen=$((total + 1)) taken=0 " err'
expect "a decision that changes changes the tags" \
	'before=$(count tag:pvwatch) && notmuch tag +mine/pvwatch +pvwatchful tag:pvwatch &&
	rules=$(sql "SELECT group_concat(DISTINCT '\'' --disable '\'' || name) FROM rule" | tr -d ,) &&
	status 0 pvwatch rejudge $rules && [ "$(count tag:pvwatch)" = 0 ] &&
	[ "$(count tag:pvwatch/flagged)" = 0 ] &&
	[ "$(count tag:mine/pvwatch)" = "$before" ] && [ "$(count tag:pvwatchful)" = "$before" ] &&
	status 0 pvwatch rejudge && [ "$(count tag:pvwatch)" = "$before" ]'
expect "what the user takes off stays off" \
	'notmuch tag -pvwatch tag:pvwatch/flagged && status 0 pvwatch run --once &&
	[ "$(count "tag:pvwatch/flagged and tag:pvwatch")" = 0 ]'

# A new database of the same mail
rm -rf mail/.notmuch/xapian
notmuch new >/dev/null 2>&1
expect "a database that was made anew is read anew: nothing twice, tags again" \
	'[ "$(count tag:pvwatch)" = 0 ] && before=$(taken) &&
	status 0 pvwatch run --once && grep -q "taken=[01] " err &&
	[ "$(taken)" = $((before + 1)) ] && sql "SELECT name FROM ident WHERE name = '\''spam@x'\''" | grep -q . &&
	[ "$(count tag:pvwatch/flagged)" = "$(sql "SELECT count(*) FROM mail WHERE decision = 4")" ]'

# Files that move and vanish
add moved
add twice
add gone
notmuch new >/dev/null 2>&1
cp mail/new/twice.y mail/cur/twice.y:2,S
notmuch new >/dev/null 2>&1
rm mail/new/twice.y mail/new/gone.y
mv mail/new/moved.y mail/cur/moved.y:2,S
expect "any file of a message will do; without one it is not readable" \
	'status 0 pvwatch run --once && grep -q "taken=1 .*unreadable=2" err &&
	grep -q "gone@x.*No such file" err'
notmuch new >/dev/null 2>&1
expect "what was moved is taken when notmuch knows where it is" \
	'status 0 pvwatch run --once && grep -q "taken=1 .*unreadable=0" err &&
	status 0 pvwatch show moved@x'

# Somebody else has the lock
notmuch tag -pvwatch -pvwatch/flagged '*'
sql "UPDATE tagged SET due = 1 WHERE mail IN (SELECT id FROM mail WHERE decision = 4)"
mkfifo hold
notmuch tag --batch <hold &
holder=$!
exec 9>hold
until find "/proc/$holder/fd" -lname '*flintlock' 2>/dev/null | grep -q .; do
	sleep 0.1
done
add busy
printf '+x -- id:late@x\n' >&9
expect "the lock is held: we end nevertheless, and say that tags wait" \
	'status 0 timeout 60 pvwatch run --once && grep -q tags.wait err &&
	kill -0 $holder && [ "$(count tag:pvwatch/flagged)" = 0 ]'
exec 9>&-
wait "$holder"
expect "the tags come with the next run, the other side lost nothing" \
	'status 0 pvwatch run --once && ! grep -q tags.wait err &&
	[ "$(count tag:pvwatch/flagged)" = "$(sql "SELECT count(*) FROM mail WHERE decision = 4")" ] &&
	[ "$(count "tag:x and id:late@x")" = 1 ]'

expect "tags have another name when asked for" \
	'git config -f config/pvwatch/config notmuch.tagPrefix xen &&
	sql "UPDATE tagged SET due = 1" && status 0 pvwatch run --once &&
	[ "$(count tag:xen/flagged)" = "$(count tag:pvwatch/flagged)" ]'
expect "a name that is no tag is refused" \
	'git config -f config/pvwatch/config notmuch.tagPrefix "-a b" &&
	status 78 pvwatch run --once && grep -q notmuch.tagPrefix err'
done_testing
