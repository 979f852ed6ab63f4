#!/bin/sh
# Raw mail: kept of what is not clear; else read from the epoch that has it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir -p away lists
make_epoch lists/0.git "$TOP"/tests/demo/mails/*.eml
set -- "$TOP"/tests/demo/mails/*.eml
total=$#
cp -R "$TOP/rules/xen" pack
export PVWATCH_RULES="$T/pack"

# What the database holds of its mails, and what it says where they are.
kept()
{
	sql "SELECT count(*) FROM mail_raw"
}

raw_of()
{
	(cd "$T/away" && pvwatch query --format mbox --sort date "$@")
}

expect "an epoch is taken by a path from here" 'status 1 pvwatch scan lists/0.git'
expect "raw text is kept of what is not clear, and of nothing else" \
	'[ "$(kept)" = "$(sql "SELECT count(*) FROM mail WHERE decision > 1")" ] && [ "$(kept)" -gt 0 ]'
expect "all of it comes back, from any directory, byte for byte" \
	'raw_of state:all >all.mbox && [ "$(grep -c "^From mboxrd@z" all.mbox)" = "$total" ] &&
	for mail in "$TOP"/tests/demo/mails/*.eml; do
		sed "s/^\(>*From \)/>\1/" "$mail" >one && cat one >>want.unsorted
		grep -qF "$(grep -im1 "^message-id" "$mail")" all.mbox || exit 1
	done
	[ "$(grep -v "^From mboxrd" all.mbox | sed "/^$/d" | sort | cksum)" = \
		"$(sed "/^$/d" want.unsorted | sort | cksum)" ]'
expect "the source names the blob" \
	'pvwatch query --format json state:all >out && oid=$(sed -n "1s/.*\"source\":\"[^\"]*@\([0-9a-f]*\)\".*/\1/p" out) &&
	[ "$(git -C lists/0.git cat-file -t "$oid")" = blob ]'

# An mbox may move or change: it is no archive
cp all.mbox list.mbox
expect "mail of an mbox is kept, also when it is clear" \
	'status 1 pvwatch scan --db mbox.db list.mbox && rm list.mbox &&
	pvwatch query --db mbox.db --format mbox --sort date state:all kind:patch >again.mbox &&
	raw_of state:all kind:patch | cmp - again.mbox'

# All commits are others, all blobs the same
git -C lists/0.git fast-export --reference-excluded-parents master |
	sed 's/^committer .*/committer Other <o@example.org> 1750000000 +0000/' >stream
git init -q --bare -b master lists/1.git
git -C lists/1.git fast-import --quiet <stream
rm -rf lists/0.git
mv lists/1.git lists/0.git
expect "a rewritten history keeps the blobs" 'raw_of state:all | cmp - all.mbox'

# Nothing is wrong by no rule
set --
for rule in $(pvwatch rules list | sed -n 's/^  \([a-z0-9-]*\) .*/\1/p'); do
	set -- "$@" --disable "$rule"
done
rm -f state/pvwatch/*
pvwatch scan -q "$@" lists/0.git
expect "what is clear is not kept" '[ "$(kept)" = 0 ]'
expect "judged again from the epoch, what is not clear is" \
	'status 0 pvwatch rejudge && [ -s out ] && [ "$(kept)" -gt 0 ] &&
	[ "$(kept)" = "$(sql "SELECT count(*) FROM mail WHERE decision > 1")" ]'

# One purged, then all
blob=$(sql "SELECT lower(hex(spot)) FROM mail LEFT JOIN mail_raw USING (id)
	WHERE kind = 0 AND zstd IS NULL LIMIT 1")
rm "lists/0.git/objects/$(echo "$blob" | sed 's|^..|&/|')"
patches=$(sql "SELECT count(*) FROM mail WHERE kind < 2")
expect "a mail that was purged is told, the others are judged" \
	'status 66 pvwatch rejudge && [ "$(grep -c "lists/0.git: object $blob is missing" err)" = 1 ] &&
	grep -q "^$((patches - 1)) judged again, 0 changed; 1 without raw text" err &&
	status 66 pvwatch query --format mbox state:all && grep -q "$blob" err &&
	[ "$(grep -c "^From mboxrd@z" out)" = $((total - 1)) ]'
mv lists/0.git gone.git
expect "so is an epoch that is gone; what was kept is still there" \
	'status 66 pvwatch rejudge && grep -q "lists/0.git: no git repository" err &&
	grep -q "^$(kept) judged again, 0 changed" err && status 0 pvwatch query --format mbox state:flagged'
mv gone.git lists/0.git

# Its owner took it back: it is not read, though the blob is there
mail=$(sql "SELECT name FROM ident JOIN mail USING (id) LEFT JOIN mail_raw USING (id)
	WHERE zstd IS NULL AND lower(hex(spot)) <> '$blob' LIMIT 1")
file=$(grep -lF "<$mail>" "$TOP"/tests/demo/mails/*.eml | head -n1)
add_to_epoch lists/0.git d "$file"
expect "a removed mail is not read any more" \
	'status 0 pvwatch scan lists/0.git && grep -q "1 removed" err &&
	! raw_of state:all | grep -qiF "message-id: <$mail>"'

done_testing
