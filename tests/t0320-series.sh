#!/bin/sh
# series over batches and sources: parts, versions, replies, what comes late
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
	'show p1@x | grep -q "part 1 of 3, incomplete: 2, 3 missing" &&
	show --format json p1@x | jq -e ".series.missing == [2, 3] and .series.complete == false"'
run two >two.out
expect "a part of another source is of the same series" \
	'show p1@x | grep -q "part 1 of 3, incomplete: 2 missing" && show p3@x | grep -q "incomplete: 2 missing"'
run three >three.out
expect "and then it is complete, for all of its parts" \
	'show p1@x | grep -q "part 1 of 3$" && show p2@x | grep -q "part 2 of 3$" &&
	show --format json p3@x | jq -e ".series.complete and (.series | has(\"missing\") | not)"'
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
done_testing
