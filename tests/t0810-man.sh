#!/bin/sh
# The manual says what the program does: synopses, options, keys, fields.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

command -v mandoc >/dev/null || skip_all "there is no mandoc"
man=$TOP/deploy/man

# plain FILE SECTION: the section as text, not wrapped
plain()
{
	mandoc -T ascii -O width=500 "$man/$1" | sed "s/.$(printf '\b')//g" |
		sed -n "/^$2\$/,/^[A-Z]/p" | sed '1d; /^[A-Z]/d'
}

# words FILE: all of the page as text
words()
{
	mandoc -T ascii -O width=500 "$man/$1" | sed "s/.$(printf '\b')//g"
}

for page in "$man"/*; do
	expect "${page##*/}: mandoc finds nothing" \
		'! mandoc -T lint -W style "$page" 2>&1 |
		grep -v "referenced manual not found\|outdated mandoc.db"'
done

# Blanks are the formatter's.
commands=$(pvwatch help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p')
for c in $commands; do
	pvwatch help "$c" | sed -n 's/^usage: //p'
done | tr -d ' ' >help.synopsis
plain pvwatch.1 SYNOPSIS | tr -d ' ' | grep . >man.synopsis
expect "there are commands" '[ $(wc -l <help.synopsis) -gt 10 ]'
expect "SYNOPSIS is what help prints, command for command" \
	'diff -u help.synopsis man.synopsis'

# The part of pvwatch.1 about one command
part()
{
	words pvwatch.1 | sed -n "/^   $1\$/,/^   [a-z]/p;/^COMMON/,/^[B-Z]/p"
}

for c in $commands; do
	part "$c" >part.text
	expect "$c has a part" '[ $(grep -c . part.text) -gt 2 ]'
	expect "$c: its options are in it" \
		'for o in $(pvwatch help $c | sed -n "/^ /p" |
			grep -oE -- "--[a-z][a-z-]+"); do
			grep -q -- "$o" part.text || { echo "no $o"; exit 1; }
		done'
done

pvwatch config keys >keys.text
words pvwatch.config.5 >config.text
expect "there are keys" '[ $(wc -l <keys.text) -gt 20 ]'
expect "every key is in pvwatch.config.5" \
	'while read -r key; do
		grep -qF "  $(echo "$key" | sed "s/\\*/NAME/")" config.text ||
			{ echo "no $key"; exit 1; }
	done <keys.text'
expect "and no other is" \
	'grep -oE "^     [a-z]+(\.NAME)?\.[a-zA-Z]+" config.text |
		grep -v pvwatch. | sed "s/NAME/x/" | while read -r key; do
		pvwatch config get "$key" >said 2>&1; [ $? -le 1 ] || { cat said; exit 1; }
	done'

# What the parser's tables name
{
	sed -n 's/.*\[FIELD_[A-Z]*\] = { "\([A-Za-z-]*\)".*/\1/p' "$TOP/rules/rule.c"
	sed -n '/^static const char \*const [a-z]*_names\[.*{/,/;/p' \
		"$TOP/rules/rule-parse.c" "$TOP/rules/pack-parse.c" |
		grep -oE '"[A-Z][A-Za-z-]*"' | tr -d '"'
	sed -n '/^static const struct platform_field platform_fields/,/;/p' \
		"$TOP/rules/platform.c" | grep -oE '"[A-Z][A-Za-z-]*"' | tr -d '"'
	printf '%s\n' Pack Rule Mute Platform Except
} >fields
words pvwatch.rules.5 >rules
expect "there are fields" '[ $(wc -l <fields) -gt 35 ]'
expect "every field is in pvwatch.rules.5" \
	'while read -r field; do
		grep -qE "^     (.*, )?$field:" rules || { echo "no $field"; exit 1; }
	done <fields'
expect "so is every kind of the map" \
	'for kind in $(sed -n "s/.*\[MAP_[A-Z_]*\] = \"\(.*\)\".*/\1/p" \
		"$TOP/bot/divergence.c"); do
		grep -q "$kind" rules || { echo "no $kind"; exit 1; }
	done'
expect "the example of pvwatch.rules.5 is a pack" \
	'mkdir pack && sed -n "/^EXAMPLES/,/^SEE/p" rules | sed -n "/Pack:/,/^SEE/p" |
		sed "/^SEE/d; s/^           //" >pack/a.rules &&
	status 0 pvwatch rules --rules pack list && grep -q frob-order out'
expect "that of pvwatch.config.5 a configuration" \
	'sed -n "/^EXAMPLES/,/^SEE/p" config.text | sed "1d; /^SEE/d" >c &&
	status 0 pvwatch config check --config c'

expect "install puts everything in its place" \
	'make -s -C "$TOP" install DESTDIR="$T/root" B="$B" >/dev/null &&
	for f in bin/pvwatch share/pvwatch/rules/xen/00-pack.rules \
		share/pvwatch/hooks/auto-cc share/pvwatch/hooks/b4-check \
		share/pvwatch/hooks/sendemail-validate share/pvwatch/hooks/find-pvwatch \
		share/man/man1/pvwatch.1 share/man/man5/pvwatch.rules.5 \
		share/man/man5/pvwatch.config.5 \
		share/bash-completion/completions/pvwatch; do
		[ -r "root/usr/local/$f" ] || { echo "no $f"; exit 1; }
	done && [ -x root/usr/local/share/pvwatch/hooks/auto-cc ]'
if command -v bash >/dev/null; then
	expect "bash completes commands, verbs, options and keys" \
		'cat >complete <<\EOF
. "$TOP/deploy/completion/pvwatch.bash"
try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pvwatch; echo "${COMPREPLY[@]}"; }
try pvwatch che
try pvwatch outbox dr
try pvwatch check --he
try pvwatch config get hook.
EOF
	TOP=$TOP bash complete | same - <<EOF
check
drop
--header --header --help
hook.refuse
EOF'
fi
done_testing
