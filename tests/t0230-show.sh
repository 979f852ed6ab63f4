#!/bin/sh
# show: a series with its versions and parts, replies, a request, the history.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

export PVWATCH_RULES="$TOP/rules/xen"

# mail ID MINUTE SUBJECT FROM [HEADER]...: a patch of the native boot entry
mail()
{
	id=$1 minute=$2 subject=$3 from=$4
	shift 4
	{
		printf 'From: %s\nTo: x86@kernel.org\nSubject: %s\n' "$from" "$subject"
		printf 'Date: Mon, 3 Mar 2025 10:%s:00 +0000\nMessage-ID: <%s@x>\n' "$minute" "$id"
		for header; do printf '%s\n' "$header"; done
		printf '\nWords.\n'
	} >"box/$id.eml"
}
diff()
{
	sed -n '/^---$/,$p' "$TOP/tests/demo/mails/03-freeshadow-2.eml" >>"box/$1.eml"
}
mkdir box
mail v1 01 '[PATCH] x86: boot step' 'Ann <ann@example.org>'
diff v1
mail c2 02 '[PATCH v2 0/2] x86: boot step' 'Ann <ann@example.org>'
mail p21 03 '[PATCH v2 1/2] x86: prepare' 'Ann <ann@example.org>' 'In-Reply-To: <c2@x>'
diff p21
mail p22 04 '[PATCH v2 2/2] x86: boot step' 'Ann <ann@example.org>' 'In-Reply-To: <c2@x>'
diff p22
mail r1 05 'Re: [PATCH v2 2/2] x86: boot step' 'Bob <bob@example.org>' 'In-Reply-To: <p22@x>'
mail r2 06 'Re: [PATCH v2 2/2] x86: boot step' 'Ann <ann@example.org>' 'In-Reply-To: <r1@x>'
pvwatch scan -q box

expect "all is taken" '[ "$(sql "SELECT count(*) FROM mail")" = 6 ]'
expect "the posting, and those before it" \
	'status 0 pvwatch show p22@x && sed -n "/^Series\$/,/^Replies\$/p" out >series &&
	grep -q "^   v1 .* 1 mail" series && grep -q "^ \* v2 .* 3 mails" series'
expect "its parts, the mail itself marked" \
	'grep -q "^      0/2 .* cover " series && grep -q "^      1/2 .* x86: prepare\$" series &&
	grep -q "^   \*  2/2 .* x86: boot step\$" series'
expect "what answers it, and what answers that" \
	'sed -n "/^Replies\$/,\$p" out >replies && grep -q "^  2025-03-03 .* Bob" replies &&
	grep -q "^    2025-03-03 .* Ann" replies'
expect "the same as JSON" \
	'status 0 pvwatch show --format json p22@x && python3 -c "import json, sys
o = json.load(sys.stdin)
assert [v[\"version\"] for v in o[\"versions\"]] == [1, 2], o[\"versions\"]
assert [v[\"current\"] for v in o[\"versions\"]] == [False, True]
assert [m[\"part\"] for m in o[\"versions\"][1][\"mails\"]] == [0, 1, 2]
assert [r[\"level\"] for r in o[\"replies\"]] == [1, 2]" <out'

printf 'Subject: r\n\n' >text
sql "INSERT INTO request (mail, msgid, pack, series, version, state, created, recipients, subject, text)
	SELECT id, 'r@x', 'xen', 'c2@x', 2, 3, 1740992400, 'jane@example.org', 'Re: x86: boot step', x'00'
	FROM ident WHERE name = 'p21@x';
	INSERT INTO recipient VALUES (1, 0, 'jane@example.org', 3, 550, 'no such user')"
expect "a request, and what the server said of each recipient" \
	'status 0 pvwatch show p21@x && grep -q "^  1 sent, for xen, since 2025-03-03 09:00:00\$" out &&
	grep -q "^    to jane@example.org: refused: no such user\$" out'
expect "one about another patch of the posting is shown, too, and says so" \
	'status 0 pvwatch show p22@x && grep -q "^  1 sent, .*, about mail [0-9]*\$" out &&
	status 0 pvwatch show v1@x && ! grep -q "^Requests" out'
expect "verdicts of the past are in the history" \
	'pvwatch rejudge -q --threshold 100; status 0 pvwatch show p22@x &&
	[ $(grep -c "  judged: " out) = 2 ]'
expect "a mail that is no patch has sections, too" \
	'status 0 pvwatch show r1@x && grep -q "^  skipped: " out && grep -q "^Replies" out'
done_testing
