#!/bin/sh
# rules explain, show, rules try: why a rule held, and what one would do.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir pack
cat >pack/a.rules <<'END'
Pack: demo
Version: 3
Notify: nobody@example.org
Max-Files: 50

Mute: only a test of the fan
F: drivers/fan/test.c

Rule: held
Title: a call was added
F: drivers/fan/
Function: ^fan_start$
Added: \bspin_up\(
Why: {function} spins.

Rule: vetoed
F: drivers/fan/
Added: \bspin_up\(
Unless-Message: (?i)reviewed by the fan club
Why: vetoed.

Rule: muted
F: drivers/fan/test.c
Added: \bexpect\(
Why: muted.

Rule: two-of-three
F: drivers/fan/
Added: \bspin_up\(
Function: ^fan_stop$
Why: nearly.

Rule: forbidden
F: drivers/fan/
Added: \bspin_up\(
Not-Added: \bfan->
Why: nearly, but for a Not-.

Rule: elsewhere
F: drivers/pump/
Added: \bspin_up\(
Why: only one condition, and another path: not near.

Rule: elsewhere-too
F: drivers/pump/
Added: \bspin_up\(
Function: ^fan_start$
Why: two conditions, though the path is another.

Rule: off
F: drivers/fan/
Added: \bspin_up\(
Why: disabled.

Rule: mapped
F: drivers/fan/
Added: \bspin_up\(
Map: hook
Why: there is no map.

Rule: far
F: arch/
Added: nowhere
Why: far away.
END
export PVWATCH_RULES="$T/pack"
mkdir "$T/config/pvwatch"
printf '[rules]\n\tdisable = off\n' >"$T/config/pvwatch/config"
cat >fan.eml <<'END'
From: Fay Fan <fay@example.org>
Date: Mon, 6 Jan 2020 10:00:00 +0000
Subject: [PATCH] fan: start it when asked
Message-ID: <fan@example.org>

Reviewed by the fan club, in spring.

Signed-off-by: Fay Fan <fay@example.org>
---
diff --git a/drivers/fan/fan.c b/drivers/fan/fan.c
--- a/drivers/fan/fan.c
+++ b/drivers/fan/fan.c
@@ -10,3 +10,4 @@ int fan_start(struct fan *fan)
 	int speed;
 
 	check(fan);
+	spin_up(fan->blades);
diff --git a/drivers/fan/test.c b/drivers/fan/test.c
--- a/drivers/fan/test.c
+++ b/drivers/fan/test.c
@@ -5,2 +5,3 @@ void fan_test(void)
 	int speed;
 
+	expect(speed);
END

rule()
{
	sed -n "/^  $1 (/,/^  [a-z-]* (/p" out
}

expect "explain reads a file" 'status 0 pvwatch rules explain fan.eml'
expect "what held, and where" \
	'grep -q "^  held (2): a call was added" out &&
	rule held | grep -qF "at drivers/fan/fan.c:13 in fan_start()" &&
	rule held | grep -qF "+ Added: spin_up(fan->blades); (drivers/fan/fan.c:13)"'
expect "what spoke against a rule that held" \
	'grep -A 2 "^  vetoed (2):" out | tr -s "\n " " " |
		grep -q "vetoed (2): vetoed; Unless-Message speaks against it: Reviewed by"'
expect "what was muted, and by which mute" \
	'grep -A 2 "^  muted (2):" out | tr -s "\n " " " |
		grep -q "muted (2): muted: only a test of the fan (.*a.rules:6)"'
expect "what nearly held: which matched, which did not" \
	'grep -q "^  two-of-three (2), 2 of 3: F, Added matched; Function did not: fan_start" out &&
	grep -A 2 "^  forbidden (2), 2 of 2:" out | tr -s "\n " " " |
		grep -q "2: .*Not-Added speaks against it: spin_up(fan->blades);"'
expect "another path needs two conditions to be near" \
	'grep -q "^  elsewhere-too (2), 2 of 3:" out && ! grep -q "^  elsewhere (" out &&
	! grep -q "^  far (" out'
expect "what would hold but is disabled, or that no map says" \
	'grep -q "^  off (2): disabled" out &&
	grep -q "^  mapped (2), 2 of 3: F, Added matched; Map did not" out'
expect "in that order" \
	'grep -n "^held:\|^stopped:\|^nearly held:" out | cut -d: -f2 | tr "\n" " " >order &&
	[ "$(cat order)" = "held stopped nearly held " ]'

expect "as JSON: one object with an array" \
	'status 0 pvwatch rules explain --format json fan.eml && [ $(wc -l <out) = 1 ] &&
	grep -q "^{\"schema\":1,\"id\":null,\"kind\":\"patch\",\"msgid\":\"fan@example.org\"" out &&
	grep -qF "\"rules\":[{\"pack\":\"demo\",\"rule\":\"held\",\"points\":2,\"outcome\":\"held\"" out &&
	grep -qF "{\"path\":\"drivers/fan/fan.c\",\"line\":13,\"function\":\"fan_start\"}" out &&
	grep -qF "{\"field\":\"Function\",\"outcome\":\"failed\",\"value\":\"fan_start\",\"where\":null}" out &&
	grep -qF "\"mute\":{\"reason\":\"only a test of the fan\"" out'
expect "a mail that is not judged says why" \
	'status 0 pvwatch rules explain "$TOP/tests/demo/mails/09-pci-pull.eml" &&
	grep -q "skipped: " out && ! grep -q "no rule held" out'
expect "what is nowhere is said" \
	'status 66 pvwatch rules explain no@such && status 64 pvwatch rules explain'

# Nearly held: the first ten, unless all are wanted
mkdir many
{
	printf 'Pack: many\nVersion: 1\nNotify: nobody@example.org\n'
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		printf '\nRule: r%s\nF: drivers/fan/\nAdded: spin_up\n' $i
		printf 'Function: ^no$\nWhy: many.\n'
	done
} >many/a.rules
expect "ten at most; -v shows all" \
	'export XDG_CONFIG_HOME=$T/nowhere &&
	status 0 pvwatch rules explain --rules many fan.eml &&
	[ $(grep -c "^  r[0-9]" out) = 10 ] && grep -q "^2 more" out &&
	status 0 pvwatch rules explain -v --rules many fan.eml &&
	[ $(grep -c "^  r[0-9]" out) = 12 ]'

# Out of the database, by whatever names it
status 1 pvwatch scan fan.eml >/dev/null
rm fan.eml
expect "explain finds stored mail" \
	'status 0 pvwatch rules explain 1 && grep -q "^  held (2)" out &&
	status 0 pvwatch rules explain "<fan@example.org>" && grep -q "^  held (2)" out &&
	status 0 pvwatch rules explain --format json fan@example.org && grep -q "\"id\":1," out'
expect "show has it, with three that were near" \
	'status 0 pvwatch show 1 && grep -q "^  held (2)" out &&
	[ $(sed -n "/^nearly held:/,\$p" out | grep -c "^  [a-z-]* (") = 3 ]'
expect "show -q does not, show -v has all that were near" \
	'status 0 pvwatch show -q 1 && ! grep -q "nearly held" out &&
	status 0 pvwatch show -v 1 && ! grep -q "more nearly held" out'

# try
cp -R "$TOP/tests/demo/mails" mails
cp -R "$TOP/rules/xen" xen
export PVWATCH_RULES="$T/xen" XDG_CONFIG_HOME="$T/nowhere"
cat >mine.rules <<'END'
Rule: pat-word
Points: 1
Title: PAT is touched
F: arch/x86/mm/
K: (?i)pat
Why: a word.

Rule: fan-word
F: drivers/hwmon/
K: .
Why: another.
END
expect "try a rule of the pack: how often, how often alone" \
	'status 0 pvwatch rules try --disable "map-*" xen/pat-setup mails &&
	grep -q "^2025-03-12   0.0 ->  2.0 \*  .*Let the platform choose" out &&
	grep -q "^pat-setup: held on 2 of [0-9]* patches, 2 of them flagged, 2 (\*) by nothing else" out &&
	grep -q "^  2025-03     2 held,    2 alone" out'
expect "a rule that is not alone" \
	'status 0 pvwatch rules try --disable "map-*" shadow-setup mails &&
	grep -q "^2025-03-10   [0-9.]* -> *[0-9.]*    " out && grep -q " 0 (\*) by nothing else" out'
expect "try a file of rules, added to the pack" \
	'status 0 pvwatch rules try --disable "map-*" mine.rules mails &&
	grep -q "^2025-03-11   0.0 ->  2.0 \* .*panelfan" out &&
	grep -q "^2025-03-12   2.0 ->  3.0    .*platform choose" out &&
	grep -q "^pat-word, fan-word: held on" out'
expect "as JSON Lines, the summary last" \
	'status 0 pvwatch rules try --disable "map-*" --format json --jobs 3 mine.rules mails &&
	grep -q "\"without\":2,\"with\":3,\"found\":true,\"alone\":false" out &&
	tail -n1 out | grep -q "\"summary\":true,\"rules\":\[\"pat-word\",\"fan-word\"\]" &&
	tail -n1 out | grep -q "\"months\":\[{\"month\":\"2025-03\",\"held\":"'
expect "faults of a file of rules are named" \
	'printf "Pack: x\n\nRule: y\nK: .\nWhy: z\n" >bad.rules &&
	status 78 pvwatch rules try ./bad.rules mails && grep -q "bad.rules:1: " err &&
	printf "Rule: shadow-setup\nK: .\nWhy: z\n" >bad.rules &&
	status 78 pvwatch rules try ./bad.rules mails && grep -q "again; it was at" err &&
	: >bad.rules && status 78 pvwatch rules try ./bad.rules mails &&
	status 66 pvwatch rules try ./none.rules mails &&
	status 66 pvwatch rules try no-such-rule mails && status 64 pvwatch rules try shadow-setup'
expect "nothing was written to the database" \
	'[ "$(sql "SELECT count(*) FROM mail")" = 1 ]'
done_testing
