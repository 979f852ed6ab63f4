#!/bin/sh
# run --once, outbox: what a maintainer's installation does.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

make_tree linux
make_epoch list/0.git "$TOP"/tests/demo/mails/*.eml
mkdir -p config/pvwatch
cat >config/pvwatch/config <<EOF
[tree]
	path = $T/linux
[source "gone"]
	path = $T/no/such/archive
[source "list"]
	path = $T/list
[notify]
	from = pvwatch <pvwatch@example.org>
	replyTo = A Person <person@example.org>
EOF

expect "the configuration is in order" 'status 0 pvwatch config check'
expect "a source that fails stops no other, and is in the exit status" \
	'status 66 pvwatch run --once && grep -q "event=failed name=gone" err &&
	grep -q "event=source name=list .* flagged=[1-9]" err'
expect "a request waits in the outbox" \
	'status 0 pvwatch outbox && grep -q queued out'
expect "the request is a whole mail, to whom it may concern" \
	'status 0 pvwatch outbox show 1 && cp out mail &&
	for h in "From: pvwatch <pvwatch@example.org>" "Auto-Submitted: auto-generated" \
		"Precedence: bulk" "X-pvwatch: pack=xen; rules=" "In-Reply-To: <" \
		"References: <" "Message-ID: <" "To: " "Reply-To: "; do
		grep -qF "$h" mail || { echo "no $h"; cat mail; exit 1; }
	done'
expect "no line is longer than RFC 5322 allows, and none has 8 bits" \
	'! grep -qE "^.{999}" mail && ! grep -qP "[\\x80-\\xff]" mail'
expect "one request a series version, however often it runs" \
	'before=$(sql "SELECT count(*) FROM request") &&
	status 66 pvwatch run --once && [ "$(sql "SELECT count(*) FROM request")" = "$before" ] &&
	[ "$(sql "SELECT count(DISTINCT msgid) = count(*) FROM request")" = 1 ]'
expect "a dropped request stays dropped" \
	'status 0 pvwatch outbox drop 1 && status 0 pvwatch outbox && grep -q dropped out &&
	status 64 pvwatch outbox drop 1'
expect "with notify.mode off nothing is composed" \
	'git config -f config/pvwatch/config notify.mode off &&
	status 66 pvwatch run --once --db other.db && status 0 pvwatch outbox --db other.db &&
	[ ! -s out ]'
expect "an unknown key is refused, with the nearest" \
	'printf "[notify]\n\tmod = off\n" >wrong &&
	status 78 pvwatch config check --config wrong && grep -q notify.mode err'
expect "a wrong value is found by config check" \
	'printf "[notify]\n\tmode = loud\n" >wrong &&
	status 78 pvwatch config check --config wrong && grep -q notify.mode err'
expect "@NAME is the configured source" \
	'status 1 pvwatch scan --db third.db @list'
done_testing
