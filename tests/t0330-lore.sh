#!/bin/sh
# A search at a public-inbox: public-inbox-httpd itself, and one that fails.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/archive-server.sh
. "$TOP/tests/archive-server.sh"

mkdir -p config/pvwatch
make_inbox list
deliver list/git/0.git "$TOP"/tests/demo/mails/*.eml
public-inbox-index list 2>index.err
start_servers

# ask PATH...: where searches go, in this order
ask()
{
	{
		printf '[http]\n\tcontact = me@example.org\n\ttimeout = 1\n[lore]\n'
		for path; do printf '\turl = %s/%s\n' "$http" "$path"; done
	} >config/pvwatch/config
	forget
}

# found N DATABASE: so many mails are in
found()
{
	[ "$(sqlite3 "$2" 'SELECT count(*) FROM mail')" = "$1" ]
}

ask pi/list/
expect "what is found is taken" \
	'status 1 pvwatch scan lore:s:PATCH && grep -q "^10 mails: 10 taken" err && [ "$(mails)" = 10 ]'
expect "it was asked for as lore wants it: POST, with nothing in it, by name" \
	'[ "$(asked .)" = 1 ] && grep "^POST /pi/list/?q=s%3APATCH&x=m 0 pvwatch/[^ ]* (+me@example.org; [0-9a-f]*)\$" server/log'
expect "the next search goes back two days, and takes nothing twice" \
	'forget && status 0 pvwatch scan lore:s:PATCH && grep "^[1-9] mails: 0 taken" err &&
	[ "$(asked "rt%3A1741772400..&x=m")" = 1 ]'
a_mail PATCH-late 13 >late.eml
a_mail PATCH-old 1 >old.eml
deliver list/git/0.git old.eml late.eml
reindex list
expect "mail that is indexed late is found then" \
	'status 0 pvwatch scan lore:s:PATCH && grep -q " 1 taken" err && has_mail PATCH-late'
expect "nothing found is no failure" \
	'status 0 pvwatch scan lore:s:nonesuch && grep -q "^0 mails: 0 taken" err'
expect "another query begins at the beginning" \
	'forget && status 0 pvwatch scan "lore:s:PATCH OR s:x" && ! grep rt%3A server/log && has_mail PATCH-old'
expect "--since bounds the first search" \
	'forget && status 1 pvwatch scan --db s.db --since 2025-03-14 lore:s:PATCH &&
	[ "$(asked "rt%3A1741910400..&x=m")" = 1 ] && found 2 s.db'
expect "check and backtest read it too" \
	'status 1 pvwatch check lore:s:PATCH && grep -q ^flagged out'

# Others are asked when one does not serve, and only then.
expect "silence and 5xx: the next one is asked" \
	'ask hang/list 503/list pi/list && status 1 pvwatch scan --db a.db lore:s:PATCH &&
	found 12 a.db && [ "$(asked .)" = 3 ]'
expect "404 and 400: it is not" \
	'for s in 404 400; do
		ask $s/list pi/list && status 69 pvwatch scan --db n.db lore:s:PATCH &&
		grep "HTTP status $s" err && [ "$(asked .)" = 1 ] || exit 1
	done'
expect "a page for people: it is not, and that is said" \
	'ask html/list pi/list && status 69 pvwatch scan --db n.db lore:s:PATCH &&
	grep challenged err && [ "$(asked .)" = 1 ] && found 0 n.db'
expect "none serves: the last one is said" \
	'ask 503/list 500/list && status 69 pvwatch scan --db n.db lore:s:PATCH && grep "HTTP status 500" err'
expect "what is no mailbox is said to be none" \
	'ask evil/list && status 69 pvwatch scan --db n.db lore:s:PATCH && grep "no mbox" err'

# Answers that do not end well
python3 - "$pi/list/?q=s:PATCH&x=m" >server/mbox <<'EOF'
import gzip, sys, urllib.request
sys.stdout.buffer.write(gzip.decompress(urllib.request.urlopen(sys.argv[1], b"").read()))
EOF
expect "two members of gzip are one mailbox" \
	'ask two && status 1 pvwatch scan --db two.db lore:s:PATCH && found 12 two.db'
for how in cut bad; do
	expect "$how: mail that came whole is taken, the rest the next time, none twice" \
		'ask $how; pvwatch scan --db $how.db lore:s:PATCH 2>err
		case $?:$how in 69:cut | 65:bad) ;; *) exit 1 ;; esac
		grep "lore:s:PATCH: " err &&
		n=$(sqlite3 $how.db "SELECT count(*) FROM mail") && [ $n -ge 3 ] && [ $n -lt 12 ] &&
		[ -z "$(sqlite3 $how.db "SELECT cursor FROM source")" ] &&
		ask pi/list && status 1 pvwatch scan --db $how.db lore:s:PATCH &&
		grep -q " $((12 - n)) taken, $n known" err && found 12 $how.db'
done

cat >config/pvwatch/config <<EOF
[http]
	timeout = 1
[source "mine"]
	type = lore
	query = s:PATCH
	url = $http/503/list
	url = $http/pi/list
[source "shy"]
	type = lore
	query = s:PATCH
	url = $http/htm403/list
EOF
expect "@NAME and run have origins of their own" \
	'status 1 pvwatch scan --db at.db @mine && found 12 at.db &&
	status 69 pvwatch run --once --db run.db && grep -q "event=source name=mine .*taken=12" err &&
	grep -q "event=failed name=shy .*challenged" err'
done_testing
