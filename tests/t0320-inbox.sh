#!/bin/sh
# A public-inbox on a server: public-inbox-httpd itself, and one that fails.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/archive-server.sh
. "$TOP/tests/archive-server.sh"

mkdir -p config/pvwatch
cat >config/pvwatch/config <<EOF
[http]
	contact = me@example.org
	timeout = 1
EOF
make_inbox list
deliver list/git/0.git "$TOP"/tests/demo/mails/*.eml
set -- "$TOP"/tests/demo/mails/*.eml
total=$#
start_servers
list=$http/pi/list

expect "a first fetch takes all there is" \
	'status 1 pvwatch scan $list/ && grep -q "^$total mails: $total taken" err'
expect "mails are of the server, not of the cache" \
	'[ "$(sql "SELECT DISTINCT text FROM mail JOIN term ON term.id = source")" = "$list/git/0.git" ]'
expect "whoever asks says who it is" \
	'id=$(sql "SELECT id FROM installation") && [ ${#id} = 16 ] &&
	! grep -v "pvwatch/[^ ]* (+me@example.org; $id)\$" server/log &&
	[ $(asked "git-upload-pack") -gt 0 ]'
expect "with nothing new, only the manifest is asked for" \
	'forget && status 0 pvwatch scan $list/ && grep -q "^0 mails: 0 taken" err &&
	[ "$(asked .)" = 1 ] && [ "$(asked manifest)" = 1 ]'
a_mail late@x 24 >late.eml
deliver list/git/0.git late.eml
expect "what is new is fetched, and nothing twice" \
	'status 0 pvwatch scan $list/ && grep -q "^1 mails: 1 taken, 0 known" err && has_mail late@x'

git init -q --bare -b master list/git/1.git
a_mail second@x 25 >second.eml
deliver list/git/1.git second.eml
git -C list/git/1.git branch -m master main
public-inbox-index list 2>index.err
expect "so is a second epoch, whatever its branch is called" \
	'forget && status 0 pvwatch scan $list/ && grep -q "^1 mails: 1 taken, 0 known" err &&
	has_mail second@x && ! grep -q "0.git" server/log'
git -C list/git/1.git branch -m main master
public-inbox-learn rm <late.eml >learn.log 2>&1
expect "what the list removes is removed" \
	'status 0 pvwatch scan $list/ && grep -q "1 removed" err &&
	[ "$(sql "SELECT count(*) FROM mail WHERE removed > 0")" = 1 ]'

before=$(mails)
was=$(git -C list/git/0.git rev-parse master)
public-inbox-purge list <"$1" >purge.log 2>&1
a_mail third@x 26 >third.eml
deliver list/git/1.git third.eml
an_hour_later
expect "public-inbox-purge rewrites an epoch" \
	'cat purge.log; ! git -C list/git/0.git merge-base --is-ancestor $was master'
expect "nothing of a rewritten epoch is lost or taken twice" \
	'status 0 pvwatch scan $list/ && grep -q " 1 taken" err && has_mail third@x &&
	[ "$(mails)" = $((before + 1)) ]'
expect "without the cache too" \
	'rm -r home/.cache/pvwatch && sql "DELETE FROM source" && status 0 pvwatch scan $list/ &&
	grep -q " 0 taken" err && [ "$(mails)" = $((before + 1)) ]'

expect "a mirror that was begun only does not pass for one" \
	'mirror=$(echo home/.cache/pvwatch/inboxes/*/git/0.git) && rm -r $mirror && an_hour_later &&
	git init -q --bare $mirror && sql "UPDATE source SET cursor = replace(cursor, '"' 0=', ' 0~'"')" &&
	forget && status 0 pvwatch scan $list/ && [ "$(asked 0.git/git-upload-pack)" -gt 0 ]'

sql ".backup $T/more.db"

# Starting in the middle, going back later
count()
{
	sqlite3 s.db "SELECT count(*) FROM mail"
}
expect "--since fetches no more than that, and a day" \
	'rm -r home/.cache/pvwatch && status 0 pvwatch scan --db s.db --since 2025-03-20 $list/ &&
	mirror=$(echo home/.cache/pvwatch/inboxes/*/git/0.git) && [ -s $mirror/shallow ] &&
	[ $(git -C $mirror rev-list --count master) -lt 5 ] && [ $(count) = 3 ]'
a_mail between@x 25 >between.eml
a_mail fourth@x 27 >fourth.eml
deliver list/git/0.git between.eml fourth.eml
expect "later mail comes without the rest" \
	'status 0 pvwatch scan --db s.db --since 2025-03-20 $list/ && [ $(count) = 5 ] &&
	[ -s $(echo home/.cache/pvwatch/inboxes/*/git/0.git)/shallow ]'
expect "without it the rest is fetched then, each mail once" \
	'status 1 pvwatch scan --db s.db $list/ && [ $(count) = $((before + 2)) ] &&
	[ ! -s $(echo home/.cache/pvwatch/inboxes/*/git/0.git)/shallow ]'

expect "a mirror that was made anew for less is fetched for more" \
	'rm -r home/.cache/pvwatch && status 0 pvwatch scan --db less.db --since 2025-03-28 $list/ &&
	[ $(git -C $(echo home/.cache/pvwatch/inboxes/*/git/0.git) rev-list --count master) = 1 ] &&
	status 0 pvwatch scan --db more.db $list/ && grep " 2 taken" err'
expect "of what is older than that, only the newest mail" \
	'rm -r home/.cache/pvwatch && status 0 pvwatch scan --db y.db --since 2030-01-01 $http/ageless/list &&
	grep "^[12] mails: 0 taken" err &&
	[ $(git -C $(echo home/.cache/pvwatch/inboxes/*/git/0.git) rev-list --count master) = 1 ]'
expect "an unchanged manifest is not sent again, nor believed for more than an hour" \
	'cond=$http/cond/list && status 1 pvwatch scan --db o.db $cond && forget &&
	sqlite3 o.db "UPDATE source SET cursor = replace(cursor, \"0=\", \"0=0\")" &&
	status 0 pvwatch scan --db o.db $cond && [ "$(asked git-upload-pack)" = 0 ] &&
	sqlite3 o.db "UPDATE source SET cursor = replace(cursor, \" asked=1\", \" asked=0\")" &&
	status 0 pvwatch scan --db o.db $cond && [ "$(asked git-upload-pack)" -gt 0 ]'

# What a server may do
fails()
{
	status "$1" pvwatch scan --db f.db "$http/$2" && grep "$3" err
}
expect "a server that is silent" 'fails 69 hang/list silent'
expect "one that is silent to git" 'fails 69 githang/list "git/0.git: .*too slow"'
expect "one that cuts its answers: what came whole is taken" \
	'fails 69 shut/list "git/0.git: " && grep "^. mails: 2 taken" err'
expect "a page for people" 'fails 69 html/list challenged && fails 69 htm403/list challenged'
expect "a status" 'fails 69 503/list "HTTP status 503" && fails 69 404/list "HTTP status 404"'
expect "a manifest of names that lead elsewhere" 'fails 66 evil "names no epoch"'
expect "after all that the mail is there, once" \
	'status 1 pvwatch scan --db f.db $list && [ $(sqlite3 f.db "SELECT count(*) FROM mail") = $((before + 2)) ]'
expect "an URL with a login or a query is refused, and one of other protocols" \
	'for url in http://me:secret@127.0.0.1/list "$list?x=m" http://-u/x; do
		status 64 pvwatch scan "$url" || exit 1
	done; status 66 pvwatch scan "ext::sh -c true"'
# hangs 'command': git waits for the server; it is $pid
hangs()
{
	forget
	"$@" >hangs.log 2>&1 &
	pid=$!
	await 'grep -q info/refs server/log'
}
# git_runs [WORD]: it, or what it started
git_runs()
{
	grep -ls "$http/githang" /proc/[0-9]*/cmdline | xargs -r grep -qs -- "${1:-git}"
}
printf '[source "slow"]\n\turl = %s/githang/list\n[http]\n\ttimeout = 60\n' "$http" >slow.config
expect "told to stop, run does not wait for a server, nor does git" \
	'hangs pvwatch run --config slow.config --db d.db && git_runs &&
	kill -TERM $pid && wait $pid && { ! git_runs || { sleep 3; ! git_runs; }; }'
expect "killed, it takes git along" \
	'hangs pvwatch scan --config slow.config --db k.db @slow && git_runs &&
	kill -KILL $pid && await "! git_runs --no-write-fetch-head"'
expect "what a killed git left locked is no obstacle" \
	'for mirror in home/.cache/pvwatch/inboxes/*/git/0.git; do
		touch $mirror/shallow.lock $mirror/refs/heads/master.lock || exit 1
	done; status 1 pvwatch scan --db k.db $list'

cat >>config/pvwatch/config <<EOF
[source "list"]
	type = public-inbox
	url = $list
[source "gone"]
	url = $http/html/list
EOF
expect "run takes it, and says which source is challenged" \
	'status 69 pvwatch run --once --db run.db && grep -q "event=source name=list .*taken=[1-9]" err &&
	grep "event=failed name=gone .*challenged" err'
done_testing
