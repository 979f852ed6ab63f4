#!/bin/sh
# Rules that ask the divergence map: which map, what they say of it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir -p pack/maps pack/examples
cat >pack/a.rules <<'END'
Pack: toy
Version: 1
Notify: nobody@example.org

Platform: the guest
Guest: guest/
Native: arch/toy/

Mute: a test
F: arch/toy/test.c
Map: entry

Rule: step
Title: step added to the native entry
Map: entry
Added: \(
Why: Bare metal comes to {function} by {chain}; the guest enters at
	{counterpart}.

Rule: half
Map: replaced
Not-Map: yield
Why: {function} is {member} of bare metal; the guest has {counterpart}.
END

# map NAME DATE ENTRY: a map whose guest enters at ENTRY
map()
{
	cat <<END
pvwatch-map 1
of $1
date $2
path start guest_start>guest_main kernel

native_die replaced arch/toy/smp.c member=smp_ops.die guest=guest/smp.c:guest_die
play yield arch/toy/smp.c member=on_guest
play replaced arch/toy/smp.c member=smp_ops.play
start_it entry arch/toy/head.c depth=1 guest=guest/head.c:$3 chain=start>start_it
END
}
map v1 2015-01-01T00:00:00Z enter_old >pack/maps/v1.map
map v2 2020-01-01T00:00:00Z enter_new >pack/maps/v2.map

# mail YEAR FILE FUNCTION: a patch of that year
mail()
{
	cat <<END
From: A <a@example.org>
Date: Mon, 5 Jun $1 10:00:00 +0000
Message-ID: <$1.$3@example.org>
Subject: [PATCH] toy: change $3

--- a/$2
+++ b/$2
@@ -10,6 +10,7 @@ int $3(void)
 	int a;
 
 	a = 1;
+	more(a);
 	b(a);
 	return a;
 }
END
}
for year in 2010 2017 2022; do
	mail $year arch/toy/head.c start_it >$year.eml
done
mail 2022 arch/toy/smp.c native_die >half.eml
mail 2022 arch/toy/smp.c play >play.eml
mail 2022 arch/toy/test.c start_it >test.eml

# judge FILE OPTION...: the patch as JSON, in out
judge()
{
	file=$1
	shift
	pvwatch check --rules pack --format json "$@" "$file" >out 2>err
	[ $? -le 1 ] || cat err
}

expect "a patch is judged by the newest map that is not newer" \
	'judge 2022.eml && grep -q "\"map\":{\"of\":\"v2\",\"how\":\"shipped\"}" out &&
	judge 2017.eml && grep -q "\"map\":{\"of\":\"v1\",\"how\":\"shipped\"}" out'
expect "one older than all, by the oldest" \
	'judge 2010.eml && grep -q "\"map\":{\"of\":\"v1\",\"how\":\"shipped\"}" out'
expect "--map wins" \
	'judge 2022.eml --map pack/maps/v1.map &&
	grep -q "\"map\":{\"of\":\"v1\",\"how\":\"file\"}" out'
expect "a finding names the chain and what the guest runs" \
	'pvwatch check --rules pack 2022.eml >out; tr -s "\n " " " <out |
	grep -qF "to start_it() by start -> start_it; the guest enters at enter_new() in guest/head.c, untouched by this patch."'
expect "and has them as data" \
	'judge 2022.eml && grep -qF "\"map\":{\"kind\":\"entry\",\"member\":null,\"counterpart\":\"guest/head.c:enter_new\",\"chain\":[\"start\",\"start_it\"]}" out'
expect "a native half, by its member" \
	'judge half.eml && grep -qF "\"map\":{\"kind\":\"replaced\",\"member\":\"smp_ops.die\"" out'
expect "Not-Map" \
	'judge play.eml && grep -q "\"decision\":\"clear\"" out'
expect "a mute may ask the map" \
	'judge test.eml && grep -q "\"decision\":\"clear\"" out'
expect "show -v says which line and fact" \
	'pvwatch rules explain --rules pack -v half.eml >out;
	grep -q "Map: native_die" out'

expect "the database keeps map and fact" \
	'status 1 pvwatch scan -q --rules pack 2022.eml half.eml && pvwatch query --format json rule:step >out &&
	grep -q "\"map\":{\"of\":\"v2\",\"how\":\"shipped\"}" out &&
	grep -qF "\"counterpart\":\"guest/head.c:enter_new\",\"chain\":[\"start\",\"start_it\"]}" out'

map bad never x >bad.map
expect "a broken map is named with its line" \
	'status 65 pvwatch check --rules pack --map bad.map 2022.eml &&
	grep -q "bad.map:3: date: want" err'
expect "so is one that is not there" \
	'status 66 pvwatch check --rules pack --map none.map 2022.eml'
expect "a shipped one that is broken, too" \
	'cp -R pack broken && echo x >>broken/maps/v2.map &&
	status 65 pvwatch check --rules broken 2022.eml && grep -q "v2.map:1[0-9]: want" err'

map test 2020-01-01T00:00:00Z enter >pack/examples/examples.map
sed -i "s/start_it/sample/" pack/examples/examples.map
mail 2022 arch/toy/head.c sample >pack/examples/step-yes.patch
mail 2022 arch/toy/head.c other >pack/examples/step-no.patch
expect "examples have a map of their own" \
	'status 0 pvwatch rules test --rules pack && grep -q "^2 examples, 0 failed" out &&
	judge pack/examples/step-yes.patch && grep -q "\"decision\":\"clear\"" out'
done_testing
