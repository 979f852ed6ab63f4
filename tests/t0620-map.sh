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

Rule: state
Map: guest-state
K: ;
Why: {member} is also set by {counterpart}.
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
vectors guest-state arch/toy/irq.c guest=guest/irq.c:guest_irq
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
mail 2022 arch/toy/irq.c irq_on | sed 's/^+.*more(a);/+	int first = a;\n+	use(vectors);/;
	s/^@@ -10,6 +10,7/@@ -10,6 +10,8/' >state.eml

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
expect "a name that the map knows is the line to show" \
	'judge state.eml && grep -qF "\"rule\":\"state\"" out && grep -qF "\"text\":\"+\\tuse(vectors);\"" out'
expect "Not-Map" \
	'judge play.eml && grep -q "\"decision\":\"clear\"" out'
expect "a mute may ask the map" \
	'judge test.eml && grep -q "\"decision\":\"clear\"" out'
expect "show -v says which line and fact" \
	'pvwatch rules explain --rules pack -v half.eml >out;
	grep -q "Map: native_die" out'

cp -R pack bare
rm -r bare/maps
expect "a pack that asks and has no map: said once, and not with -q" \
	'status 0 pvwatch check --rules bare 2010.eml 2022.eml half.eml &&
	[ "$(grep -c "pack toy: there is no map" err)" = 1 ] &&
	status 0 pvwatch check -q --rules bare 2022.eml && [ ! -s err ] &&
	status 1 pvwatch check --rules bare --map pack/maps/v1.map 2022.eml && ! grep "no map" err'
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

expect "map: what a map holds, in numbers" \
	'status 0 pvwatch map --rules pack --map pack/maps/v2.map &&
	head -n 1 out | grep -q "^the guest beside bare metal in v2 of 2020-01-01 (file map)" &&
	grep -q "^  start: the guest runs guest_start -> guest_main; both go on in kernel" out &&
	grep -q "^       1  entry  " out && grep -q "^       2  replaced  " out'
expect "without a tree or a map by name it is the newest shipped one" \
	'status 0 pvwatch map --rules pack && grep -q "in v2 .*(shipped map)" out'
expect "map NAME explains a function" \
	'status 0 pvwatch map --rules pack native_die start_it && same out <<EOF
native_die  arch/toy/smp.c
    replaced: what bare metal runs for smp_ops.die; the guest runs
    guest_die() in guest/smp.c.
    near: in this file play (on_guest) test for the guest, too.
start_it  arch/toy/head.c
    entry: step of a native entry sequence, which the guest does not
    take: it enters at enter_new() in guest/head.c.
      by start -> start_it
EOF'
expect "one that it does not know is said, exit 1" \
	'status 1 pvwatch map --rules pack nonesuch && grep -q "says nothing of it" out'
expect "--kind lists" \
	'status 0 pvwatch map --rules pack --kind replaced --kind yield && same out <<EOF
replaced arch/toy/smp.c native_die smp_ops.die | guest/smp.c:guest_die
replaced arch/toy/smp.c play smp_ops.play
yield arch/toy/smp.c play on_guest
EOF
	status 64 pvwatch map --rules pack --kind replacd && grep -q "did you mean replaced" err'
expect "--format json: a summary, or a fact a line" \
	'status 0 pvwatch map --rules pack --format json &&
	grep -q "^{\"schema\":1,\"of\":\"v2\",.*\"how\":\"shipped\"" out && [ $(wc -l <out) = 1 ] &&
	status 0 pvwatch map --rules pack --format json play && [ $(wc -l <out) = 2 ] &&
	grep -q "\"kind\":\"yield\",\"name\":\"play\"" out'
expect "--format dot: callers, and the guest beside" \
	'status 0 pvwatch map --rules pack --format dot start_it && grep -q "^strict digraph" out &&
	grep -qF "\"start\" -> \"start_it\";" out &&
	grep -qF "\"start_it\" -> \"enter_new\" [style=dashed" out &&
	{ ! command -v dot >/dev/null || dot -Tsvg out >/dev/null; }'
expect "--write: what --map reads" \
	'status 0 pvwatch map --rules pack --write copy.map && status 0 pvwatch map --map copy.map play &&
	pvwatch map --rules pack --map copy.map --write - | cmp - copy.map'
expect "--diff of two written maps" \
	'sed "/native_die/d; s/^play replaced/plays skipped/" copy.map >other.map &&
	status 0 pvwatch map --rules pack --diff copy.map other.map &&
	head -n 1 out | grep -q "^from v2 to v2: 3 changes" && grep -q "^native-only now" out &&
	status 0 pvwatch map --rules pack --diff copy.map other.map --format json &&
	grep -q "\"change\":\"native-only\",\"was\":null,\"is\":{" out &&
	status 64 pvwatch map --rules pack --diff copy.map'

# A kernel of two files, and the change that takes the guest half away.
mkdir -p toy/arch/toy toy/guest
cat >toy/arch/toy/smp.c <<'END'
static void native_die(void)
{
	stop();
}

struct smp_ops smp_ops = {
	.die = native_die,
};
END
cat >toy/guest/smp.c <<'END'
static void guest_die(void)
{
	hypercall();
}

void guest_init(void)
{
	smp_ops.die = guest_die;
}
END
git -C toy init -q -b master
git -C toy add -A
git -C toy commit -q -m 'toy kernel'
git -C toy tag v1
v1=$(git -C toy rev-parse v1)
sed -i '/smp_ops.die/d' toy/guest/smp.c
git -C toy commit -q -a -m 'the guest does not die'
export XDG_CACHE_HOME="$T/cache"
expect "a map is made from a tree" \
	'status 0 pvwatch map --rules pack --tree toy:v1 native_die && grep -q "guest_die() in guest/smp.c" out &&
	status 0 pvwatch map --rules pack --tree toy:v1 && grep -q "in [0-9a-f]\{40\} .*(tree map)" out'
expect "and kept for the next time" 'ls cache/pvwatch/maps/*.map'
expect "--diff of two revisions: what the guest no longer overrides" \
	'status 0 pvwatch map --rules pack --tree toy --diff v1 HEAD && cat out &&
	grep -q "smp_ops.die" out'
expect "a revision that is none" \
	'status 66 pvwatch map --rules pack --tree toy --diff v1 v2'
expect "mail with a tree is judged by the map of the tree" \
	'judge half.eml --tree toy:v1 && grep -q "\"map\":{\"of\":\"$v1\",\"how\":\"tree\"}" out &&
	grep -qF "\"counterpart\":\"guest/smp.c:guest_die\"" out'
expect "a tree without a guest: by a shipped one" \
	'mkdir none && git -C none init -q && echo >none/a.c && git -C none add -A &&
	git -C none commit -q -m none && judge half.eml --tree none &&
	grep -q "\"how\":\"shipped\"" out'
expect "commits are judged by the map of what their range begins behind" \
	'cd toy && git checkout -q v1 && sed -i "s/stop();/stop(1);/" arch/toy/smp.c &&
	git commit -q -a -m "arch/toy: stop" &&
	pvwatch check --rules ../pack --format json v1..HEAD >../out; cd .. &&
	grep -q "\"map\":{\"of\":\"$v1\",\"how\":\"tree\"}" out'
done_testing
