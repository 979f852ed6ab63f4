#!/bin/sh
# series over batches and sources: parts, versions, replies, what comes late
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir pack
cat >pack/a.rules <<'EOF'
Pack: demo
Version: 1
Notify: Old Hand <old@example.org>

Rule: step
F: arch/x86/
Added: step_
Unless-Series-Added: guest_too
Why: A step in {function}.
EOF

# mail BOX ID "SUBJECT" AUTHOR LINE [HEADER]...: LINE "": no diff
mail()
{
	box=$1 id=$2 subject=$3 author=$4 line=$5
	shift 5
	mkdir -p "$box"
	minute=$((minute + 1))
	{
		printf 'From: %s@example.org\nTo: x86@example.org\n' "$author"
		printf 'Date: Mon, 3 Mar 2025 10:%02d:00 +0000\n' "$minute"
		printf 'Message-ID: <%s@x>\nSubject: %s\n' "$id" "$subject"
		for header; do printf '%s\n' "$header"; done
		printf '\nbecause\n'
		[ -z "$line" ] || printf -- '---\ndiff --git a/arch/x86/%s.c b/arch/x86/%s.c\n' "$id" "$id"
		[ -z "$line" ] || printf -- '--- a/arch/x86/a.c\n+++ b/arch/x86/a.c\n@@ -1 +1,2 @@\n old\n+%s\n' "$line"
	} >"$box/$id.eml"
}
minute=0

# run BOX: one run of the daemon over it, into the usual database
run()
{
	printf '[source "%s"]\n\tpath = %s/%s\n[notify]\n\tfrom = me@example.org\n' "$1" "$T" "$1" >run.config
	XDG_CONFIG_HOME=$T/none pvwatch run --once --config run.config --rules pack >run.out 2>&1
	cat run.out
}
show()
{
	pvwatch show "$@"
}

mail one c '[PATCH v2 0/3] steps' ann '' 
mail one p1 '[PATCH v2 1/3] first' ann 'plain();' 'In-Reply-To: <c@x>' 'References: <c@x>'
mail two p3 '[PATCH v2 3/3] third' ann 'plain();' 'In-Reply-To: <c@x>' 'References: <c@x>'
mail three p2 '[PATCH v2 2/3] second' ann 'plain();' 'In-Reply-To: <c@x>' 'References: <c@x>'
run one >one.out
expect "a batch says which parts it lacks" \
	'show p1@x >out && grep -q "part 1 of 3, incomplete: 2, 3 missing" out &&
	show --format json p1@x >out && grep -q "\"complete\":false,\"missing\":\[2,3\]" out'
run two >two.out
expect "a part of another source is of the same series" \
	'show p1@x | grep -q "part 1 of 3, incomplete: 2 missing" && show p3@x | grep -q "incomplete: 2 missing"'
run three >three.out
expect "and then it is complete, for all of its parts" \
	'show p1@x | grep -q "part 1 of 3$" && show p2@x | grep -q "part 2 of 3$" &&
	show --format json p3@x >out && grep -q "\"complete\":true}" out'
expect "one row stands for it" \
	'[ "$(sql "SELECT count(*), total, version, title FROM series")" = "1|3|2|steps" ] &&
	[ "$(sql "SELECT count(DISTINCT series) FROM mail")" = 1 ]'

mail four v3 '[PATCH v3 0/2] Steps' ann ''
mail four v31 '[PATCH v3 1/2] first' ann 'plain();' 'In-Reply-To: <v3@x>'
mail four v32 '[PATCH v3 2/2] second' ann 'plain();' 'In-Reply-To: <v3@x>'
mail four bob '[PATCH v3] steps' bob 'plain();'
mail five v1 '[PATCH 1/2] steps' ann 'plain();'
run four >four.out
run five >five.out
expect "versions are linked, also when the first comes last; another's is not" \
	'[ "$(sql "SELECT group_concat(version) FROM (SELECT version FROM series
	WHERE lineage = 1 ORDER BY version)")" = 1,2,3 ] &&
	[ "$(sql "SELECT count(*) FROM series")" = 4 ]'

mail six u1 '[PATCH 1/2] apart' cid 'plain();'
mail seven u2 '[PATCH 2/2] by themselves' cid 'plain();'
run six >six.out
run seven >seven.out
expect "nothing threads them: the time does" 'show u1@x | grep -q "part 1 of 2$"'

mail eight r1 'Re: [PATCH v2 1/3] first' eve '' 'In-Reply-To: <p1@x>' 'References: <c@x> <p1@x>'
run eight >eight.out
expect "a reply is linked to the patch that it answers" \
	'[ "$(sql "SELECT name FROM mail JOIN ident ON ident.id = parent
	WHERE subject LIKE '"'Re:%'"'")" = p1@x ]'

# What comes late changes what was found before.
requests()
{
	sql "SELECT group_concat(state || ' ' || (SELECT name FROM ident
	WHERE ident.id = mail)) FROM request"
}
mail nine f0 '[PATCH 0/3] flags' dan ''
mail nine f1 '[PATCH 1/3] flag one' dan 'step_one();' 'In-Reply-To: <f0@x>'
run nine >nine.out
expect "a part is flagged, and asked about" \
	'show f1@x | grep -q ", flagged" && [ "$(requests)" = "0 f1@x" ]'
mail ten f2 '[PATCH 2/3] flag two' dan 'step_two();' 'In-Reply-To: <f0@x>'
run ten >ten.out
expect "one more part, later: the same request tells of both" \
	'[ "$(sql "SELECT count(*) FROM request")" = 1 ] && pvwatch outbox show 1 >m &&
	grep -q "In-Reply-To: <f0@x>" m && grep -qF "[PATCH 1/3]" m && grep -qF "[PATCH 2/3]" m'
mail eleven f3 '[PATCH 3/3] the guest' dan 'guest_too();' 'In-Reply-To: <f0@x>'
run eleven >eleven.out
expect "a late part that holds what Unless-Series- waits for takes both back" \
	'show f1@x | grep -q ", clear" && show f2@x | grep -q ", clear" &&
	show f1@x | grep -q "reconsidered: another part of its series came"'
expect "and their request goes, the reason kept" \
	'[ "$(sql "SELECT count(*) FROM request WHERE state = 0")" = 0 ] &&
	show f1@x f2@x | grep -q "dropped: another part"'
expect "a stored patch is judged with all of its series" \
	'status 0 pvwatch rejudge --rules pack author:dan && [ ! -s out ]'

mail twelve g '[PATCH] go' eve 'step_go();'
run twelve >twelve.out
expect "flagged" 'show g@x | grep -q ", flagged" && pvwatch outbox | grep -q queued'
mail thirteen gr 'Re: [PATCH] go' eve '' 'In-Reply-To: <g@x>' 'Cc: other@example.org'
run thirteen >thirteen.out
expect "a reply that asks nobody changes nothing" 'show g@x | grep -q ", flagged"'
expect "a person says yes to the request" \
	'XDG_CONFIG_HOME=$T/none status 0 pvwatch outbox approve --all --config run.config && pvwatch outbox | grep -q approved'
mail fourteen gs 'Re: [PATCH] go' eve '' 'In-Reply-To: <gr@x>' 'Cc: Old Hand <OLD@example.org>'
run fourteen >fourteen.out
expect "one that asks the audience makes it covered" \
	'show g@x | grep -q ", covered" && show g@x | grep -q "rejudged: flagged -> covered" &&
	show g@x | grep -q "reconsidered: somebody of the audience is in the thread by now"'
expect "and takes back what was not sent yet, saying why" \
	'! pvwatch outbox | grep -qE "queued|approved" && show g@x | grep -q "dropped: somebody of the audience"'
expect "once: to read on changes nothing more" \
	'before=$(sql "SELECT count(*) FROM verdict") && run twelve && run fourteen &&
	[ "$(sql "SELECT count(*) FROM verdict")" = "$before" ]'

# One poster, patches of several people; a second copy from a relay.
mail fifteen w1 '[PATCH 1/2] walk' fay 'step_w();'
sed -i 's/^because/From: Someone Else <else@example.org>\n\nbecause/' fifteen/w1.eml
mail sixteen w2 '[PATCH 2/2] and on' fay 'step_x();' 'In-Reply-To: <w1@x>'
sed -i 's/^From: .*/From: Fay via B4 Relay <devnull+fay.example.org@kernel.org>\nReply-To: fay@example.org/' sixteen/w2.eml
run fifteen >fifteen.out
run sixteen >sixteen.out
expect "who posted makes a series, not who wrote, whatever a relay does to From" \
	'show w1@x | grep -q "part 1 of 2$" &&
	[ "$(sql "SELECT count(*) FROM request WHERE state = 0")" = 1 ] &&
	pvwatch outbox show 3 | grep -q "\[PATCH 2/2\] and on"'
mail seventeen w3 '[PATCH v2 1/2] walk' fay 'step_w();' 'In-Reply-To: <w1@x>'
mail seventeen w4 '[PATCH v2 2/2] and on' fay 'step_new();' 'In-Reply-To: <w1@x>'
run seventeen >seventeen.out
expect "of a new version only what is new is asked about" \
	'show w3@x | grep -q "no request: its findings are on lines" &&
	[ "$(sql "SELECT name FROM request JOIN ident ON ident.id = mail WHERE version = 2")" = w4@x ]'

# What comes twice, and a cover letter that comes last.
mail eighteen k '[PATCH] twice' gus 'step_k();'
mkdir nineteen && sed 's/<k@x>/<copy@x>/' eighteen/k.eml >nineteen/copy.eml
before=$(sql 'SELECT count(*) FROM request')
run eighteen >eighteen.out
run nineteen >nineteen.out
expect "a copy under another id is the same series, and no second request" \
	'[ "$(sql "SELECT count(*) FROM request")" = $((before + 1)) ] &&
	[ "$(sql "SELECT count(DISTINCT series) FROM mail WHERE subject = '"'[PATCH] twice'"'")" = 1 ]'
mail more n1 '[PATCH 1/2] nine' ida 'plain();'
mail more n2 '[PATCH 2/2] ten' ida 'plain();' 'In-Reply-To: <n1@x>'
mkdir again && for i in 1 2; do sed "s/<n/<again/" more/n$i.eml >again/n$i.eml; done
run more >more.out
run again >again.out
expect "nor are copies of its parts another series" \
	'[ "$(sql "SELECT count(*) || count(DISTINCT series) FROM mail
	WHERE subject LIKE '"'%] nine' OR subject LIKE '%] ten'"'")" = 41 ]'
mail twenty l1 '[PATCH 1/1] late' hal 'step_l();' 'In-Reply-To: <l0@x>'
run twenty >twenty.out
mail last l0 '[PATCH 0/1] the letter' hal '' 'Cc: old@example.org'
run last >last.out
expect "a cover letter that comes last covers, too" 'show l1@x | grep -q ", covered"'
mail above h0 'Re: [RFC] hop' eve '' 'Cc: Old Hand <old@example.org>'
mail below h '[PATCH] hop' eve 'step_hop();' 'In-Reply-To: <h1@x>'
mail between h1 'Re: [RFC] hop' eve '' 'In-Reply-To: <h0@x>'
run below >below.out
run above >above.out
expect "whoever is further up is not known to be, without the mail between" \
	'show h@x | grep -q ", flagged"'
run between >between.out
expect "which joins the threads" \
	'show h@x | grep -q ", covered" && [ "$(sql "SELECT count(DISTINCT thread) FROM mail
		JOIN ident USING (id) WHERE name LIKE \"h%@x\"")" = 1 ]'
done_testing
