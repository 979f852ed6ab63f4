#!/bin/sh
# Trees: which commit a patch is laid on, and series whose patches build on
# each other.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir pack
cat >pack/a.rules <<'EOF'
Pack: demo
Version: 1
Notify: old@example.org

Rule: counts
F: count.c
Added: step
Why: It counts.
EOF
export PVWATCH_RULES="$T/pack"

# Twenty commits, each of which changes the line that the one before put in.
git init -q -b master linux
cd linux || exit 1
printf 'int f(void)\n{\n\tstep(0);\n}\n' >count.c
git add count.c
git commit -qm base
git branch base
for i in $(seq 20); do
	sed "s/step([0-9]*)/step($i)/" count.c >new
	mv new count.c
	printf '/* %d */\n' "$i" >"part-$i.h"
	git add .
	git commit -qm "step $i"
done
git format-patch -q -o ../series --cover-letter --thread --base=base base
git branch made
git checkout -q base
cd ..
sed -i 's/^base-commit: .*//' series/0000*

# judged EXPRESSION: of each verdict v of a patch in out, and how often
judged()
{
	python3 - "$T/out" "$1" <<-'EOF' | sort | uniq -c | sed 's/^ *//'
	import json, sys, types
	for line in open(sys.argv[1]):
	    v = json.loads(line, object_hook=lambda d: types.SimpleNamespace(**d))
	    if v.kind == "patch":
	        print(*eval(sys.argv[2] + ","))
	EOF
}

expect "20 patches, each on those before it" \
	'status 1 pvwatch check --tree linux:base --format json series/* &&
	judged "v.decision, v.hunks.exact, v.hunks.missing, v.base.how" |
		grep "^20 flagged 2 0 index$"'
expect "what each was laid on is said" \
	'judged "len(v.base.attempts)" >attempts && same attempts <<-EOF
	1 1
	19 2
	EOF
	judged "v.base.attempts[-1].rev, v.base.attempts[-1].outcome" |
		grep "^1 series, below part 20 19 patches applied$"'

mkdir holes
cp series/* holes
rm holes/0007*
expect "a part that is not here is done without, and said" \
	'status 1 pvwatch check --tree linux:base --format json holes/* &&
	judged "v.series.part, v.base.attempts[-1].outcome, v.hunks.missing" |
		grep "^1 8 6 patches applied, 1 not here 1$"'
expect "the cover letter's base-commit is that of all" \
	'cp series/0000* cover && rm -r holes && cp -r series holes &&
	base=$(git -C linux rev-parse base) &&
	sed "s/^-- $/base-commit: $base\n\n-- /" cover >holes/"$(basename series/0000*)" &&
	status 1 pvwatch check --tree linux:made --format json holes/* &&
	judged "v.base.how" | grep "^20 base-commit$" &&
	judged "v.hunks.exact" | grep "^20 2$"'
expect "one patch alone has no others below it" \
	'status 1 pvwatch check --tree linux:base --format json series/0002* &&
	judged "v.hunks.missing" | grep "^1 1$" &&
	judged "len(v.base.attempts)" | grep "^1 "'
expect "three-way: the context has changed since" \
	'cd linux && seq 9 >lines && git add lines && git commit -qm lines &&
	git checkout -qb side && sed -i s/5/five/ lines &&
	git commit -qam five && git format-patch -q -1 --stdout >../five &&
	git checkout -q base && sed -i s/3/three/ lines &&
	git commit -qam three && cd .. &&
	status 0 pvwatch check --tree linux --format json five &&
	judged "v.hunks.merged, v.hunks.missing" | grep "^1 1 0$"'
expect "fuzzy, and flagged as such, when nobody has the blob" \
	'sed "/^index/d" five >fuzzy && mkdir all && cat >all/a.rules <<-EOF &&
	Pack: all
	Version: 1
	Notify: old@example.org

	Rule: any
	Added: .
	Why: It changes something.
	EOF
	status 1 pvwatch check --rules all --tree linux fuzzy &&
	grep "1 of 1 hunks is in .* with other context only" out'

# Commits: a root, a branch merged, and what a shallow clone has of it.
git init -q -b master history
cd history || exit 1
cp ../linux/count.c .
git add . && git commit -qm "the root: step"
git checkout -qb topic
echo 'int step(int);' >step.h
git add . && git commit -qm "topic: step.h"
git checkout -q master
sed -i 's/step(.*)/step(9)/' count.c
git commit -qam "master: step 9"
git merge -q --no-ff -m "a merge" topic
cd ..
git clone -q --depth 1 -b topic "file://$T/history" shallow
git clone -q history clone

expect "a range: commits on their parents, merges named and passed over" \
	'cd history && status 1 pvwatch check --format json HEAD~2..HEAD &&
	judged "v.subject, v.hunks.exact, v.base.how" | same /dev/fd/3 3<<-EOF
	1 master: step 9 1 range
	1 topic: step.h 1 range
	EOF
	grep "\"subject\":\"a merge\".*\"skipped\":\"a merge" ../out'
expect "a merge by itself has nothing to judge" \
	'cd history && status 0 pvwatch check HEAD && grep "1 mail skipped" ../err'
expect "a root commit is laid on nothing" \
	'cd history && status 1 pvwatch check --format json HEAD~2 &&
	judged "v.hunks.exact, v.hunks.untried" | grep "^1 1 0$"'
expect "a shallow clone ends before the parent" \
	'cd shallow &&
	status 65 pvwatch check HEAD && grep "not in this shallow clone" ../err'
git -C linux config uploadpack.allowFilter true
# Slow, and the stacks that tests/lsan.supp needs.
ASAN_OPTIONS=$ASAN_OPTIONS:fast_unwind_on_malloc=0
git clone -q --bare --filter=blob:none -b made "file://$T/linux" partial
expect "a partial clone: what was not fetched is missing, and that is all" \
	'status 1 pvwatch check --tree partial --format json series/* &&
	judged "v.hunks.missing > 0" | grep "^20 True$" &&
	status 1 pvwatch check --tree partial --format json series/0002* &&
	[ ! -s err ]'
expect "nothing named: what the upstream has not" \
	'cd clone && echo "/* step */" >>count.c && git commit -qam "count: say so" &&
	status 1 pvwatch check --format json &&
	judged "v.subject" | grep "^1 count: say so$"'
expect "nothing named, and no upstream" \
	'cd history && status 66 pvwatch check && grep "no upstream" ../err'
expect "nothing named, and no repository" \
	'mkdir -p none && cd none && status 66 pvwatch check &&
	grep "no git repository" ../err'
expect "nothing of all this was written to the repository" \
	'git -C linux status --porcelain | same /dev/null'

done_testing
