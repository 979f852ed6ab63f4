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
expect "one request a series version, also when all is read again" \
	'before=$(sql "SELECT count(*) FROM request") && sql "DELETE FROM source" &&
	status 66 pvwatch run --once && grep -q " known=12" err &&
	[ "$(sql "SELECT count(*) FROM request")" = "$before" ]'
expect "a dropped request stays dropped" \
	'status 0 pvwatch outbox drop 1 && status 0 pvwatch outbox && grep -q dropped out &&
	status 64 pvwatch outbox drop 1'

# What versions, resends, series and other people do to requests. A pack of its
# own, so that each patch is flagged for its line.
mkdir pack box
cat >pack/a.rules <<'EOF'
Pack: demo
Version: 1
Notify: Old Hand <old@example.org>

Rule: step
F: arch/x86/
Added: step_
Why: A step in {function}.
EOF

# mail ID "SUBJECT" AUTHOR LINE [HEADER]...
mail()
{
	id=$1 subject=$2 author=$3 line=$4
	shift 4
	{
		printf 'From: %s@example.org\nTo: x86@example.org\n' "$author"
		printf 'Date: Mon, 3 Mar 2025 10:%02d:00 +0000\n' "$n"
		printf 'Message-ID: <%s@x>\nSubject: %s\n' "$id" "$subject"
		for header; do printf '%s\n' "$header"; done
		printf '\nbecause\n---\ndiff --git a/arch/x86/a.c b/arch/x86/a.c\n'
		printf -- '--- a/arch/x86/a.c\n+++ b/arch/x86/a.c\n@@ -1 +1,2 @@\n old\n+%s\n' "$line"
	} >"box/$id.eml"
}

# queued: how many requests a run over box/ leaves
queued()
{
	rm -f q.db*
	printf '[source "box"]\n\tpath = %s/box\n[notify]\n\tfrom = me@example.org\n' "$T" >q.config
	XDG_CONFIG_HOME=$T/none pvwatch run --once --config q.config --rules pack --db q.db >q.out 2>&1 || cat q.out
	sqlite3 q.db 'SELECT count(*) FROM request'
}

mail v1 '[PATCH] a: b' ann 'step_one();'
mail v2 '[PATCH v2] a: b' ann 'step_one();' 'In-Reply-To: <v1@x>'
expect "a new version with the same lines is not told again" '[ "$(queued)" = 1 ]'
expect "the reason is on record" \
	'pvwatch show --db q.db v2@x | grep "no request: .*earlier request told"'
mail v3 '[PATCH v3] a: b' ann 'step_two();' 'In-Reply-To: <v2@x>'
expect "a version with new lines is" '[ "$(queued)" = 2 ]'
mail other '[PATCH] c: d' bob 'step_one();' 'In-Reply-To: <v1@x>'
expect "somebody else may post into the thread" '[ "$(queued)" = 3 ]'

expect "rejudged to clear, a queued request is withdrawn" \
	'pvwatch rejudge --db q.db --rules pack --disable step >/dev/null 2>&1 &&
	! pvwatch outbox --db q.db | grep queued &&
	pvwatch show --db q.db v1@x | grep "not flagged any more"'

rm -f box/*
mail s0 '[PATCH 0/2] s' ann 'x();'
sed -i '/^diff/,$d' box/s0.eml
mail s1 '[PATCH 1/2] s' ann 'step_one();' 'In-Reply-To: <s0@x>' 'References: <s0@x>'
mail s2 '[PATCH 2/2] t' ann 'step_two();' 'In-Reply-To: <s0@x>' 'References: <s0@x>'
expect "two patches of a series are one request" '[ "$(queued)" = 1 ]'
expect "which names both" \
	'pvwatch outbox --db q.db show 1 >m && grep -q "In-Reply-To: <s0@x>" m &&
	grep -qF "[PATCH 1/2] s" m && grep -qF "[PATCH 2/2] t" m'
expect "rejudged to clear, one patch of two leaves the request of both" \
	'cp -r pack pack2 && sed -i "s/Added: step_$/Added: step_one/" pack2/a.rules &&
	printf "\nRule: two\nF: arch/x86/\nAdded: step_two\nWhy: Two.\n" >>pack2/a.rules &&
	pvwatch rejudge --db q.db --rules pack2 --disable two >/dev/null 2>&1 &&
	pvwatch show --db q.db s2@x | grep "rejudged: flagged -> clear" &&
	pvwatch outbox --db q.db | grep queued'
expect "and of neither takes it back, whichever it hangs on" \
	'pvwatch rejudge --db q.db --rules pack2 --disable step --disable two >/dev/null 2>&1 &&
	pvwatch outbox --db q.db | grep dropped'
printf 'From: eve@example.org\nMessage-ID: <r@x>\nIn-Reply-To: <s1@x>\nCc: old@example.org\nSubject: Re: s\n\nwhat of Xen?\n' >box/r.eml
expect "a reply that asks the audience covers, by In-Reply-To alone" '[ "$(queued)" = 0 ]'
expect "also when it was stored long before, and names its parent alone" \
	'rm -f q.db*; mkdir first && mv box/r.eml first &&
	printf "[source \"a\"]\n\tpath = $T/first\n[source \"b\"]\n\tpath = $T/box\n" >q.config &&
	XDG_CONFIG_HOME=$T/none pvwatch run --once --config q.config --rules pack --db q.db 2>run.err;
	pvwatch show --db q.db s1@x | grep "^  covered" && rm -r first'
rm -f box/*
mail auto '[PATCH] a: b' ann 'step_one();' 'Auto-Submitted: auto-generated'
expect "automatic mail is not answered, and that is on record" \
	'[ "$(queued)" = 0 ] && pvwatch show --db q.db auto@x | grep "no request: automatic"'

expect "with notify.mode off nothing is composed" \
	'git config -f config/pvwatch/config notify.mode off &&
	status 66 pvwatch run --once --db other.db && status 0 pvwatch outbox --db other.db &&
	[ ! -s out ]'
expect "an unknown key is refused, with the nearest" \
	'printf "[notify]\n\tmod = off\n" >wrong &&
	status 78 pvwatch config check --config wrong && grep -q notify.mode err'
expect "config get prints what is in effect, and exits with 1 for nothing" \
	'status 1 pvwatch config get tree.fetch && [ ! -s out ] &&
	printf "[tree]\n\tfetch\n[hook]\n\trefuse = on\n" >more &&
	status 0 pvwatch config get --config more tree.fetch && [ "$(cat out)" = true ] &&
	status 0 pvwatch config get --config more HOOK.refuse && [ "$(cat out)" = true ] &&
	status 64 pvwatch config get tree.fetsh'
expect "a wrong value is found by config check" \
	'printf "[notify]\n\tmode = loud\n" >wrong &&
	status 78 pvwatch config check --config wrong && grep -q notify.mode err'
expect "@NAME is the configured source" \
	'status 1 pvwatch scan --db third.db @list'
done_testing
