#!/bin/sh
# Rules that ask what a patch does, with a tree and without one.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir pack linux
cat >pack/a.rules <<'R'
Pack: p
Version: 1
Contact: a@example.com
Notify: a@example.com

Rule: calls
Why: w
Calls: ^setup_

Rule: drops
Why: w
Drops: ^setup_
Not-Calls: ^setup_

Rule: moves
Why: w
Moves: ^setup_

Rule: config
Why: w
Config: ^XEN

Rule: present
Why: w
K: ^
Present: marker_of_the_file

Rule: either
Why: w
Calls|Drops: ^either$
Unless-Present: never_there

Rule: near
Why: w
Added: begin_
Calls|Drops: ^either$
R
cat >linux/a.c <<'C'
/* marker_of_the_file */
static int before(void)
{
	return 0;
}

int start(void)
{
	setup_a();
	setup_b(1);
	if (before())
		either();

	return 1;
}
C
printf 'config XEN_A\n\tbool\n\tdefault y\n' >linux/Kconfig
(
	cd linux && git init -q && git add . && git commit -qm "all" &&
		git branch -q base
)

# change WHAT COMMAND: a patch of what COMMAND does to the tree
change() {
	(cd linux && git checkout -q -B work base && eval "$2" &&
		git commit -qam "$1" && git format-patch -1 --stdout) >"$1.patch"
}
# rules_of PATCH [OPTION]...: which rules hold
rules_of() {
	patch=$1
	shift
	pvwatch check --rules pack --format json --threshold 1 "$@" "$patch" >"$T/json" 2>"$T/err"
	grep -o '"rule": *"[a-z]*"' "$T/json" | sed 's/.*"\([a-z]*\)"/\1/' |
		sort | paste -s -d ' '
}
both() { # PATCH RULES
	with=$(rules_of "$1" --tree linux:base)
	without=$(rules_of "$1")
	echo "# with a tree: $with; without: $without"
	[ "$with" = "$2" ] && [ "$without" = "${3-$2}" ]
}

change calls 'sed -i "s/^\tsetup_b.*/&\n\tsetup_c();/" a.c'
expect "a call that is added; the marker is not in the diff" \
	'both calls.patch "calls present" calls'
change drops 'sed -i /setup_a/d a.c'
expect "one that is dropped" 'both drops.patch "drops present" drops'
change moves 'sed -i "/setup_a/d; s/^\tsetup_b.*/&\n\tsetup_a();/" a.c'
expect "one that is moved" 'both moves.patch "moves present" moves'
change other 'sed -i "s/setup_a/setup_d/" a.c'
expect "Not-Calls: one in place of the other" \
	'both other.patch "calls present" calls'
change reindent 'sed -i "s/^\tsetup/\t setup/" a.c'
expect "new indentation is no move" 'both reindent.patch present ""'
change either 'sed -i /either/d a.c'
expect "A|B and Unless-" 'both either.patch "either present" either'
change config 'sed -i "s/default y/default n/" Kconfig'
expect "an entry of Kconfig" 'both config.patch config'
expect "a finding says what it is known from" \
	'rules_of calls.patch --tree linux:base && grep -q "\"basis\": *\"tree\"" json &&
	rules_of calls.patch && grep -q "\"basis\": *\"diff\"" json &&
	sed "s/setup_b/setup_x/" calls.patch >missing.patch &&
	rules_of missing.patch --tree linux:base && grep -q "\"basis\": *\"diff\"" json &&
	status 1 pvwatch check --rules pack --tree linux:base --threshold 1 missing.patch &&
	grep -q "in start(), by the diff alone" out'
expect "explain shows the call and its line" \
	'pvwatch rules explain --rules pack --tree linux:base calls.patch >out
	grep "Calls.*setup_c" out'
expect "... and which one did not match" \
	'sed "s/setup_c/begin_c/" calls.patch >begin.patch
	pvwatch rules explain -v --rules pack begin.patch >out
	grep "Calls|Drops.*begin_c" out'
done_testing
